# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The queries behind the facts of the journey: what is open, paused, failing or late, and where."""

from datetime import datetime
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.project.models.project_task import CLOSED_STATES

_PLACE = ("task_id", "partner_id")
_NO_COUNTS = SQL("NULL::bigint[]")


class Row(NamedTuple):
    """One wait, step, commitment or late task that matters to the health of its place.

    Of the requests of one customer of a service there is a row with ``counts``.
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


def get_parts(records, place, now):
    """Return the queries of the rows; for a service also those of requests the customer sees."""
    env, here = records.env, Domain(place, "in", records.ids)
    if place == "project_id":
        seen = env["project.task"]._service_visible_domain()
        here &= Domain("task_id", "=", False) | Domain("task_id", "any", seen)
    steps, commitments = env["service.step"], env["service.commitment"]
    return [
        _select(env["service.wait"], here & _get_wait_domain(), place, "kind", "started_at"),
        _select(steps, here & _get_step_domain(), place, "party", "due", "customer_visible"),
        _select(commitments, here & _get_commitment_domain(now), place, "state", "broken_at"),
        _select(env["service.delay"], here & _get_delay_domain(), place, "state", "detected_at"),
        *_select_forecasts(env["service.delay"], here & _get_lying_domain(now), place),
    ]


def _select(model, domain, place, kind, at, only_if=None):
    """Return the query of the rows of a model.

    :param kind: field that says of which kind a row is
    :param at: field with its instant or day
    :param only_if: boolean field; without it the row has no instant
    """
    query = model._search(domain, order="id")

    def column(name):
        return model._field_to_sql(model._table, name, query)

    moment = SQL("%s::timestamp", column(at))
    if only_if:
        moment = SQL("CASE WHEN %s THEN %s END", column(only_if), moment)
    columns = (column(place), column("task_id"), column("partner_id"), column(kind), moment)
    return SQL("(%s)", query.select(*columns, _NO_COUNTS))


def _select_forecasts(delays, domain, place):
    """Return the queries of forecasts that nobody looked at in time: since when, until when."""
    query = delays._search(domain, order="id")
    p80 = SQL("(%s->>'p80')::timestamp", SQL.identifier(delays._table, "signal"))
    yield _select(delays, domain, place, "state", "detected_at")
    columns = [delays._field_to_sql(delays._table, name, query) for name in _PLACE]
    here = delays._field_to_sql(delays._table, place, query)
    yield SQL("(%s)", query.select(here, *columns, SQL("'forecast'"), p80, _NO_COUNTS))


def select_late_parts(parents, now, service=None):
    """Return the query of the late sub-tasks that the customer sees, for each of their parents.

    :param service: the place of all rows; without it the parent of each
    """
    tasks = parents.env["project.task"]
    late = tasks._service_visible_domain() & tasks._service_late_domain(now)
    query = tasks._search(Domain("parent_id", "in", parents.ids) & late, order="id")
    parent = tasks._field_to_sql(tasks._table, "parent_id", query)
    place = SQL("%s", service.id) if service else parent
    nothing = (SQL("NULL::int"), SQL("'part'"), SQL("NULL::timestamp"), _NO_COUNTS)
    return SQL("(%s)", query.select(place, parent, *nothing))


def count_requests(services, domain, now):
    """Return the query of how many requests each customer sees of each service."""
    tasks, partners = services.env["project.task"], services.env["res.partner"]
    shown = Domain("project_id", "in", services.ids) & tasks._service_visible_domain() & domain
    query = tasks._search(shown)
    late = tasks._search(shown & tasks._service_late_domain(now))
    partner = query.left_join(tasks._table, "partner_id", partners._table, "id", "partner_id")
    customer = SQL(
        "%s",
        partners._field_to_sql(partner, "commercial_partner_id", query),
        to_flush=tasks._fields["partner_id"],
    )
    service, task_id, state, moved_at = (
        tasks._field_to_sql(tasks._table, name, query)
        for name in ("project_id", "id", "state", "date_last_stage_update")
    )
    is_done = SQL("%s IN %s", state, tuple(CLOSED_STATES))
    conditions = (SQL("NOT %s", is_done), SQL("%s IN %s", task_id, late.subselect()), is_done)
    counts = SQL(", ").join(SQL("COUNT(*) FILTER (WHERE %s)", one) for one in conditions)
    query.groupby = SQL("%s, %s", service, customer)
    columns = (service, SQL("NULL"), customer, SQL("'requests'"), SQL("MAX(%s)", moved_at))
    return SQL("(%s)", query.select(*columns, SQL("ARRAY[%s]", counts)))


def select_last_update(service):
    """Return the query of when a colleague last wrote how the service stands."""
    updates = service.env["project.update"]
    query = updates._search(Domain("id", "=", service.last_update_id.id))
    at = updates._field_to_sql(updates._table, "create_date", query)
    place, nothing = SQL("%s", service.id), SQL("NULL")
    return SQL("(%s)", query.select(place, nothing, nothing, SQL("'update'"), at, _NO_COUNTS))


def _get_delay_domain():
    """Delays count that a person confirmed, until the customer agrees to the new date."""
    is_agreed = Domain("revision_id.acknowledgement", "in", ("accepted", "tacit"))
    return Domain("state", "in", ("confirmed", "communicated")) & ~is_agreed


def _get_lying_domain(now):
    return (
        Domain("state", "=", "suspected")
        & Domain("rule", "=", "forecast")
        & Domain("triage_due", "<=", now)
    )


def _get_wait_domain():
    """Waits count for which the customer was asked, and agreed pauses."""
    asked = Domain("kind", "=", "customer") & Domain("step_id", "!=", False)
    return Domain("ended_at", "=", False) & (asked | Domain("kind", "=", "agreed_pause"))


def _get_step_domain():
    return Domain("party", "=", "us") & Domain("state", "in", ("ready", "doing"))


def _get_commitment_domain(now):
    """Commitments count that a person called at risk, and broken ones without a later date."""
    failing = Domain("state", "=", "at_risk") | (
        Domain("state", "=", "broken") & Domain("kept_at", "=", False) & Domain("due_at", "<=", now)
    )
    return Domain("direction", "=", "ours") & Domain("customer_visible", "=", True) & failing
