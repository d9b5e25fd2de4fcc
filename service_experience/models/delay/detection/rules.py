# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The rules: each says from when on its facts put a promise in doubt. Plain Python, no ORM.

A rule whose moment has come makes a suspicion; the earliest of the other moments says when the
place has to be looked at again. So nothing is computed for what neither changed nor falls due.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from ..forecast import forecast, passes_after

# A promise or a deadline is near when so little working time is left: two days of eight hours.
NEAR_SECONDS = 2 * 8 * 3600
# A request is stale after so many working days in one stage that sets no limit of its own.
STALE_DAYS = 10
# So often may a handoff come back before somebody should look at the promise.
BOUNCES = 2


class Finding(NamedTuple):
    """From ``at`` (naive UTC) on, ``rule`` puts ``promise`` in doubt, because of ``signal``.

    ``about`` names the fact: the same fact is never suspected twice.
    """

    rule: str
    at: datetime
    promise: "Promise"
    about: str
    signal: dict


@dataclass(frozen=True, slots=True)
class Promise:
    """A date that a customer counts on: a commitment, or the date on their page.

    ``key`` names it, ``day`` is its last day, ``end`` the instant after which it is broken (naive
    UTC). ``source`` is ``commitment``, ``timer`` or ``date``. ``is_near_end`` says that only the
    last step of its work is left.
    """

    key: str
    day: date
    end: datetime
    source: str = "commitment"
    commitment_id: int | None = None
    is_near_end: bool = False


class Deadline(NamedTuple):
    """A planned end of a part of the work, with work still open."""

    key: str
    name: str
    at: datetime


class Overdue(NamedTuple):
    """A step that somebody else owes us; it is overdue from ``at`` on."""

    step_id: int
    title: str
    party: str
    at: datetime


class Transfer(NamedTuple):
    """An open handoff; ``due`` is until when somebody should accept it, if that is running."""

    handoff_id: int
    name: str
    due: datetime | None
    bounces: int


class Clock(NamedTuple):
    """A running SLA timer towards the end of the work."""

    timer_id: int
    warn_at: datetime | None
    deadline: datetime | None
    breached_at: datetime | None


@dataclass(slots=True)
class Facts:
    """What is known about one request or service at ``now`` (naive UTC).

    ``hours`` are its working hours (``WorkingTime``), ``promises`` begin with the main one,
    ``sample`` are the working seconds that finished requests took from entering this stage.
    """

    now: datetime
    hours: object
    promises: Sequence[Promise] = ()
    deadlines: Sequence[Deadline] = ()
    predecessors: Sequence[Deadline] = ()
    overdue: Sequence[Overdue] = ()
    transfers: Sequence[Transfer] = ()
    clocks: Sequence[Clock] = ()
    next_update_due: datetime | None = None
    stage: str = ""
    stage_since: datetime | None = None
    stale_after_days: int = 0
    sample: Sequence[int] = field(default_factory=tuple)


def find(facts: Facts) -> list[Finding]:
    """Return what puts the promises in doubt, now or later; nothing without a promise."""
    return [finding for rule in _RULES for finding in rule(facts)] if facts.promises else []


def next_look(findings: Sequence[Finding], now: datetime) -> datetime | None:
    """Return when the next rule comes to its moment, or None."""
    return min((finding.at for finding in findings if finding.at > now), default=None)


def _find_promises(facts: Facts) -> Iterator[Finding]:
    for promise in facts.promises:
        signal = {"day": promise.day.isoformat()}
        if promise.source != "timer":  # what a timer promised, its own rules watch
            yield Finding("deadline_passed", promise.end, promise, "promise", signal)
        near = _near(facts, promise.end)
        if near and not promise.is_near_end:
            yield Finding("promise_near", near, promise, "promise", signal)


def _find_deadlines(facts: Facts) -> Iterator[Finding]:
    for deadline in facts.deadlines:
        signal = {"name": deadline.name, "at": deadline.at.isoformat(" ", "seconds")}
        yield _main(facts, "deadline_passed", deadline.at, deadline.key, signal)
        if near := _near(facts, deadline.at):
            yield _main(facts, "deadline_near", near, deadline.key, signal)


