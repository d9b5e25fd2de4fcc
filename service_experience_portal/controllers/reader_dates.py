# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""Dates in the words of the reader: their language, their time zone, with the weekday."""

from datetime import datetime, time, timedelta

import pytz
from babel import dates as babel_dates

from odoo import fields
from odoo.tools.misc import babel_locale_parse


class ReaderDates:
    """Formats what a snapshot holds: dates, and naive UTC datetimes."""

    def __init__(self, lang, timezone):
        self.locale = babel_locale_parse(lang)
        self.zone = pytz.timezone(timezone)
        self.now = fields.Datetime.now()

    def today(self):
        return self.local(self.now).date()

    def local(self, value):
        return pytz.utc.localize(value).astimezone(self.zone)

    def end_of(self, day):
        """Return when a day ends, as naive UTC."""
        midnight = datetime.combine(day + timedelta(days=1), time.min)
        return self.zone.localize(midnight).astimezone(pytz.utc).replace(tzinfo=None)

    def day(self, value):
        """Return weekday and date, such as “Friday, November 27, 2026”."""
        if isinstance(value, datetime):
            value = self.local(value).date()
        return babel_dates.format_date(value, "full", locale=self.locale)

    def short(self, value):
        """Return the same in few letters, without the current year: “Fri, Nov 27”."""
        if isinstance(value, datetime):
            value = self.local(value).date()
        skeleton = "MMMEd" if value.year == self.today().year else "yMMMEd"
        return babel_dates.format_skeleton(skeleton, value, locale=self.locale)

    def moment(self, value):
        """Return day and time in few letters: “Fri, Nov 27, 4:30 PM”."""
        local = self.local(value)
        hour = babel_dates.format_time(local.time(), "short", locale=self.locale)
        pattern = babel_dates.get_datetime_format("medium", locale=self.locale)
        return pattern.replace("'", "").format(hour, self.short(value))

    def machine(self, value):
        """Return the value of an HTML ``datetime`` attribute."""
        if isinstance(value, datetime):
            return self.local(value).isoformat(timespec="minutes")
        return value.isoformat()
