# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...business_time import Timer, UnreachableTargetError

UNIT_SECONDS = {"minute": 60, "hour": 3600}


class ServiceSlaTarget(models.Model):
    """One measured promise of a policy: a metric and how long it may take."""

    _name = "service.sla.target"
    _description = "SLA Target"
    _order = "policy_id, metric, priority desc, id"

    policy_id = fields.Many2one("service.sla.policy", required=True, index=True, ondelete="cascade")
    metric = fields.Selection(
        [("first_response", "First response"), ("resolution", "Resolution")],
        required=True,
        default="first_response",
        help="First response: until our first message that the customer can read.\n"
        "Resolution: until the request is done.",
    )
    priority = fields.Selection(
        selection=lambda self: self.env["project.task"]._fields["priority"].selection,
        help="Only requests of this priority. Leave empty for any priority.",
    )
    duration = fields.Integer(required=True, default=8)
    unit = fields.Selection(
        [("minute", "Minutes"), ("hour", "Hours"), ("day", "Working days")],
        required=True,
        default="hour",
        help="Minutes and hours are counted inside the working hours. A working day is the "
        "same time on the next day that has working hours.",
    )
    warn_percent = fields.Integer(
        string="Warn at %",
        default=80,
        help="Share of the time after which the request counts as at risk. 0 = no warning.",
    )

    _metric_uniq = models.UniqueIndex(
        "(policy_id, metric, COALESCE(priority, ''))",
        "This policy already has a target for the same promise and priority: change that one.",
    )

    @api.constrains("duration")
    def _check_duration(self):
        if any(target.duration < 1 for target in self):
            raise ValidationError(
                self.env._(
                    "The time of a target must be at least 1: enter how long the promise allows."
                )
            )

    @api.constrains("warn_percent")
    def _check_warn_percent(self):
        if any(not 0 <= target.warn_percent < 100 for target in self):
            raise ValidationError(
                self.env._(
                    "The warning must come before the deadline: enter a share from 0 (no "
                    "warning) to 99."
                )
            )

    @api.constrains("duration", "unit", "policy_id")
    def _check_reachable(self):
        self.policy_id._check_calendar_id()
        now = fields.Datetime.now()
        for target in self:
            time = target.policy_id.calendar_id._service_version()._working_time()
            seconds = target._get_seconds(time, now)
            if not seconds or time.deadline(now, seconds) is None:
                raise ValidationError(
                    self.env._(
                        "%(target)s cannot be reached within three years of these working hours. "
                        "Enter a shorter time.",
                        target=target.display_name,
                    )
                )

    @api.depends("metric", "priority", "duration", "unit")
    def _compute_display_name(self):
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("metric", "priority", "unit")
        }
        for target in self:
            promise = self.env._(
                "%(metric)s: %(duration)s %(unit)s",
                metric=labels["metric"].get(target.metric, ""),
                duration=target.duration,
                unit=labels["unit"].get(target.unit, "").lower(),
            )
            priority = labels["priority"].get(target.priority)
            target.display_name = f"{promise} ({priority})" if priority else promise

    def _get_seconds(self, time, start):
        """Return the target in open seconds for a timer that starts at `start`.

        Working days are converted at the start, because a timer spends seconds.

        :param time: the ``WorkingTime`` of the timer
        :return: seconds, or None when the days are not reachable within the horizon
        """
        self.ensure_one()
        if self.unit != "day":
            return self.duration * UNIT_SECONDS[self.unit]
        end = time.add_days(start, self.duration)
        return None if end is None else time.elapsed(start, end)

    def _prepare_timer_values(self, task, cycle):
        """Return what a timer of this target copies from it and from its task."""
        self.ensure_one()
        return {
            "task_id": task.id,
            "policy_id": self.policy_id.id,
            "target_id": self.id,
            "kind": self.policy_id.kind,
            "metric": self.metric,
            "cycle": cycle,
        }

    def _get_clock_target(self, time, start):
        """Return target and warning in open seconds.

        :raise UnreachableTargetError: when the target is not reachable within the horizon
        """
        seconds = self._get_seconds(time, start)
        if not seconds:
            raise UnreachableTargetError(self.duration)
        return seconds, seconds * self.warn_percent // 100

    def _start_clock(self, version, at):
        """Return a running ``Timer`` value, or None when the hours never offer enough time."""
        time = version._working_time()
        try:
            return Timer.start(time, at, *self._get_clock_target(time, at))
        except UnreachableTargetError:
            return None

    def _rebase_clock(self, timer, version, at):
        """Return the timer's value and closed piece after moving to this target, or None."""
        time = version._working_time()
        try:
            target, warn = self._get_clock_target(time, timer.started_at)
            return timer._get_clock().rebase(timer._working_time(), time, at, target, warn)
        except UnreachableTargetError:
            return None
