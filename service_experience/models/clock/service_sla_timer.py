# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import calendar
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...business_time import Hold, Timer
from .causes import PAUSE_CAUSES
from .engine.draft import read_marks

OPEN_STATES = ("running", "paused")
# What people need to see first.
URGENCY = ("overdue", "at_risk", "running", "paused", "missed", "met")
# How far ahead a screen learns the opening hours it counts down in.
WINDOW_DAYS = 7


class ServiceSlaTimer(models.Model):
    """One running measurement of one target on one request.

    The row holds what the measurement needs, copied from its target: editing a policy changes
    nothing by itself. Only the sync and the sweep write it.
    """

    _name = "service.sla.timer"
    _description = "SLA Timer"
    _order = "deadline, id"
    _rec_name = "metric"

    task_id = fields.Many2one("project.task", readonly=True, index=True, ondelete="cascade")
    project_id = fields.Many2one(related="task_id.project_id")
    partner_id = fields.Many2one(related="task_id.partner_id", string="Customer")
    company_id = fields.Many2one(related="task_id.company_id")
    policy_id = fields.Many2one(
        "service.sla.policy", readonly=True, index=True, ondelete="restrict"
    )
    target_id = fields.Many2one(
        "service.sla.target", readonly=True, index="btree_not_null", ondelete="set null"
    )
    kind = fields.Selection(
        selection=lambda self: self.env["service.sla.policy"]._fields["kind"].selection,
        required=True,
        readonly=True,
    )
    metric = fields.Selection(
        selection=lambda self: self.env["service.sla.target"]._fields["metric"].selection,
        required=True,
        readonly=True,
    )
    cycle = fields.Integer(required=True, readonly=True, default=1)
    calendar_version_id = fields.Many2one(
        "service.calendar.version",
        string="Measured By",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The working hours this timer runs by; none means day and night.",
    )
    target_seconds = fields.Integer(
        required=True, readonly=True, help="Working seconds that may pass until the deadline."
    )
    warn_seconds = fields.Integer(
        readonly=True, help="Working seconds after which the timer counts as at risk; 0 = never."
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("met", "Met"),
            ("missed", "Missed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
    )
    started_at = fields.Datetime(required=True, readonly=True)
    running_since = fields.Datetime(readonly=True)
    paused_since = fields.Datetime(readonly=True)
    pause_cause = fields.Selection(PAUSE_CAUSES, readonly=True, help="Why the clock stands still.")
    pause_user_id = fields.Many2one(
        "res.users", string="Paused By", readonly=True, ondelete="set null"
    )
    spent_seconds = fields.Integer(
        readonly=True,
        help="Working seconds of the closed running pieces; the running piece is not in it.",
    )
    stopped_at = fields.Datetime(readonly=True)
    deadline = fields.Datetime(
        readonly=True, help="A clock that stands still has none: it is set when it goes on."
    )
    manual_deadline = fields.Datetime(
        string="Agreed Deadline",
        readonly=True,
        help="A deadline that a person agreed on. It takes the place of the computed one.",
    )
    manual_reason = fields.Char(string="Reason for the Agreed Deadline", readonly=True)
    computed_deadline = fields.Datetime(
        compute="_compute_computed_deadline",
        compute_sudo=True,  # the hours may be those of another company
        help="The deadline that the target gives. For a clock that stands still: if work were "
        "resumed now.",
    )
    warn_at = fields.Datetime(
        string="At Risk From",
        readonly=True,
        help="From then on the running timer counts as at risk.",
    )
    breached_at = fields.Datetime(
        readonly=True, help="The deadline that passed. Set once; nothing takes it back."
    )
    detected_at = fields.Datetime(readonly=True, help="When the breach was noticed.")
    next_event_at = fields.Datetime(readonly=True)
    next_event_kind = fields.Selection(
        [("warning", "Warning"), ("deadline", "Deadline"), ("escalation", "Escalation")],
        readonly=True,
    )
    stop_cause = fields.Selection(
        [
            ("closed", "The request was closed"),
            ("not_applicable", "The promise no longer applies"),
            ("transferred", "Another team took over"),
        ],
        string="Ended By",
        readonly=True,
        help="What ended a measurement other than what it measures.",
    )
    rules = fields.Json(readonly=True, help="What was copied from the target at the start.")
    marks = fields.Json(readonly=True, help="Points of the life at which somebody has to act.")
    fired = fields.Json(readonly=True, help="Points that were reached in this cycle.")
    excused = fields.Boolean(
        readonly=True,
        help="The breach stays on record, and does not count in the excused attainment.",
    )
    excused_reason = fields.Char(readonly=True)
    excused_user_id = fields.Many2one(
        "res.users", string="Excused By", readonly=True, ondelete="set null"
    )
    segment_ids = fields.One2many("service.sla.segment", "timer_id", readonly=True)
    event_ids = fields.One2many("service.sla.event", "timer_id", readonly=True)

    _cycle_uniq = models.UniqueIndex(
        "(task_id, kind, metric, cycle)", "This request is already measured for this promise."
    )
    _next_event_idx = models.Index("(next_event_at) WHERE next_event_at IS NOT NULL")
    _deadline_idx = models.Index("(deadline) WHERE state = 'running'")

    @api.depends("metric", "task_id.display_name")
    def _compute_display_name(self):
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        for timer in self:
            timer.display_name = self.env._(
                "%(metric)s of %(task)s",
                metric=metrics.get(timer.metric, ""),
                task=timer._get_subject().display_name,
            )

    def _get_subject(self):
        """Return what is measured."""
        self.ensure_one()
        return self.task_id

    def _get_promise_name(self):
        """Return the name of what promised it."""
        return self.policy_id.name

    @api.depends("deadline", "manual_deadline")
    def _compute_computed_deadline(self):
        now = fields.Datetime.now()
        for timer in self:
            timer.computed_deadline = timer._get_computed_deadline(now)

    def _get_computed_deadline(self, now):
        time, clock = self._working_time(), self._get_clock()
        if clock.state == "paused":
            return time.deadline(now, max(0, clock.target - clock.spent))
        return clock.computed_deadline(time) if clock.is_open else clock.deadline

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        raise UserError(
            self.env._(
                "Timers are evidence of what was promised and cannot be deleted. They go with "
                "their request."
            )
        )

    # The row as a value of the state machine, and back

    def _working_time(self):
        return self.calendar_version_id._working_time()

    def _get_clock(self):
        """Return the row as a value of the timer state machine."""
        self.ensure_one()
        return Timer(
            target=self.target_seconds,
            warn=self.warn_seconds,
            started_at=self.started_at,
            running_since=self.running_since or None,
            spent=self.spent_seconds,
            state=self.state,
            deadline=self.deadline or None,
            breached_at=self.breached_at or None,
            stopped_at=self.stopped_at or None,
            paused_since=self.paused_since or None,
            hold=self._get_hold(),
            manual=self.manual_deadline or None,
            marks=read_marks(self.marks),
        )

    def _get_hold(self):
        if not self.pause_cause:
            return None
        return Hold(self.pause_cause, user_id=self.pause_user_id.id or None)

    def _get_display_state(self, now):
        """Return the state as people speak of it: a running timer may be at risk or overdue."""
        self.ensure_one()
        if self.state != "running":
            return self.state
        if self.breached_at or self.deadline < now:
            return "overdue"
        return "at_risk" if self.warn_at and self.warn_at <= now else "running"

    @api.model
    def _get_state_domain(self, state, now):
        """Return the timers that ``_get_display_state`` calls `state`."""
        running = Domain("state", "=", "running")
        overdue = Domain("breached_at", "!=", False) | Domain("deadline", "<", now)
        warned = Domain("warn_at", "<=", now)
        match state:
            case "overdue":
                return running & overdue
            case "at_risk":
                return running & ~overdue & warned
            case "running":
                return running & ~overdue & ~warned
        return Domain("state", "=", state)

    def _get_status(self, now):
        """Return what a screen needs to draw this timer and count it down by itself.

        Instants are epoch seconds, durations working seconds.
        """
        self.ensure_one()
        time, clock = self._working_time(), self._get_clock()
        display_state = self._get_display_state(now)
        total = _get_total(clock, time)
        return {
            "id": self.id,
            "kind": self.kind,
            "metric": self.metric,
            "label": self._get_metric_label(),
            "policy": self._get_promise_name(),
            "state": self.state,
            "deadline": epoch(clock.deadline),
            "breached": bool(clock.breach(now)),
            "at_risk": display_state == "at_risk",
            "warn_at": epoch(clock.warn_at(time)),
            "target": total,
            "remaining": total - clock.spent_at(time, clock.stopped_at or now),
            "windows": self._get_windows(time, now),
            "stopped": epoch(clock.stopped_at),
            "reason": self._get_pause_reason(),
        }

    def _get_metric_label(self):
        return dict(self._fields["metric"]._description_selection(self.env))[self.metric]

    def _format_deadline(self):
        """Return the deadline in the time zone of the context's user."""
        return format_datetime(self.env, self.deadline) if self.deadline else ""

    def _get_pause_reason(self):
        """Return in the user's words why the clock stands still; None for one that runs."""
        causes = dict(self._fields["pause_cause"]._description_selection(self.env))
        return causes.get(self.pause_cause)

    def _get_windows(self, time, now):
        if self.state not in OPEN_STATES:
            return []
        horizon = now + timedelta(days=WINDOW_DAYS)
        return [[epoch(start), epoch(end)] for start, end in time.open_intervals(now, horizon)]


def _get_total(clock, time):
    """Return the open seconds from the start to the deadline that holds, agreed on or computed."""
    is_agreed = clock.is_open and clock.manual
    return clock.seconds_until(time, clock.manual) if is_agreed else clock.target


def epoch(moment):
    """Return a naive UTC datetime as seconds since 1970, as browsers count."""
    return None if moment is None else calendar.timegm(moment.timetuple())
