# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""A timer while it is worked on: its clock as a value, its evidence for the ledger."""

from dataclasses import replace
from functools import lru_cache

from odoo import fields

from ....business_time import (
    CLOSED,
    DEADLINE,
    WARNING,
    Mark,
    Timer,
    UnreachableTargetError,
)
from .terms import Rules

# Why a measurement ended.
NOT_APPLICABLE = "not_applicable"
TRANSFERRED = "transferred"
# Points that the row names as they are; all others are escalations.
NEXT_EVENT_KINDS = (WARNING, DEADLINE)


class TimerDraft:
    """One timer in memory. Each step notes its evidence; nothing is written before the ledger.

    :ivar clock: the ``Timer`` value of the state machine
    :ivar version: the ``service.calendar.version`` by which the open piece is measured
    :ivar fired: the points of this cycle that are on record
    :ivar before: the clock as it was read, None for a new timer
    :ivar team_id: who works on it now, and so whose piece of time ends next
    """

    __slots__ = (
        "before",
        "clock",
        "cycle",
        "detected_at",
        "fired",
        "id",
        "is_changed",
        "key",
        "ledger",
        "policy",
        "rules",
        "stop_cause",
        "target",
        "task",
        "team_id",
        "version",
    )

    def __init__(self, ledger, task, target, cycle, version, clock, rules):
        self.ledger = ledger
        self.task = task
        self.target = target
        self.policy = target.policy_id
        self.key = (target.policy_id.kind, target.metric)
        self.cycle = cycle
        self.version = version
        self.clock = clock
        self.rules = rules
        self.team_id = task._get_sla_team_id()
        self.fired = frozenset()
        self.detected_at = None
        self.stop_cause = None
        self.id = None
        self.before = None
        self.is_changed = True
        ledger.add(self)

    @classmethod
    def from_timer(cls, ledger, timer):
        """Return the draft of a timer that exists."""
        draft = cls.__new__(cls)
        draft.ledger = ledger
        draft.task = timer.task_id
        draft.target = timer.target_id
        draft.policy = timer.policy_id
        draft.key = (timer.kind, timer.metric)
        draft.cycle = timer.cycle
        draft.version = timer.calendar_version_id
        draft.clock = draft.before = timer._get_clock()
        draft.rules = Rules.from_json(timer.rules)
        draft.fired = frozenset(timer.fired or ())
        draft.detected_at = timer.detected_at or None
        draft.stop_cause = timer.stop_cause or None
        draft.team_id = timer.team_id.id
        draft.id = timer.id
        draft.is_changed = False
        return draft

    @property
    def metric(self):
        return self.key[1]

    @property
    def time(self):
        return self.version._working_time()

    @property
    def is_open(self):
        return self.clock.is_open

    @property
    def is_ended_by_closing(self):
        """Whether it was the closing of the request that ended this measurement."""
        is_ended = self.metric == "resolution" and self.clock.state in ("met", "missed")
        return (is_ended and not self.stop_cause) or self.stop_cause == CLOSED

    # Steps

    def stop(self, at, cause=None):
        clock, piece = self.clock.stop(self.time, at)
        self.stop_cause = cause
        self._step(clock, piece, clock.state, at, cause=cause)

    def cancel(self, at, cause):
        clock, piece = self.clock.cancel(self.time, at)
        self.stop_cause = cause
        self._step(clock, piece, "cancelled", at, cause=cause)

    def pause(self, at, hold):
        clock, piece = self.clock.pause(self.time, at, hold)
        self._step(clock, piece, "paused", at, cause=hold.cause, hold=hold)

    def resume(self, at, version):
        """Run again, by `version` of the hours."""
        step = self._try(lambda time: self.clock.resume(self.time, time, at), version)
        if step:
            self._step(*step, "resumed", at, version=version)

    def reopen(self, at, version):
        """Go on with an ended measurement; the time since was a pause."""
        step = self._try(lambda time: self.clock.reopen(self.time, time, at), version)
        if step:
            self.stop_cause = None
            self._step(*step, "resumed", at, version=version, cause="reopened")

    def differs_from(self, target, version, rules):
        """Tell whether another target, other hours or other rules would measure otherwise."""
        if (self.target, self.version, self.rules) != (target, version, rules):
            return True
        try:
            seconds = target._get_target_seconds(self.time, self.clock.started_at)
        except UnreachableTargetError:
            return True
        return seconds != self.clock.target

    def retarget(self, at, target, version, rules, cause):
        """Measure against another target from now on; start, spent time and pauses are kept."""

        def rebase(time):
            seconds = target._get_target_seconds(time, self.clock.started_at)
            return self._rebase(time, at, seconds, rules)

        step = self._try(rebase, version, target)
        if step:
            self.target, self.policy, self.rules = target, target.policy_id, rules
            self._step(*step, "recalculated", at, version=version, cause=cause)

    def is_moved_by(self, time, at):
        """Tell whether other hours from `at` on change anything that is still to come.

        An overdue clock is open-ended: it always meets them.
        """
        clock = self.clock
        if clock.breach(at):
            return True
        end = max([clock.deadline, *(at for at, _point in clock.moments(self.time, self.fired))])
        since = clock.effective(at)
        return time.open_intervals(since, end) != self.time.open_intervals(since, end)

    def move_to(self, at, version, cause):
        """Measure by another version of the same hours from `at` on."""
        target = self.clock.target
        step = self._try(lambda time: self._rebase(time, at, target, self.rules), version)
        if step:
            self._step(*step, "recalculated", at, version=version, cause=cause)

    def agree(self, at, manual, cause, reason):
        """Take a deadline that a person agreed on, or with None the computed one again."""

        def agree(time):
            clock = self.clock
            since = clock.effective(at)
            left = time.elapsed(since, manual) if manual else 0
            total = clock.spent_at(time, since) + left if manual else clock.target
            marks = self.rules.get_marks(total)
            return clock.agree(time, at, manual, self.rules.get_warn(total), marks)

        step = self._try(agree, self.version)
        if step:
            self._step(*step, "recalculated", at, cause=cause, reason=reason)

    def reach(self, moment, now):
        """Record that the running clock reached a point of its life, the deadline excepted."""
        self.fired |= {moment.point}
        if moment.point == WARNING:  # of no use any more once the deadline has passed
            cause = "deadline_passed" if self.clock.deadline < now else None
            self.ledger.event(self, "warned", moment.at, point="once", cause=cause)
        else:
            self.ledger.event(self, "escalated", moment.at, point=moment.point)
            self.ledger.act(self, moment.point)

    def record_breach(self, at):
        """Record the breach. It happened at the deadline, whenever it is noticed."""
        breached_at = self.clock.breach(at)
        if breached_at and not self.clock.breached_at:
            self._note_breach(breached_at)
            self.clock = replace(self.clock, breached_at=breached_at)

    def assign(self, team_id):
        """Let another team answer for it from now on."""
        self.is_changed = self.is_changed or team_id != self.team_id
        self.team_id = team_id

    # What is written

    def get_terms(self):
        """Return what the clock is measured by: all that a replay cannot know from its steps."""
        clock = self.clock
        return {
            "target": clock.target,
            "warn": clock.warn,
            "marks": clock.marks,
            "manual": fields.Datetime.to_string(clock.manual) or None,
            "version": self.version.id or None,
        }

    def get_values(self):
        """Return the columns of the row that the clock does not own."""
        return {
            "policy_id": self.policy.id or None,
            "target_id": self.target.id or None,
            "calendar_version_id": self.version.id or None,
            "rules": get_json(self.rules),
            "fired": sorted(self.fired) or None,
            "detected_at": self.detected_at,
            "stop_cause": self.stop_cause,
            "team_id": self.team_id or None,
        }

    def get_identity(self):
        """Return the columns that never change."""
        kind, metric = self.key
        return {"task_id": self.task.id, "kind": kind, "metric": metric, "cycle": self.cycle}

    # Parts of steps

    def _rebase(self, time, at, seconds, rules):
        """Measure by other hours from `at` on, with warning and escalations in their places."""
        clock, total = self.clock, seconds
        if clock.manual:
            since = clock.paused_since or clock.effective(at)
            total = clock.spent_at(self.time, since) + time.elapsed(since, clock.manual)
        marks = rules.get_marks(total)
        return clock.rebase(self.time, time, at, seconds, rules.get_warn(total), marks)

    def _try(self, step, version, target=None):
        """Take a step by other hours; None, and told, if these never offer enough time."""
        try:
            return step(version._working_time())
        except UnreachableTargetError:
            self.ledger.complain(target or self.target, version.calendar_id)
            return None

    def _step(self, clock, piece, kind, at, *, version=None, hold=None, cause=None, reason=None):
        """Take over a step of the state machine and note its evidence."""
        before, terms_before = self.clock, self.get_terms()
        if piece:
            self.ledger.segment(self, piece)
        if clock.breached_at and not before.breached_at:
            self._note_breach(clock.breached_at)
        self.clock = clock
        if version is not None:
            self.version = version
        terms_after = self.get_terms()
        changed = {}
        if kind == "recalculated" or terms_before != terms_after:
            changed = {"terms_before": terms_before, "terms_after": terms_after}
        self.ledger.event(
            self,
            kind,
            before.effective(at),
            cause=cause,
            reason=reason,
            wait_id=hold and hold.wait_id,
            deadline_before=before.deadline,
            deadline_after=clock.deadline,
            **changed,
        )
        self.is_changed = True

    def _note_breach(self, at):
        self.detected_at = fields.Datetime.now()
        self.ledger.event(self, "breached", at, point="once")
        self.is_changed = True


