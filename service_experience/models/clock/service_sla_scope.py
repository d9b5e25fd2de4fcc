# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What policies are for: deleting it archives the policies that were for nothing else."""

from odoo import api, models


class ProjectProject(models.Model):
    _inherit = "project.project"

    def write(self, vals):
        result = super().write(vals)
        if "is_template" in vals and self.env["service.sla.policy"]._is_in_use():
            # sudo: promises follow the project, whichever of its tasks this user sees.
            self.env["service.sla.timer"]._note(self.sudo().task_ids, "matched")
        return result

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

    def _is_sla_colleague(self):
        """Tell whether this is one of us; a colleague who has left stays one.

        Odoo calls a partner external as soon as no active user is left.
        """
        return bool(self) and (
            not self.partner_share
            or any(not user.share for user in self.with_context(active_test=False).user_ids)
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_archive_policies(self):
        self.env["service.sla.policy"]._archive_emptied("partner_ids", self)
