# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The health of a service or a request: one pure function over plain facts."""

from dataclasses import dataclass
from datetime import datetime

HEALTH_SELECTION = [
    ("not_started", "Not started"),
    ("on_track", "On track"),
    ("at_risk", "At risk"),
    ("late", "Late"),
    ("waiting_customer", "Waiting for the customer"),
    ("paused", "Paused"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """What is known about one service or request at the instant ``now`` (naive UTC).

    ``promised_at`` is the reference date: the end of what was promised to the customer.
    ``is_at_risk`` is a risk that a person confirmed; a suspicion is no fact.
    """

    now: datetime
    promised_at: datetime | None = None
    is_started: bool = True
    is_done: bool = False
    is_cancelled: bool = False
    is_paused: bool = False
    is_at_risk: bool = False
    customer_wait_since: datetime | None = None
    has_late_request: bool = False

    @property
    def is_overdue(self) -> bool:
        return self.promised_at is not None and self.now > self.promised_at

    @property
    def is_held_by_customer(self) -> bool:
        """Whether an open customer wait began before the promise ran out."""
        wait, promise = self.customer_wait_since, self.promised_at
        return wait is not None and (promise is None or wait <= promise)


# First match wins. Work that has not begun is late all the same once its promise has passed.
_RULES = (
    ("cancelled", lambda facts: facts.is_cancelled),
    ("done", lambda facts: facts.is_done),
    ("not_started", lambda facts: not facts.is_started and not facts.is_overdue),
    ("paused", lambda facts: facts.is_paused),
    ("late", lambda facts: facts.is_overdue and not facts.is_held_by_customer),
    ("waiting_customer", lambda facts: facts.customer_wait_since is not None),
    ("at_risk", lambda facts: facts.is_at_risk),
)


def service_health(facts: HealthFacts) -> str:
    """Return the health that the facts give, one of the keys of ``HEALTH_SELECTION``.

    A service is never better than its late visible requests, unless it was cancelled.
    """
    health = next((health for health, applies in _RULES if applies(facts)), "on_track")
    if facts.has_late_request and health != "cancelled":
        return "late"
    return health
