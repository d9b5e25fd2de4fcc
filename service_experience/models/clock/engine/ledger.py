# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What one batch of steps leaves behind, written in one statement per model."""

from uuid import uuid4

from odoo import fields

from . import bulk
from .draft import TimerDraft, get_clock_values


class Ledger:
    """Collects the drafts of a batch with their evidence, and writes them all at once.

    :ivar actor_id: the user who is behind the steps that are noted now
    """

    def __init__(self, env):
        self.env = env
        self.actor_id = env.uid
        # Per draft, so that forgetting one costs nothing however many there are.
        self._events = {}
        self._segments = {}
        self._actions = []
        self._complaints = {}

    @property
    def drafts(self):
        return [*self._events]

    def take(self, timers):
        """Return the drafts of timers that exist."""
        drafts = [TimerDraft.from_timer(self, timer) for timer in timers]
        for draft in drafts:
            self.add(draft)
        return drafts

    def add(self, draft):
        self._events[draft] = []
        self._segments[draft] = []

    def drop(self, draft):
        """Forget a new draft and its evidence."""
        del self._events[draft], self._segments[draft]

    def event(self, draft, kind, at, *, point=None, **values):
        """Note an event.

        :param point: what makes the event happen once; other events may happen often, so each
            gets a point of its own
        """
        row = {
            "kind": kind,
            "point": point or uuid4().hex,
            "at": at,
            "detected_at": fields.Datetime.now(),
            "user_id": self.actor_id,
            "cause": None,
            "wait_id": None,
            "deadline_before": None,
            "deadline_after": None,
            "terms_before": None,
            "terms_after": None,
            "reason": None,
            **values,
        }
        self._events[draft].append(row)

    def segment(self, draft, piece):
        """Note a closed piece, measured by the hours the timer has before the step."""
        hold = piece.hold
        row = {
            "kind": "paused" if hold else "running",
            "from_at": piece.start,
            "to_at": piece.end,
            "seconds": piece.seconds,
            "calendar_version_id": draft.version.id or None,
            "cause": hold and hold.cause,
            "wait_id": hold and hold.wait_id,
            "user_id": hold and hold.user_id,
            "team_id": draft.team_id or None,
        }
        self._segments[draft].append(row)

    def act(self, draft, point):
        """Note that somebody has to act, because a timer reached this point."""
        self._actions.append((draft, point))

    def complain(self, target, calendar):
        """Note that a target is never reached by these hours; one that is deleted has no owner."""
        if target:
            self._complaints[target, calendar] = None

    def save(self):
        """Write everything.

        The timers go to the database first: if another transaction has changed one meanwhile,
        that update fails, and all of the batch is repeated, before an event could collide with
        its twin.
        """
        timers = self.env["service.sla.timer"]
        drafts = self.drafts
        new = [draft for draft in drafts if draft.id is None]
        changed = [draft for draft in drafts if draft.id and draft.is_changed]
        values = self._get_values(new + changed)
        rows = [{**draft.get_identity(), **values[draft]} for draft in new]
        for draft, timer_id in zip(new, bulk.insert(timers, rows), strict=True):
            draft.id = timer_id
        bulk.update(timers, {draft.id: values[draft] for draft in changed})
        bulk.insert(self.env["service.sla.segment"], self._number(self._segments))
        bulk.insert(self.env["service.sla.event"], self._number(self._events))
        if values:
            timers._forget_cached(self.env["project.task"].union(*(draft.task for draft in values)))
        moments = [row["next_event_at"] for row in values.values() if row["next_event_at"]]
        timers._schedule_sweep(min(moments, default=None))
        for target, calendar in self._complaints:
            target.policy_id._tell_unreachable(target, calendar)
        if self._actions:
            timers._escalate(self._actions)

    def _get_values(self, drafts):
        """Return the columns of each draft; requests that began together share their clocks."""
        clocks, values = {}, {}
        for draft in drafts:
            hold = draft.clock.hold
            key = (draft.clock, hold and hold.user_id, draft.version.id, draft.fired)
            if key not in clocks:
                clocks[key] = get_clock_values(draft.clock, draft.time, draft.fired)
            values[draft] = {**draft.get_values(), **clocks[key]}
        return values

    @staticmethod
    def _number(entries):
        return [{"timer_id": draft.id, **row} for draft, rows in entries.items() for row in rows]
