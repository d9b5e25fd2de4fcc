# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What time does to a delay that nobody looks at: it goes to the lead."""

import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)
BATCH = 100


class ServiceDelay(models.Model):
    _inherit = "service.delay"

    reason_asked_at = fields.Datetime(
        readonly=True, copy=False, help="When somebody was asked for the real reason."
    )

    @api.model
    def _cron_triage(self):
        """Note what has arrived, let leads look at what lies, and ask for reasons that ran out."""
        now = fields.Datetime.now()
        for domain, deed in (
            (self._get_undelivered_domain(), "_note_delivery"),
            (self._get_lying_domain(now), "_escalate"),
            (self._get_outdated_domain(now), "_ask_for_reason"),
        ):
            # Each once: a message may be neither told nor lost, and is looked at by the next run.
            due = self.search(domain, order="id")
            for start in range(0, len(due), BATCH):
                batch = due[start : start + BATCH].try_lock_for_update().filtered_domain(domain)
                for delay in batch:
                    delay._try(deed)
                left = len(due) - start - BATCH
                if not self.env["ir.cron"]._commit_progress(len(batch), remaining=max(left, 0)):
                    return

    def _try(self, deed):
        """Do something about one delay; that this fails keeps no other from it."""
        try:
            with self.env.cr.savepoint():
                getattr(self, deed)()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("Delay %s: %s is tried again by the next run.", self.id, deed)

    @api.model
    def _get_lying_domain(self, now):
        return (
            Domain("state", "=", "suspected")
            & Domain("escalated_at", "=", False)
            & Domain("triage_due", "<=", now)
        )

    def _escalate(self):
        """Give these to the lead: nobody has looked at them in time."""
        for delay in self:
            lead = delay._get_lead()
            words = delay.with_context(lang=lead.lang)
            delay._end_calls()
            activity = words._call(
                lead,
                words.env._("Nobody has looked: “%(name)s” may be late", name=delay.display_name),
            )
            delay._go(
                "suspected",
                escalated_at=fields.Datetime.now(),
                user_id=lead.id,
                activity_id=activity.id,
            )

    @api.model
    def _get_outdated_domain(self, now):
        is_open = Domain("state", "in", ("confirmed", "communicated"))
        is_over = Domain("reason_due_at", "<=", now) & Domain("reason_asked_at", "=", False)
        return is_open & is_over

    def _ask_for_reason(self):
        """Ask for the reason that was not known yet: told, by a new delay; else by changing it."""
        told = self.filtered("sent_at")
        self._suspect([delay._prepare_unknown_values() for delay in told])
        for delay in self - told:
            person = delay._get_lead()
            words = delay.with_context(lang=person.lang)
            words._call(
                person,
                words.env._("Find out why “%(name)s” is late", name=delay.display_name),
            )
        for delay in self:
            delay._go(delay.state, reason_asked_at=fields.Datetime.now())

    def _prepare_unknown_values(self):
        return {
            "project_id": self.project_id.id,
            "task_id": self.task_id.id,
            "commitment_id": self.commitment_id.id,
            "rule": "reason_unknown",
            "detected_by": "system",
            "fingerprint": f"reason:{self.id}",
            "signal": {"reason": self.reason_id.code},
        }
