# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What the page of one request shows besides what it shares with the page of its service."""

from datetime import timedelta

import pytz

from odoo import models
from odoo.fields import Domain

from .project_project import StepCount
from .service_snapshot import Stepper


class ServiceExperienceMixin(models.AbstractModel):
    _inherit = "service.experience.mixin"

    def _prepare_service_promise(self, viewer):
        """Return the day by which it is judged, and the one the customer agreed to."""
        promise = self.primary_commitment_id
        if not promise._is_shown_to(viewer):
            day = self._service_planned_day(viewer)
            return {
                "promised_on": day,
                "agreed_on": day,
                "known_by": None,
                "moved_why": None,
            }
        moves = promise._get_shown_revisions()[1:]
        return {
            "promised_on": promise.current_to or None,
            "agreed_on": promise._get_agreed_day() or None,
            "known_by": promise.known_by or None,
            "moved_why": moves[-1:].text or None,
        }

    def _service_planned_day(self, viewer):
        """Return the day that counts while no promise was made, or None."""
        raise NotImplementedError


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_planned_day(self, viewer):
        return self.date or None

    def _service_find_request(self, viewer, task_id):
        """Return the request that ``viewer`` may see, with all rights; empty if not theirs."""
        # The viewer may read no requests; the domain is the whole answer.
        service_sudo = self.sudo()
        return service_sudo.env["project.task"].search(
            service_sudo._service_request_domain(viewer.sudo()) & Domain("id", "=", task_id)
        )


class ProjectTask(models.Model):
    _inherit = "project.task"

    def _service_page_facts(self, _stepper, facts, journey, now):
        has_user = bool(journey.found[self.id].user_id)
        return self._service_facts(now, facts.requests[self.id], has_user)

    def _service_changed_at(self, counts, facts):
        return []

    def _prepare_service_header(self, viewer, steps, health):
        done_at = health in ("done", "cancelled") and self.service_done_at
        return {
            **self.project_id._service_customer_title(viewer),
            "request": {"id": self.id, "label": self.customer_label},
            "health": health,
            **self._prepare_service_promise(viewer),
            "done_on": self._service_day_of(done_at, viewer) if done_at else None,
            "progress": {"done": steps.done, "total": steps.total},
        }

    def _service_planned_day(self, viewer):
        # A promise until the end of a day is one until midnight.
        end = self.service_promised_at
        return self._service_day_of(end - timedelta(seconds=1), viewer) if end else None

    def _service_day_of(self, moment, viewer):
        """Return the day of a moment (naive UTC) in the time zone of the reader."""
        zone = pytz.timezone(self.project_id._service_timezone(viewer))
        return pytz.utc.localize(moment).astimezone(zone).date()

    def _service_stepper(self, _has):
        """Return the stages that the customer knows, as steps.

        A stage that they do not know belongs to the last one before it that they do.
        """
        stages = self.project_id.type_ids.filtered(
            lambda stage: stage.customer_visible and stage.customer_label
        ).sorted()
        place = (self.stage_id.sequence, self.stage_id.id)
        reached = stages.filtered(lambda stage: (stage.sequence, stage.id) <= place)
        if self.state == "1_done":
            reached = stages
        elif self.state == "1_canceled":
            stages = reached  # nothing more comes
        done = reached if self.is_closed else reached[:-1]
        lines = [stage._prepare_service_stage(self, done, reached) for stage in stages]
        return Stepper(
            lines, StepCount(len(done), len(stages)), self.date_last_stage_update or None
        )


class ProjectTaskType(models.Model):
    _inherit = "project.task.type"

    def _prepare_service_stage(self, request, done, reached):
        """Return this stage as a step of a request, see ``_prepare_service_milestone``."""
        is_here = self == request.stage_id and self not in done
        return {
            "label": self.customer_label,
            "note": self.customer_note or None,
            "state": "done" if self in done else "current" if self in reached else "next",
            "reached_on": None,
            "expected_from": None,
            "expected_to": None,
            "since": request.date_last_stage_update or None if is_here else None,
        }
