# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""When an open request will probably be done: for staff, never for customers."""

from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models

from ..clock.saying import get_zone_name, say_date
from .forecast import MIN_CASES, forecast, get_comparable


class Forecast(NamedTuple):
    """When a request will be done, as naive UTC.

    :param p50_at: probably; None where there are too few cases, or no hours to work in
    :param p80_at: very probably; None likewise
    :param cases: how many comparable cases there are
    """

    p50_at: datetime | None
    p80_at: datetime | None
    cases: int


class ProjectTask(models.Model):
    _inherit = "project.task"

    service_forecast_text = fields.Char(
        string="Forecast",
        compute="_compute_service_forecast",
        compute_sudo=True,
        groups="base.group_user",
        help="From the working time that finished requests took from this stage on: those of the "
        "same first tag, if there are enough. Half of them were done by the first date, four of "
        "five by the second. Customers never see it.",
    )
    service_forecast_from = fields.Datetime(
        string="Probably Done By",
        compute="_compute_service_forecast",
        compute_sudo=True,
        groups="base.group_user",
    )
    service_forecast_to = fields.Datetime(
        string="Very Probably Done By",
        compute="_compute_service_forecast",
        compute_sudo=True,
        groups="base.group_user",
    )
    service_forecast_cases = fields.Integer(
        string="Comparable Requests",
        compute="_compute_service_forecast",
        compute_sudo=True,
        groups="base.group_user",
        help="The finished requests that the forecast rests on.",
    )

    @api.depends("state", "active", "project_id", "stage_id", "tag_ids", "is_template")
    @api.depends_context("lang", "tz")
    def _compute_service_forecast(self):
        prospects = self._origin._service_prospects(fields.Datetime.now())
        for task in self:
            prospect = prospects.get(task._origin.id)
            task.service_forecast_from = prospect and prospect.p50_at
            task.service_forecast_to = prospect and prospect.p80_at
            task.service_forecast_cases = prospect and prospect.cases
            task.service_forecast_text = prospect and task._say_service_forecast(prospect)

    def _service_forecasts(self, now):
        """Return ``{task id: Forecast}`` for those of these requests that have one.

        :param now: naive UTC
        """
        return {
            task_id: prospect
            for task_id, prospect in self._service_prospects(now).items()
            if prospect.p80_at
        }

    def _service_prospects(self, now):
        """Return the same for all open requests, be there a date or not."""
        # sudo: forecasts rest on all requests of the company, whoever asks.
        samples = self.env["service.forecast.case"].sudo()._get_scarce_samples(self)
        open_tasks = self.browse(samples)
        hours = open_tasks.project_id._service_working_times()
        return {
            task.id: _look_ahead(samples[task.id], hours[task.project_id], now)
            for task in open_tasks
        }

    def _say_service_forecast(self, prospect):
        if prospect.cases < MIN_CASES:
            return self.env._(
                "Not enough history: %(count)s of the %(needed)s finished requests needed.",
                count=prospect.cases,
                needed=MIN_CASES,
            )
        if not prospect.p80_at:
            return self.env._(
                "When it will be done cannot be told from the working hours, in spite of "
                "%(count)s finished requests like this one.",
                count=prospect.cases,
            )
        zone = get_zone_name(self.env)
        first, last = (say_date(self.env, at, zone) for at in (prospect.p50_at, prospect.p80_at))
        if first == last:
            return self.env._(
                "Very probably done by %(day)s: %(count)s finished requests like this one.",
                day=last,
                count=prospect.cases,
            )
        return self.env._(
            "Probably done by %(first)s, very probably by %(last)s: %(count)s finished requests "
            "like this one.",
            first=first,
            last=last,
            count=prospect.cases,
        )


def _look_ahead(sample, hours, now):
    """Return the forecast at ``now`` for a request that is compared with this sample."""
    elapsed = hours.elapsed(sample.entered_at, now)
    remaining = forecast(sample.values, elapsed)
    if not remaining:
        return Forecast(None, None, len(get_comparable(sample.values, elapsed)))
    p80_at = hours.deadline(now, remaining.p80 - elapsed)
    p50_at = p80_at and hours.deadline(now, remaining.p50 - elapsed)
    return Forecast(p50_at, p80_at, remaining.cases)
