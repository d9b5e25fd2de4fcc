# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ServiceHandoffQuality(models.TransientModel):
    """Asks the receiver what was missing in a handoff, and what that cost."""

    _name = "service.handoff.quality"
    _description = "What Was Missing in a Handoff"

    handoff_id = fields.Many2one("service.handoff", required=True, ondelete="cascade")
    missing_ids = fields.Many2many(
        "service.handoff.item",
        domain="[('handoff_id', '=', handoff_id)]",
        help="What you did not get, or what turned out to be wrong.",
    )
    missing = fields.Text(string="What Else")
    cost_minutes = fields.Integer(
        string="What It Cost (Minutes)", help="Working time that you lost because of it."
    )
    asked_again = fields.Boolean(
        string="The Customer Was Asked Again",
        help="They had to tell something that they had told before.",
    )

    def action_confirm(self):
        self.handoff_id.action_judge(
            self.missing_ids.ids, self.missing, self.cost_minutes, self.asked_again
        )
