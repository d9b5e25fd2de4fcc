# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models
from odoo.exceptions import UserError

from .ledger import Ledger


class ServiceSlaTimer(models.Model):
    """What people decide about a timer: each decision has a reason and a name."""

    _inherit = "service.sla.timer"

    def _excuse(self, reason):
        """Excuse the breaches of these timers. They stay on record and in the raw figures.

        :raise UserError: for a timer without a breach, or one that is excused already
        """
        for timer in self:
            if not timer.breached_at:
                raise UserError(
                    self.env._("%s has kept its promise: there is nothing to excuse.", timer.display_name)
                )
            if timer.excused:
                raise UserError(self.env._("%s is excused already.", timer.display_name))
        self._decide("excused", reason)
        self._set_decision(excused=True, excused_reason=reason, excused_user_id=self.env.uid)

    def _withdraw_excuse(self, reason):
        """Take an excuse back; that it was given stays on record.

        :raise UserError: for a timer that is not excused
        """
        if not all(timer.excused for timer in self):
            raise UserError(self.env._("Only an excused breach has an excuse to withdraw."))
        self._decide("withdrawn", reason)
        self._set_decision(excused=False, excused_reason=False, excused_user_id=False)

    def _agree_deadline(self, at, reason):
        """Replace the computed deadline of open timers by a date that a person agreed on.

        :param at: naive UTC instant in the future; nothing takes an agreed date back
        :raise UserError: for a closed or breached timer, or a date that has passed
        """
        now = fields.Datetime.now()
        if at and at <= now:
            raise UserError(
                self.env._("A deadline that has passed cannot be agreed on: choose a later date.")
            )
        for timer in self:
            if not timer._get_clock().is_open:
                raise UserError(
                    self.env._("%s has ended: its deadline cannot be changed.", timer.display_name)
                )
            if timer._get_clock().breach(now):
                raise UserError(
                    self.env._(
                        "%s has been missed: a later date does not undo that. Excuse the breach "
                        "instead.",
                        timer.display_name,
                    )
                )
        ledger = Ledger(self.env)
        for draft in ledger.read(self.sudo()):  # sudo: timers are written by their own machinery
            cause = "agreed_date" if at else "computed_date"
            draft.agree(now, at or None, cause, reason)
        ledger.save()
        self._set_decision(manual_reason=reason if at else False)

    def _decide(self, kind, reason):
        """Put a decision on record."""
        now = fields.Datetime.now()
        ledger = Ledger(self.env)
        for draft in ledger.read(self.sudo()):  # sudo: evidence is written by the machinery
            ledger.event(draft, kind, now, reason=reason)
        ledger.save()

    def _set_decision(self, **values):
        # sudo: nobody may write timers but through these decisions.
        self.sudo().write(values)
        self.flush_recordset()
