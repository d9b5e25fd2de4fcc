# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ProjectMilestone(models.Model):
    _inherit = "project.milestone"

    customer_label = fields.Char(
        "Name for the Customer",
        translate=True,
        groups="base.group_user",
        help="The words your customer reads, for example “Installation on site”.",
    )
    customer_note = fields.Text(
        "What Happens Here",
        translate=True,
        groups="base.group_user",
        help="One or two sentences that tell your customer what this step means for them.",
    )
    customer_visible = fields.Boolean(
        "Visible to the Customer",
        groups="base.group_user",
        help="Show this milestone as a step on the customer's page. "
        "It needs a name for the customer as well.",
    )
    expected_from = fields.Date(
        groups="base.group_user",
        copy=False,
        help="First day of the period in which your customer can expect this step.",
    )
    expected_to = fields.Date(
        groups="base.group_user",
        copy=False,
        help="Last day of that period. Leave it empty for a single day.",
    )
