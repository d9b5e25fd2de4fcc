# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_calendar_id = fields.Many2one(
        related="company_id.resource_calendar_id", readonly=False, string="Working Hours"
    )
