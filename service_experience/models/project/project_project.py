# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from .health import HealthFacts
from .journey_facts import get_journey_facts

CUSTOMER_PRIVACY = ("portal", "invited_users")


class StepCount(NamedTuple):
    """How many of the visible steps are done, and the day of the last one."""

    done: int = 0
    total: int = 0
    last_on: date | None = None


class ProjectProject(models.Model):
    _name = "project.project"
    _inherit = ["project.project", "service.experience.mixin"]

    customer_label = fields.Char(
        help="The words your customer reads. Leave it empty to show the name of the project."
    )
    customer_visible = fields.Boolean(
        default=True,
        tracking=True,
        help="Your customer has a page for this service. Only your customer and their "
        "colleagues of the same company can open it.",
    )

    def copy(self, default=None):
        projects = super().copy(default)
        for project, new_project in zip(self, projects, strict=True):
            if project.is_template and not new_project.is_template:
                new_project.milestone_ids._plan_dates()
        return projects

    @api.model
    def _service_health_depends(self):
        return [
            "date",
            "date_start",
            "last_update_status",
            "milestone_ids.is_reached",
            "partner_id",
            "primary_commitment_id.due_at",
            "service_commitment_ids.state",
            "service_commitment_ids.delay_ids.state",
            "service_step_ids.state",
            "task_ids.state",
        ]

    def _service_health_facts(self, now):
        return self._service_facts_by_steps(now, self._service_steps())

    def _service_facts_by_steps(self, now, steps):
        """As above, where it is known already how far each service is."""
        journeys = get_journey_facts(self._origin, now)
        return {
            project: project._service_facts(
                now, steps[project._origin.id], journeys[project._origin.id]
            )
            for project in self
        }

    def _service_facts(self, now, steps, journey):
        customer = self._origin.partner_id.commercial_partner_id
        # What belongs to nobody is the customer's, too.
        requests = journey.count_requests({None, customer.id or None})
        today = self._service_today(now)
        all_steps_done = steps.total and steps.done == steps.total and not requests.open
        return HealthFacts(
            now=now,
            promised_at=self._service_promised_at(now),
            is_started=bool(steps.done or not self.date_start or self.date_start <= today),
            is_done=bool(self.last_update_status == "done" or all_steps_done),
            is_paused=self.last_update_status == "on_hold",
            paused_since=journey.paused_since,
            customer_wait_since=self._service_wait_since(journey, requests.open),
            has_own_work=journey.has_own_steps,
            is_at_risk=journey.is_at_risk or self.last_update_status in ("at_risk", "off_track"),
            broken_since=journey.broken_since,
            forecast_at=journey.forecast_at,
            is_forecast_confirmed=journey.forecast_at is not None,
            suspected_since=journey.suspected_since,
            has_late_part=bool(requests.late) or self._service_has_late_part(journey, now),
        )

    def _service_wait_since(self, journey, open_requests):
        """Return since when the service as a whole waits for its customer, or None.

        What is asked for one request holds up the service when no other request can go on.
        """
        waits = list(journey.request_waits.values())
        holds_all = waits and len(waits) >= open_requests
        since = [journey.wait_since, min(waits) if holds_all else None]
        return min((at for at in since if at), default=None)

    def _service_accountable_candidates(self):
        return self.user_id | self.create_uid

    @api.model
    def _service_accountable_depends(self):
        return ["user_id"]

    def _service_of(self):
        return self

    def _service_steps(self):
        """Return how far each service is, counted from its visible steps.

        :return: ``{project id: StepCount}``
        """
        rows = self.env["project.milestone"]._read_group(
            Domain("project_id", "in", self._origin.ids) & self._service_milestone_domain(),
            ["project_id"],
            ["is_reached:array_agg", "reached_date:max"],
        )
        return defaultdict(StepCount) | {
            project.id: StepCount(sum(reached), len(reached), last_on or None)
            for project, reached, last_on in rows
        }

    @api.model
    def _service_milestone_domain(self):
        return Domain([("customer_visible", "=", True), ("customer_label", "!=", False)])

    def _service_promised_at(self, now):
        """Return until when the customer counts on the service, as naive UTC, or None."""
        if self.primary_commitment_id:
            return self.primary_commitment_id._get_reference_at(now)
        return self._service_end_of(self.date) if self.date else None

    def _service_is_visible_to(self, viewer):
        """Return whether ``viewer`` (a partner) may see the page of this service."""
        domain = self._service_visible_domain(viewer) & Domain("id", "in", self.ids)
        # The reader has no access to projects; the domain is the whole answer.
        return bool(self.sudo().search_count(domain, limit=1))

    @api.model
    def _service_visible_domain(self, viewer):
        """Return the domain of the services that ``viewer`` (a partner) may see.

        What counts is the company a partner belongs to, never who follows the project.
        """
        viewer_sudo = viewer.sudo()  # a customer may not read their company
        domain = Domain(
            [
                ("active", "=", True),
                ("is_template", "=", False),
                ("customer_visible", "=", True),
                ("privacy_visibility", "in", CUSTOMER_PRIVACY),
                ("partner_id", "!=", False),
                ("partner_id.commercial_partner_id", "=", viewer_sudo.commercial_partner_id.id),
            ]
        )
        company_ids = self._service_company_ids(viewer)
        if company_ids:
            domain &= Domain("company_id", "in", [False, *company_ids])
        return domain

    @api.model
    def _service_company_ids(self, viewer):
        """Return which companies ``viewer`` deals with; none for somebody who has no user."""
        reader = self.env.user
        is_reader = not reader._is_public() and reader.partner_id == viewer
        # sudo: a customer may not read the users of a partner.
        users = reader if is_reader else viewer.sudo().user_ids
        return {company_id for user in users for company_id in user._get_company_ids()}
