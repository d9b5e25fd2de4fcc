# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What steps, waits and promises say about the health of many services or requests at once."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from odoo.fields import Domain


@dataclass(slots=True)
class JourneyFacts:
    """What is open in one service or request; instants are naive UTC."""

    paused_since: datetime | None = None
    wait_since: datetime | None = None
    request_waits: dict = field(default_factory=dict)
    has_own_steps: bool = False
    is_at_risk: bool = False
    broken_since: datetime | None = None


def get_journey_facts(records, place):
    """Collect the facts of services or requests, whatever their number, in three queries.

    :param records: services or requests, with the rights to read everything about them
    :param place: ``project_id`` for services, ``task_id`` for requests
    :return: ``{id: JourneyFacts}``, also for those of which nothing is known
    """
    facts = defaultdict(JourneyFacts)
    here = Domain(place, "in", records.ids)
    _read_waits(records.env, here, place, facts)
    _read_steps(records.env, here, place, facts)
    _read_promises(records.env, here, place, facts)
    return facts


def _read_waits(env, here, place, facts):
    asked = Domain("kind", "=", "customer") & Domain("step_id", "!=", False)
    paused = Domain("kind", "=", "agreed_pause")
    if place == "project_id":
        paused &= Domain("task_id", "=", False)  # a request that is paused is not the service
    for record, task, kind, since in env["service.wait"]._read_group(
        here & Domain("ended_at", "=", False) & (asked | paused),
        [place, "task_id", "kind"],
        ["started_at:min"],
    ):
        fact = facts[record.id]
        if kind == "agreed_pause":
            fact.paused_since = since
        elif place == "project_id" and task:
            fact.request_waits[task.id] = since
        else:
            fact.wait_since = since


def _read_steps(env, here, place, facts):
    domain = here & Domain("party", "=", "us") & Domain("state", "in", ("ready", "doing"))
    if place == "project_id":
        domain &= Domain("task_id", "=", False)
    for record, _count in env["service.step"]._read_group(domain, [place], ["__count"]):
        facts[record.id].has_own_steps = True


def _read_promises(env, here, place, facts):
    domain = (
        here
        & Domain("direction", "=", "ours")
        & Domain("customer_visible", "=", True)
        & (
            Domain("state", "=", "at_risk")
            | Domain("state", "=", "broken") & Domain("kept_at", "=", False)
        )
    )
    if place == "project_id":
        domain &= Domain("task_id", "=", False)
    for record, state, broken_at in env["service.commitment"]._read_group(
        domain, [place, "state"], ["broken_at:min"]
    ):
        if state == "broken":
            facts[record.id].broken_since = broken_at
        else:
            facts[record.id].is_at_risk = True
