# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ProjectTaskType(models.Model):
    _inherit = "project.task.type"

    customer_label = fields.Char(
        "Name for the Customer",
        translate=True,
        groups="base.group_user",
        help="The words your customer reads while a request is in this stage, "
        "for example “Being repaired”.",
    )
    customer_note = fields.Text(
        "What Happens Here",
        translate=True,
        groups="base.group_user",
        help="One or two sentences that tell your customer what this stage means for them.",
    )
    customer_visible = fields.Boolean(
        "Visible to the Customer",
        groups="base.group_user",
        help="Tell your customer when a request is in this stage. "
        "It needs a name for the customer as well.",
    )
