# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ServiceHandoffItem(models.Model):
    """What missing items are analysed by: the kind of handoff, and who should have given them."""

    _inherit = "service.handoff.item"

    # Whoever reads an item reads its handoff: the same rules hold for both.
    type_id = fields.Many2one(related="handoff_id.type_id")
    from_team_id = fields.Many2one(related="handoff_id.from_team_id", string="From Team")
    to_team_id = fields.Many2one(related="handoff_id.to_team_id", string="To Team")
    offered_at = fields.Datetime(related="handoff_id.offered_at")
