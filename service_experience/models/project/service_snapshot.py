# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The only door between a service and its customer: plain values, nothing else."""

from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from .health import service_health
from .journey_facts import get_page_facts
from .project_project import StepCount
from .service_contact_preference import DEFAULT_LEVEL
from .service_snapshot_found import REQUEST_LIMIT

# All that the page says of a service itself follows from these.
SERVICE_FIELDS = (
    "company_id",
    "contact_user_id",
    "create_date",
    "customer_label",
    "date",
    "date_start",
    "last_update_id",
    "last_update_status",
    "name",
    "next_update_promised",
    "partner_id",
    "primary_commitment_id",
    "service_epoch",
    "user_id",
)


class Stepper(NamedTuple):
    """Where a service or a request is: its steps as plain values, counted, and when one changed."""

    lines: list
    count: StepCount
    changed_at: datetime | None


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_customer_snapshot(self, viewer, request_id=None, limit=REQUEST_LIMIT):
        """Return what ``viewer`` may know about this service, as plain values.

        Page, mails and exports are made of this and of nothing else. Who may open the door
        is decided before, see ``_service_is_visible_to`` and ``_service_find_request``.

        :param viewer: partner of the reader
        :param request_id: tell the same of one request that is theirs, with its own words
        :param limit: tell of so many requests
        :return: dict of str, int, bool, date, naive UTC datetime, lists and dicts of these
        """
        self.ensure_one()
        # The reader may read none of these records; the snapshot is a whitelist of values.
        service_sudo = self.sudo()
        request_sudo = service_sudo.env["project.task"].browse(request_id)
        return service_sudo._prepare_service_snapshot(viewer.sudo(), request_sudo, limit)

    def _service_page_version(self):
        """Return how often the page of this service has changed."""
        self.ensure_one()
        return self.sudo().service_version  # as above

    def _service_customer_title(self, viewer):
        """Return how this service is called, for pages about a part of it."""
        service_sudo = self.sudo()  # as above
        return {
            "id": self.id,
            "reference": f"S-{self.id}",
            "name": service_sudo.customer_label or service_sudo.name,
            "timezone": service_sudo._service_timezone(viewer.sudo()),
        }

    @api.model
    def _service_customer_summaries(self, viewer):
        """Return one line for each service that ``viewer`` may see, newest first.

        :return: list of dicts, each with the keys of ``_prepare_service_header``, and how much
            they are asked for as ``needs``
        """
        # As above: the domain says which services, the whitelist says what of them.
        services = self.sudo().search_fetch(self._service_visible_domain(viewer), order="id desc")
        steps, needs = services._service_steps(), services._service_need_counts(viewer.sudo())
        facts = services._service_facts_by_steps(fields.Datetime.now(), steps)
        return [
            {
                **service._prepare_service_header(
                    viewer.sudo(), steps[service.id], service_health(facts[service])
                ),
                "needs": needs.get(service.id, 0),
            }
            for service in services
        ]

    def _prepare_service_snapshot(self, viewer, request, limit):
        scope, subject = self._service_scope(viewer, request, limit), request or self
        has = self._service_contents(viewer)
        journey, stepper = self._service_journey(viewer, scope, has), subject._service_stepper(has)
        self._fetch_service_people(viewer, journey)
        requests = self._service_shown_requests(journey.found)
        now = fields.Datetime.now()
        parents = requests.filtered(lambda request: journey.found[request.id].has_parts)
        facts = get_page_facts(self, parents, journey.counts, has, now)
        counts = self._service_request_count(viewer, facts.service)
        health = service_health(subject._service_page_facts(stepper, facts, journey, now))
        return {
            **subject._prepare_service_header(viewer, stepper.count, health),
            "version": self.service_version,
            "next_update": subject._service_next_word(journey.entries),
            "updated_at": subject._service_updated_at(stepper, counts, facts, journey.entries),
            "milestones": stepper.lines,
            "requests": self._prepare_service_requests(viewer, requests, journey.found, facts, now),
            "request_counts": {
                "open": counts.open,
                "done": counts.done,
                "more": counts.open + counts.done - len(requests),
            },
            **self._prepare_service_journey(viewer, journey, requests),
            **self._prepare_service_documents(viewer, scope, has),
            "contact_level": (
                self._service_contact_level(viewer) if has.preferences else DEFAULT_LEVEL
            ),
            "contact": self._prepare_service_contact(viewer, request),
        }

    def _prepare_service_header(self, viewer, steps, health):
        return {
            **self._service_customer_title(viewer),
            "request": None,
            "health": health,
            **self._prepare_service_promise(viewer),
            "done_on": self._service_done_on(steps) if health == "done" else None,
            "progress": {"done": steps.done, "total": steps.total},
        }

    def _service_done_on(self, steps):
        """Return the day on which this service, which is done, was finished, or None."""
        if self.last_update_status == "done":
            return self.last_update_id.date or None
        return steps.last_on

    def _service_page_facts(self, stepper, facts, _journey, now):
        """Return the facts from which the health on the page follows."""
        return self._service_facts(now, stepper.count, facts.service)

    def _prepare_service_contact(self, viewer, request):
        user = request.contact_user_id or self.contact_user_id or self.user_id
        person, company = user._service_people(), self.company_id or self.env.company
        return {
            "name": person.name or None,
            "role": person.function or None,
            "company": company.name,
            "hours": self._service_contact_hours(viewer, company),
        }

    # ------------------------------------------------------------------
    # Milestones
    # ------------------------------------------------------------------

    def _service_stepper(self, has):
        milestones = self.env["project.milestone"]
        if has.milestones:
            milestones = self._service_visible_milestones()
        current = milestones.filtered(lambda milestone: not milestone.is_reached)[:1]
        return Stepper(
            [milestone._prepare_service_milestone(current) for milestone in milestones],
            milestones._service_step_count(),
            max(milestones.mapped("write_date"), default=None),
        )

    def _service_visible_milestones(self):
        Milestone = self.env["project.milestone"]
        return Milestone.search_fetch(
            Domain("project_id", "=", self.id) & self._service_milestone_domain(),
            [
                "customer_label",
                "customer_note",
                "is_reached",
                "reached_date",
                "expected_from",
                "expected_to",
                "write_date",
            ],
        )

    def _service_changed_at(self, counts, facts):
        return [facts.updated_at, counts.moved_at]


