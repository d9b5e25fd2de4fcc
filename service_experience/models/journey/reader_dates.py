# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Dates in the words of a customer: their language and calendar, their time zone, the weekday.

The page, the mails and the history all say dates with this, so that they say the same.
"""

from datetime import datetime, time, timedelta
from functools import lru_cache

import pytz
from babel import dates as babel_dates

from odoo import fields
from odoo.tools.misc import babel_locale_parse, get_lang

from ...business_time.solar_calendar import to_solar
from .res_lang import SOLAR

# Months of the solar calendar as their readers call them, and for others.
_MONTHS = {
    "fa": (
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
        "بهمن",
        "اسفند",
    ),
    "": (
        "Farvardin",
        "Ordibehesht",
        "Khordad",
        "Tir",
        "Mordad",
        "Shahrivar",
        "Mehr",
        "Aban",
        "Azar",
        "Dey",
        "Bahman",
        "Esfand",
    ),
}
# The zero of the languages that do not write 0 to 9, by the numbering system of Unicode's CLDR.
_ZEROS = {"arab": "\N{ARABIC-INDIC DIGIT ZERO}", "arabext": "\N{EXTENDED ARABIC-INDIC DIGIT ZERO}"}

_NO_BREAK = "\N{NO-BREAK SPACE}"


class ReaderDates:
    """Formats what a snapshot holds: dates, and naive UTC datetimes."""

    def __init__(self, lang, timezone="UTC", calendar="gregorian"):
        self.locale = babel_locale_parse(lang)
        self.zone = pytz.timezone(timezone)
        self.is_solar = calendar == SOLAR
        self.now = fields.Datetime.now()
        zero = _ZEROS.get(self.locale.default_numbering_system, "0")
        self.digits = {ord("0") + digit: chr(ord(zero) + digit) for digit in range(10)}

    @classmethod
    def of(cls, env, timezone=None):
        """Return the dates of whoever reads in the language of ``env``.

        :param timezone: IANA name; that of ``env`` if not given
        """
        lang = get_lang(env).code
        return cls(lang, timezone or str(env.tz), env["res.lang"]._get_service_calendar(lang))

    def today(self):
        return self.local(self.now).date()

    def local(self, value):
        return pytz.utc.localize(value).astimezone(self.zone)

    def number(self, value):
        """Return a number, or a text with numbers, in the digits of the reader."""
        return str(value).translate(self.digits)

    def end_of(self, day):
        """Return when a day ends, as naive UTC."""
        midnight = datetime.combine(day + timedelta(days=1), time.min)
        return self.zone.localize(midnight).astimezone(pytz.utc).replace(tzinfo=None)

    def day(self, value):
        """Return weekday and date, such as “Friday, November 27, 2026”."""
        value = self._to_date(value)
        if solar := self._to_solar(value):
            weekday, gregorian = self._format(value, "EEEE"), self._format(value, "long")
            return self._say_solar(solar, weekday, gregorian)
        return self._format(value, "full")

    def short(self, value):
        """Return the same in few letters, without the current year: “Fri, Nov 27”."""
        value = self._to_date(value)
        solar, today = self._to_solar(value), self._to_solar(self.today())
        if not solar:
            return self._say(value, "MMMEd" if value.year == self.today().year else "yMMMEd")
        is_this_year = today and solar.year == today.year
        gregorian = self._say(value, "MMMd" if is_this_year else "yMMMd")
        weekday = self._format(value, "EEE")
        return self._say_solar(solar, weekday, gregorian, with_year=not is_this_year)

    def moment(self, value):
        """Return day and time in few letters: “Fri, Nov 27, 4:30 PM”."""
        hour = _format_hour(self.local(value).time().replace(second=0, microsecond=0), self.locale)
        pattern = babel_dates.get_datetime_format("medium", locale=self.locale)
        return pattern.replace("'", "").format(self.number(hour), self.short(value))

    def range(self, env, first, last, say=None):
        """Return one day, or the first and the last of several, in the language of ``env``.

        :param say: puts a day into words; ``short`` if not given
        """
        say = say or self.short
        if not first or first == last:
            return say(last)
        return env._("%(first)s to %(last)s", first=say(first), last=say(last))

    def machine(self, value):
        """Return the value of an HTML ``datetime`` attribute."""
        if isinstance(value, datetime):
            return self.local(value).isoformat(timespec="minutes")
        return value.isoformat()

    def _to_date(self, value):
        return self.local(value).date() if isinstance(value, datetime) else value

    def _to_solar(self, day):
        return to_solar(day) if self.is_solar else None

    def _say(self, day, skeleton):
        return self.number(_format_skeleton(skeleton, day, self.locale))

    def _format(self, day, pattern):
        return self.number(_format_date(day, pattern, self.locale))

    def _say_solar(self, solar, weekday, gregorian, with_year=True):
        """Return both dates; a line of text does not break within one of them."""
        month = _MONTHS.get(self.locale.language, _MONTHS[""])[solar.month - 1]
        words = f"{solar.day} {month} {solar.year}" if with_year else f"{solar.day} {month}"
        dates = f"{self.number(words)}|({gregorian})".replace(" ", _NO_BREAK).replace("|", " ")
        return f"{weekday} {dates}"


# The same few days and hours are on every page, and finding their pattern takes longest.


@lru_cache(maxsize=4096)
def _format_skeleton(skeleton, day, locale):
    return babel_dates.format_skeleton(skeleton, day, locale=locale)


@lru_cache(maxsize=4096)
def _format_date(day, pattern, locale):
    return babel_dates.format_date(day, pattern, locale=locale)


@lru_cache(maxsize=4096)
def _format_hour(hour, locale):
    return babel_dates.format_time(hour, "short", locale=locale)
