# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What policies are for: deleting it archives the policies that were for nothing else."""

from odoo import api, models


class ProjectProject(models.Model):
    _inherit = "project.project"

    @api.ondelete(at_uninstall=False)
    def _unlink_archive_policies(self):
        self.env["service.sla.policy"]._archive_emptied("project_ids", self)


class ProjectTags(models.Model):
    _inherit = "project.tags"

    @api.ondelete(at_uninstall=False)
    def _unlink_archive_policies(self):
        self.env["service.sla.policy"]._archive_emptied("tag_ids", self)


class ProjectTaskType(models.Model):
    _inherit = "project.task.type"

    @api.ondelete(at_uninstall=False)
    def _unlink_tell_stageless(self):
        """Tell the owners of promises to reach these stages and no other."""
        # sudo: whoever deletes a stage, the owner of the promise has to know.
        for target_sudo in (
            self.env["service.sla.target"].sudo().search([("stage_ids", "in", self.ids)])
        ):
            if target_sudo.stage_ids <= self:
                target_sudo._tell_stageless()


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.ondelete(at_uninstall=False)
    def _unlink_archive_policies(self):
        self.env["service.sla.policy"]._archive_emptied("partner_ids", self)
