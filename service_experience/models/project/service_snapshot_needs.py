# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""In which of their services a customer is asked for something now."""

from odoo import models
from odoo.fields import Domain

from ..journey.service_step import ASKED_STATES
from .customer_parts import of_company, of_service_or


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_need_counts(self, viewer):
        """Return how much ``viewer`` is asked for in each of their services, in one query.

        :return: ``{project id: number}``, without those in which they are asked for nothing
        """
        tasks, theirs = self.env["project.task"], of_company(viewer.commercial_partner_id)
        # Whatever belongs to nobody else in a service belongs to its customer: here, to them.
        requests = tasks._search(
            tasks._service_visible_domain() & (Domain("partner_id", "=", False) | theirs)
        )
        rows = self.env["service.step"]._read_group(
            Domain("project_id", "in", self.ids)
            & theirs
            & of_service_or(requests)
            & self._service_wanted_domain()
            & Domain("party", "=", "customer")
            & Domain("customer_visible", "=", True)
            & Domain("state", "in", ASKED_STATES)
            & Domain("owner_partner_id", "in", [False, viewer.id]),
            ["project_id"],
            ["__count"],
        )
        return {project.id: count for project, count in rows}
