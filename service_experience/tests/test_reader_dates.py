# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, Form, TransactionCase, new_test_user, tagged
from odoo.tools import html2plaintext

from odoo.addons.service_experience.models.journey.reader_dates import ReaderDates
from odoo.addons.service_experience.models.journey.res_lang import SOLAR

from .delay_common import DelayCase

DAY = date(2026, 3, 5)
MOMENT = datetime(2026, 3, 5, 16, 30)
# Right-to-left mark: keeps the comma of Persian between day and time.
RLM = "\N{RIGHT-TO-LEFT MARK}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK = "\N{NO-BREAK SPACE}"


def plain(text):
    """Return a text as one line: without what keeps parts of it together."""
    return text.replace(NO_BREAK, " ").replace("&nbsp;", " ")


@tagged("post_install", "-at_install")
class TestReaderDates(BaseCase):
    def test_day_with_its_weekday_in_the_language_of_the_reader(self):
        for lang, words in {
            "en_US": "Thursday, March 5, 2026",
            "de_DE": "Donnerstag, 5. März 2026",
            "hu_HU": "2026. március 5., csütörtök",
            "kk_KZ": f"2026{NARROW}ж. 5 наурыз, бейсенбі",
            "fa_IR": "پنجشنبه ۵ مارس ۲۰۲۶",
        }.items():
            self.assertEqual(ReaderDates(lang).day(DAY), words)

    def test_short_and_with_time(self):
        with freeze_time("2026-03-01"):
            for lang, short, moment in [
                ("en_US", "Thu, Mar 5", f"Thu, Mar 5, 4:30{NARROW}PM"),
                ("hu_HU", "márc. 5., Cs", "márc. 5., Cs 16:30"),
                ("kk_KZ", "5 нау., бс", "5 нау., бс, 16:30"),
                ("fa_IR", "پنجشنبه ۵ مارس", f"پنجشنبه ۵ مارس،{RLM} ۱۶:۳۰"),
            ]:
                dates = ReaderDates(lang)
                self.assertEqual((dates.short(DAY), dates.moment(MOMENT)), (short, moment))

    def test_time_in_the_zone_of_the_reader(self):
        with freeze_time("2026-03-01"):
            self.assertEqual(ReaderDates("de_DE").moment(MOMENT), "Do., 5. März, 16:30")
            tokyo = ReaderDates("de_DE", "Asia/Tokyo")
            self.assertEqual(tokyo.moment(MOMENT), "Fr., 6. März, 01:30")

    def test_another_year_is_named(self):
        with freeze_time("2025-12-31"):
            self.assertEqual(ReaderDates("en_GB").short(MOMENT), "Thu, 5 Mar 2026")
            self.assertEqual(ReaderDates("hu_HU").short(MOMENT), "2026. márc. 5., Cs")
            self.assertEqual(ReaderDates("kk_KZ").short(MOMENT), f"2026{NARROW}ж. 5 нау., бс")
        with freeze_time("2026-12-31"):
            self.assertEqual(ReaderDates("en_GB").short(MOMENT), "Thu 5 Mar")

    def test_values_for_machines(self):
        for dates in (
            ReaderDates("en_US", "Europe/Budapest"),
            ReaderDates("fa_IR", "Europe/Budapest", SOLAR),
        ):
            self.assertEqual(dates.machine(MOMENT), "2026-03-05T17:30+01:00")
            self.assertEqual(dates.machine(DAY), "2026-03-05")

    def test_numbers(self):
        self.assertEqual(ReaderDates("fa_IR").number(1304), "۱۳۰۴")
        self.assertEqual(ReaderDates("fa_IR").number("10:59"), "۱۰:۵۹")
        self.assertEqual(ReaderDates("kk_KZ").number(1304), "1304")


