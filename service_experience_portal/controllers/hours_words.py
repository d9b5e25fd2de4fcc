# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The sentence about when the contact answers."""

from datetime import time
from functools import reduce

from babel.dates import format_time
from babel.lists import format_list

from odoo.addons.service_experience.business_time.instants import DAY

from .reader_words import ReaderWords


class HoursWords(ReaderWords):
    def contact_hours(self, contact):
        """Return when the contact answers."""
        spans = [self._open_days(span) for span in contact["hours"]]
        return self.env._(
            "We answer during our working hours: %(hours)s.", hours=reduce(self._and_then, spans)
        )

    def _and_then(self, earlier, later):
        return self.env._("%(earlier)s; %(later)s", earlier=earlier, later=later)

    def _open_days(self, span):
        times = [self._open_hours(*hours) for hours in span["hours"]]
        return self.env._(
            "%(days)s, %(times)s",
            days=self._from_to(*map(self._weekday, (span["first"], span["last"]))),
            times=format_list(times, locale=self.dates.locale),
        )

    def _open_hours(self, opening, closing):
        if closing - opening >= DAY:
            return self.env._("all day")
        return self._from_to(self._clock(opening), self._clock(closing))

    def _from_to(self, first, last):
        return self.dates.range(self.env, first, last, str)

    def _weekday(self, number):
        return self.dates.locale.days["stand-alone"]["wide"][number]

    def _clock(self, seconds):
        minutes = seconds % DAY // 60
        clock = time(minutes // 60, minutes % 60)
        return self.dates.number(format_time(clock, "short", locale=self.dates.locale))
