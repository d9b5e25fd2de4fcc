# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""In which of their services a customer is asked for something now."""

from odoo import models
from odoo.fields import Domain

from ..journey.service_step import ASKED_STATES


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_need_counts(self, viewer):
        """Return how much ``viewer`` is asked for in each of their services, in one query.

        :return: ``{project id: number}``, without those in which they are asked for nothing
        """
        company = viewer.commercial_partner_id
        # Whatever belongs to nobody else in a service belongs to its customer: here, to them.
        request = self.env["project.task"]._service_visible_domain() & (
            Domain("partner_id", "=", False)
            | Domain("partner_id.commercial_partner_id", "=", company.id)
        )
        rows = self.env["service.step"]._read_group(
            Domain("project_id", "in", self.ids)
            & Domain("partner_id.commercial_partner_id", "=", company.id)
            & (Domain("task_id", "=", False) | Domain("task_id", "any", request))
            & self._service_wanted_domain()
            & Domain("party", "=", "customer")
            & Domain("customer_visible", "=", True)
            & Domain("state", "in", ASKED_STATES)
            & Domain("owner_partner_id", "in", [False, viewer.id]),
            ["project_id"],
            ["__count"],
        )
        return {project.id: count for project, count in rows}
