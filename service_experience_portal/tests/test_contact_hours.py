# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from unittest.mock import patch

from lxml import html

from odoo import Command
from odoo.tests import tagged

from .test_page_language import PageLanguageCase

SENTENCE = "We answer during our working hours: "


@tagged("post_install", "-at_install")
class TestContactHours(PageLanguageCase):
    """The page says when the contact answers, from the working hours of the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create({"name": "Office", "tz": "UTC"})
        cls.env.company.resource_calendar_id = cls.calendar
        cls.project.company_id = cls.env.company
        cls.reader.tz = "UTC"
        cls._open({day: [(9, 17)] for day in "01234"})

    @classmethod
    def _open(cls, hours):
        cls.calendar.attendance_ids = [
            Command.clear(),
            *(
                Command.create({"name": "x", "dayofweek": day, "hour_from": first, "hour_to": last})
                for day, spans in hours.items()
                for first, last in spans
            ),
        ]

    def _hours(self, lang="en_US"):
        """Return what the section of the contact ends with."""
        page = html.fromstring(self._get(lang=lang).content)
        lines = page.xpath("//*[@data-section='contact']//p[@class='o_service_page_hours']")
        return " ".join(" ".join(line.text_content().split()) for line in lines)

    def test_in_every_language(self):
        for lang, words in (
            ("en_US", f"{SENTENCE}Monday to Friday, 9:00 AM to 5:00 PM."),
            ("hu_HU", "Munkaidőben válaszolunk: hétfő – péntek, 9:00 – 17:00."),
            ("kk_KZ", "Жұмыс уақытында жауап береміз: дүйсенбі – жұма, 09:00 – 17:00."),
            ("fa_IR", "در ساعت‌های کاری پاسخ می‌دهیم: دوشنبه تا جمعه، ۹:۰۰ تا ۱۷:۰۰."),
        ):
            with self.subTest(lang):
                self.assertEqual(self._hours(lang), words)

    def test_days_that_differ_and_a_break(self):
        noon = [(9, 12), (13, 17.5)]
        self._open({**dict.fromkeys("0123", noon), "4": [(9, 12)]})
        words = "Monday to Thursday, 9:00 AM to 12:00 PM and 1:00 PM to 5:30 PM; Friday, 9:00 AM"
        self.assertEqual(self._hours(), f"{SENTENCE}{words} to 12:00 PM.")

    def test_in_the_time_zone_of_the_page(self):
        self.reader.tz = "Asia/Tokyo"
        self.assertEqual(self._hours(), f"{SENTENCE}Monday to Friday, 6:00 PM to 2:00 AM.")
        self.reader.tz = "Asia/Tehran"
        self.assertEqual(self._hours(), f"{SENTENCE}Monday to Friday, 12:30 PM to 8:30 PM.")

    def test_whole_days_in_another_time_zone(self):
        self.reader.tz = "Asia/Tokyo"
        self._open({day: [(0, 24)] for day in "01234"})
        words = "Monday, 9:00 AM to 12:00 AM; Tuesday to Friday, all day; Saturday, 12:00 AM"
        self.assertEqual(self._hours(), f"{SENTENCE}{words} to 9:00 AM.")
        self._open({day: [(0, 12), (12, 24)] for day in "0123456"})
        self.assertFalse(self._hours())

    def test_another_thread_that_asked_before_the_commit(self):
        self.env.cr.postcommit.clear()
        self.calendar.attendance_ids.hour_to = 16
        _zone, [monday, *_days] = self.calendar._service_open_week()
        self.assertEqual(monday, ((9 * 3600, 16 * 3600),))
        self.env.registry.clear_cache()
        with patch.object(type(self.calendar), "_service_weeks", lambda _self: [{"0": [[0, 60]]}]):
            self.calendar._service_open_week()
        self.env.cr.postcommit.run()
        _zone, [monday, *_days] = self.calendar._service_open_week()
        self.assertEqual(monday, ((9 * 3600, 16 * 3600),))

    def test_at_once_after_a_change(self):
        self.assertIn("Friday", self._hours())
        self.calendar.attendance_ids.filtered(lambda line: line.dayofweek == "4").unlink()
        self.assertIn("Monday to Thursday", self._hours())
        self.calendar.attendance_ids.hour_to = 16
        self.assertIn("4:00 PM", self._hours())
        self.calendar.tz = "Asia/Tokyo"
        self.assertIn("12:00 AM to 7:00 AM", self._hours())

    def test_nothing_where_no_week_says_it(self):
        self._open({day: [(0, 24)] for day in "0123456"})
        self.assertFalse(self._hours())
        self.calendar.attendance_ids.filtered(lambda line: line.dayofweek != "6").unlink()
        self.assertEqual(self._hours(), f"{SENTENCE}Sunday, all day.")
        self._open({})
        self.assertFalse(self._hours())
        self.env.company.resource_calendar_id = False
        self.assertFalse(self._hours())

    def test_weeks_that_differ(self):
        self.calendar.switch_calendar_type()
        self.assertTrue(self.calendar.two_weeks_calendar)
        first = self.calendar.attendance_ids.filtered(lambda line: line.week_type == "0")
        first.filtered(lambda line: not line.display_type)[:1].unlink()
        self.assertFalse(self._hours())
