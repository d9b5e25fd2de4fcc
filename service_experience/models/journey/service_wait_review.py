# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Waits that are too many or too long: the lead looks at them."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ..clock.engine import bulk

WAITS_UNTIL_REVIEW = 3
DAYS_UNTIL_REVIEW = 20
BATCH = 200


class ServiceWait(models.Model):
    _inherit = "service.wait"

    reviewed_at = fields.Datetime(
        string="Sent for Review", readonly=True, help="When the lead was asked to look at it."
    )

    _review_idx = models.Index("(started_at) WHERE ended_at IS NULL AND reviewed_at IS NULL")

    @api.model
    def _open_for_steps(self, steps, now):
        result = super()._open_for_steps(steps, now)
        waits = self.sudo().search(  # sudo: as where they are opened
            [("step_id", "in", steps.ids), ("ended_at", "=", False), ("task_id", "!=", False)]
        )
        counts = dict(
            self.sudo()._read_group(
                [("task_id", "in", waits.task_id.ids), ("kind", "=", "customer")],
                ["task_id"],
                ["__count"],
            )
        )
        waits.filtered(lambda wait: counts.get(wait.task_id, 0) > WAITS_UNTIL_REVIEW)._review(
            self.env._("The clock of this request has stood still more than three times.")
        )
        return result

    @api.model
    def _cron_review(self):
        """Let the leads look at waits that have lasted for more than 20 working days."""
        now = fields.Datetime.now()
        old = self.search(
            [
                ("ended_at", "=", False),
                ("reviewed_at", "=", False),
                ("project_id", "!=", False),
                ("started_at", "<", now - timedelta(days=DAYS_UNTIL_REVIEW)),
            ],
            order="started_at, id",
        )
        hours = old.project_id._service_working_times()
        long = old.filtered(
            lambda wait: (
                # Without opening hours no working day ever ends.
                (end := hours[wait.project_id].add_days(wait.started_at, DAYS_UNTIL_REVIEW))
                and end < now
            )
        )
        for start in range(0, len(long), BATCH):
            batch = long[start : start + BATCH]
            batch._review(self.env._("We have waited for more than 20 working days."))
            left = len(long) - start - len(batch)
            self.env["ir.cron"]._commit_progress(len(batch), remaining=left)

    def _review(self, summary):
        """Give whoever leads the service something to do."""
        bulk.update(self, {wait.id: {"reviewed_at": fields.Datetime.now()} for wait in self})
        self.invalidate_recordset(["reviewed_at"], flush=False)
        for wait in self:
            lead = wait.project_id.user_id or wait.step_id.owner_user_id
            # sudo: the lead is asked whoever brings this about.
            wait._get_thread().sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=plaintext2html(wait.reason or ""),
                user_id=(lead or self.env.user).id,
            )
