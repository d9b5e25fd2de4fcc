# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""When the contact of a service answers: the working hours of the company that does the work."""

import pytz

from odoo import fields, models

from ...business_time.instants import DAY
from ...business_time.week import group_days, shift_week


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_contact_hours(self, viewer, company):
        """Return the working hours of a company in the time zone of the page of ``viewer``.

        :return: list of dicts with the first and the last of some days in a row (0 is Monday), and
            their ``hours`` as ``[open, close]`` in seconds; empty where no week says them
        """
        calendar = company.resource_calendar_id
        week = calendar and calendar._service_open_week()
        if not week:
            return []
        zone, days = week
        now = fields.Datetime.now()
        ahead = _get_offset(self._service_timezone(viewer), now) - _get_offset(zone, now)
        shown = shift_week(days, ahead)
        if all(day == [(0, DAY)] for day in shown):  # nothing that anybody would say
            return []
        return [
            {"first": first, "last": last, "hours": [list(hours) for hours in day]}
            for first, last, day in group_days(shown)
        ]


def _get_offset(zone, now):
    """Return how far the clocks of a zone are ahead of UTC, in seconds."""
    return int(pytz.utc.localize(now).astimezone(pytz.timezone(zone)).utcoffset().total_seconds())
