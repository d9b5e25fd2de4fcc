# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The only door between a service and its customer: plain values, nothing else."""

from datetime import datetime

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.project.models.project_task import CLOSED_STATES

from .project_project import StepCount

REQUEST_LIMIT = 30
NEXT_STEP_LIMIT = 3


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_customer_snapshot(self, viewer):
        """Return what ``viewer`` may know about this service, as plain values.

        Page, mails and exports are made of this and of nothing else. Who may open the door
        is decided before, see ``_service_is_visible_to``.

        :param viewer: partner of the reader
        :return: dict of str, int, bool, date, naive UTC datetime, lists and dicts of these
        """
        self.ensure_one()
        # The reader may read none of these records; the snapshot is a whitelist of values.
        return self.sudo()._prepare_service_snapshot(viewer.sudo())

    @api.model
    def _service_customer_summaries(self, viewer):
        """Return one line for each service that ``viewer`` may see, newest first.

        :return: list of dicts, each with the keys of ``_prepare_service_header``
        """
        # As above: the domain says which services, the whitelist says what of them.
        services = self.sudo().search(self._service_visible_domain(viewer), order="id desc")
        steps = services._service_steps()
        return [
            service._prepare_service_header(viewer.sudo(), steps[service.id])
            for service in services
        ]

    def _prepare_service_snapshot(self, viewer):
        milestones = self._service_visible_milestones()
        domain = self._service_request_domain(viewer)
        counts = self._service_request_counts(domain)
        requests = self._service_requests(domain, counts)
        return {
            **self._prepare_service_header(viewer, milestones._service_step_count()),
            "updated_at": self._service_updated_at(milestones, counts),
            "milestones": self._prepare_service_milestones(milestones),
            "requests": [task._prepare_service_request() for task in requests],
            "request_counts": {
                "open": counts["open"],
                "done": counts["done"],
                "more": counts["open"] + counts["done"] - len(requests),
            },
            "next_steps": [
                task._prepare_service_next_step()
                for task in requests[: min(counts["open"], NEXT_STEP_LIMIT)]
            ],
            "contact": self._prepare_service_contact(),
        }

    def _prepare_service_header(self, viewer, steps):
        return {
            "reference": f"S-{self.id}",
            "id": self.id,
            "name": self.customer_label or self.name,
            "health": self.service_health,
            "promised_on": self.date or None,
            "done_on": self._service_done_on(steps),
            "progress": {"done": steps.done, "total": steps.total},
            "timezone": self._service_timezone(viewer),
        }

    def _service_done_on(self, steps):
        """Return the day on which this service was finished, or None."""
        if self.service_health != "done":
            return None
        if self.last_update_status == "done":
            return self.last_update_id.date or None
        return steps.last_on

    def _prepare_service_contact(self):
        user = self.contact_user_id or self.user_id
        return {
            "name": user.name or None,
            "role": user.partner_id.function or None,
            "company": (self.company_id or self.env.company).name,
        }

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

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

    def _prepare_service_milestones(self, milestones):
        current = milestones.filtered(lambda milestone: not milestone.is_reached)[:1]
        return [milestone._prepare_service_milestone(current) for milestone in milestones]

    def _service_updated_at(self, milestones, counts):
        """Return when something last changed that the customer can see."""
        moments = [
            self.create_date,
            self.last_update_id.create_date,
            counts["changed_at"],
            *milestones.mapped("write_date"),
        ]
        return max(moment for moment in moments if moment)

    # ------------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------------

    def _service_request_domain(self, viewer):
        """Return the domain of the requests of this service that ``viewer`` may see."""
        customer = viewer.commercial_partner_id
        own = Domain("partner_id.commercial_partner_id", "=", customer.id)
        if self.partner_id.commercial_partner_id == customer:
            own |= Domain("partner_id", "=", False)
        visible = self.env["project.task"]._service_visible_domain()
        return Domain("project_id", "=", self.id) & visible & own

    def _service_request_counts(self, domain):
        rows = self.env["project.task"]._read_group(
            domain, ["state"], ["__count", "date_last_stage_update:max"]
        )
        return {
            "open": sum(count for state, count, _changed_at in rows if state not in CLOSED_STATES),
            "done": sum(count for state, count, _changed_at in rows if state in CLOSED_STATES),
            "changed_at": max((at for _state, _count, at in rows if at), default=None),
        }

    def _service_requests(self, domain, counts):
        """Return the open requests by promise, then the done ones, the last done first.

        At most ``REQUEST_LIMIT``, and read together: open and done ones in the same queries.
        """
        done = self._service_done_requests(domain, REQUEST_LIMIT - counts["open"])
        rank = {task_id: index for index, task_id in enumerate(done.ids)}
        requests = self._service_first_promised(domain) | done
        return requests.sorted(
            lambda task: (
                rank.get(task.id, -1),
                task.service_promised_at or datetime.max,
                task.id,
            )
        )[:REQUEST_LIMIT]

    def _service_first_promised(self, domain):
        """Return open requests, among them the ``REQUEST_LIMIT`` that were promised first.

        The promise is the deadline of the timer or, without a timer, that of the task: two
        bounded searches on two indexes. A timer that paused after its breach has no deadline
        any more; its breach brings it to the front.
        """
        Task = self.env["project.task"]
        is_open = domain & Domain("is_closed", "=", False)
        open_timer = Task._service_open_timer_domain()
        timers = self.env["service.sla.timer"].search_fetch(
            open_timer & Domain("task_id", "any", is_open),
            ["task_id"],
            order="breached_at, deadline, id",
            limit=REQUEST_LIMIT,
        )
        return timers.task_id | Task.search(
            is_open & Domain("sla_timer_ids", "not any", open_timer),
            order="date_deadline, id",
            limit=REQUEST_LIMIT,
        )

    def _service_done_requests(self, domain, limit):
        if limit <= 0:
            return self.env["project.task"]
        return self.env["project.task"].search(
            domain & Domain("is_closed", "=", True),
            order="date_last_stage_update desc, id desc",
            limit=limit,
        )


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


class ProjectTask(models.Model):
    _inherit = "project.task"

    def _prepare_service_request(self):
        stage = self.stage_id if self.stage_id.customer_visible else self.stage_id.browse()
        return {
            "id": self.id,
            "label": self.customer_label,
            "health": self.service_health,
            "promised_at": self.service_promised_at or None,
            "promise_paused": self.service_promise_paused,
            "done_at": self.service_done_at or None,
            "stage": stage.customer_label or None,
        }

    def _prepare_service_next_step(self):
        owner = self.contact_user_id or self.user_ids[:1]
        return {
            "label": self.customer_label,
            "party": "us",
            "due": self.service_promised_at or None,
            "who": owner._service_public_name(),
        }
