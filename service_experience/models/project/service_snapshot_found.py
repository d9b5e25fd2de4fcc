# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Which requests of a service a page shows first, and how many there are."""

from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.project.models.project_task import CLOSED_STATES

from .journey_facts import RequestCount

REQUEST_LIMIT = 30
# A timer that paused after its breach has no deadline any more, but stays late.
_TIMER_END = SQL("COALESCE(service_sla_timer.deadline, service_sla_timer.breached_at)")


class FoundRequest(NamedTuple):
    """What is known of a request: the customer's words for its stage, and who works on it.

    Also whether its promise has passed, and whether it has sub-tasks, or timers that stood still:
    only then these are looked at.
    """

    stage: str | None
    user_id: int | None
    is_late: bool
    has_parts: bool
    has_pauses: bool


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_requests(self, viewer, scope):
        """Find the first open requests by promise, then those that were done last; count all.

        In one query, and the whole of a request is read only if it is found.

        :return: ``{task id: FoundRequest}``, in no order, and ``{company id: RequestCount}`` of
            what each customer sees of the service; of what is late only whether there is any
        """
        rows = self.env.execute_query(
            SQL(
                "%s %s UNION ALL %s",
                self._select_found(scope),
                self._select_counts(),
                self._select_details(),
            )
        )
        found = {row[0]: FoundRequest(*row[5:]) for row in rows if row[0]}
        counts = {row[1]: RequestCount(*row[2:5]) for row in rows if not row[0]}
        if any(request.is_late for request in found.values()):
            company_id = viewer.commercial_partner_id.id or None  # nobody's
            counts[company_id] = counts.get(company_id, RequestCount())._replace(late=1)
        return found, counts

    def _select_counts(self):
        """Return the query of how many requests each customer sees, and when one last moved."""
        Task = self.env["project.task"]
        query = Task._search(Domain("project_id", "=", self.id) & Task._service_visible_domain())
        partner_id, moved_at = (
            Task._field_to_sql(Task._table, name, query)
            for name in ("partner_id", "date_last_stage_update")
        )
        query.groupby = partner_id
        # The partners are few: they are looked up when the requests are counted.
        return SQL(
            """SELECT NULL AS id, partner.commercial_partner_id, SUM(counted.open)::int AS open,
                      SUM(counted.done)::int AS done, MAX(counted.moved_at) AS moved_at,
                      NULL AS stage, NULL AS user_id, NULL AS is_late, NULL AS has_parts,
                      NULL AS has_pauses
                 FROM (%s) AS counted
            LEFT JOIN res_partner AS partner ON partner.id = counted.partner_id
             GROUP BY partner.commercial_partner_id""",
            query.select(
                SQL("%s AS partner_id", partner_id),
                SQL("COUNT(*) FILTER (WHERE %s) AS open", _is_open()),
                SQL("COUNT(*) FILTER (WHERE NOT %s) AS done", _is_open()),
                SQL("MAX(%s) AS moved_at", moved_at),
            ),
        )

    def _select_found(self, scope):
        """Return the ``WITH`` of the first requests, ``found``, and the promises of open ones.

        A promise is that of the main commitment, else of the timer, else the deadline of the task,
        see ``_service_promise_to_sql``: each has a search of its own, which ends early.
        """
        in_scope, is_open = scope.requests.where_clause, _is_open()
        promises = self._select_promises(SQL("%s AND %s", in_scope, is_open), scope.limit)
        return SQL(
            """WITH promised AS (%(promised)s),
                    undated AS (
                        SELECT id FROM project_task
                         WHERE %(in_scope)s AND %(is_open)s AND %(has_no_promise)s
                         ORDER BY id
                         LIMIT (SELECT GREATEST(0, %(limit)s - COUNT(*)) FROM promised)
                    ),
                    done AS (
                        SELECT id FROM project_task
                         WHERE %(in_scope)s AND NOT %(is_open)s
                         ORDER BY date_last_stage_update DESC, id DESC
                         LIMIT (SELECT GREATEST(0, %(limit)s - COUNT(*))
                                  FROM (SELECT FROM promised UNION ALL SELECT FROM undated) AS open)
                    ),
                    found AS (
                        (SELECT id FROM promised ORDER BY promised_at, id LIMIT %(limit)s)
                        UNION TABLE undated UNION TABLE done
                    )""",
            promised=SQL(" UNION ALL ").join(promises),
            in_scope=in_scope,
            is_open=is_open,
            limit=scope.limit,
            has_no_promise=SQL("%s AND date_deadline IS NULL", self._has_no_other_promise()),
        )

    def _select_promises(self, in_scope, limit):
        """Yield the queries of the first open requests, by each kind of promise there may be."""
        first = {"in_scope": in_scope, "limit": limit}
        yield SQL(
            """(SELECT project_task.id, main.due_at AS promised_at
                  FROM project_task
                  JOIN service_commitment AS main ON main.id = project_task.primary_commitment_id
                 WHERE %(in_scope)s AND main.due_at IS NOT NULL
                 ORDER BY promised_at, project_task.id LIMIT %(limit)s)""",
            **first,
        )
        if self.env["service.sla.policy"]._is_in_use():
            yield SQL(
                """(SELECT project_task.id, %(timer_end)s AS promised_at
                      FROM project_task
                      JOIN service_sla_timer ON service_sla_timer.task_id = project_task.id
                     WHERE %(in_scope)s AND %(has_no_main)s AND %(has_end)s
                     ORDER BY promised_at, project_task.id LIMIT %(limit)s)""",
                timer_end=_TIMER_END,
                has_no_main=self._has_no_main_promise(),
                has_end=self._has_timer_end(),
                **first,
            )
        yield SQL(
            """(SELECT id, date_deadline AS promised_at
                  FROM project_task
                 WHERE %(in_scope)s AND %(has_no_other)s AND date_deadline IS NOT NULL
                 ORDER BY promised_at, id LIMIT %(limit)s)""",
            has_no_other=self._has_no_other_promise(),
            **first,
        )

    def _has_no_other_promise(self):
        """Return the condition that only its deadline may say until when a task is promised."""
        no_main = self._has_no_main_promise()
        if not self.env["service.sla.policy"]._is_in_use():
            return no_main
        return SQL(
            """%s AND NOT EXISTS (SELECT FROM service_sla_timer
                                   WHERE service_sla_timer.task_id = project_task.id AND %s)""",
            no_main,
            self._has_timer_end(),
        )

    def _has_no_main_promise(self):
        """Return the condition that no main commitment says it: a planned one may have no date."""
        return SQL(
            """(project_task.primary_commitment_id IS NULL
                OR project_task.primary_commitment_id IN (
                       SELECT id FROM service_commitment
                        WHERE project_id = %s AND due_at IS NULL))""",
            self.id,
        )

    def _has_timer_end(self):
        """Return the condition that a timer says when a task is due: it has not stopped before."""
        domain = self.env["project.task"]._service_open_timer_domain()
        is_open = self.env["service.sla.timer"]._search(domain).where_clause
        return SQL("%s AND %s IS NOT NULL", is_open, _TIMER_END)

    def _select_details(self):
        """Return the query of what is known of each request that was found."""
        Task = self.env["project.task"]
        query = Task._search(Domain.TRUE, active_test=False)
        task_id = SQL.identifier(Task._table, "id")
        query.add_where(SQL("%s = ANY(ARRAY(TABLE found))", task_id))
        # Scalar queries look for the few that were found; EXISTS might hash the whole table.
        is_late = SQL(
            "EXISTS (SELECT FROM promised WHERE promised.id = %s AND promised_at < %s)",
            task_id,
            fields.Datetime.now(),
        )
        has_parts = SQL(
            "(SELECT TRUE FROM project_task AS part WHERE part.parent_id = %s LIMIT 1)", task_id
        )
        has_pauses = SQL(
            """(SELECT TRUE
                  FROM service_sla_timer AS timer
             LEFT JOIN service_sla_segment AS piece
                    ON piece.timer_id = timer.id AND piece.kind = 'paused'
                 WHERE timer.task_id = %s AND (timer.state = 'paused' OR piece.id IS NOT NULL)
                 LIMIT 1)""",
            task_id,
        )
        return query.select(
            task_id,
            *[SQL("NULL")] * 4,
            Task._service_stage_to_sql(query),
            self._select_user(task_id),
            is_late,
            has_parts,
            has_pauses,
        )

    def _select_user(self, task_id):
        """Return the query for who works on a task: the first, as Odoo sorts them."""
        Users = self.env["res.users"]
        query = Users._search(Domain.TRUE, active_test=False, order=Users._order, limit=1)
        relation = query.join(Users._table, "id", "project_task_user_rel", "user_id", "tasks")
        query.add_where(SQL("%s = %s", SQL.identifier(relation, "task_id"), task_id))
        return query.subselect()


def _is_open():
    return SQL("project_task.state NOT IN %s", tuple(CLOSED_STATES))


class ProjectTask(models.Model):
    _inherit = "project.task"

    def _service_customer_to_sql(self, alias, query):
        """Return the company of the partner of a task in ``query``, as SQL."""
        partners = self.env["res.partner"]
        partner = query.left_join(alias, "partner_id", partners._table, "id", "partner_id")
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
