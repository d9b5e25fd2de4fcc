# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...business_time import UnreachableTargetError
from .engine.terms import PAUSE_SWITCHES, Rules

UNIT_SECONDS = {"minute": 60, "hour": 3600}


class ServiceSlaTarget(models.Model):
    """One measured promise of a policy: a metric and how long it may take."""

    _name = "service.sla.target"
    _description = "SLA Target"
    _order = "policy_id, metric, priority desc, id"

    policy_id = fields.Many2one("service.sla.policy", required=True, index=True, ondelete="cascade")
    metric = fields.Selection(
        [
            ("first_response", "First response"),
            ("next_response", "Next response"),
            ("update", "Update"),
            ("stage", "Stage reached"),
            ("resolution", "Resolution"),
            ("acceptance", "Acceptance"),
        ],
        required=True,
        default="first_response",
        help="First response: until our first message that the customer can read.\n"
        "Next response: from each message of the customer until our next answer.\n"
        "Update: the longest time between two messages of ours that the customer can read.\n"
        "Stage reached: until the request is in one of the stages named here.\n"
        "Resolution: until the request is done.\n"
        "Acceptance: until the receiver accepts what is handed over.",
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

    stage_ids = fields.Many2many(
        "project.task.type",
        "service_sla_target_stage_rel",
        string="Reached Stages",
        help="The promise is kept when the request is moved to one of these stages.",
    )
    pause_customer = fields.Boolean(
        string="Pause for the Customer",
        compute="_compute_pauses",
        store=True,
        readonly=False,
        precompute=True,
        help="The clock stands still while we wait for the customer.",
    )
    pause_agreed = fields.Boolean(
        string="Pause when Agreed",
        compute="_compute_pauses",
        store=True,
        readonly=False,
        precompute=True,
        help="The clock stands still during a pause that was agreed with the customer.",
    )
    pause_third_party = fields.Boolean(
        string="Pause for Third Parties",
        compute="_compute_pauses",
        store=True,
        readonly=False,
        precompute=True,
        help="The clock stands still while we wait for somebody else. Off by default: a "
        "supplier's lateness is ours.",
    )
    pause_stage_ids = fields.Many2many(
        "project.task.type",
        "service_sla_target_pause_stage_rel",
        string="Pause in Stages",
        help="The clock stands still while the request is in one of these stages.",
    )
    reopen = fields.Selection(
        [
            ("resume", "Go on, the closed time is a pause"),
            ("new_cycle", "Measure again from the reopening"),
            ("ignore", "Do nothing"),
        ],
        string="When Opened Again",
        required=True,
        default="resume",
        help="What happens when a closed request is opened again. A missed promise stays "
        "missed in any case.",
    )
    escalation_ids = fields.One2many("service.sla.escalation", "target_id", copy=True)

    _metric_uniq = models.UniqueIndex(
        "(policy_id, metric, COALESCE(priority, ''))",
        "This policy already has a target for the same promise and priority: change that one.",
    )

    @api.depends("metric")
    def _compute_pauses(self):
        for target in self:
            # A question of ours is no answer.
            is_pausing = target.metric != "first_response"
            target.pause_customer = target.pause_agreed = is_pausing
            target.pause_third_party = False

    @api.constrains("metric", "stage_ids")
    def _check_stage_ids(self):
        if any(target.metric == "stage" and not target.stage_ids for target in self):
            raise ValidationError(
                self.env._(
                    "A target for a stage needs at least one stage: choose the stages that keep "
                    "the promise."
                )
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
            for name in ("metric", "priority")
        }
        for target in self:
            promise = self.env._(
                "%(metric)s: %(duration)s",
                metric=labels["metric"].get(target.metric, ""),
                duration=target._get_duration_label(),
            )
            priority = labels["priority"].get(target.priority)
            target.display_name = f"{promise} ({priority})" if priority else promise

    def _get_duration_label(self):
        """Return how long the promise allows, in words."""
        if self.duration == 1:
            words = {
                "minute": self.env._("1 minute"),
                "hour": self.env._("1 hour"),
                "day": self.env._("1 working day"),
            }
        else:
            words = {
                "minute": self.env._("%s minutes", self.duration),
                "hour": self.env._("%s hours", self.duration),
                "day": self.env._("%s working days", self.duration),
            }
        return words.get(self.unit, "")

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

    def _get_target_seconds(self, time, start):
        """Return the target in open seconds for a timer that starts at `start`.

        :raise UnreachableTargetError: when the target is not reachable within the horizon
        """
        seconds = self._get_seconds(time, start)
        if not seconds:
            raise UnreachableTargetError(self.duration)
        return seconds

    def _get_rules(self):
        """Return what a timer copies, so that editing the target changes nothing by itself."""
        self.ensure_one()
        return Rules(
            pauses=tuple(cause for cause, switch in PAUSE_SWITCHES.items() if self[switch]),
            pause_stages=tuple(self.pause_stage_ids.ids),
            stages=tuple(self.stage_ids.ids) if self.metric == "stage" else (),
            own_hours=bool(self.policy_id.calendar_id),
            reopen=self.reopen,
            warn_percent=self.warn_percent,
            escalations=tuple(
                (line.id, line.basis, line.percent if line.basis == "percent" else line.minutes)
                for line in self.escalation_ids
            ),
        )
