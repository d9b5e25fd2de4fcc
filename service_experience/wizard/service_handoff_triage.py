# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ServiceHandoffTriage(models.TransientModel):
    """Asks which service something is about that another system sent."""

    _name = "service.handoff.triage"
    _description = "Take Over What Another System Sent"

    handoff_id = fields.Many2one("service.handoff", required=True, ondelete="cascade")
    ingest_error = fields.Text(related="handoff_id.ingest_error", related_sudo=False)
    partner_id = fields.Many2one("res.partner", string="Customer")
    project_id = fields.Many2one("project.project", string="Service", required=True)

    def action_confirm(self):
        self.handoff_id.action_triaged(self.project_id.id)
