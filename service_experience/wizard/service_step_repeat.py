# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceStepRepeat(models.TransientModel):
    """Shows what the customer has told already, before they are asked again."""

    _name = "service.step.repeat"
    _description = "Asked Before"

    step_id = fields.Many2one("service.step", required=True, ondelete="cascade")
    fact_ids = fields.Many2many("service.fact", compute="_compute_fact_ids", string="Known")
    fact_id = fields.Many2one(
        "service.fact",
        string="Use",
        compute="_compute_fact_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', fact_ids)]",
    )
    choice = fields.Selection(
        [
            ("use", "Use what they said; do not ask"),
            ("confirm", "Ask them to confirm it with one click"),
            ("ask", "Ask anyway"),
        ],
        string="What to Do",
        required=True,
        default="use",
    )
    reason = fields.Char(help="Why you ask again; it is counted, and internal.")

    @api.depends("step_id")
    def _compute_fact_ids(self):
        for wizard in self:
            wizard.fact_ids = wizard.step_id._get_known_facts()

    @api.depends("fact_ids")
    def _compute_fact_id(self):
        for wizard in self:
            wizard.fact_id = wizard.fact_ids[:1]

    def action_apply(self):
        step = self.step_id
        if self.choice == "ask":
            step._ask_anyway(self.reason)
        elif not self.fact_id:
            raise UserError(self.env._("Choose which of the answers you mean."))
        elif self.choice == "use":
            step._use_fact(self.fact_id)
        else:
            step._ask_to_confirm(self.fact_id)
