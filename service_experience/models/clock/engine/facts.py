# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What happens to a request, as plain values: the only things that move its timers."""

from dataclasses import dataclass
from datetime import datetime

from odoo import fields

# Nothing comes before the creation. Of several facts at the same instant, what ends a measurement
# comes before what holds it, and that before what begins one.
RANKS = {
    "created": -1,
    "answered": 0,
    "accepted": 0,
    "returned": 0,
    "transferred": 1,
    "state": 1,
    "matched": 2,
    "applied": 2,
    "staged": 3,
    "held": 3,
    "asked": 4,
    "offered": 4,
}


@dataclass(slots=True)
class Fact:
    """Something that happened to one request.

    :param at: naive UTC instant, whole seconds
    :param kind: a key of ``RANKS``: ``answered`` is a message of ours that the customer reads,
        ``asked`` one of the customer's, ``state`` a change between open, done, cancelled and
        archived, ``matched`` a change that may change which promise applies, ``applied`` the
        wish to measure open work by a policy as it is now, ``staged`` a move to another
        stage, ``held`` the beginning or end of a wait, ``offered`` the beginning of a handoff,
        ``accepted`` and ``returned`` its ends, ``transferred`` that another team took over
    :param value: of ``state`` the state, whether the request is active and whether it was closed
        before; of ``staged`` the stage; of ``created`` the stage and whether the request was
        closed at once; of ``applied`` the policy; of messages the id
    :param user_id: who did it
    """

    at: datetime
    kind: str
    value: object = None
    user_id: int | None = None

    @property
    def order(self):
        return self.at, RANKS[self.kind]

    def to_json(self):
        return [fields.Datetime.to_string(self.at), self.kind, self.value, self.user_id]

    @classmethod
    def from_json(cls, content):
        at, *rest = content
        return cls(fields.Datetime.to_datetime(at), *rest)


def add_fact(facts, fact):
    """Add a fact to those of its request; the last of a kind in one second speaks for all."""
    if facts and (facts[-1].kind, facts[-1].at) == (fact.kind, fact.at):
        if fact.kind == "state":  # what was before is what was before the first of them
            fact.value = (*fact.value[:2], facts[-1].value[2])
        facts[-1] = fact
    else:
        facts.append(fact)


def is_closed(state, active):
    """Tell whether a request with this state needs no more work."""
    return not active or state in ("1_done", "1_canceled")
