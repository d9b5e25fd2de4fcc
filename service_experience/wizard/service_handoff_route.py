# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models


class ServiceHandoffRoute(models.TransientModel):
    """Sends a question of a handoff to whoever knows the answer."""

    _name = "service.handoff.route"
    _description = "Ask a Question Elsewhere"

    item_id = fields.Many2one(
        "service.handoff.item", string="Question", required=True, ondelete="cascade"
    )
    route = fields.Selection(
        [("customer", "The customer"), ("third_party", "A third party")],
        string="Who Answers",
        required=True,
        default="customer",
    )
    third_party_label = fields.Char(
        string="Third Party", help="Their name, as the customer knows it."
    )
    words = fields.Char(
        string="Question in Their Words",
        required=True,
        help="What they read: your own question stays internal.",
    )
    why = fields.Text(string="Why We Need It", help="They read this sentence next to the question.")
    due = fields.Date(string="Until", required=True, default=lambda self: self._default_due())

    @api.model
    def _default_due(self):
        item = self.env["service.handoff.item"].browse(self.env.context.get("default_item_id"))
        return item.project_id and item.project_id._service_due_day()

    def action_confirm(self):
        """Ask; where the customer told it already, the dialog that says so comes next."""
        return self.item_id._route(
            self.route, self.words, self.why, self.due, self.third_party_label
        )
