# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""What a customer may know about the requests of a service."""

from datetime import datetime

from odoo import models
from odoo.fields import Domain

from .customer_parts import of_company
from .health import service_health

# All that the page says of a request follows from these.
REQUEST_FIELDS = (
    "contact_user_id",
    "customer_label",
    "date_deadline",
    "date_last_stage_update",
    "partner_id",
    "primary_commitment_id",
    "project_id",
    "state",
)


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_request_domain(self, viewer):
        """Return the domain of the requests of this service that ``viewer`` may see."""
        own = of_company(viewer.commercial_partner_id)
        if self._service_is_customer(viewer):
            own |= Domain("partner_id", "=", False)
        visible = self.env["project.task"]._service_visible_domain()
        return Domain("project_id", "=", self.id) & visible & own

    def _service_is_customer(self, viewer):
        """Return whether this service is one of the company of ``viewer``."""
        company = viewer.commercial_partner_id
        # Mostly nothing has to be read for it.
        return (
            self.partner_id in (viewer, company) or self.partner_id.commercial_partner_id == company
        )

    def _service_request_count(self, viewer, journey):
        """Return the counts of the requests that ``viewer`` may see."""
        nobody = {None} if self._service_is_customer(viewer) else set()
        return journey.count_requests({viewer.commercial_partner_id.id} | nobody)

    def _service_shown_requests(self, found):
        """Return what is shown of the requests that were found, in its order."""
        requests = self.env["project.task"].browse(found)
        return requests.sorted(lambda task: task._service_request_rank())

    def _prepare_service_requests(self, viewer, requests, found, facts, now):
        paused = requests.filtered(lambda request: found[request.id].has_pauses)
        pauses = paused._service_pauses(viewer) if paused else {}
        lines = []
        for task in requests:
            task_facts = task._service_facts(
                now, facts.requests[task.id], bool(found[task.id].user_id)
            )
            line = task._prepare_service_request(
                viewer, service_health(task_facts), found[task.id].stage
            )
            lines.append({**line, "pauses": pauses.get(task.id, [])})
        return lines


class ProjectTask(models.Model):
    _inherit = "project.task"

    def _service_request_rank(self):
        """Return the key that puts open requests first, and late before soon."""
        if self.is_closed:
            return 1, datetime.max - (self.date_last_stage_update or datetime.min), -self.id
        return 0, (self.service_promised_at or datetime.max) - datetime.min, self.id

    def _prepare_service_request(self, viewer, health, stage):
        return {
            "id": self.id,
            "label": self.customer_label,
            "health": health,
            "promised_at": self.service_promised_at or None,
            "promise_paused": self.service_promise_paused,
            "moved_to": self._service_moved_to(viewer),
            "done_at": self.service_done_at or None,
            "stage": stage or None,
        }

    def _service_moved_to(self, viewer):
        """Return the new day that the customer was told and has not agreed to yet, or None."""
        promise = self.primary_commitment_id
        if not promise._is_shown_to(viewer):
            return None
        return promise.current_to if promise.current_to != promise._get_agreed_day() else None

    def _prepare_service_next_step(self, user_id):
        owner = self.contact_user_id or self.contact_user_id.browse(user_id)
        return {
            "id": None,
            "label": self.customer_label,
            "party": "us",
            "due": self.service_promised_at or None,
            "who": owner._service_public_name(),
        }
