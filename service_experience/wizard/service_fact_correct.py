# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ServiceFactCorrect(models.TransientModel):
    """Notes what the customer says now instead of what they said before."""

    _name = "service.fact.correct"
    _description = "Correct a Fact"

    fact_id = fields.Many2one("service.fact", required=True, ondelete="cascade")
    said_before = fields.Text(related="fact_id.answer", related_sudo=False)
    answer = fields.Text(string="What They Say Now", required=True)
    said_by_id = fields.Many2one("res.partner", default=lambda self: self._default_said_by_id())
    source_ref = fields.Char(string="Source", required=True)

    def _default_said_by_id(self):
        fact = self.env["service.fact"].browse(self.env.context.get("default_fact_id"))
        return fact.said_by_id

    def action_confirm(self):
        self.fact_id.check_access("write")
        self.fact_id._correct(self.answer, self.said_by_id, self.source_ref)
