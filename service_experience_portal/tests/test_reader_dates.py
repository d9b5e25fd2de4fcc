# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import BaseCase, tagged

from ..controllers.reader_dates import ReaderDates
from ..controllers.service_groups import service_groups

MOMENT = datetime(2026, 3, 5, 16, 30)


@tagged("post_install", "-at_install")
class TestReaderDates(BaseCase):
    def test_day_with_its_weekday_in_the_language_of_the_reader(self):
        day = date(2026, 3, 5)
        self.assertEqual(ReaderDates("en_US", "UTC").day(day), "Thursday, March 5, 2026")
        self.assertEqual(ReaderDates("de_DE", "UTC").day(day), "Donnerstag, 5. März 2026")
        self.assertEqual(ReaderDates("hu_HU", "UTC").day(day), "2026. március 5., csütörtök")

    def test_time_in_the_zone_of_the_reader(self):
        with freeze_time("2026-03-01"):
            self.assertEqual(ReaderDates("de_DE", "UTC").moment(MOMENT), "Do., 5. März, 16:30")
            self.assertEqual(
                ReaderDates("de_DE", "Asia/Tokyo").moment(MOMENT), "Fr., 6. März, 01:30"
            )

    def test_another_year_is_named(self):
        with freeze_time("2025-12-31"):
            self.assertEqual(ReaderDates("en_GB", "UTC").short(MOMENT), "Thu, 5 Mar 2026")
        with freeze_time("2026-12-31"):
            self.assertEqual(ReaderDates("en_GB", "UTC").short(MOMENT), "Thu 5 Mar")

    def test_values_for_machines(self):
        dates = ReaderDates("en_US", "Europe/Budapest")
        self.assertEqual(dates.machine(MOMENT), "2026-03-05T17:30+01:00")
        self.assertEqual(dates.machine(date(2026, 3, 5)), "2026-03-05")


@tagged("post_install", "-at_install")
class TestServiceGroups(BaseCase):
    def test_what_needs_attention_comes_first(self):
        services = [
            {"health": health, "done_on": None}
            for health in ("on_track", "not_started", "late", "paused", "cancelled")
        ]
        groups = service_groups(services, date(2026, 3, 5))
        self.assertEqual(
            [(group["name"], len(group["services"])) for group in groups],
            [("late", 1), ("waiting", 1), ("on_track", 2), ("done", 1)],
        )

    def test_what_was_finished_long_ago_is_left_out(self):
        services = [
            {"health": "done", "done_on": date(2025, 3, 5)},
            {"health": "done", "done_on": date(2025, 3, 4)},
        ]
        groups = service_groups(services, date(2026, 3, 5))
        self.assertEqual(groups, [{"name": "done", "services": services[:1]}])
