# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The health of a service or a request: one pure function over plain facts."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

# What needs attention first comes first, in lists and in the columns of the kanban.
HEALTH_SELECTION = [
    ("late", "Late"),
    ("at_risk", "At risk"),
    ("waiting_customer", "Waiting for the customer"),
    ("on_track", "On track"),
    ("not_started", "Not started"),
    ("paused", "Paused"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """What is known about one service or request at the instant ``now`` (naive UTC).

    ``promised_at`` is the reference date: the end of what the customer last agreed to.
    ``customer_wait_since`` is when we began to wait for a request that was delivered to the
    customer and holds up our work; without such a request nobody waits for them.
    ``has_own_work`` is work of ours that can go on meanwhile. ``is_at_risk`` is a risk that a
    person confirmed. ``forecast_at`` is when we expect to be done, ``suspected_since`` since when;
    ``is_forecast_confirmed`` says that a person confirmed it, or that nobody looked at it in time.
    ``has_late_part`` is a request of a service, a sub-task or a step of ours that the customer
    sees and that is late.
    """

    now: datetime
    promised_at: datetime | None = None
    is_started: bool = True
    is_done: bool = False
    is_cancelled: bool = False
    paused_since: datetime | None = None
    is_paused: bool = False
    is_at_risk: bool = False
    customer_wait_since: datetime | None = None
    has_own_work: bool = False
    broken_since: datetime | None = None
    forecast_at: datetime | None = None
    is_forecast_confirmed: bool = False
    suspected_since: datetime | None = None
    has_late_part: bool = False

    @property
    def is_overdue(self) -> bool:
        return self.promised_at is not None and self.now > self.promised_at

    @property
    def is_held_by_customer(self) -> bool:
        """Whether an open customer wait began before the promise ran out."""
        wait, promise = self.customer_wait_since, self.promised_at
        return wait is not None and (promise is None or wait <= promise)

    @property
    def is_waiting(self) -> bool:
        return self.customer_wait_since is not None and not self.has_own_work

    @property
    def is_forecast_late(self) -> bool:
        """Whether we expect to be late, and it is more than a suspicion: that is no fact."""
        if self.forecast_at is None or self.promised_at is None:
            return False
        return self.forecast_at > self.promised_at and self.is_forecast_confirmed


class Health(NamedTuple):
    """A health, since when (naive UTC, None if unknown), and the reason as a key."""

    key: str
    since: datetime | None
    reason: str


def _constant(_facts):
    return None


def _attribute(name):
    return lambda facts: getattr(facts, name)


# (health, reason, whether it applies, since when). First match wins. Work that has not begun is
# late all the same once its promise has passed.
_RULES = (
    ("cancelled", "cancelled", lambda facts: facts.is_cancelled, _constant),
    ("done", "done", lambda facts: facts.is_done, _constant),
    (
        "not_started",
        "not_started",
        lambda facts: not facts.is_started and not facts.is_overdue,
        _constant,
    ),
    (
        "paused",
        "agreed_pause",
        lambda facts: facts.is_paused or facts.paused_since is not None,
        _attribute("paused_since"),
    ),
    (
        "late",
        "promise_passed",
        lambda facts: facts.is_overdue and not facts.is_held_by_customer,
        _attribute("promised_at"),
    ),
    (
        "waiting_customer",
        "customer_asked",
        lambda facts: facts.is_waiting,
        _attribute("customer_wait_since"),
    ),
    ("late", "promise_passed", lambda facts: facts.is_overdue, _attribute("promised_at")),
    (
        "late",
        "promise_broken",
        lambda facts: facts.broken_since is not None,
        _attribute("broken_since"),
    ),
    ("at_risk", "risk_confirmed", lambda facts: facts.is_at_risk, _constant),
    (
        "at_risk",
        "forecast_late",
        lambda facts: facts.is_forecast_late,
        _attribute("suspected_since"),
    ),
)


def explain_health(facts: HealthFacts) -> Health:
    """Return the health that the facts give, with its reason.

    Nothing is better than a late part of it that the customer sees, unless it was cancelled.
    """
    health = next(
        (
            Health(key, since(facts), reason)
            for key, reason, applies, since in _RULES
            if applies(facts)
        ),
        Health("on_track", None, "on_track"),
    )
    if facts.has_late_part and health.key not in ("cancelled", "late"):
        return Health("late", None, "part_late")
    return health


def service_health(facts: HealthFacts) -> str:
    """Return the health that the facts give, one of the keys of ``HEALTH_SELECTION``."""
    return explain_health(facts).key
