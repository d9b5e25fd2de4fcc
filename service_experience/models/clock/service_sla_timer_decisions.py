# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models
from odoo.exceptions import UserError

from .engine.ledger import Ledger


class ServiceSlaTimer(models.Model):
    """What people decide about a timer: each decision has a reason and a name.

    Who may decide is asked by the dialogs. Timers and evidence are written with superuser
    rights, because nobody may write them but through these decisions.
    """

    _inherit = "service.sla.timer"

    def _excuse(self, reason):
        """Excuse the breaches of these timers. They stay on record and in the raw figures.

        :raise UserError: for a timer without a breach, or one that is excused already
        """
        if excused := self.filtered("excused"):
            raise UserError(self.env._("%s is excused already.", excused[0].display_name))
        ledger, now = Ledger(self.env), fields.Datetime.now()
        for timer, draft in zip(self, ledger.take(self.sudo()), strict=True):  # sudo: see above
            draft.record_breach(now)  # the sweep may not have been here yet
            if not draft.clock.breached_at:
                raise UserError(
                    self.env._(
                        "%s has kept its promise so far: there is nothing to excuse.",
                        timer.display_name,
                    )
                )
            ledger.event(draft, "excused", now, reason=reason)
        ledger.save()
        self._set_decision(excused=True, excused_reason=reason, excused_user_id=self.env.uid)

    def _withdraw_excuse(self, reason):
        """Take an excuse back; that it was given stays on record.

        :raise UserError: for a timer that is not excused
        """
        if not all(timer.excused for timer in self):
            raise UserError(self.env._("Only an excused breach has an excuse to withdraw."))
        ledger = Ledger(self.env)
        for draft in ledger.take(self.sudo()):  # sudo: see above
            ledger.event(draft, "withdrawn", fields.Datetime.now(), reason=reason)
        ledger.save()
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
        for draft in ledger.take(self.sudo()):  # sudo: see above
            cause = "agreed_date" if at else "computed_date"
            draft.agree(now, at or None, cause, reason)
        ledger.save()
        self._set_decision(manual_reason=reason if at else False)

    def _set_decision(self, **values):
        # sudo: see above.
        self.sudo().write(values)
        self.flush_recordset()
