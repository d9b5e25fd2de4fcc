# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The life of one SLA timer as plain values: no ORM, no clock of its own.

Every instant is a naive UTC datetime, every duration an integer number of open seconds of the
working time that is passed in. A step returns a new value; nothing is changed in place, so a
replay of the same steps gives the same value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from .working_time import WorkingTime


class UnreachableTargetError(ValueError):
    """The working time never offers enough open seconds for the target."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A closed running piece: `seconds` open seconds between two instants."""

    start: datetime
    end: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class Timer:
    """One measurement of one target.

    :param target: open seconds that may pass.
    :param warn: open seconds after which somebody is warned; 0 = no warning.
    :param spent: open seconds of the closed pieces only; the running piece is not in it.
    """

    target: int
    warn: int
    started_at: datetime
    running_since: datetime | None
    spent: int
    state: str
    deadline: datetime | None
    breached_at: datetime | None = None
    stopped_at: datetime | None = None

    @classmethod
    def start(cls, time: WorkingTime, at: datetime, target: int, warn: int) -> Timer:
        """Start the clock at `at`.

        :raise UnreachableTargetError: when the target is not reachable within the horizon.
        """
        return cls(target, warn, at, at, 0, "running", _deadline(time, at, target))

    def stop(self, time: WorkingTime, at: datetime) -> tuple[Timer, Piece | None]:
        """Stop the clock: met up to and including the deadline, missed after it."""
        breached_at = self.breach(at)
        closed, piece = self._close(time, at)
        state = "missed" if breached_at else "met"
        return replace(closed, state=state, stopped_at=at, breached_at=breached_at), piece

    def cancel(self, time: WorkingTime, at: datetime) -> tuple[Timer, Piece | None]:
        """End the measurement without a result; a breach that was due stays on record."""
        closed, piece = self._close(time, at)
        return replace(closed, state="cancelled", stopped_at=at, breached_at=self.breach(at)), piece

    def breach(self, at: datetime) -> datetime | None:
        """Return the instant of the breach as known at `at`: set once, equal to the deadline."""
        if self.breached_at:
            return self.breached_at
        return self.deadline if self.deadline and at > self.deadline else None

    def rebase(
        self, old: WorkingTime, new: WorkingTime, at: datetime, target: int, warn: int
    ) -> tuple[Timer, Piece | None]:
        """Measure from `at` on against another target or working time; spent time is kept.

        A breach that was due under the old promise stays on record, and no later promise moves
        it.

        :raise UnreachableTargetError: when the new target is not reachable within the horizon.
        """
        closed, piece = self._close(old, at)
        if target > closed.spent:
            deadline = _deadline(new, at, target - closed.spent)
        else:  # used up already: the deadline is when that happened, by the hours of then
            deadline = _deadline(old, self.running_since or at, max(0, target - self.spent))
        return replace(
            closed,
            target=target,
            warn=warn,
            running_since=at,
            deadline=deadline,
            breached_at=self.breach(at),
        ), piece

    def spent_at(self, time: WorkingTime, at: datetime) -> int:
        """Return the open seconds used up at `at`."""
        if self.running_since is None:
            return self.spent
        return self.spent + time.elapsed(self.running_since, at)

    def warn_at(self, time: WorkingTime) -> datetime | None:
        """Return when the warning is due; nothing when there is none to give."""
        if not self.warn or self.running_since is None:
            return None
        return time.deadline(self.running_since, max(0, self.warn - self.spent))

    def next_event(self, time: WorkingTime, *, warned: bool) -> tuple[datetime | None, str | None]:
        """Return when somebody must look at the timer again, and for what.

        :param warned: whether the warning of this cycle is already on record.
        """
        if self.state != "running" or self.breached_at:
            return None, None
        warn_at = None if warned else self.warn_at(time)
        if warn_at and self.deadline and warn_at < self.deadline:
            return warn_at, "warning"
        return self.deadline, "deadline"

    def _close(self, time: WorkingTime, at: datetime) -> tuple[Timer, Piece | None]:
        """Turn the running piece into evidence. A piece without length leaves none."""
        if self.running_since is None or at <= self.running_since:
            return replace(self, running_since=None), None
        piece = Piece(self.running_since, at, time.elapsed(self.running_since, at))
        return replace(self, running_since=None, spent=self.spent + piece.seconds), piece


def _deadline(time: WorkingTime, start: datetime, seconds: int) -> datetime:
    deadline = time.deadline(start, seconds)
    if deadline is None:
        raise UnreachableTargetError(seconds)
    return deadline
