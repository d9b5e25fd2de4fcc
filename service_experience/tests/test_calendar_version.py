# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime

from odoo import Command
from odoo.tests import tagged

from .common import ServiceExperienceCase


@tagged("post_install", "-at_install")
class TestCalendarVersion(ServiceExperienceCase):
    def _leave(self, start, end, **values):
        return self.env["resource.calendar.leaves"].create(
            {"name": "x", "date_from": start, "date_to": end, "calendar_id": self.calendar.id}
            | values
        )

    def test_same_content_same_version(self):
        version = self.calendar._service_version()
        self.assertEqual(self.calendar._service_version(), version)
        line = self.calendar.attendance_ids[0]
        line.write({"name": "Another name", "sequence": 99})
        self.assertEqual(self.calendar._service_version(), version)

    def test_every_change_of_hours_gives_a_new_version(self):
        line = self.calendar.attendance_ids[0]
        changes = {
            "hours": lambda: line.write({"hour_to": 18}),
            "a break": lambda: line.copy({"hour_from": 19, "hour_to": 20}),
            "a leave": lambda: self._leave("2026-03-02 00:00:00", "2026-03-03 00:00:00"),
            "a leave of the company": lambda: self._leave(
                "2026-03-04 00:00:00", "2026-03-05 00:00:00", calendar_id=False
            ),
            "the zone": lambda: self.calendar.write({"tz": "Asia/Tehran"}),
            "two weeks": self.calendar.switch_calendar_type,
        }
        seen = self.calendar._service_version()
        for name, change in changes.items():
            with self.subTest(name):
                change()
                version = self.calendar._service_version()
                self.assertNotIn(version, seen)
                seen |= version
        self.assertEqual(len(seen), len(changes) + 1)
        self.assertEqual(seen.calendar_id, self.calendar)

    def test_undone_change_comes_back_to_its_version(self):
        version = self.calendar._service_version()
        leave = self._leave("2026-03-02 00:00:00", "2026-03-03 00:00:00")
        self.assertNotEqual(self.calendar._service_version(), version)
        leave.unlink()
        self.assertEqual(self.calendar._service_version(), version)

    def test_what_does_not_count(self):
        """An employee's holiday, other time and another company's holiday move no deadline."""
        version = self.calendar._service_version()
        resource = self.env["resource.resource"].create(
            {"name": "Emil", "calendar_id": self.calendar.id}
        )
        other = self.env["res.company"].create({"name": "Other"})
        day = ("2026-03-02 00:00:00", "2026-03-03 00:00:00")
        self._leave(*day, resource_id=resource.id)
        self._leave(*day, time_type="other")
        holiday = self._leave(*day, calendar_id=False)
        holiday.company_id = other
        self.assertEqual(self.calendar._service_version(), version)
        self.calendar.company_id = False
        self.assertNotEqual(self.calendar._service_version(), version)

    def test_content(self):
        self.calendar.tz = "Europe/Budapest"
        self.calendar.attendance_ids[0].hour_to = 12.55  # 12:33
        self._leave("2026-03-04 23:00:00", "2026-03-05 22:59:59")
        content = self.calendar._service_version().content
        self.assertEqual(content["tz"], "Europe/Budapest")
        self.assertEqual(content["weeks"][0]["0"], [[9 * 3600, 12 * 3600 + 33 * 60]])
        self.assertEqual(sorted(content["weeks"][0]), ["0", "1", "2", "3", "4"])
        self.assertEqual(content["leaves"], [["2026-03-05T00:00:00", "2026-03-06T00:00:00"]])

    def test_agrees_with_odoo_on_two_week_calendars(self):
        calendar = self._create_calendar("Two weeks", hours=())
        calendar.two_weeks_calendar = True
        calendar.attendance_ids = [
            Command.create(
                {"name": "x", "dayofweek": day, "hour_from": 8, "hour_to": 10, "week_type": week}
            )
            for day, week in (("0", "0"), ("3", "1"))
        ]
        time = calendar._service_version()._working_time()
        attendance = self.env["resource.calendar.attendance"]
        for day in range(2, 30):
            moment = datetime(2026, 3, day, 9)
            week = str(attendance.get_week_type(moment.date()))
            expected = (str(moment.weekday()), week) in {("0", "0"), ("3", "1")}
            self.assertEqual(time.is_open(moment), expected, moment)

    def test_no_calendar_is_day_and_night(self):
        version = self.env["resource.calendar"]._service_version()
        self.assertFalse(version)
        time = version._working_time()
        self.assertEqual(time.deadline(datetime(2026, 3, 7, 12), 86400), datetime(2026, 3, 8, 12))

    def test_deleted_calendar_leaves_its_versions(self):
        calendar = self._create_calendar("Short-lived")
        version = calendar._service_version()
        time = version._working_time()
        calendar.unlink()
        self.env.invalidate_all()
        self.assertFalse(version.calendar_id)
        self.assertIs(version._working_time(), time)
        self.assertTrue(version.display_name)

    def test_versions_are_compiled_once(self):
        version = self.calendar._service_version()
        time = version._working_time()
        self.env.invalidate_all()
        self.assertIs(self.calendar._service_version()._working_time(), time)
