# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceSlaTimerExcuse(models.TransientModel):
    """Excuses breaches with a reason, or takes an excuse back; for team leads."""

    _name = "service.sla.timer.excuse"
    _description = "Excuse a Breach"

    timer_ids = fields.Many2many("service.sla.timer", string="Timers", required=True)
    decision = fields.Selection(
        [("excuse", "Excuse"), ("withdraw", "Withdraw the excuse")],
        required=True,
        default="excuse",
    )
    reason = fields.Char(
        required=True,
        help="Stays on record with your name. The customer does not read it.",
    )
    meant_count = fields.Integer(compute="_compute_counts")
    other_count = fields.Integer(compute="_compute_counts")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "service.sla.timer":
            values.setdefault("timer_ids", [(6, 0, self.env.context.get("active_ids", []))])
        return values

    @api.depends("timer_ids", "decision")
    def _compute_counts(self):
        for wizard in self:
            wizard.meant_count = len(wizard._get_meant())
            wizard.other_count = len(wizard.timer_ids) - wizard.meant_count

    def action_confirm(self):
        """Put the decision on record for all timers that it can be made for."""
        self.ensure_one()
        self.timer_ids.check_access("read")
        timers = self._get_meant()
        if not timers:
            raise UserError(self._get_refusal())
        if self.decision == "excuse":
            timers._excuse(self._get_reason())
        else:
            timers._withdraw_excuse(self._get_reason())
        return {"type": "ir.actions.act_window_close"}

    def _get_meant(self):
        """Return the timers that the decision can be made for."""
        if self.decision == "withdraw":
            return self.timer_ids.filtered("excused")
        now = fields.Datetime.now()
        return self.timer_ids.filtered(
            lambda timer: not timer.excused and timer._get_clock().breach(now)
        )

    def _get_reason(self):
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Enter a reason: it stays on record with your name."))
        return reason

    def _get_refusal(self):
        if self.decision == "withdraw":
            return self.env._("None of these timers is excused: there is nothing to withdraw.")
        return self.env._(
            "None of these timers has a breach that is not excused yet: there is nothing to excuse."
        )
