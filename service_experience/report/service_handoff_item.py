# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ServiceHandoffItem(models.Model):
    """What missing items are analysed by: the kind of handoff, and who should have given them."""

    _inherit = "service.handoff.item"

    type_id = fields.Many2one(related="handoff_id.type_id", related_sudo=False)
    from_team_id = fields.Many2one(
        related="handoff_id.from_team_id", string="From Team", related_sudo=False
    )
    to_team_id = fields.Many2one(
        related="handoff_id.to_team_id", string="To Team", related_sudo=False
    )
    offered_at = fields.Datetime(related="handoff_id.offered_at", related_sudo=False)