class ServiceExperienceMixin(models.AbstractModel):
    _inherit = "service.experience.mixin"

    def _service_next_word(self, entries):
        """Return when we promised to tell more, or None; past only if nothing was told since.

        :param entries: the latest lines of the history
        """
        promised = self.next_update_promised
        told = [line["occurred_at"] for line in entries if line["actor"] == "us"]
        return None if not promised or max(told, default=promised) > promised else promised

    def _service_updated_at(self, stepper, counts, facts, entries):
        """Return when something last changed that the customer can see."""
        moments = [
            self.create_date,
            *self._service_changed_at(counts, facts),
            *(line["occurred_at"] for line in entries[:1]),
            stepper.changed_at,
        ]
        return max(moment for moment in moments if moment)

    def _service_changed_at(self, counts, facts):
        """Return when something changed that neither its steps nor its history tell."""
        raise NotImplementedError


class ProjectMilestone(models.Model):
    _inherit = "project.milestone"

    def _service_step_count(self):
        reached = self.filtered("is_reached")
        days = [day for day in reached.mapped("reached_date") if day]
        return StepCount(len(reached), len(self), max(days, default=None))

    def _prepare_service_milestone(self, current):
        state = "done" if self.is_reached else "current" if self == current else "next"
        return {
            "label": self.customer_label,
            "note": self.customer_note or None,
            "state": state,
            "reached_on": self.reached_date or None,
            "expected_from": self.expected_from or None,
            "expected_to": self.expected_to or None,
        }
