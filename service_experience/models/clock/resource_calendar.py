# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

# A change of one of these changes the hours, or which leaves belong to them.
HOURS_FIELDS = {
    "attendance_ids",
    "company_id",
    "flexible_hours",
    "leave_ids",
    "global_leave_ids",
    "schedule_type",
    "two_weeks_calendar",
    "tz",
}


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if HOURS_FIELDS.intersection(vals):
            self.env["service.calendar.change"]._note(self)
            self._forget_open_weeks()
        return result

    def _service_version(self):
        """Return the version that says what this calendar says now; empty (24x7) for none.

        :rtype: recordset of ``service.calendar.version``
        """
        # sudo: whoever closes a task needs the hours its promise is measured by, not the right
        # to read calendars or to write their history.
        versions_sudo = self.env["service.calendar.version"].sudo()
        if not self:
            return versions_sudo
        self.ensure_one()
        return versions_sudo._get_or_create(self, self.sudo()._service_content())

    def _service_content(self):
        """Return the hours as the working-time arithmetic takes them: plain JSON values."""
        return {
            "tz": self.tz,
            "weeks": self._service_weeks(),
            "leaves": self._service_leaves(),
        }

    def _service_weeks(self):
        """Return one or two mappings of weekday to ``[open, close]``, seconds of the local day."""
        weeks = [{}, {}] if self.two_weeks_calendar else [{}]
        for attendance in self.attendance_ids.filtered(lambda line: line._is_work_period()):
            hours = [_seconds(attendance.hour_from), _seconds(attendance.hour_to)]
            if hours[0] >= hours[1]:
                continue
            week = weeks[int(attendance.week_type or 0) if self.two_weeks_calendar else 0]
            week.setdefault(attendance.dayofweek, []).append(hours)
        return [{day: sorted(week[day]) for day in sorted(week)} for week in weeks]

    @ormcache("self.id")
    def _service_open_week(self):
        """Return when it is open in every week, or None where the weeks differ or say nothing.

        Kept in memory: the page of every customer says it.

        :return: name of the time zone, and ``((open, close), ...)`` for Monday to Sunday
        """
        first, *others = self._service_weeks()
        if self.flexible_hours or not first or any(week != first for week in others):
            return None
        days = (first.get(str(day), ()) for day in range(7))
        return self.tz, tuple(tuple(map(tuple, hours)) for hours in days)

    def _forget_open_weeks(self):
        """Read the hours again, also in a thread that asked before this commit."""
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    def _service_leaves(self):
        """Return the closed times of the calendar as a whole, in its local wall clock."""
        leaves = self.env["resource.calendar.leaves"].search(self._get_service_leaves_domain())
        zone = ZoneInfo(self.tz)
        return sorted(
            [_local(leave.date_from, zone), _local(_end_of_minute(leave.date_to), zone)]
            for leave in leaves
            if leave.date_from < leave.date_to
        )

    def _get_service_leaves_domain(self):
        shared = Domain("calendar_id", "=", False)
        if self.company_id:  # hours of no company follow the holidays of all, as in Odoo itself
            shared &= Domain("company_id", "in", [False, self.company_id.id])
        return (
            Domain("resource_id", "=", False)
            & Domain("time_type", "=", "leave")
            & (Domain("calendar_id", "=", self.id) | shared)
        )

    def _check_service_hours(self):
        """Refuse a calendar by which no promise can be measured.

        :raise ValidationError: for flexible hours and for a calendar that is never open.
        """
        for calendar in self:
            if calendar.flexible_hours:
                raise ValidationError(
                    self.env._(
                        "The working hours “%(name)s” are flexible: they say how long people "
                        "work, not when, so no deadline can be counted. Choose working hours "
                        "with fixed times.",
                        name=calendar.name,
                    )
                )
            if not any(calendar.sudo()._service_weeks()):
                raise ValidationError(
                    self.env._(
                        "The working hours “%(name)s” have no opening hours, so no deadline "
                        "would ever be reached. Add hours to them or choose others.",
                        name=calendar.name,
                    )
                )


class ServiceHoursMixin(models.AbstractModel):
    """Records that make up working hours: whoever changes them, open timers follow."""

    _name = "service.hours.mixin"
    _description = "Part of Working Hours"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._note_service_hours()
        return records

    def write(self, vals):
        self._note_service_hours()  # what they belonged to before
        result = super().write(vals)
        self._note_service_hours()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_note_service_hours(self):
        self._note_service_hours()

    def _note_service_hours(self):
        """Note the calendars whose hours these records make up."""
        self.env["service.calendar.change"]._note(self.calendar_id)


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "service.hours.mixin"]

    def _note_service_hours(self):
        self.calendar_id._forget_open_weeks()
        return super()._note_service_hours()


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "service.hours.mixin"]

    def _note_service_hours(self):
        """Note the calendars that these closed times belong to; one person's time off is none."""
        closings = self.filtered(lambda leave: not leave.resource_id)
        if not closings:
            return
        calendars = closings.calendar_id
        if any(not leave.calendar_id for leave in closings):  # of all calendars of a company
            # sudo: they may be of companies that this user does not see.
            calendars |= self.env["resource.calendar"].sudo().search(Domain.TRUE)
        self.env["service.calendar.change"]._note(calendars)


def _seconds(hours):
    """Return whole minutes of the local day as seconds, rounded as Odoo rounds float times."""
    return round(hours * 60) * 60


def _end_of_minute(moment):
    """Read an end at 23:59:59, as Odoo's screens write a whole day, as the midnight it means."""
    return moment + timedelta(seconds=1) if moment.second == 59 else moment


def _local(moment, zone):
    local = moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    return local.isoformat(timespec="seconds")
