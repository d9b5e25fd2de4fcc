# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models


class ProjectProject(models.Model):
    _inherit = "project.project"

    def write(self, vals):
        result = super().write(vals)
        if "is_template" in vals and self.env["service.sla.policy"]._is_in_use():
            # sudo: promises follow the project, whichever of its tasks this user sees.
            self.env["service.sla.timer"]._note(self.sudo().task_ids, "matched")
        return result
