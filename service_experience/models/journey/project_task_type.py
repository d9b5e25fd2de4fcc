# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ProjectTaskType(models.Model):
    _inherit = "project.task.type"

    clock = fields.Selection(
        [
            ("run", "Runs"),
            ("pause_customer", "Waits for the customer"),
            ("pause_third_party", "Waits for a third party"),
        ],
        string="SLA Clock",
        default="run",
        required=True,
        groups="base.group_user",
        help="What a request in this stage means for its SLA timers. Each target says for whom "
        "its clock stands still. A change here holds for moves from now on.",
    )
