# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What a handoff knows by itself: where it belongs, how complete it is, what was told already."""

from odoo import api, models

from ..journey.service_step import OPEN_STATES as OPEN_STEPS
from .service_handoff import OPEN_STATES, URGENCY_RANKS


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    @api.depends("task_ids")
    def _compute_task_id(self):
        for handoff in self:
            handoff.task_id = handoff.task_ids if len(handoff.task_ids) == 1 else False

    @api.depends("task_ids.project_id")
    def _compute_project_id(self):
        for handoff in self:
            # An ended handoff stays where it was made, and a request that moves alone is lost.
            services = handoff.task_ids.project_id
            if len(services) == 1 and not (handoff.project_id and handoff._is_ended()):
                handoff.project_id = services
            else:
                handoff.project_id = handoff.project_id

    @api.depends("project_id.partner_id", "task_id.partner_id")
    def _compute_partner_id(self):
        # Before a service is chosen it is known only from where the handoff came.
        return super(ServiceHandoff, self.filtered("project_id"))._compute_partner_id()

    @api.depends("project_id.company_id", "task_ids.company_id")
    def _compute_company_id(self):
        for handoff in self.filtered("project_id"):
            handoff.company_id = handoff.task_ids.company_id[:1] or handoff.project_id.company_id

    @api.depends("urgency")
    def _compute_urgency_rank(self):
        for handoff in self:
            handoff.urgency_rank = URGENCY_RANKS.get(handoff.urgency, len(URGENCY_RANKS) + 1)

    @api.depends("type_id")
    def _compute_temporary(self):
        for handoff in self:
            handoff.temporary = handoff.type_id.temporary

    @api.depends("partner_id", "project_id")
    def _compute_fact_ids(self):
        """Show all that these customers told and that holds, as far as the user may read it."""
        customers = self.partner_id.commercial_partner_id
        facts = self.env["service.fact"].search(
            [
                ("partner_id", "in", customers.ids),
                ("project_id", "in", [False, *self.project_id.ids]),
                ("is_valid", "=", True),
            ]
        )
        for handoff in self:
            customer, here = handoff.partner_id.commercial_partner_id, handoff.project_id
            handoff.fact_ids = facts.filtered(
                lambda fact, customer=customer, here=here: (
                    fact.partner_id == customer and fact.project_id <= here
                )
            )

    @api.depends("state", "item_ids.state", "item_ids.kind", "item_ids.required")
    def _compute_completeness(self):
        for handoff in self:
            handoff.completeness = handoff.item_ids._get_completeness()

    def _get_open_steps(self):
        """Return the steps that are open in what is handed over."""
        place = (
            [("project_id", "=", self.project_id.id)]
            if self.is_whole
            else [("task_id", "in", self.task_ids.ids)]
        )
        return self.env["service.step"].search([*place, ("state", "in", OPEN_STEPS)])

    def _is_told(self):
        return self._is_ended()

    def _is_ended(self):
        return self.state not in OPEN_STATES

    def _get_subjects(self):
        """Return what is handed over: the requests, or the service as a whole."""
        self.ensure_one()
        return self.project_id if self.is_whole else self.task_ids

    def _mail_get_partner_fields(self, introspect_fields=False):
        # What colleagues write about a handoff is never proposed to its customer.
        return []
