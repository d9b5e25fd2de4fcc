# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ServiceTimelineEntry(models.Model):
    _inherit = "service.timeline.entry"

    type = fields.Selection(selection_add=[("handoff", "Handoff")], ondelete={"handoff": "cascade"})
