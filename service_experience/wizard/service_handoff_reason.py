# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ServiceHandoffReason(models.TransientModel):
    """Asks why a handoff is returned, given up, or may be accepted incomplete."""

    _name = "service.handoff.reason"
    _description = "Why a Handoff Comes Back or Ends"

    handoff_id = fields.Many2one("service.handoff", required=True, ondelete="cascade")
    deed = fields.Selection(
        [("return", "Return"), ("cancel", "Cancel"), ("allow", "Allow incomplete")], required=True
    )
    missing_words = fields.Text(
        related="handoff_id.missing_words", string="Missing", related_sudo=False
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        deeds = {
            "return": self.handoff_id.action_return,
            "cancel": self.handoff_id.action_cancel,
            "allow": self.handoff_id.action_allow_incomplete,
        }
        deeds[self.deed](self.reason)
