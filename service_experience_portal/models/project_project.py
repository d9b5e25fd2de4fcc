# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models


class ProjectProject(models.Model):
    _inherit = "project.project"

    def action_open_service_page(self):
        """Open the page of this service as its customer sees it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/my/service/{self.id}",
            "target": "new",
        }
