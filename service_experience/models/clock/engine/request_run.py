# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What the facts of one request do to its timers."""

from dataclasses import replace
from datetime import datetime

from odoo.tools import groupby

from ....business_time import CLOSED, UnreachableTargetError
from .draft import NOT_APPLICABLE, TRANSFERRED, TimerDraft, start_clock
from .facts import is_closed
from .metrics import METRICS
from .terms import STAGE

# The stage of a request before the first fact that names one.
UNKNOWN = object()


class Batch:
    """What the requests of one sync share.

    :ivar hours: ``HoursBook``
    :ivar ledger: ``Ledger``
    """

    def __init__(self, hours, ledger):
        self.hours = hours
        self.ledger = ledger
        self._rules = {}
        self._clocks = {}

    def rules(self, target):
        """Return what a timer copies from the target."""
        if target not in self._rules:
            self._rules[target] = target._get_rules()
        return self._rules[target]

    def start(self, task, target, at, cycle):
        """Return a new draft; None, and told, when the hours never offer enough time."""
        calendar = self.hours.calendar(target.policy_id, task)
        version, rules = self.hours.version(calendar), self.rules(target)
        # Requests that arrive together are measured alike: one answer serves them all.
        key = (target, calendar, at)
        try:
            if key not in self._clocks:
                self._clocks[key] = start_clock(target, rules, version._working_time(), at)
        except UnreachableTargetError:
            self.ledger.complain(target, calendar)
            return None
        return TimerDraft(self.ledger, task, target, cycle, version, self._clocks[key], rules)