def _find_clocks(facts: Facts) -> Iterator[Finding]:
    for clock in facts.clocks:
        end = clock.breached_at or clock.deadline
        signal = {"at": end.isoformat(" ", "seconds")} if end else {}
        about = f"timer{clock.timer_id}"
        if end:
            yield _main(facts, "sla_breach", end, about, signal)
        if clock.warn_at and end and end > facts.now:
            yield _main(facts, "sla_warning", clock.warn_at, about, signal)


def _find_predecessors(facts: Facts) -> Iterator[Finding]:
    for other in facts.predecessors:
        signal = {"name": other.name, "at": other.at.isoformat(" ", "seconds")}
        yield _main(facts, "predecessor_late", other.at, other.key, signal)


def _find_overdue(facts: Facts) -> Iterator[Finding]:
    for step in facts.overdue:
        rule = f"{step.party}_step_overdue"
        signal = {"name": step.title, "at": step.at.isoformat(" ", "seconds")}
        yield _main(facts, rule, step.at, f"step{step.step_id}", signal)


def _find_transfers(facts: Facts) -> Iterator[Finding]:
    for handoff in facts.transfers:
        about, signal = f"handoff{handoff.handoff_id}", {"name": handoff.name}
        if handoff.due:
            yield _main(facts, "handoff_overdue", handoff.due, about, signal)
        if handoff.bounces >= BOUNCES:
            signal = signal | {"times": handoff.bounces}
            yield _main(facts, "handoff_returned", facts.now, about, signal)


def _find_silence(facts: Facts) -> Iterator[Finding]:
    if due := facts.next_update_due:
        signal = {"at": due.isoformat(" ", "seconds")}
        yield _main(facts, "silence", due, due.isoformat(), signal)


def _find_stale(facts: Facts) -> Iterator[Finding]:
    since = facts.stage_since
    if not since:
        return
    if facts.stale_after_days:  # Odoo counts these by the calendar
        at = since + timedelta(days=facts.stale_after_days)
    else:
        at = facts.hours.add_days(since, STALE_DAYS)
    if at:
        signal = {"stage": facts.stage, "since": since.isoformat(" ", "seconds")}
        yield _main(facts, "stale", at, since.isoformat(), signal)


def _find_forecast(facts: Facts) -> Iterator[Finding]:
    since, main = facts.stage_since, facts.promises[0]
    if not (since and facts.sample) or main.end <= facts.now:
        return
    elapsed = passes_after(facts.sample, facts.hours.elapsed(since, main.end))
    if elapsed is None:
        return
    at = facts.hours.deadline(since, elapsed) if elapsed else since
    if not at:
        return
    signal = _get_forecast_signal(facts) if at <= facts.now else {}
    if signal is not None:
        yield _main(facts, "forecast", at, since.isoformat(), signal)


def _get_forecast_signal(facts: Facts) -> dict | None:
    """Return the numbers of the forecast as it is now, or None if it has become silent."""
    since, hours = facts.stage_since, facts.hours
    likely = forecast(facts.sample, hours.elapsed(since, facts.now))
    if likely is None:
        return None
    days = (hours.deadline(since, likely.p50), hours.deadline(since, likely.p80))
    if None in days:  # further away than anybody can tell
        return None
    half, most = (day.isoformat(" ", "seconds") for day in days)
    return {"cases": likely.cases, "p50": half, "p80": most}


def _near(facts: Facts, end: datetime) -> datetime | None:
    """Return from when on an end that is still to come is near."""
    return facts.hours.before(end, NEAR_SECONDS) if end > facts.now else None


def _main(facts: Facts, rule: str, at: datetime, about: str, signal: dict) -> Finding:
    return Finding(rule, at, facts.promises[0], about, signal)


_RULES = (
    _find_promises,
    _find_deadlines,
    _find_clocks,
    _find_predecessors,
    _find_overdue,
    _find_transfers,
    _find_silence,
    _find_stale,
    _find_forecast,
)
