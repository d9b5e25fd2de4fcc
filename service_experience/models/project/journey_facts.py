# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What steps, waits and promises say about the health of many services or requests at once."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from odoo.fields import Domain
from odoo.tools import SQL


@dataclass(slots=True)
class JourneyFacts:
    """What is open in one service or request; instants are naive UTC."""

    paused_since: datetime | None = None
    wait_since: datetime | None = None
    request_waits: dict = field(default_factory=dict)
    has_own_steps: bool = False
    is_at_risk: bool = False
    broken_since: datetime | None = None


def get_journey_facts(records, place, now):
    """Collect the facts of services or requests, whatever their number, in one query.

    :param records: services or requests, with the rights to read everything about them
    :param place: ``project_id`` for services, ``task_id`` for requests
    :param now: naive UTC
    :return: ``{id: JourneyFacts}``, also for those of which nothing is known
    """
    facts = defaultdict(JourneyFacts)
    env, here = records.env, Domain(place, "in", records.ids)
    of_service = place == "project_id"
    parts = (
        _select(env["service.wait"], here & _get_wait_domain(of_service), place, "started_at"),
        _select(env["service.step"], here & _get_step_domain(of_service), place, "delivered_at"),
        _select(
            env["service.commitment"],
            here & _get_promise_domain(of_service, now),
            place,
            "broken_at",
        ),
    )
    rows = env.execute_query(SQL(" UNION ALL ").join(parts)) if records.ids else []
    for record_id, task_id, kind, since in rows:
        _note(facts[record_id], of_service and task_id, kind, since)
    return facts


def _note(fact, task_id, kind, since):
    """Put one row into the facts: a wait by its kind, a step by its party, a promise by state."""
    if kind == "agreed_pause":
        fact.paused_since = _first(fact.paused_since, since)
    elif kind == "customer" and task_id:
        fact.request_waits[task_id] = _first(fact.request_waits.get(task_id), since)
    elif kind == "customer":
        fact.wait_since = _first(fact.wait_since, since)
    elif kind == "us":
        fact.has_own_steps = True
    elif kind == "broken":
        fact.broken_since = _first(fact.broken_since, since)
    elif kind == "at_risk":
        fact.is_at_risk = True


def _first(known, since):
    return min(known, since) if known else since


_KINDS = {"service.wait": "kind", "service.step": "party", "service.commitment": "state"}


def _select(model, domain, place, since):
    """Return the query for place, request, kind and instant of the rows in a domain."""
    # The facts speak of all there is; who may read the health is decided by the record.
    query = model._search(domain, order="id")
    columns = (place, "task_id", _KINDS[model._name], since)
    return SQL(
        "(%s)", query.select(*(model._field_to_sql(model._table, name, query) for name in columns))
    )


def _get_wait_domain(of_service):
    """Waits count for which the customer was asked, and agreed pauses.

    One request that is paused does not pause its service.
    """
    asked = Domain("kind", "=", "customer") & Domain("step_id", "!=", False)
    paused = Domain("kind", "=", "agreed_pause")
    if of_service:
        paused &= Domain("task_id", "=", False)
    return Domain("ended_at", "=", False) & (asked | paused)


def _get_step_domain(of_service):
    own = Domain("party", "=", "us") & Domain("state", "in", ("ready", "doing"))
    return own & Domain("task_id", "=", False) if of_service else own


def _get_promise_domain(of_service, now):
    """Promises count that a person called at risk, and broken ones without a later date."""
    promised = Domain("direction", "=", "ours") & Domain("customer_visible", "=", True)
    failing = Domain("state", "=", "at_risk") | (
        Domain("state", "=", "broken") & Domain("kept_at", "=", False) & Domain("due_at", "<=", now)
    )
    domain = promised & failing
    return domain & Domain("task_id", "=", False) if of_service else domain
