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
    expected_from_days = fields.Integer(
        "Expected From (Working Days)",
        groups="base.group_user",
        help="In a template: working days from the start of the service until the first day.",
    )
    expected_to_days = fields.Integer(
        "Expected To (Working Days)",
        groups="base.group_user",
        help="In a template: working days from the start of the service until the last day.",
    )

    def write(self, vals):
        reached = self.filtered("is_reached") if vals.get("is_reached") else self.browse()
        result = super().write(vals)
        if vals.get("is_reached"):
            (self - reached)._tell_reached()
        return result

    def _tell_reached(self):
        """Write into the history what the customer sees as a finished part of the service."""
        for milestone in self.sudo():  # sudo: whoever reaches it, the history is the customer's
            if milestone.customer_visible and milestone.customer_label:
                self.env["service.timeline.entry"]._record(
                    milestone.project_id,
                    "progress_milestone",
                    {"label": milestone.customer_label},
                )

    def _plan_dates(self):
        """Set the expected days of a new service from the working days of its template."""
        for milestone in self.filtered("expected_to_days"):
            day_after = milestone.project_id._service_day_after
            first = milestone.expected_from_days
            milestone.expected_from = first and day_after(first)
            milestone.expected_to = day_after(milestone.expected_to_days)