def start_clock(target, rules, time, at):
    """Return the ``Timer`` of a target from `at` on.

    :raise UnreachableTargetError: when the hours never offer enough time
    """
    return start_seconds(target._get_target_seconds(time, at), rules, time, at)


def start_seconds(seconds, rules, time, at):
    """Return the ``Timer`` of so many open seconds from `at` on.

    :raise UnreachableTargetError: when the hours never offer them
    """
    return Timer.start(time, at, seconds, rules.get_warn(seconds), rules.get_marks(seconds))


def get_clock_values(clock, time, fired=frozenset()):
    """Return the columns that the state machine owns.

    :param fired: the points of this cycle that are on record
    """
    hold = clock.hold
    values = {
        "target_seconds": clock.target,
        "warn_seconds": clock.warn,
        "marks": clock.marks or None,
        "state": clock.state,
        "started_at": clock.started_at,
        "running_since": clock.running_since,
        "paused_since": clock.paused_since,
        "pause_cause": hold and hold.cause,
        "pause_wait_id": hold and hold.wait_id,
        "pause_user_id": hold and hold.user_id,
        "spent_seconds": clock.spent,
        "stopped_at": clock.stopped_at,
        "deadline": clock.deadline,
        "manual_deadline": clock.manual,
        "breached_at": clock.breached_at,
        "warn_at": clock.warn_at(time),
        "next_event_at": None,
        "next_event_kind": None,
    }
    for moment in clock.moments(time, fired)[:1]:
        values["next_event_at"] = moment.at
        values["next_event_kind"] = (
            moment.point if moment.point in NEXT_EVENT_KINDS else "escalation"
        )
    return values


@lru_cache(256)
def get_json(rules):
    """Return rules as JSON: many timers share them."""
    return rules.to_json()


def read_marks(content):
    """Return the marks of a row as the state machine takes them."""
    return tuple(Mark(*mark) for mark in content or ())
