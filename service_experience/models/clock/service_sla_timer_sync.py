# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import logging
from dataclasses import dataclass
from datetime import datetime

from psycopg2 import OperationalError

from odoo import api, fields, models

from .service_sla_timer import OPEN_STATES

_logger = logging.getLogger(__name__)
_PENDING = "service_experience.sla.pending"
# What a step changes on a timer, and what tasks show of it.
TIMER_FIELDS = {
    "policy_id",
    "target_id",
    "calendar_version_id",
    "target_seconds",
    "warn_seconds",
    "state",
    "running_since",
    "spent_seconds",
    "stopped_at",
    "deadline",
    "breached_at",
    "detected_at",
    "next_event_at",
    "next_event_kind",
    "segment_ids",
    "event_ids",
}
TASK_FIELDS = {"sla_timer_ids", "sla_status", "sla_state", "sla_deadline"}


@dataclass(slots=True)
class Touch:
    """What happened to one task in this transaction, with the instant of each fact."""

    created_at: datetime | None = None
    matched_at: datetime | None = None
    responded_at: datetime | None = None
    closed_at: datetime | None = None


class ServiceSlaTimer(models.Model):
    """One sync per transaction: the hooks on tasks note what happened, the sync does the work.

    It runs before the commit, or earlier when somebody reads timers, once for all tasks that were
    touched. A failure here is logged and never reaches the user's change.
    """

    _inherit = "service.sla.timer"

    @api.model
    def _note(self, tasks, fact, at=None):
        """Remember that something happened to the tasks.

        :param fact: name of a field of Touch
        :param at: naive UTC instant at which it happened; now when not given
        """
        task_ids = [task_id for task_id in tasks._ids if task_id]  # no drafts of a form
        if not task_ids or not self.env["service.sla.policy"]._is_in_use():
            return
        precommit = self.env.cr.precommit
        if _PENDING not in precommit.data:
            precommit.add(self._sync_pending)
        pending = precommit.data.setdefault(_PENDING, {})
        at = at or fields.Datetime.now()
        for task_id in task_ids:
            touch = pending.setdefault(task_id, Touch())
            # Of several answers the first counts, of several other changes the last.
            known = touch.responded_at if fact == "responded_at" else None
            setattr(touch, fact, min(known, at) if known else at)
        self._forget_cached(tasks)

    @api.model
    def _forget_cached(self, tasks):
        """Make the next reader of these timers come back to the database, and so to the sync."""
        # Nothing of it is waiting to be written: only the sync and the sweep write timers.
        self.invalidate_model([*TIMER_FIELDS], flush=False)
        tasks.invalidate_recordset([*TASK_FIELDS], flush=False)

    def _search(self, domain, *args, **kwargs):
        # Reading a record that is not in memory searches it, too.
        self._sync_pending()
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _sync_pending(self):
        """Bring the timers up to date with what happened in this transaction so far."""
        pending = self.env.cr.precommit.data.pop(_PENDING, None)
        if not pending:
            return
        # sudo: timers follow the facts whoever made them, a portal user's comment included.
        timers_sudo = self.sudo().with_context(active_test=False, mail_notrack=True)
        try:
            with self.env.cr.savepoint():
                timers_sudo._sync(pending)
        except OperationalError:
            raise  # a concurrent update: Odoo repeats the whole transaction
        except Exception:
            _logger.exception("SLA timers of tasks %s could not be brought up to date", [*pending])

    @api.model
    def _sync(self, pending):
        """Apply the noted facts to the timers of all touched tasks.

        :param pending: ``{task id: Touch}``
        """
        tasks = self.env["project.task"].browse(pending).exists()
        ledger = self.env["service.sla.event"]._open_ledger()
        self._sync_matches(tasks, pending, ledger)
        self._sync_stops(tasks, pending, ledger)
        ledger.save()

    @api.model
    def _sync_matches(self, tasks, pending, ledger):
        """Start, move to another target or cancel the timers of tasks whose facts changed."""
        tasks = tasks.filtered(
            lambda task: pending[task.id].created_at or pending[task.id].matched_at
        )
        if not tasks:
            return
        policies = self.env["service.sla.policy"].with_context(active_test=True).search([])
        plan = policies._match(tasks.filtered(lambda task: task._is_sla_request()))
        timers = self.search([("task_id", "in", tasks.ids)]).grouped("task_id")
        starts = []
        for task in tasks:
            touch, existing = pending[task.id], timers.get(task, self.browse())
            wanted = plan.get(task.id, {})
            existing._filter_open()._rematch(wanted, touch.matched_at, ledger)
            starts += existing._get_missing(task, wanted, touch)
        self._start(starts)
        self._recall_responses(tasks, starts, pending)

    def _filter_open(self):
        return self.filtered(lambda timer: timer.state in OPEN_STATES)

    def _rematch(self, wanted, at, ledger):
        """Hold the open timers of one task against the targets that apply now."""
        for timer in self:
            target = wanted.get((timer.kind, timer.metric))
            if target and timer._is_measured_otherwise(target):
                timer._retarget(target, at, ledger)
            elif not target and timer.policy_id.active:
                timer._cancel(at, self.env._("The promise no longer applies"), ledger)

    def _is_measured_otherwise(self, target):
        calendar = target.policy_id._get_calendar(self.task_id)
        return target != self.target_id or calendar != self.calendar_version_id.calendar_id

    def _get_missing(self, task, wanted, touch):
        """Return ``(task, target, start, cycle)`` for promises that are not measured yet.

        ``self`` are the timers the task has. A finished measurement is not repeated, and work
        that is older than its policy gets no timers by being edited.
        """
        if task.is_closed:
            return []
        starts = []
        for (kind, metric), target in wanted.items():
            cycles = self.filtered(lambda t, key=(kind, metric): (t.kind, t.metric) == key)
            if any(timer.state != "cancelled" for timer in cycles):
                continue
            if self or touch.created_at or task.id > target.policy_id.last_task_id:
                start = touch.created_at or task.create_date.replace(microsecond=0)
                starts.append((task, target, start, len(cycles) + 1))
        return starts

    @api.model
    def _start(self, starts):
        """Start the timers in one batch. What cannot be measured is told to its responsible."""
        versions, values = {}, []
        for task, target, at, cycle in starts:
            calendar = target.policy_id._get_calendar(task)
            if calendar not in versions:
                versions[calendar] = calendar._service_version()
            clock = target._start_clock(versions[calendar], at)
            if clock is None:
                target.policy_id._tell_unreachable(target, calendar)
                continue
            values.append(
                {
                    **target._prepare_timer_values(task, cycle),
                    "calendar_version_id": versions[calendar].id,
                    **self._prepare_clock_values(clock, versions[calendar]._working_time()),
                }
            )
        self.create(values)

    @api.model
    def _recall_responses(self, tasks, starts, pending):
        """Find the answers that were given before a timer was started after the fact."""
        late = [
            task.id
            for task, target, _start, _cycle in starts
            if target.metric == "first_response" and not pending[task.id].created_at
        ]
        for task_id, answered_at in tasks.browse(late)._get_first_responses().items():
            pending[task_id].responded_at = answered_at

    @api.model
    def _sync_stops(self, tasks, pending, ledger):
        """Stop or cancel what the noted facts end."""
        ended = tasks.filtered(
            lambda task: pending[task.id].responded_at or pending[task.id].closed_at
        )
        if not ended:
            return
        for timer in self.search([("task_id", "in", ended.ids), ("state", "in", OPEN_STATES)]):
            timer._stop_by(pending[timer.task_id.id], ledger)

    def _stop_by(self, touch, ledger):
        """Stop the timer if one of the facts of its task ends it."""
        self.ensure_one()
        if self.metric == "first_response" and touch.responded_at:
            self._stop(touch.responded_at, ledger)
        elif touch.closed_at and self.metric == "resolution" and self.task_id.state == "1_done":
            self._stop(touch.closed_at, ledger)
        elif touch.closed_at and (self.task_id.is_closed or not self.task_id.active):
            self._cancel(touch.closed_at, self.env._("The request was closed"), ledger)

    # Steps of one timer

    def _stop(self, at, ledger):
        at = max(at, self.started_at)
        clock, piece = self._get_clock().stop(self._working_time(), at)
        self._apply_step(clock, piece, clock.state, at, ledger)

    def _cancel(self, at, cause, ledger):
        clock, piece = self._get_clock().cancel(self._working_time(), at)
        self._apply_step(clock, piece, "cancelled", at, ledger, cause=cause)

    def _retarget(self, target, at, ledger):
        """Measure against another target from now on; start and spent time are kept."""
        version = target.policy_id._get_calendar(self.task_id)._service_version()
        step = target._rebase_clock(self, version, at)
        if step is None:
            target.policy_id._tell_unreachable(target, version.calendar_id)
            return
        clock, piece = step
        values = {
            **target._prepare_timer_values(self.task_id, self.cycle),
            "calendar_version_id": version.id,
            **self._prepare_clock_values(clock, version._working_time()),
        }
        self._apply_step(clock, piece, "recalculated", at, ledger, values, target.policy_id.name)

    def _apply_step(self, clock, piece, kind, at, ledger, values=None, cause=None):
        """Write a step of the state machine with its evidence."""
        self.ensure_one()
        if piece:
            ledger.segment(self, piece)
        values = values or self._prepare_clock_values(clock, self._working_time())
        if clock.breached_at and not self.breached_at:
            values["detected_at"] = fields.Datetime.now()
            ledger.event(self, "breached", clock.breached_at)
        deadlines = {"deadline_before": self.deadline, "deadline_after": clock.deadline}
        ledger.event(self, kind, at, cause=cause, **deadlines)
        self.write(values)
