# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The queries behind the facts of the journey: what is open, paused, failing or late, and where.

They are written out: a page and a list ask them all at once, and putting them together from
domains takes as long as their answer.
"""

from datetime import datetime
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL

NO_COUNTS = SQL("NULL::bigint[]")
_READ = (
    "service.wait",
    "service.step",
    "service.commitment",
    "service.commitment.revision",
    "service.delay",
)


class Row(NamedTuple):
    """One wait, step, commitment or late task that matters to the health of its place.

    Of the open requests of one customer of a service there is a row with ``counts``: how many
    there are, and how many of them are late.
    """

    place_id: int
    task_id: int | None
    partner_id: int | None
    kind: str
    at: datetime | None
    counts: list | None


def read_rows(env, parts):
    """Return the rows of several queries, read in one."""
    return [Row(*row) for row in env.execute_query(SQL(" UNION ALL ").join(parts))]


def select_parts(records, place, now):
    """Return the query of waits, steps, commitments and delays of services or requests.

    Of a service also those of its requests that the customer sees, but for cancelled ones: nobody
    waits for them any more. What counts:

    - waits for which the customer was asked, and agreed pauses;
    - steps of ours that can go on, with their day if the customer sees them;
    - commitments that a person called at risk, and broken ones without a later date;
    - delays that a person confirmed, until the customer agrees to the new date;
    - forecasts that nobody looked at in time: since when, and until when.

    :param place: ``project_id`` or ``task_id``
    """
    env = records.env
    env["service.sla.timer"]._sync_pending()
    for model in _READ:
        env[model].flush_model()
    here, request = SQL("part.%s IN %s", SQL.identifier(place), tuple(records.ids)), SQL()
    if place == "project_id":
        request = _join_requests(records)
        here = SQL("%s AND (part.task_id IS NULL OR project_task.id IS NOT NULL)", here)
    return SQL(
        """SELECT part.%(place)s, part.task_id, part.partner_id, part.kind, part.started_at,
                  NULL::bigint[]
             FROM service_wait AS part %(request)s
            WHERE %(here)s AND part.ended_at IS NULL
                  AND (part.kind = 'agreed_pause'
                       OR part.kind = 'customer' AND part.step_id IS NOT NULL)
        UNION ALL
           SELECT part.%(place)s, part.task_id, part.partner_id, part.party,
                  CASE WHEN part.customer_visible THEN part.due END::timestamp, NULL
             FROM service_step AS part %(request)s
            WHERE %(here)s AND part.active AND part.party = 'us'
                  AND part.state IN ('ready', 'doing')
        UNION ALL
           SELECT part.%(place)s, part.task_id, part.partner_id, part.state, part.broken_at, NULL
             FROM service_commitment AS part %(request)s
            WHERE %(here)s AND part.active AND part.direction = 'ours' AND part.customer_visible
                  AND (part.state = 'at_risk'
                       OR part.state = 'broken' AND part.kept_at IS NULL
                          AND part.due_at <= %(now)s)
        UNION ALL
           SELECT part.%(place)s, part.task_id, part.partner_id, fact.kind, fact.at, NULL
             FROM service_delay AS part %(request)s
        LEFT JOIN service_commitment_revision AS revision ON revision.id = part.revision_id
       CROSS JOIN LATERAL (
                      VALUES (part.state, part.detected_at),
                             ('forecast', CASE WHEN part.rule = 'forecast'
                                               THEN (part.signal->>'p80')::timestamp END)
                  ) AS fact (kind, at)
            WHERE %(here)s
                  AND (part.state IN ('confirmed', 'communicated') AND fact.kind != 'forecast'
                       AND (revision.acknowledgement IN ('accepted', 'tacit')) IS NOT TRUE
                       OR part.state = 'suspected' AND part.rule = 'forecast'
                          AND part.triage_due <= %(now)s)""",
        place=SQL.identifier(place),
        here=here,
        request=request,
        now=now,
    )


def _join_requests(services):
    """Return the join of the requests of these services that customers see, for their parts.

    As a condition of many parts the tasks of all services would be searched.
    """
    tasks = services.env["project.task"]
    seen = tasks._search(
        Domain("project_id", "in", services.ids)
        & Domain("state", "!=", "1_canceled")
        & tasks._service_visible_domain()
    )
    return SQL("LEFT JOIN project_task ON project_task.id = part.task_id AND %s", seen.where_clause)


def select_late_parts(parents, now, service=None):
    """Return the query of the late sub-tasks that the customer sees, for each of their parents.

    :param service: the place of all rows; without it the parent of each
    """
    tasks = parents.env["project.task"]
    late = tasks._service_visible_domain() & tasks._service_late_domain(now)
    query = tasks._search(Domain("parent_id", "in", parents.ids) & late)
    parent = tasks._field_to_sql(tasks._table, "parent_id", query)
    whole = query.left_join(tasks._table, "parent_id", tasks._table, "id", "parent_id")
    # What belongs to another customer is not seen by the one of the whole.
    is_seen = SQL(
        "COALESCE(%s = %s, TRUE)",
        tasks._service_customer_to_sql(tasks._table, query),
        tasks._service_customer_to_sql(whole, query),
    )
    query.add_where(is_seen)
    place = SQL("%s", service.id) if service else parent
    nothing = (SQL("NULL::int"), SQL("'part'"), SQL("NULL::timestamp"), NO_COUNTS)
    return query.select(place, parent, *nothing)


def count_open_requests(services, now):
    """Return the query of how many open requests each customer sees of each service."""
    tasks = services.env["project.task"]
    query = tasks._search(
        Domain("project_id", "in", services.ids)
        & Domain("is_closed", "=", False)
        & tasks._service_visible_domain()
    )
    service = tasks._field_to_sql(tasks._table, "project_id", query)
    customer = tasks._service_customer_to_sql(tasks._table, query)
    promise = tasks._service_promise_to_sql(tasks._table, query)
    counts = SQL("ARRAY[COUNT(*), COUNT(*) FILTER (WHERE %s < %s)]", promise, now)
    query.groupby = SQL("%s, %s", service, customer)
    nothing = SQL("NULL::timestamp")
    return query.select(service, SQL("NULL"), customer, SQL("'requests'"), nothing, counts)


def select_last_update(service):
    """Return the query of when a colleague last wrote how the service stands."""
    updates = service.env["project.update"]
    query = updates._search(Domain("id", "=", service.last_update_id.id))
    at = updates._field_to_sql(updates._table, "create_date", query)
    place, nothing = SQL("%s", service.id), SQL("NULL")
    return query.select(place, nothing, nothing, SQL("'update'"), at, NO_COUNTS)
