# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceSlaTimerDeadline(models.TransientModel):
    """Agrees on a deadline with a reason, or goes back to the computed one; for team leads."""

    _name = "service.sla.timer.deadline"
    _description = "Agree on a Deadline"

    timer_id = fields.Many2one(
        "service.sla.timer", required=True, readonly=True, ondelete="cascade"
    )
    deadline = fields.Datetime(related="timer_id.deadline", string="Deadline Now")
    computed_deadline = fields.Datetime(related="timer_id.computed_deadline")
    manual_deadline = fields.Datetime(related="timer_id.manual_deadline")
    at = fields.Datetime(
        string="New Deadline",
        compute="_compute_at",
        readonly=False,
        store=True,
        help="Takes the place of the computed deadline. Later pauses move it by the working time "
        "that was left.",
    )
    is_closed_then = fields.Boolean(compute="_compute_is_closed_then")
    reason = fields.Char(
        required=True,
        help="Stays on record with your name. The customer does not read it.",
    )

    @api.constrains("timer_id")
    def _check_timer_id(self):
        """Let nobody learn of a timer here who may not read it elsewhere."""
        self.timer_id.with_env(self.env(su=False)).check_access("read")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "service.sla.timer":
            values.setdefault("timer_id", self.env.context.get("active_id"))
        return values

    @api.depends("timer_id")
    def _compute_at(self):
        for wizard in self:
            wizard.at = wizard.timer_id.manual_deadline or wizard.timer_id.deadline

    @api.depends("at", "timer_id")
    def _compute_is_closed_then(self):
        for wizard in self:
            time = wizard.timer_id.sudo()._working_time()  # sudo: the hours may be hidden
            second = fields.Datetime.subtract(wizard.at, seconds=1) if wizard.at else False
            wizard.is_closed_then = bool(wizard.at) and not time.elapsed(second, wizard.at)

    def action_agree(self):
        """Take the new deadline."""
        self.ensure_one()
        if not self.at:
            raise UserError(self.env._("Enter the deadline that you agreed on."))
        return self._decide(self.at)

    def action_compute(self):
        """Go back to the deadline that the target gives."""
        self.ensure_one()
        if not self.timer_id.manual_deadline:
            raise UserError(self.env._("The deadline of this timer is the computed one already."))
        return self._decide(False)

    def _decide(self, at):
        self.timer_id.check_access("read")
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Enter a reason: it stays on record with your name."))
        self.timer_id._agree_deadline(at, reason)
        return {"type": "ir.actions.act_window_close"}
