# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ServiceStepReason(models.TransientModel):
    """Asks why a step is returned, waived or cancelled."""

    _name = "service.step.reason"
    _description = "Why a Step Ends or Comes Back"

    step_id = fields.Many2one("service.step", required=True, ondelete="cascade")
    deed = fields.Selection(
        [("return", "Return"), ("waive", "Waive"), ("cancel", "Cancel")], required=True
    )
    party = fields.Selection(related="step_id.party", related_sudo=False)
    reason = fields.Text(required=True)

    def action_confirm(self):
        deeds = {
            "return": self.step_id.action_return,
            "waive": self.step_id.action_waive,
            "cancel": self.step_id.action_cancel,
        }
        deeds[self.deed](self.reason)