@tagged("post_install", "-at_install")
class TestSolarDates(BaseCase):
    def setUp(self):
        super().setUp()
        self.dates = ReaderDates("fa_IR", "Asia/Tehran", SOLAR)

    def test_day(self):
        self.assertEqual(plain(self.dates.day(DAY)), "پنجشنبه ۱۴ اسفند ۱۴۰۴ (۵ مارس ۲۰۲۶)")
        self.assertEqual(
            plain(self.dates.day(date(2026, 3, 21))), "شنبه ۱ فروردین ۱۴۰۵ (۲۱ مارس ۲۰۲۶)"
        )

    def test_a_line_breaks_between_the_calendars_not_within_one(self):
        parts = self.dates.day(DAY).split(" ")
        self.assertEqual(
            [plain(part) for part in parts], ["پنجشنبه", "۱۴ اسفند ۱۴۰۴", "(۵ مارس ۲۰۲۶)"]
        )

    def test_the_day_is_that_of_the_reader(self):
        evening = datetime(2025, 3, 20, 20, 30)  # midnight in Tehran: New Year's Day
        self.assertEqual(plain(self.dates.day(evening)), "جمعه ۱ فروردین ۱۴۰۴ (۲۱ مارس ۲۰۲۵)")
        before = datetime(2025, 3, 20, 20, 29)
        self.assertEqual(plain(self.dates.day(before)), "پنجشنبه ۳۰ اسفند ۱۴۰۳ (۲۰ مارس ۲۰۲۵)")

    def test_the_year_is_left_out_in_the_current_solar_year(self):
        for now, day, words in [
            ("2026-03-01", DAY, "پنجشنبه ۱۴ اسفند (۵ مارس)"),
            ("2025-12-30", DAY, "پنجشنبه ۱۴ اسفند (۵ مارس)"),  # the same year of theirs
            ("2026-03-25", DAY, "پنجشنبه ۱۴ اسفند ۱۴۰۴ (۵ مارس ۲۰۲۶)"),
            ("2026-03-20 20:29:00", date(2026, 3, 21), "شنبه ۱ فروردین ۱۴۰۵ (۲۱ مارس ۲۰۲۶)"),
            ("2026-03-20 20:30:00", date(2026, 3, 21), "شنبه ۱ فروردین (۲۱ مارس)"),
        ]:
            with freeze_time(now):
                dates = ReaderDates("fa_IR", "Asia/Tehran", SOLAR)
                self.assertEqual(plain(dates.short(day)), words)

    def test_moment(self):
        with freeze_time("2026-03-01"):
            dates = ReaderDates("fa_IR", "Asia/Tehran", SOLAR)
        self.assertEqual(plain(dates.moment(MOMENT)), f"پنجشنبه ۱۴ اسفند (۵ مارس)،{RLM} ۲۰:۰۰")

    def test_every_month(self):
        days = [plain(self.dates.day(date(2025, month, 28))) for month in range(1, 13)]
        names = [
            "بهمن",
            "اسفند",
            "فروردین",
            "اردیبهشت",
            "خرداد",
            "تیر",
            "مرداد",
            "شهریور",
            "مهر",
            "آبان",
            "آذر",
            "دی",
        ]
        self.assertEqual([day.split()[2] for day in days], names)

    def test_outside_the_known_years_it_is_gregorian(self):
        self.assertEqual(plain(self.dates.day(date(2500, 1, 1))), "جمعه ۱ ژانویهٔ ۲۵۰۰")
        self.assertEqual(self.dates.short(date(2500, 1, 1)), "جمعه ۱ ژانویه ۲۵۰۰")

    def test_in_another_language(self):
        dates = ReaderDates("en_GB", "UTC", SOLAR)
        self.assertEqual(plain(dates.day(DAY)), "Thursday 14 Esfand 1404 (5 March 2026)")


