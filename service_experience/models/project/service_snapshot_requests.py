# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""What a customer may know about the requests of a service."""

from datetime import datetime
from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.project.models.project_task import CLOSED_STATES

from .customer_parts import of_company
from .health import service_health
from .journey_facts import RequestCount

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

    def _service_requests(self, scope):
        """Find the first open requests by promise, then those that were done last; count all.

        In one query, which looks at each request of the service once.

        :return: ``{task id: FoundRequest}``, in no order, and ``{company id: RequestCount}`` of
            what each customer sees of the service
        """
        Task = self.env["project.task"]
        query = Task._search(Domain.TRUE, active_test=False)
        task_id = SQL.identifier(Task._table, "id")
        query.add_where(SQL("%s IN (TABLE found)", task_id))
        details = (Task._service_stage_to_sql(query), self._select_user(task_id))
        rows = self.env.execute_query(
            SQL(
                """WITH shown AS MATERIALIZED (%(shown)s), found AS (
                       (SELECT id FROM shown WHERE is_in_scope AND NOT is_closed
                         ORDER BY promised_at, id LIMIT %(limit)s)
                    UNION ALL
                       (SELECT id FROM shown WHERE is_in_scope AND is_closed
                         ORDER BY moved_at DESC, id DESC
                         LIMIT (SELECT GREATEST(0, %(limit)s - COUNT(*)) FROM shown
                                 WHERE is_in_scope AND NOT is_closed))
                   )
                   SELECT NULL AS id, customer_id, COUNT(*) FILTER (WHERE NOT is_closed),
                          COUNT(*) FILTER (WHERE NOT is_closed AND promised_at < %(now)s),
                          COUNT(*) FILTER (WHERE is_closed), MAX(moved_at),
                          NULL AS stage, NULL AS user_id
                     FROM shown GROUP BY customer_id
                UNION ALL %(details)s""",
                shown=self._select_shown_requests(scope),
                limit=REQUEST_LIMIT,
                now=fields.Datetime.now(),
                details=query.select(task_id, *[SQL("NULL")] * 5, *details),
            )
        )
        found = {row[0]: FoundRequest(*row[6:]) for row in rows if row[0]}
        return found, {row[1]: RequestCount(*row[2:6]) for row in rows if not row[0]}

    def _select_shown_requests(self, scope):
        """Return the query of all requests that some customer sees, each with its promise."""
        Task = self.env["project.task"]
        query = Task._search(Domain("project_id", "=", self.id) & Task._service_visible_domain())
        state = Task._field_to_sql(Task._table, "state", query)
        columns = {
            "id": SQL.identifier(Task._table, "id"),
            "customer_id": Task._service_customer_to_sql(query),
            "is_closed": SQL("%s IN %s", state, tuple(CLOSED_STATES)),
            "moved_at": Task._field_to_sql(Task._table, "date_last_stage_update", query),
            "promised_at": SQL(
                "CASE WHEN %s NOT IN %s THEN %s END",
                state,
                tuple(CLOSED_STATES),
                Task._service_promise_to_sql(Task._table, query),
            ),
            "is_in_scope": SQL("(%s)", scope.requests.where_clause),
        }
        return query.select(
            *(SQL("%s AS %s", column, SQL.identifier(name)) for name, column in columns.items())
        )

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

    def _select_user(self, task_id):
        """Return the query for who works on a task: the first, as Odoo sorts them."""
        Users = self.env["res.users"]
        query = Users._search(Domain.TRUE, active_test=False, order=Users._order, limit=1)
        relation = query.join(Users._table, "id", "project_task_user_rel", "user_id", "tasks")
        query.add_where(SQL("%s = %s", SQL.identifier(relation, "task_id"), task_id))
        return query.subselect()


class ProjectTask(models.Model):
    _inherit = "project.task"

    def _service_customer_to_sql(self, query):
        """Return the company of the partner of a task in ``query``, as SQL."""
        partners = self.env["res.partner"]
        partner = query.left_join(self._table, "partner_id", partners._table, "id", "partner_id")
        return SQL(
            "%s",
            partners._field_to_sql(partner, "commercial_partner_id", query),
            to_flush=self._fields["partner_id"],
        )

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
