# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The only door between a service and its customer: plain values, nothing else."""

from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.project.models.project_task import CLOSED_STATES

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
        return self.sudo()._prepare_service_snapshot(viewer.sudo(), fields.Datetime.now())

    @api.model
    def _service_customer_summaries(self, viewer):
        """Return one line for each service that ``viewer`` may see, newest first.

        :return: list of dicts: the header of the snapshot, its progress, and ``done_on``
        """
        # As above: the domain says which services, the whitelist says what of them.
        services = self.sudo().search(self._service_visible_domain(viewer), order="id desc")
        steps = services._service_step_counts()
        return [
            {
                **service._prepare_service_header(viewer.sudo()),
                "progress": dict(zip(("done", "total"), steps[service.id])),
                "done_on": service._service_done_on(),
            }
            for service in services
        ]

    def _prepare_service_snapshot(self, viewer, now):
        milestones = self._service_visible_milestones()
        domain = self._service_request_domain(viewer)
        counts = self._service_request_counts(domain)
        open_requests = self._service_open_requests(domain)
        done_requests = self._service_done_requests(domain, REQUEST_LIMIT - len(open_requests))
        requests = open_requests + done_requests
        return {
            **self._prepare_service_header(viewer),
            "updated_at": self._service_updated_at(milestones, counts),
            "milestones": self._prepare_service_milestones(milestones),
            "progress": {
                "done": len(milestones.filtered("is_reached")),
                "total": len(milestones),
            },
            "requests": requests._prepare_service_requests(now),
            "request_counts": {
                "open": counts["open"],
                "done": counts["done"],
                "more": counts["open"] + counts["done"] - len(requests),
            },
            "next_steps": open_requests[:NEXT_STEP_LIMIT]._prepare_service_next_steps(),
            "contact": self._prepare_service_contact(),
        }

    def _prepare_service_header(self, viewer):
        return {
            "reference": f"S-{self.id}",
            "id": self.id,
            "name": self.customer_label or self.name,
            "health": self.service_health,
            "promised_on": self.date or None,
            "timezone": self._service_timezone(viewer),
        }

    def _service_done_on(self):
        """Return the day on which this service was finished, or None."""
        if self.service_health != "done":
            return None
        if self.last_update_status == "done":
            return self.last_update_id.date or None
        days = self._service_visible_milestones().mapped("reached_date")
        return max((day for day in days if day), default=None)

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
        return self.env["project.milestone"].search(
            Domain("project_id", "=", self.id) & self._service_milestone_domain()
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

    def _service_open_requests(self, domain):
        """Return the open requests that were promised first, at most ``REQUEST_LIMIT``.

        The promise is the deadline of the timer or, without a timer, that of the task: two
        bounded searches on two indexes, merged.
        """
        Task = self.env["project.task"]
        open_timer = Task._service_open_timer_domain()
        timers = self.env["service.sla.timer"].search(
            open_timer & Domain("task_id", "any", domain & Domain("is_closed", "=", False)),
            order="deadline, id",
            limit=REQUEST_LIMIT,
        )
        tasks = timers.task_id | Task.search(
            domain
            & Domain("is_closed", "=", False)
            & Domain("sla_timer_ids", "not any", open_timer),
            order="date_deadline, id",
            limit=REQUEST_LIMIT,
        )
        promises = tasks._service_promises()
        return tasks.sorted(lambda task: (promises[task]["promised_at"] or datetime.max, task.id))[
            :REQUEST_LIMIT
        ]

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

    def _prepare_service_requests(self, now):
        promises = self._service_promises()
        return [task._prepare_service_request(**promises[task]) for task in self]

    def _prepare_service_request(self, promised_at, done_at):
        stage = self.stage_id if self.stage_id.customer_visible else self.stage_id.browse()
        return {
            "id": self.id,
            "label": self.customer_label,
            "health": self.service_health,
            "promised_at": promised_at,
            "done_at": done_at,
            "stage": stage.customer_label or None,
        }

    def _prepare_service_next_steps(self):
        promises = self._service_promises()
        return [
            {
                "label": task.customer_label,
                "party": "us",
                "due": promises[task]["promised_at"],
                "who": (task.contact_user_id or task.user_ids[:1])._service_public_name(),
            }
            for task in self
        ]
