# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import json

from odoo import api, fields, models
from odoo.tools import SQL

from .service_sla_hours import HoursBook
from .service_sla_timer import OPEN_STATES


class ServiceSlaTimer(models.Model):
    """What the noted facts do to timers: start, move to another target, stop, cancel."""

    _inherit = "service.sla.timer"

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
        policies = self.env["service.sla.policy"].search([("active", "=", True)])
        plan = policies._match(tasks.filtered(lambda task: task._is_sla_request()))
        timers = self.search([("task_id", "in", tasks.ids)]).grouped("task_id")
        hours = HoursBook(self.env)
        starts = []
        for task in tasks:
            touch, existing = pending[task.id], timers.get(task, self.browse())
            ledger.actor_id = touch.user_id
            wanted = plan.get(task.id, {})
            existing._filter_open()._rematch(wanted, touch.matched_at, hours, ledger)
            starts += existing._get_missing(task, wanted, touch)
        self._start(starts, hours, ledger)
        self._recall_responses(tasks, starts, pending)

    def _filter_open(self):
        return self.filtered(lambda timer: timer.state in OPEN_STATES)

    def _rematch(self, wanted, at, hours, ledger):
        """Hold the open timers of one task against the targets that apply now.

        The timers of an archived policy go on to their end as they are.
        """
        for timer in self.filtered("policy_id.active"):
            target = wanted.get((timer.kind, timer.metric))
            if not target:
                timer._cancel(at, "not_applicable", ledger)
            elif timer._is_measured_otherwise(target, hours):
                timer._retarget(target, at, hours, ledger)

    def _is_measured_otherwise(self, target, hours):
        calendar = hours.calendar(target.policy_id, self.task_id)
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
            if cycles or touch.created_at or task.id > target.policy_id.last_task_id:
                start = touch.created_at or task.create_date.replace(microsecond=0)
                starts.append((task, target, start, len(cycles) + 1))
        return starts

    @api.model
    def _start(self, starts, hours, ledger):
        """Start the timers in one batch. What cannot be measured is told to its responsible."""
        clocks, values = {}, []
        for task, target, at, cycle in starts:
            calendar = hours.calendar(target.policy_id, task)
            # Requests that arrive together are measured alike: one answer serves them all.
            key = (target, calendar, at)
            if key not in clocks:
                clocks[key] = self._prepare_start_values(target, hours.version(calendar), at)
            if clocks[key]:
                ledger.expect(clocks[key]["next_event_at"])
                values.append({**target._prepare_timer_values(task, cycle), **clocks[key]})
        self._insert(values)

    @api.model
    def _insert(self, rows):
        """Add timers in one statement: the ORM's `create` would double the time of a sync.

        It has nothing to do here: timers have no stored computed fields, and every row names all
        columns that are not empty.
        """
        if not rows:
            return
        self.flush_model()
        now, uid = self.env.cr.now(), self.env.uid
        log = {"create_uid": uid, "create_date": now, "write_uid": uid, "write_date": now}
        self.env.cr.execute(
            SQL(
                """INSERT INTO service_sla_timer (%(columns)s)
                   SELECT %(columns)s
                     FROM jsonb_populate_recordset(NULL::service_sla_timer, %(rows)s)""",
                columns=SQL(", ").join(map(SQL.identifier, [*rows[0], *log])),
                rows=json.dumps([{**row, **log} for row in rows], default=str),
            )
        )
        self._forget_cached(self.env["project.task"].browse({row["task_id"] for row in rows}))

    @api.model
    def _prepare_start_values(self, target, version, at):
        """Return the columns of a clock that starts at `at`; None, and told, if none can."""
        clock = target._start_clock(version, at)
        if clock is None:
            target.policy_id._tell_unreachable(target, version.calendar_id)
            return None
        return {
            "calendar_version_id": version.id or None,
            **self._prepare_clock_values(clock, version._working_time()),
        }

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
            touch = pending[timer.task_id.id]
            ledger.actor_id = touch.user_id
            timer._stop_by(touch, ledger)

    def _stop_by(self, touch, ledger):
        """Stop the timer if one of the facts of its task ends it."""
        self.ensure_one()
        if self.metric == "first_response" and touch.responded_at:
            self._stop(touch.responded_at, ledger)
        elif touch.closed_at and self.metric == "resolution" and self.task_id.state == "1_done":
            self._stop(touch.closed_at, ledger)
        elif touch.closed_at and (self.task_id.is_closed or not self.task_id.active):
            self._cancel(touch.closed_at, "closed", ledger)

    # Steps of one timer

    def _stop(self, at, ledger):
        at = max(at, self.started_at)
        clock, piece = self._get_clock().stop(self._working_time(), at)
        self._apply_step(clock, piece, clock.state, at, ledger)

    def _cancel(self, at, cause, ledger):
        clock, piece = self._get_clock().cancel(self._working_time(), at)
        self._apply_step(clock, piece, "cancelled", at, ledger, cause=cause)

    def _retarget(self, target, at, hours, ledger):
        """Measure against another target from now on; start and spent time are kept."""
        version = hours.version(hours.calendar(target.policy_id, self.task_id))
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
        self._apply_step(clock, piece, "recalculated", at, ledger, values, "target_changed")

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
        ledger.expect(values["next_event_at"])
        self.write(values)
