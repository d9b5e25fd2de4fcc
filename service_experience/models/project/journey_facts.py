# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What steps, waits and commitments say about the health of many services or requests at once."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL


@dataclass(slots=True)
class JourneyFacts:
    """What is open in one service or request; instants are naive UTC.

    ``request_waits`` says since when each request of a service waits for the customer,
    ``visible_due`` is the first due day of what the customer sees that we do, and
    ``has_late_part`` whether a request or a part of one, which the customer sees, is late.
    ``forecast_at`` is until when four of five requests like this would be done, where nobody has
    looked at that in time, and ``suspected_since`` since when it stands.
    """

    paused_since: datetime | None = None
    wait_since: datetime | None = None
    request_waits: dict = field(default_factory=dict)
    has_own_steps: bool = False
    visible_due: date | None = None
    is_at_risk: bool = False
    broken_since: datetime | None = None
    has_late_part: bool = False
    forecast_at: datetime | None = None
    suspected_since: datetime | None = None


class Row(NamedTuple):
    """One wait, step, commitment or late task that matters to the health of its place."""

    place_id: int
    task_id: int | None
    partner_id: int | None
    kind: str
    at: datetime | None


def get_journey_facts(records, now):
    """Collect the facts of services or requests, whatever their number, in one query.

    :param records: services or requests, with the rights to read everything about them
    :param now: naive UTC
    :return: ``{id: JourneyFacts}``, also for those of which nothing is known
    """
    facts = defaultdict(JourneyFacts)
    if not records.ids:
        return facts
    of_service = records._name == "project.project"
    parts = _get_parts(records, "project_id" if of_service else "task_id", now)
    customers = {
        record.id: record.partner_id.commercial_partner_id.id or None for record in records
    }
    for row in map(Row._make, records.env.execute_query(SQL(" UNION ALL ").join(parts))):
        if not of_service:
            _note(facts[row.place_id], row)
        elif row.partner_id == customers[row.place_id]:  # what is of other customers stays apart
            (_note_request if row.task_id else _note)(facts[row.place_id], row)
    return facts


def _note(fact, row):
    """Put a row into the facts: a wait, a step of ours, a commitment, or a late part."""
    if row.kind == "agreed_pause":
        fact.paused_since = _first(fact.paused_since, row.at)
    elif row.kind == "customer":
        fact.wait_since = _first(fact.wait_since, row.at)
    elif row.kind == "us":
        fact.has_own_steps = True
        if row.at:
            fact.visible_due = _first(fact.visible_due, row.at.date())
    elif row.kind == "broken":
        fact.broken_since = _first(fact.broken_since, row.at)
    elif row.kind in ("at_risk", "confirmed", "communicated"):
        fact.is_at_risk = True
    elif row.kind == "suspected":
        fact.suspected_since = _first(fact.suspected_since, row.at)
    elif row.kind == "forecast" and row.at:  # nobody knows the day where nothing ever opens
        fact.forecast_at = max(fact.forecast_at or row.at, row.at)
    elif row.kind == "part":
        fact.has_late_part = True


def _note_request(fact, row):
    """Put a row of one request into the facts of its service."""
    if row.kind == "customer":
        fact.request_waits[row.task_id] = _first(fact.request_waits.get(row.task_id), row.at)
    elif row.kind == "us" and row.at:
        fact.visible_due = _first(fact.visible_due, row.at.date())
    elif row.kind == "broken":
        fact.has_late_part = True


_PLACE = ("task_id", "partner_id")


def _first(known, at):
    return min(known, at) if known else at


def _get_parts(records, place, now):
    """Return the queries of the rows; for a service also those of requests the customer sees."""
    env, here = records.env, Domain(place, "in", records.ids)
    if place == "project_id":
        seen = env["project.task"]._service_visible_domain()
        here &= Domain("task_id", "=", False) | Domain("task_id", "any", seen)
    steps, commitments = env["service.step"], env["service.commitment"]
    parts = [
        _select(env["service.wait"], here & _get_wait_domain(), place, "kind", "started_at"),
        _select(steps, here & _get_step_domain(), place, "party", "due", "customer_visible"),
        _select(commitments, here & _get_commitment_domain(now), place, "state", "broken_at"),
        _select(env["service.delay"], here & _get_delay_domain(), place, "state", "detected_at"),
        *_select_forecasts(env["service.delay"], here & _get_lying_domain(now), place),
    ]
    if place == "task_id":
        parts.append(_select_late_parts(env["project.task"], records, now))
    return parts


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
    return SQL("(%s)", query.select(*columns))


def _select_forecasts(delays, domain, place):
    """Return the queries of forecasts that nobody looked at in time: since when, until when."""
    query = delays._search(domain, order="id")
    p80 = SQL("(%s->>'p80')::timestamp", SQL.identifier(delays._table, "signal"))
    yield _select(delays, domain, place, "state", "detected_at")
    columns = [delays._field_to_sql(delays._table, name, query) for name in _PLACE]
    here = delays._field_to_sql(delays._table, place, query)
    yield SQL("(%s)", query.select(here, *columns, SQL("'forecast'"), p80))


def _select_late_parts(tasks, parents, now):
    """Return the query of the late sub-tasks that the customer sees, for each of their parents."""
    late = tasks._service_visible_domain() & tasks._service_late_domain(now)
    query = tasks._search(Domain("parent_id", "in", parents.ids) & late, order="id")
    parent = tasks._field_to_sql(tasks._table, "parent_id", query)
    columns = (parent, SQL("NULL::int"), SQL("NULL::int"), SQL("'part'"), SQL("NULL::timestamp"))
    return SQL("(%s)", query.select(*columns))


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
