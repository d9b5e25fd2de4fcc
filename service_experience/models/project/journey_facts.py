# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What steps, waits and commitments say about the health of many services or requests at once."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from .journey_rows import (
    count_open_requests,
    read_rows,
    select_last_update,
    select_late_parts,
    select_parts,
)


class RequestCount(NamedTuple):
    """How many requests are open, how many are done, and how many of those that are open are late.

    ``moved_at`` is when one of them last came to another stage.
    """

    open: int = 0
    done: int = 0
    moved_at: datetime | None = None
    late: int = 0


@dataclass(slots=True)
class JourneyFacts:
    """What is open in one service or request; instants are naive UTC.

    ``request_waits`` says since when each request of a service waits for the customer,
    ``visible_due`` is the first due day of what the customer sees that we do, and
    ``has_late_part`` whether a request or a part of one, which the customer sees, is late.
    ``forecast_at`` is until when four of five requests like this would be done, where nobody has
    looked at that in time, and ``suspected_since`` since when it stands. ``requests`` are the
    counts of the requests of a service that each customer sees, None for those of nobody.
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
    requests: dict = field(default_factory=dict)

    def count_requests(self, customers):
        """Return the counts of what these customers see together.

        :param set customers: ids of companies, or None for the requests of nobody
        """
        counts = [self.requests[customer] for customer in customers & self.requests.keys()]
        return RequestCount(
            open=sum(count.open for count in counts),
            done=sum(count.done for count in counts),
            moved_at=max((count.moved_at for count in counts if count.moved_at), default=None),
            late=sum(count.late for count in counts),
        )


class PageFacts(NamedTuple):
    """What is known about a service and about some of its requests, by their ids.

    ``updated_at`` is when a colleague last wrote how the service stands.
    """

    service: JourneyFacts
    requests: dict
    updated_at: datetime | None = None


def get_journey_facts(records, now):
    """Collect the facts of services or requests, whatever their number, in one query.

    :param records: services or requests, with the rights to read everything about them
    :param now: naive UTC
    :return: ``{id: JourneyFacts}``, also for those of which nothing is known
    """
    facts = defaultdict(JourneyFacts)
    if not records.ids:
        return facts
    if records._name == "project.project":
        parts = [select_parts(records, "project_id", now), count_open_requests(records, now)]
        _note_services(facts, records, read_rows(records.env, parts))
    else:
        parts = [select_parts(records, "task_id", now), select_late_parts(records, now)]
        for row in read_rows(records.env, parts):
            _note(facts[row.place_id], row)
    return facts


def get_page_facts(service, parents, counts, has, now):
    """Collect the facts of a service and of the requests that its customer sees, in one query.

    :param service: one service, with the rights to read everything about it
    :param parents: requests of it that may have late sub-tasks
    :param counts: of all of its requests, ``{company id: RequestCount}``
    :param has: ``Contents`` of the service
    :param now: naive UTC
    """
    facts = PageFacts(JourneyFacts(requests=counts), defaultdict(JourneyFacts))
    parts = []
    if has.waits or has.steps or has.promises or has.delays:
        parts.append(select_parts(service, "project_id", now))
    if parents:
        parts.append(select_late_parts(parents, now, service))
    if service.last_update_id:
        parts.append(select_last_update(service))
    rows = read_rows(service.env, parts) if parts else []
    _note_services({service.id: facts.service}, service, rows)
    for row in rows:
        if row.task_id:
            _note(facts.requests[row.task_id], row)
    updated_at = next((row.at for row in rows if row.kind == "update"), None)
    return facts._replace(updated_at=updated_at)


def _note_services(facts, services, rows):
    """Put rows into the facts of their services; what is of other customers stays apart."""
    customers = {
        service.id: service.partner_id.commercial_partner_id.id or None for service in services
    }
    for row in rows:
        if row.kind == "requests":
            is_open, late = row.counts
            facts[row.place_id].requests[row.partner_id] = RequestCount(open=is_open, late=late)
        elif row.partner_id == customers[row.place_id]:
            (_note_request if row.task_id else _note)(facts[row.place_id], row)


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


def _first(known, at):
    return min(known, at) if known else at
