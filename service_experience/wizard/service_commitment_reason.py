# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ServiceCommitmentReason(models.TransientModel):
    """Asks why a commitment is at risk or called off."""

    _name = "service.commitment.reason"
    _description = "Why a Commitment Does Not Hold"

    commitment_id = fields.Many2one("service.commitment", required=True, ondelete="cascade")
    deed = fields.Selection([("risk", "At risk"), ("withdraw", "Withdraw")], required=True)
    reason = fields.Text(required=True, help="For your team; the customer does not read it.")

    def action_confirm(self):
        if self.deed == "risk":
            self.commitment_id.action_at_risk(self.reason)
        else:
            self.commitment_id.action_withdraw(self.reason)
