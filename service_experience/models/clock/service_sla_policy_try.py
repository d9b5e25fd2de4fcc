# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...business_time import Hold
from .causes import PAUSE_CAUSES
from .engine.terms import PAUSE_SWITCHES
from .saying import get_zone_name
from .try_scene import Scene
from .try_story import Story


class ServiceSlaPolicy(models.Model):
    """A policy can be tried out in its form: what it would promise, and why, unsaved or not."""

    _inherit = "service.sla.policy"

    try_start = fields.Datetime(
        string="Suppose It Starts",
        compute="_compute_try_start",
        readonly=False,
        help="When the request comes in, or whatever else starts the clock of a target.",
    )
    try_priority = fields.Selection(
        string="With Priority",
        selection=lambda self: self.env["project.task"]._fields["priority"].selection,
        store=False,
        help="Shows only the targets that a request of this priority would get.",
    )
    try_pause = fields.Selection(
        [cause for cause in PAUSE_CAUSES if cause[0] in PAUSE_SWITCHES],
        string="With a Pause",
        store=False,
        help="Shows which clocks stand still meanwhile, and how far their deadlines move.",
    )
    try_pause_from = fields.Datetime(string="Pause From", store=False)
    try_pause_until = fields.Datetime(
        string="Pause Until", store=False, help="Leave empty for a pause that goes on."
    )
    try_result = fields.Html(compute="_compute_try_result", sanitize=False)

    def _compute_try_start(self):
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        for policy in self:
            policy.try_start = now

    @api.depends(
        "calendar_id",
        "company_id",
        "target_ids.duration",
        "target_ids.escalation_ids.action",
        "target_ids.escalation_ids.basis",
        "target_ids.escalation_ids.minutes",
        "target_ids.escalation_ids.percent",
        "target_ids.metric",
        "target_ids.pause_agreed",
        "target_ids.pause_customer",
        "target_ids.pause_third_party",
        "target_ids.priority",
        "target_ids.unit",
        "target_ids.warn_percent",
        "try_pause",
        "try_pause_from",
        "try_pause_until",
        "try_priority",
        "try_start",
    )
    @api.depends_context("lang", "tz", "uid", "company")
    def _compute_try_result(self):
        for policy in self:
            policy.try_result = self.env["ir.qweb"]._render(
                "service_experience.service_sla_policy_try", policy._get_try_values()
            )

    def _get_try_values(self):
        """Return what the template shows: the stories of the targets, or one problem."""
        self.ensure_one()
        calendar = self._get_try_calendar()
        values = {
            "policy": self,
            "calendar": calendar,
            "zone": get_zone_name(self.env),
            "hours_zone": calendar.tz or "UTC",
            "company": self.company_id or self.env.company,
            "problem": self._get_try_problem(calendar),
            "stories": [],
        }
        if not values["problem"]:
            scene = self._get_try_scene(calendar, values["zone"], values["hours_zone"])
            values["stories"] = [
                {"target": target, **Story(scene, target).tell()}
                for target in self._get_try_targets()
            ]
        return values

    def _get_try_calendar(self):
        company = self.company_id or self.env.company
        return self.calendar_id._origin or company._origin.resource_calendar_id

    def _get_try_problem(self, calendar):
        """Return in one sentence why nothing can be tried; nothing when it can."""
        if not self.target_ids:
            return self.env._("Add a target first: then its deadline can be tried out here.")
        if not self.try_start:
            return self.env._("Enter a moment at which the clock starts.")
        if self.try_pause and not self.try_pause_from:
            return self.env._("Enter when the pause begins.")
        until = self.try_pause_until
        if self.try_pause and until and until <= self.try_pause_from:
            return self.env._("The pause must end after it begins.")
        try:
            calendar._check_service_hours()
        except ValidationError as error:
            return error.args[0]
        return ""

    def _get_try_scene(self, calendar, zone, hours_zone):
        return Scene(
            env=self.env,
            time=calendar._service_version()._working_time(),
            zone=zone,
            hours_zone=hours_zone,
            start=self.try_start,
            has_hours=bool(calendar),
            hold=Hold(self.try_pause) if self.try_pause else None,
            hold_from=self.try_pause_from or None,
            hold_until=self.try_pause_until or None,
            closings=self._get_try_closings(calendar),
        )

    def _get_try_closings(self, calendar):
        """Return the named closed times from the start on, as ``(from, to, name)``."""
        if not calendar:
            return ()
        # sudo: the closed times of the hours, whoever tries them out.
        leaves_sudo = self.env["resource.calendar.leaves"].sudo()
        domain = calendar.sudo()._get_service_leaves_domain()
        found = leaves_sudo.search(
            domain & Domain("date_to", ">", self.try_start) & Domain("name", "!=", False),
            order="date_from, id",
        )
        return tuple((leave.date_from, leave.date_to, leave.name) for leave in found)

    def _get_try_targets(self):
        """Return the targets to try: all, or for each promise the one for the priority."""
        if not self.try_priority:
            return self.target_ids
        promises = self._get_promises(self.try_priority)
        return self.target_ids.filtered(lambda target: promises.get(target.metric) == target)
