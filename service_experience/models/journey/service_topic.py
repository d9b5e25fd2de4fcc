# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ServiceTopic(models.Model):
    """What questions and facts are about, so that a customer is not asked twice."""

    _name = "service.topic"
    _description = "Topic"
    _order = "name, id"

    name = fields.Char(required=True, translate=True, help="For example “Floor plan”.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Leave it empty to use it in all companies."
    )