class RequestRun:
    """Takes the facts of one request, in the order of time, to its timers.

    :param drafts: the timers the request has, finished ones included
    :param wanted: ``{(kind, metric): target}`` that apply now; None when nobody asked
    :param waits: ``(from, to, Hold)`` of all that holds the request or held it
    :param stage_id: the stage in which the request was before the first fact, or UNKNOWN
    :param past: the facts of its history, to start from what begins to be measured late
    :param is_closed: whether it was closed before the first fact
    """

    def __init__(self, batch, task, drafts, wanted, waits, stage_id, *, past=(), is_closed=False):
        self.batch = batch
        self.task = task
        self.drafts = drafts
        self.wanted = wanted or {}
        self.waits = waits
        self.stage_id = stage_id
        self.past = past
        self.is_closed = is_closed

    def run(self, facts):
        """Apply the facts."""
        facts = sorted(facts, key=lambda fact: fact.order)
        for at, simultaneous in groupby(facts, key=lambda fact: fact.at):
            for fact in simultaneous:
                self.batch.ledger.actor_id = fact.user_id
                getattr(self, f"_on_{fact.kind}")(fact)
            self._hold(at)

    # What each fact does

    def _on_created(self, fact):
        self.stage_id, self.is_closed = fact.value
        self._begin("created", fact)

    def _on_asked(self, fact):
        self._begin("asked", fact)

    def _on_offered(self, fact):
        self._begin("offered", fact)

    def _on_answered(self, fact):
        self._end("answered", fact)
        self._begin("answered", fact)

    def _on_accepted(self, fact):
        self._end("accepted", fact)

    def _on_returned(self, fact):
        for draft in self._get_open():
            if draft.metric == "acceptance":
                draft.cancel(fact.at, NOT_APPLICABLE)

    def _on_transferred(self, fact):
        """End the share of the team that gave the request away, and begin that of the other one.

        Promises to the customer go on as they are.
        """
        for draft in self._get_open():
            if draft.key[0] != "ola" or draft.metric == "acceptance":
                continue
            draft.stop(fact.at, TRANSFERRED)
            if target := self.wanted.get(draft.key):
                self._start(target, fact.at, self._get_cycles(draft.key))

    def _on_held(self, fact):
        """Do nothing here: what holds the request is looked up for every instant."""

    def _on_staged(self, fact):
        self.stage_id = fact.value
        for draft in self._get_open():
            if draft.metric == "stage" and fact.value in draft.rules.stages:
                draft.stop(fact.at)

    def _on_state(self, fact):
        state, active, _was_closed = fact.value
        was_closed, self.is_closed = self.is_closed, is_closed(state, active)
        if not self.is_closed:
            self._reopen(fact)
            if was_closed:  # what applies may have changed meanwhile
                self._on_matched(fact)
            return
        if state == "1_done" and active:
            self._finish(fact)
        for draft in self._get_open():
            if draft.metric != "acceptance":
                draft.cancel(fact.at, CLOSED)

    def _finish(self, fact):
        """Stop what measures the resolution, also of a request that had been cancelled first."""
        for draft in self.drafts:
            if draft.metric != "resolution":
                continue
            if draft.clock.state == "cancelled" and draft.is_ended_by_closing:
                draft.reopen(fact.at, self.batch.hours.current(draft.version))
            if draft.is_open:
                draft.stop(fact.at)

    def _on_matched(self, fact):
        """Hold the open timers against the targets that apply now, and start what is missing.

        The timers of an archived policy go on to their end as they are.
        """
        team_id = self.task._get_sla_team_id()
        for draft in self._get_open():
            draft.assign(team_id)
            if not draft.policy.active or draft.metric == "acceptance":
                continue
            target = self.wanted.get(draft.key)
            if not target:
                draft.cancel(fact.at, NOT_APPLICABLE)
            elif self._is_measured_otherwise(draft, target) or fact.value == target.policy_id.id:
                self._retarget(draft, target, fact)
        self._begin_late(fact)

    _on_applied = _on_matched

    # Begin and end

    def _get_open(self):
        return [draft for draft in self.drafts if draft.is_open]

    def _get_cycles(self, key):
        return [draft for draft in self.drafts if draft.key == key]

    def _begin(self, kind, fact):
        """Start what this kind of fact begins, unless it is being measured already."""
        if self.is_closed:
            return
        for key, target in self.wanted.items():
            cycles = self._get_cycles(key)
            is_measured = any(draft.is_open for draft in cycles)
            if kind in METRICS[key[1]].starts and not is_measured:
                self._start(target, fact.at, cycles)

    def _end(self, kind, fact):
        """Stop what this kind of fact ends; what came late ends nothing that began after it."""
        for draft in self._get_open():
            if kind in METRICS[draft.metric].stops and draft.clock.started_at <= fact.at:
                draft.stop(fact.at)

    def _start(self, target, at, cycles):
        stages = self.batch.rules(target).stages
        if target.metric == "stage" and (not stages or self.stage_id in stages):
            return  # nothing to reach, or reached before it could be measured
        cycle = max((draft.cycle for draft in cycles), default=0) + 1
        if draft := self.batch.start(self.task, target, at, cycle):
            self.drafts.append(draft)

    def _begin_late(self, fact):
        """Start what is not measured yet from its true start: its history is played again.

        A finished measurement is not repeated, and work that is older than its policy gets no
        timers by being edited.
        """
        if self.is_closed:
            return
        for key, target in self.wanted.items():
            since = self._get_unmeasured_since(key, target)
            if since is not None:
                self._play_past(key, target, since, fact)

    def _get_unmeasured_since(self, key, target):
        """Return after which moment nothing was measured, though it might have been; or None.

        A customer may have asked while the request was closed, for example.
        """
        cycles = self._get_cycles(key)
        if _has_no_result(cycles):
            is_newer = self.task.id > target.policy_id.last_task_id
            return datetime.min if cycles or is_newer else None
        last = max(cycles, key=lambda draft: draft.cycle)
        is_over = not (last.is_open or last.is_ended_by_closing)
        return last.clock.stopped_at if is_over and METRICS[target.metric].repeats else None

    def _play_past(self, key, target, since, fact):
        cycles = self._get_cycles(key)
        run = RequestRun(self.batch, self.task, list(cycles), {key: target}, self.waits, UNKNOWN)
        run.run([past for past in self.past if since < past.at <= fact.at])
        first_cycle = max((draft.cycle for draft in cycles), default=0) + 1
        for draft in run.drafts[len(cycles) :]:
            is_over = METRICS[target.metric].repeats and not draft.is_open
            if is_over or draft.stop_cause == TRANSFERRED:
                # Nobody had promised this cycle while it lasted.
                self.batch.ledger.drop(draft)
            else:
                draft.cycle = first_cycle
                self.drafts.append(draft)
        self.batch.ledger.actor_id = fact.user_id

    # Other steps

    def _is_measured_otherwise(self, draft, target):
        if target != draft.target:
            return True
        if draft.rules.own_hours:
            return False  # editing the hours of a policy changes nothing by itself
        return self.batch.hours.of_company(draft.policy, self.task) != draft.version.calendar_id

    def _retarget(self, draft, target, fact):
        hours, rules = self.batch.hours, self.batch.rules(target)
        version = hours.version(hours.calendar(target.policy_id, self.task))
        if draft.differs_from(target, version, rules):
            draft.retarget(fact.at, target, version, rules, _CAUSES[fact.kind])

    def _reopen(self, fact):
        """Go on with what the closing ended, each as its target says."""
        for key in {draft.key for draft in self.drafts}:
            cycles = self._get_cycles(key)
            last = max(cycles, key=lambda draft: draft.cycle)
            if not last.is_ended_by_closing:
                continue
            if last.rules.reopen == "resume" and last.clock.state != "missed":
                last.reopen(fact.at, self.batch.hours.current(last.version))
            elif last.rules.reopen == "new_cycle" and (target := self.wanted.get(key)):
                self._start(target, fact.at, cycles)

    def _hold(self, at):
        """Let each open clock run or stand still as it has to from this instant on.

        What came late takes effect after what is on record, and is judged by that moment.
        """
        for draft in self._get_open():
            since = draft.clock.effective(at)
            holds = draft.rules.get_holds(self._get_waits(since), self.stage_id)
            if not holds and draft.clock.hold:
                self._resume(draft, since)
            elif holds and draft.clock.hold not in holds:
                hold = holds[0]
                actor_id = hold.user_id or self.batch.ledger.actor_id
                draft.pause(since, replace(hold, user_id=actor_id))

    def _get_waits(self, at):
        return [hold for start, end, hold in self.waits if start <= at and not (end and end <= at)]

    def _resume(self, draft, at):
        if self.stage_id is UNKNOWN and draft.clock.hold.cause == STAGE:
            return
        draft.resume(at, self.batch.hours.current(draft.version))


def _has_no_result(cycles):
    return all(draft.stop_cause == NOT_APPLICABLE for draft in cycles)


_CAUSES = {
    "matched": "target_changed",
    "state": "target_changed",
    "applied": "policy_changed",
}
