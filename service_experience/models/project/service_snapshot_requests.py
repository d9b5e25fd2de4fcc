# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""What a customer may know about the requests of a service."""

from datetime import datetime

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.project.models.project_task import CLOSED_STATES

REQUEST_LIMIT = 30


class ProjectProject(models.Model):
    _inherit = "project.project"

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

        At most ``REQUEST_LIMIT``, found in one query and read in another.
        """
        parts = [
            self._select_first_timers(domain),
            self._select_first_deadlines(domain),
            self._select_last_done(domain, REQUEST_LIMIT - counts["open"]),
        ]
        rows = self.env.execute_query(SQL(" UNION ").join(part for part in parts if part))
        requests = self.env["project.task"].browse(task_id for [task_id] in rows)
        return requests.sorted(lambda task: task._service_request_rank())[:REQUEST_LIMIT]

    # The promise is the deadline of the timer or, without a timer, that of the task: two
    # bounded searches on two indexes. A timer that paused after its breach has no deadline
    # any more; its breach brings it to the front.

    def _select_first_timers(self, domain):
        is_open = domain & Domain("is_closed", "=", False)
        open_timer = self.env["project.task"]._service_open_timer_domain()
        return _select(
            self.env["service.sla.timer"],
            "task_id",
            open_timer & Domain("task_id", "any", is_open),
            "breached_at, deadline, id",
        )

    def _select_first_deadlines(self, domain):
        Task = self.env["project.task"]
        no_timer = Domain("sla_timer_ids", "not any", Task._service_open_timer_domain())
        is_open = domain & Domain("is_closed", "=", False)
        return _select(Task, "id", is_open & no_timer, "date_deadline, id")

    def _select_last_done(self, domain, limit):
        if limit <= 0:
            return None
        is_done = domain & Domain("is_closed", "=", True)
        order = "date_last_stage_update desc, id desc"
        return _select(self.env["project.task"], "id", is_done, order, limit=limit)


def _select(model, column, domain, order, limit=REQUEST_LIMIT):
    """Return the query for the first requests of a domain."""
    query = model._search(domain, order=order, limit=limit)
    return SQL("(%s)", query.select(model._field_to_sql(model._table, column, query)))


class ProjectTask(models.Model):
    _inherit = "project.task"

    def _service_request_rank(self):
        """Return the key that puts open requests first, and late before soon."""
        if self.is_closed:
            return 1, datetime.max - (self.date_last_stage_update or datetime.min), -self.id
        return 0, (self.service_promised_at or datetime.max) - datetime.min, self.id

    def _prepare_service_request(self, viewer):
        stage = self.stage_id if self.stage_id.customer_visible else self.stage_id.browse()
        return {
            "id": self.id,
            "label": self.customer_label,
            "health": self.service_health,
            "promised_at": self.service_promised_at or None,
            "promise_paused": self.service_promise_paused,
            "moved_to": self._service_moved_to(viewer),
            "done_at": self.service_done_at or None,
            "stage": stage.customer_label or None,
        }

    def _service_moved_to(self, viewer):
        """Return the new day that the customer was told and has not agreed to yet, or None."""
        promise = self.primary_commitment_id
        if not promise._is_shown_to(viewer):
            return None
        return promise.current_to if promise.current_to != promise._get_agreed_day() else None

    def _prepare_service_next_step(self):
        owner = self.contact_user_id or self.user_ids[:1]
        return {
            "id": None,
            "label": self.customer_label,
            "party": "us",
            "due": self.service_promised_at or None,
            "who": owner._service_public_name(),
        }