@tagged("post_install", "-at_install")
class TestCalendarOfLanguage(TransactionCase):
    """Which calendar it is, is a setting of the language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("fa_IR", "hu_HU", "kk_KZ"):
            cls.env["res.lang"]._activate_lang(code)
        cls.persian = cls.env["res.lang"]._lang_get("fa_IR")

    def _say(self, lang):
        return plain(ReaderDates.of(self.env(context={"lang": lang}), "UTC").day(DAY))

    def test_as_it_comes(self):
        self.assertEqual(self.persian.service_calendar, SOLAR)
        others = self.env["res.lang"].with_context(active_test=False).search([]) - self.persian
        self.assertEqual(set(others.mapped("service_calendar")), {"gregorian"})
        self.assertEqual(self._say("fa_IR"), "پنجشنبه ۱۴ اسفند ۱۴۰۴ (۵ مارس ۲۰۲۶)")
        self.assertEqual(self._say("kk_KZ"), f"2026{NARROW}ж. 5 наурыз, бейсенбі")

    def test_an_administrator_changes_it(self):
        self._say("fa_IR")
        with Form(self.persian) as form:
            form.service_calendar = "gregorian"
        self.assertEqual(self._say("fa_IR"), "پنجشنبه ۵ مارس ۲۰۲۶")
        self.persian.service_calendar = SOLAR
        self.assertEqual(self._say("fa_IR"), "پنجشنبه ۱۴ اسفند ۱۴۰۴ (۵ مارس ۲۰۲۶)")

    def test_nobody_else_does(self):
        for group in (
            "service_experience.service_experience_group_manager",
            "base.group_erp_manager",
            "base.group_portal",
        ):
            user = new_test_user(self.env, group.split(".")[1], groups=group)
            with self.assertRaises(AccessError):
                self.persian.with_user(user).service_calendar = "gregorian"

    def test_the_choice_is_kept(self):
        """The start value is given when the column is new, not whenever it is looked at."""
        hungarian = self.env["res.lang"]._lang_get("hu_HU")
        hungarian.service_calendar, self.persian.service_calendar = SOLAR, "gregorian"
        self.env.flush_all()
        self.env["res.lang"]._init_column("service_calendar")
        self.env.invalidate_all()
        self.assertEqual(hungarian.service_calendar, SOLAR)
        self.assertEqual(self.persian.service_calendar, "gregorian")

    def test_known_without_a_query(self):
        env = self.env(context={"lang": "fa_IR"})
        ReaderDates.of(env, "UTC")
        with self.assertQueryCount(0):
            ReaderDates.of(env, "UTC")

    def test_the_time_zone_of_the_reader_if_none_is_given(self):
        env = self.env(context={"lang": "fa_IR", "tz": "Asia/Tehran"})
        self.assertEqual(ReaderDates.of(env).zone.zone, "Asia/Tehran")


@tagged("post_install", "-at_install")
class TestDatesOfMessages(DelayCase):
    """Whatever we write to a customer has the dates of their page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fa_IR")
        cls.contact.write({"lang": "fa_IR", "tz": "Asia/Tehran"})

    def test_a_request(self):
        with self.at("2026-03-02 10:00:00"):
            step = self._create_step()
            step.action_request()
        self.assertIn("سه‌شنبه ۱۹ اسفند (۱۰ مارس)", plain(step.message_id.body))

    def test_a_reminder(self):
        step = self._ask(delivered_at="2026-03-02 11:00:00", due="2026-03-24")
        with self.at("2026-03-19 10:00:00"):
            body = step.with_context(lang="fa_IR")._get_reminder_body()
        self.assertIn("سه‌شنبه ۴ فروردین ۱۴۰۵ (۲۴ مارس ۲۰۲۶)", plain(body))

    def test_a_moved_promise(self):
        promise = self._promise()
        with self.at("2026-03-03 10:00:00"):
            promise.action_move("2026-03-04", "We can come earlier.")
        told = self.project.message_ids.sorted("id")[-1:]
        self.assertIn("We can come earlier.", told.body)
        self.assertIn("چهارشنبه ۱۳ اسفند (۴ مارس)", plain(told.body))

    def test_a_delay(self):
        message = self._sent(new_from="2026-03-11").sudo().message_id
        for day in ("چهارشنبه ۲۰ اسفند (۱۱ مارس)", "جمعه ۲۲ اسفند (۱۳ مارس)"):
            self.assertIn(day, plain(message.subject))
            self.assertIn(day, plain(html2plaintext(message.body)))
        self.assertIn(f"دوشنبه ۱۸ اسفند (۹ مارس)،{RLM} ۱۵:۳۰", plain(html2plaintext(message.body)))

    def test_the_draft_of_an_explanation(self):
        delay = self._suspect(self._promise())
        with self.at("2026-03-03 10:00:00"), self._explain_again(delay) as dialog:
            dialog.reason_id = self.reason
            dialog.new_to = date(2026, 3, 13)
            draft = dialog.customer_explanation
        self.assertIn("جمعه ۱۵ اسفند (۶ مارس)", plain(draft))
        self.assertIn("جمعه ۲۲ اسفند (۱۳ مارس)", plain(draft))

    def test_colleagues_keep_their_dates(self):
        delay = self._sent()
        banner = delay.with_context(lang="fa_IR")._get_banner()
        self.assertNotIn("اسفند", banner)
