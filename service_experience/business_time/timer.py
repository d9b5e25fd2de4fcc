# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The life of one SLA timer as plain values: no ORM, no clock of its own.

Every instant is a naive UTC datetime, every duration an integer number of open seconds of the
working time that is passed in. A step returns a new value; nothing is changed in place, so a
replay of the same steps gives the same value.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from .marks import DEADLINE, WARNING, Mark, Moment, last_moment_to_act
from .working_time import WorkingTime


class UnreachableTargetError(ValueError):
    """The working time never offers enough open seconds for the target."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a clock stands still: the cause, the wait behind it, and who let it stand still."""

    cause: str
    wait_id: int | None = None
    user_id: int | None = field(default=None, compare=False)


CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A closed piece of a life: `seconds` open seconds between two instants.

    :param hold: why the clock stood still in it; None for a piece in which it ran.
    """

    start: datetime
    end: datetime
    seconds: int
    hold: Hold | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """One measurement of one target.

    :param target: open seconds that may pass.
    :param warn: open seconds after which somebody is warned; 0 = no warning.
    :param spent: open seconds of the closed running pieces only; the open piece is not in it.
    :param manual: a deadline that a person agreed on; it replaces the computed one.
    :param marks: further points of the life at which somebody has to do something.
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
    paused_since: datetime | None = None
    hold: Hold | None = None
    manual: datetime | None = None
    marks: tuple[Mark, ...] = ()

    @classmethod
    def start(
        cls,
        time: WorkingTime,
        at: datetime,
        target: int,
        warn: int,
        marks: tuple[Mark, ...] = (),
    ) -> Timer:
        """Start the clock at `at`.

        :raise UnreachableTargetError: when the target is not reachable within the horizon.
        """
        deadline = _deadline(time, at, target)
        return cls(target, warn, at, at, 0, "running", deadline, marks=marks)

    @property
    def is_open(self) -> bool:
        """Whether the measurement goes on: the clock runs, or stands still for a while."""
        return self.state in ("running", "paused")

    # Steps

    def stop(self, time: WorkingTime, at: datetime) -> tuple[Timer, Piece | None]:
        """Stop the clock: met up to and including the deadline, missed after it."""
        breached_at = self.breach(at)
        state = "missed" if breached_at else "met"
        return self._end(time, at, state, breached_at)

    def cancel(self, time: WorkingTime, at: datetime) -> tuple[Timer, Piece | None]:
        """End the measurement without a result; a breach that was due stays on record."""
        return self._end(time, at, "cancelled", self.breach(at))

    def pause(self, time: WorkingTime, at: datetime, hold: Hold) -> tuple[Timer, Piece | None]:
        """Stand still from `at` on. A clock that stands still already does so for `hold` now.

        A breach that was due before stays on record: a pause after it heals nothing.
        """
        breached_at = self.breach(at)
        closed, piece = self._close(time, at)
        return replace(
            closed,
            state="paused",
            paused_since=self.effective(at),
            hold=hold,
            deadline=None,
            breached_at=breached_at,
        ), piece

    def resume(
        self, old: WorkingTime, new: WorkingTime, at: datetime
    ) -> tuple[Timer, Piece | None]:
        """Run again from `at` on, by the hours that apply now.

        The deadline is counted from the time that is left, never moved by the length of the
        pause; one that was agreed on moves by the open time it had left.

        :param old: the hours of the piece that ends.
        :raise UnreachableTargetError: when the rest is not reachable within the horizon.
        """
        at = self.effective(at)
        closed, piece = self._close(old, at)
        running = replace(
            closed,
            state="running",
            running_since=at,
            manual=self._postponed(old, new, at),
        )
        return replace(running, deadline=running.due(new)), piece

    def reopen(
        self, old: WorkingTime, new: WorkingTime, at: datetime
    ) -> tuple[Timer, Piece | None]:
        """Go on with an ended measurement: the time since its end was a pause.

        :raise UnreachableTargetError: when the rest is not reachable within the horizon.
        """
        paused = replace(
            self,
            state="paused",
            stopped_at=None,
            paused_since=self.stopped_at,
            hold=Hold(CLOSED),
            deadline=None,
        )
        return paused.resume(old, new, at)

    def rebase(
        self,
        old: WorkingTime,
        new: WorkingTime,
        at: datetime,
        target: int,
        warn: int,
        marks: tuple[Mark, ...] = (),
    ) -> tuple[Timer, Piece | None]:
        """Measure from `at` on against another target or working time; spent time is kept.

        A breach that was due under the old promise stays on record, and no later promise moves
        it. A pause goes on: it ends by another step.

        :raise UnreachableTargetError: when the new target is not reachable within the horizon.
        """
        changed = replace(self, target=target, warn=warn, marks=marks, breached_at=self.breach(at))
        if self.state == "paused":
            return changed, None
        at = self.effective(at)
        closed, piece = self._close(old, at)
        if self.manual:
            deadline = self.manual
        elif target > closed.spent:
            deadline = _deadline(new, at, target - closed.spent)
        else:  # used up already: the deadline is when that happened, by the hours of then
            deadline = _deadline(old, self.running_since or at, max(0, target - self.spent))
        running = replace(changed, spent=closed.spent, running_since=at, deadline=deadline)
        return running, piece

    def agree(
        self,
        time: WorkingTime,
        at: datetime,
        manual: datetime | None,
        warn: int,
        marks: tuple[Mark, ...] = (),
    ) -> tuple[Timer, Piece | None]:
        """Take a deadline that a person agreed on, or with None the computed one again.

        The spent time goes on being counted. A breach that was due stays on record. Only the
        part of a pause that comes after the agreement moves the deadline: the pause is split.
        """
        changed = replace(self, manual=manual, warn=warn, marks=marks, breached_at=self.breach(at))
        if self.hold:
            return changed.pause(time, at, self.hold)
        return replace(changed, deadline=changed.due(time)), None

    # Questions

    def effective(self, at: datetime) -> datetime:
        """Return when a step of `at` takes effect: evidence that is written stays."""
        return max(at, self.running_since or self.paused_since or self.stopped_at or at)

    def breach(self, at: datetime) -> datetime | None:
        """Return the instant of the breach as known at `at`: set once, equal to the deadline."""
        if self.breached_at:
            return self.breached_at
        is_due = self.state == "running" and self.deadline and at > self.deadline
        return self.deadline if is_due else None

    def spent_at(self, time: WorkingTime, at: datetime) -> int:
        """Return the open seconds used up at `at`."""
        if self.running_since is None:
            return self.spent
        return self.spent + time.elapsed(self.running_since, at)

    def due(self, time: WorkingTime) -> datetime | None:
        """Return the deadline as the clock stands; a clock that stands still has none.

        :raise UnreachableTargetError: when it is not within the horizon.
        """
        if self.running_since is None:
            return None
        if self.manual:
            return self.manual
        if self.breached_at and self.target <= self.spent:
            return self.breached_at
        return _deadline(time, self.running_since, max(0, self.target - self.spent))

    def computed_deadline(self, time: WorkingTime) -> datetime | None:
        """Return the deadline that the target gives, whatever a person agreed on."""
        return replace(self, manual=None).due(time)

    def seconds_until(self, time: WorkingTime, moment: datetime) -> int:
        """Return the open seconds of the whole measurement if it lasts until `moment`."""
        since = self.running_since or self.paused_since
        return self.spent + (time.elapsed(since, moment) if since else 0)

    def warn_at(self, time: WorkingTime) -> datetime | None:
        """Return when the warning is due; nothing when there is none to give."""
        return self._reached(time, Mark(WARNING, self.warn)) if self.warn else None

    def moments(self, time: WorkingTime, fired: frozenset[str] = frozenset()) -> list[Moment]:
        """Return what is still to come for this timer, in the order of time.

        :param fired: the points that are on record: each happens once.
        """
        if self.state != "running":
            return []
        marks = (Mark(WARNING, self.warn), *self.marks) if self.warn else self.marks
        moments = [
            Moment(at, mark.point)
            for mark in marks
            if mark.point not in fired and (at := self._reached(time, mark))
        ]
        if self.deadline and not self.breached_at:
            moments.append(Moment(self.deadline, DEADLINE))
        return sorted(moments, key=_in_order)

    # Parts of steps

    def _end(
        self, time: WorkingTime, at: datetime, state: str, breached_at: datetime | None
    ) -> tuple[Timer, Piece | None]:
        at = self.effective(at)
        closed, piece = self._close(time, at)
        return replace(closed, state=state, stopped_at=at, breached_at=breached_at), piece

    def _close(self, time: WorkingTime, at: datetime) -> tuple[Timer, Piece | None]:
        """Turn the open piece into evidence. A piece without length leaves none."""
        since = self.running_since or self.paused_since
        closed = replace(self, running_since=None, paused_since=None, hold=None)
        if since is None or at <= since:
            return closed, None
        piece = Piece(since, at, time.elapsed(since, at), self.hold)
        return (closed if self.hold else replace(closed, spent=self.spent + piece.seconds)), piece

    def _postponed(self, old: WorkingTime, new: WorkingTime, at: datetime) -> datetime | None:
        if not self.manual or not self.paused_since or self.manual <= self.paused_since:
            return self.manual
        return _deadline(new, at, old.elapsed(self.paused_since, self.manual))

    def _reached(self, time: WorkingTime, mark: Mark) -> datetime | None:
        """Return when the running clock reaches a mark; nothing if it does not run."""
        if self.running_since is None:
            return None
        reached = time.deadline(self.running_since, max(0, mark.seconds - self.spent))
        if reached is None or not self.deadline or reached >= self.deadline:
            return reached
        return max(self.running_since, last_moment_to_act(time, reached, self.deadline))


def _in_order(moment: Moment) -> tuple[datetime, bool]:
    """At the same instant what comes before a breach comes before it."""
    return moment.at, moment.point == DEADLINE


def _deadline(time: WorkingTime, start: datetime, seconds: int) -> datetime:
    deadline = time.deadline(start, seconds)
    if deadline is None:
        raise UnreachableTargetError(seconds)
    return deadline
