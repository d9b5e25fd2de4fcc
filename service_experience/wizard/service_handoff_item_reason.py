# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ServiceHandoffItemReason(models.TransientModel):
    """Asks why an item is not needed, or why a commitment is in doubt."""

    _name = "service.handoff.item.reason"
    _description = "Why an Item Is Waived or Flagged"

    item_id = fields.Many2one("service.handoff.item", required=True, ondelete="cascade")
    deed = fields.Selection([("waive", "Waive"), ("flag", "Flag")], required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        if self.deed == "waive":
            self.item_id.action_waive(self.reason)
        else:
            self.item_id.action_flag(self.reason)
