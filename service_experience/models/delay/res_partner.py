# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_importance = fields.Selection(
        [("0", "Normal"), ("1", "Important"), ("2", "Key customer")],
        string="Importance",
        default="0",
        groups="base.group_user",
        help="Whose delays are looked at first. Set it on the company; nobody outside sees it.",
    )
