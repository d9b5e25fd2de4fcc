# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models

GROUP = "service_experience.service_experience_group_user"


class ProjectProject(models.Model):
    _inherit = "project.project"

    service_step_ids = fields.One2many(
        "service.step", "project_id", string="Next Steps", copy=False, groups=GROUP
    )
    service_commitment_ids = fields.One2many(
        "service.commitment", "project_id", string="Commitments", copy=False, groups=GROUP
    )
    service_fact_ids = fields.One2many(
        "service.fact", "project_id", string="Facts", copy=False, groups=GROUP
    )
    service_timeline_ids = fields.One2many(
        "service.timeline.entry", "project_id", string="History", readonly=True, groups=GROUP
    )
    service_topic_ids = fields.Many2many(
        "service.topic",
        string="Facts to Collect",
        copy=False,
        groups=GROUP,
        help="What you need to know from the customer of such a service.",
    )

    def _get_place(self):
        """Return where a line of the history about the service as a whole belongs."""
        self.ensure_one()
        return {
            "project_id": self.id,
            "task_id": False,
            "partner_id": self.partner_id.commercial_partner_id.id,
        }

    def copy(self, default=None):
        projects = super().copy(default)
        for project, new_project in zip(self, projects, strict=True):
            if project.is_template or new_project.is_template:
                self.env["service.step"]._copy_plan(project, new_project)
        return projects

    def _service_working_time(self):
        """Return the working hours of the company that does the work.

        :rtype: WorkingTime; day and night where the company has no hours
        """
        self.ensure_one()
        return self._service_working_times()[self]

    def _service_working_times(self):
        """Return the same for many services, looked up once per calendar.

        :return: ``{project: WorkingTime}``
        """
        # sudo: everybody goes by the hours of the company, also those who may not read them.
        first = self.env["res.company"].sudo().search([], order="id", limit=1)
        calendars = {
            project: (project.company_id.sudo() or first).resource_calendar_id for project in self
        }
        times = {
            calendar: calendar._service_version()._working_time()
            for calendar in set(calendars.values())
        }
        return {project: times[calendar] for project, calendar in calendars.items()}

    def _service_midnight(self, day):
        """Return when a day of the service begins, as naive UTC."""
        zone = pytz.timezone(self._service_timezone())
        local = zone.localize(datetime.combine(day, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _service_end_of(self, day):
        """Return the end of a day of the service, as naive UTC."""
        return self._service_midnight(day + timedelta(days=1))

    def _service_day_after(self, days):
        """Return the day that is so many working days after the start of this service."""
        start = self.date_start or self._service_today(fields.Datetime.now())
        at = self._service_working_time().add_days(self._service_midnight(start), days)
        return at and self._service_today(at)

    def _service_today(self, now):
        """Return the day of the service at ``now`` (naive UTC), in the customer's time zone."""
        zone = pytz.timezone(self._service_timezone())
        return pytz.utc.localize(now).astimezone(zone).date()

    def _service_timezone(self, viewer=None):
        """Return the name of the time zone in which the customer's days are counted."""
        partner = viewer or self.partner_id
        company = self.company_id or self.env.company
        return (
            partner.tz
            or partner.commercial_partner_id.tz
            or company.resource_calendar_id.tz
            or "UTC"
        )
