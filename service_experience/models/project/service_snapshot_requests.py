# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""What a customer may know about the requests of a service."""

from datetime import datetime
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .health import service_health

REQUEST_LIMIT = 30
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


class FoundRequest(NamedTuple):
    """What is known of a request: the customer's words for its stage, and who works on it."""

    stage: str | None
    user_id: int | None


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_request_domain(self, viewer):
        """Return the domain of the requests of this service that ``viewer`` may see."""
        customer = viewer.commercial_partner_id
        own = Domain("partner_id.commercial_partner_id", "=", customer.id)
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

    def _service_found_requests(self, domain):
        """Find the first open requests by promise, then those that were done last, in one query.

        :return: ``{task id: FoundRequest}``, in no order, more than are shown
        """
        Task = self.env["project.task"]
        query = Task._search(Domain.TRUE, active_test=False)
        task_id = SQL.identifier(Task._table, "id")
        done = self._select_last_done(
            domain, SQL("(SELECT GREATEST(0, %s - COUNT(*)) FROM first)", REQUEST_LIMIT)
        )
        query.add_where(SQL("%s IN (TABLE first UNION ALL %s)", task_id, done))
        rows = self.env.execute_query(
            SQL(
                "WITH first AS (%s UNION %s) %s",
                self._select_first_timers(domain),
                self._select_first_deadlines(domain),
                query.select(
                    task_id, Task._service_stage_to_sql(query), self._select_user(task_id)
                ),
            )
        )
        return {task_id: FoundRequest(*values) for task_id, *values in rows}

    def _service_shown_requests(self, found):
        """Return what is shown of the requests that were found, in its order."""
        requests = self.env["project.task"].browse(found)
        return requests.sorted(lambda task: task._service_request_rank())[:REQUEST_LIMIT]

    def _prepare_service_requests(self, viewer, requests, found, facts, now):
        pauses = requests._service_pauses(viewer)
        lines = []
        for task in requests:
            stage, user_id = found[task.id]
            task_facts = task._service_facts(now, facts.requests[task.id], bool(user_id))
            line = task._prepare_service_request(viewer, service_health(task_facts), stage)
            lines.append({**line, "pauses": pauses[task.id]})
        return lines

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
        is_done = domain & Domain("is_closed", "=", True)
        order = "date_last_stage_update desc, id desc"
        return _select(self.env["project.task"], "id", is_done, order, limit=limit)

    def _select_user(self, task_id):
        """Return the query for who works on a task: the first, as Odoo sorts them."""
        Users = self.env["res.users"]
        query = Users._search(Domain.TRUE, active_test=False, order=Users._order, limit=1)
        relation = query.join(Users._table, "id", "project_task_user_rel", "user_id", "tasks")
        query.add_where(SQL("%s = %s", SQL.identifier(relation, "task_id"), task_id))
        return query.subselect()


def _select(model, column, domain, order, limit=REQUEST_LIMIT):
    """Return the query for the first requests of a domain."""
    query = model._search(domain, order=order, limit=limit)
    return SQL("(%s)", query.select(model._field_to_sql(model._table, column, query)))


class ProjectTask(models.Model):
    _inherit = "project.task"

    def _service_stage_to_sql(self, query):
        """Return the customer's words for the stage of a task in ``query``, as SQL."""
        Stage = self.env["project.task.type"]
        alias = query.left_join(self._table, "stage_id", Stage._table, "id", "stage_id")
        visible, label = (
            Stage._field_to_sql(alias, name, query)
            for name in ("customer_visible", "customer_label")
        )
        return SQL("CASE WHEN %s THEN %s END", visible, label, to_flush=self._fields["stage_id"])

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
