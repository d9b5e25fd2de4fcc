# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ServiceStepAnswer(models.TransientModel):
    """Notes what the customer answered by phone, mail or in person."""

    _name = "service.step.answer"
    _description = "Note an Answer of the Customer"

    step_id = fields.Many2one("service.step", required=True, ondelete="cascade")
    kind = fields.Selection(related="step_id.kind", related_sudo=False)
    why = fields.Text(related="step_id.why", related_sudo=False)
    source = fields.Char(required=True, help="Where they said it, such as “Phone call”.")
    response = fields.Text(string="Answer")
    decision = fields.Selection([("approved", "Approved"), ("declined", "Not approved")])
    attachment_ids = fields.Many2many("ir.attachment", string="Files", bypass_search_access=True)

    def action_confirm(self):
        self.step_id.action_submit_for_customer(
            self.source, self.response, self.decision, self.attachment_ids.ids
        )
