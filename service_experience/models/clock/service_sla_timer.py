# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import calendar
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...business_time import Timer

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

    task_id = fields.Many2one(
        "project.task", required=True, readonly=True, index=True, ondelete="cascade"
    )
    project_id = fields.Many2one(related="task_id.project_id")
    partner_id = fields.Many2one(related="task_id.partner_id", string="Customer")
    company_id = fields.Many2one(related="task_id.company_id")
    policy_id = fields.Many2one(
        "service.sla.policy", required=True, readonly=True, index=True, ondelete="restrict"
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
    spent_seconds = fields.Integer(
        readonly=True, help="Working seconds of the closed pieces; the running piece is not in it."
    )
    stopped_at = fields.Datetime(readonly=True)
    deadline = fields.Datetime(readonly=True)
    breached_at = fields.Datetime(
        readonly=True, help="The deadline that passed. Set once; nothing takes it back."
    )
    detected_at = fields.Datetime(readonly=True, help="When the breach was noticed.")
    next_event_at = fields.Datetime(readonly=True)
    next_event_kind = fields.Selection(
        [("warning", "Warning"), ("deadline", "Deadline")], readonly=True
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
                task=timer.task_id.display_name,
            )

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
        )

    @api.model
    def _prepare_clock_values(self, clock, time, *, warned=False):
        """Return the columns that the state machine owns.

        :param warned: whether the warning of this cycle is already on record
        """
        next_event_at, next_event_kind = clock.next_event(time, warned=warned)
        return {
            "target_seconds": clock.target,
            "warn_seconds": clock.warn,
            "state": clock.state,
            "started_at": clock.started_at,
            "running_since": clock.running_since,
            "spent_seconds": clock.spent,
            "stopped_at": clock.stopped_at,
            "deadline": clock.deadline,
            "breached_at": clock.breached_at,
            "next_event_at": next_event_at,
            "next_event_kind": next_event_kind,
        }

    def _get_display_state(self, now):
        """Return the state as people speak of it: a running timer may be at risk or overdue."""
        self.ensure_one()
        if self.state != "running":
            return self.state
        if self.breached_at or self.deadline < now:
            return "overdue"
        at_risk = self.warn_seconds and self.next_event_kind == "deadline"
        return "at_risk" if at_risk else "running"

    @api.model
    def _get_state_domain(self, state, now):
        """Return the timers that ``_get_display_state`` calls `state`."""
        running = Domain("state", "=", "running")
        overdue = Domain("breached_at", "!=", False) | Domain("deadline", "<", now)
        warned = Domain("warn_seconds", ">", 0) & Domain("next_event_kind", "=", "deadline")
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
        return {
            "id": self.id,
            "kind": self.kind,
            "metric": self.metric,
            "label": dict(self._fields["metric"]._description_selection(self.env))[self.metric],
            "policy": self.policy_id.name,
            "state": self.state,
            "deadline": epoch(clock.deadline),
            "breached": bool(clock.breach(now)),
            "at_risk": display_state == "at_risk",
            "warn_at": epoch(clock.warn_at(time)),
            "target": clock.target,
            "remaining": clock.target - clock.spent_at(time, clock.stopped_at or now),
            "windows": self._get_windows(time, now),
            "stopped": epoch(clock.stopped_at),
            "reason": None,
        }

    def _get_windows(self, time, now):
        if self.state not in OPEN_STATES:
            return []
        horizon = now + timedelta(days=WINDOW_DAYS)
        return [[epoch(start), epoch(end)] for start, end in time.open_intervals(now, horizon)]


def epoch(moment):
    """Return a naive UTC datetime as seconds since 1970, as browsers count."""
    return None if moment is None else calendar.timegm(moment.timetuple())
