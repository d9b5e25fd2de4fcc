# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What a handoff was worth: the receiver is asked once, when the work has shown it."""

import logging

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .service_handoff import ACCEPTED_STATES

_logger = logging.getLogger(__name__)
BATCH = 200
QUESTION = "service_experience.mail_activity_type_handoff_quality"


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    quality_due_at = fields.Datetime(
        string="Asked From", readonly=True, copy=False, help="When the receiver is asked about it."
    )
    quality_asked_at = fields.Datetime(string="Asked At", readonly=True, copy=False)
    quality_missing_ids = fields.Many2many(
        "service.handoff.item",
        "service_handoff_quality_item_rel",
        "handoff_id",
        "item_id",
        string="What Was Missing",
        readonly=True,
        copy=False,
        help="What the receiver named afterwards.",
    )
    quality_missing = fields.Text(string="Also Missing", readonly=True, copy=False)
    quality_cost_minutes = fields.Integer(
        string="What It Cost (Minutes)",
        readonly=True,
        copy=False,
        help="Working time that was lost because of what was missing.",
    )
    asked_again = fields.Boolean(
        string="Customer Asked Again",
        readonly=True,
        copy=False,
        help="The customer had to tell something a second time.",
    )

    _quality_due_idx = models.Index(
        "(quality_due_at) WHERE quality_at IS NULL AND quality_asked_at IS NULL"
    )

    def action_open_quality(self):
        """Open the dialog in which the receiver says what was missing."""
        self._check_may_judge()
        return self._open_dialog(
            self.env._("What Was Missing in %s?", self.name), "service.handoff.quality"
        )

    def action_judge(self, missing_ids=(), missing=None, cost_minutes=0, asked_again=False):
        """Say once what was missing.

        :param missing_ids: ids of items of this handoff
        :param missing: what else was missing
        :param cost_minutes: working time that was lost because of it
        :param asked_again: whether the customer had to tell something a second time
        """
        self._check_may_judge()
        if set(missing_ids) - set(self.item_ids.ids):
            raise UserError(self.env._("Choose from the items of %s only.", self.name))
        if cost_minutes < 0:
            raise UserError(self.env._("Enter the lost time in minutes, 0 or more."))
        self._set(
            quality_at=fields.Datetime.now(),
            quality_missing_ids=[Command.set(missing_ids)],
            quality_missing=missing,
            quality_cost_minutes=cost_minutes,
            asked_again=asked_again,
        )
        # sudo: whoever acts may not change activities of others.
        self.sudo().activity_unlink([QUESTION])

    def _check_may_judge(self):
        self.ensure_one()
        self._check_from(*ACCEPTED_STATES)
        self._check_role("receiver")
        if self.quality_at:
            raise UserError(self.env._("%s is judged already: thank you.", self.name))

    def _take_over(self, user, **values):
        days = self.type_id.quality_after_days
        due_at = fields.Datetime.add(fields.Datetime.now(), days=days) if days else False
        return super()._take_over(user, quality_due_at=due_at, **values)

    # The question

    @api.model
    def _cron_ask_quality(self):
        """Ask the receivers whose time has come, in batches; safe to run twice at once."""
        domain = (
            Domain("quality_due_at", "<=", fields.Datetime.now())
            & Domain("quality_asked_at", "=", False)
            & Domain("quality_at", "=", False)
        )
        while due := self.search(domain, limit=BATCH).try_lock_for_update():
            due._set(quality_asked_at=fields.Datetime.now())
            for handoff in due:
                handoff._try_to_ask_quality()
            if not self.env["ir.cron"]._commit_progress(len(due), remaining=len(due) // BATCH):
                break

    def _try_to_ask_quality(self):
        """Ask one receiver; that this fails keeps nobody else from being asked."""
        try:
            with self.env.cr.savepoint():
                self._ask_quality()
        except Exception:
            _logger.warning("Nobody could be asked about handoff %s", self.id, exc_info=True)

    def _ask_quality(self):
        user = self.accountable_user_id
        handoff = self.with_context(lang=user.lang)
        handoff._call(
            user,
            handoff.env._("What was missing in %s?", self.name),
            handoff.env._(
                "Say in a minute what you did not get, what it cost, and whether the customer was "
                "asked again: then the next handoff is better."
            ),
            kind=QUESTION,
        )


class ServiceHandoffItem(models.Model):
    _inherit = "service.handoff.item"

    missed_by_ids = fields.Many2many(
        "service.handoff",
        "service_handoff_quality_item_rel",
        "item_id",
        "handoff_id",
        string="Missed Afterwards In",
        readonly=True,
        copy=False,
        export_string_translation=False,
    )
