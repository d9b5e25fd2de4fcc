"""A slow second opinion on working time: walk minute by minute and look at the wall clock.

It shares no code and no idea with the kernel. Only the conversion from UTC to local time is used,
never the other way round, so neither `fold` nor the arithmetic of gaps is taken for granted.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=64)
def wall_clock(zone, start, minutes):
    """Return what the clock on the wall shows at each UTC minute."""
    first = start.replace(tzinfo=UTC)
    tz = ZoneInfo(zone)
    return [
        (first + index * MINUTE).astimezone(tz).replace(tzinfo=None) for index in range(minutes)
    ]


@lru_cache(maxsize=64)
def first_shown(zone, start, minutes):
    """Return wall time -> index of the minute at which it is shown first, gaps filled."""
    shown = {}
    walls = wall_clock(zone, start, minutes)
    for index, wall in enumerate(walls):
        shown.setdefault(wall, index)
    for index in range(1, minutes):
        gap = walls[index] - walls[index - 1] - MINUTE
        missing = walls[index - 1] + MINUTE
        while gap and missing < walls[index]:
            if missing + gap in shown:
                shown.setdefault(missing, shown[missing + gap])
            missing += MINUTE
    return shown


def stretches(pairs):
    """Paint the pairs on a sheet of minutes, then read the painted stretches."""
    sheet = set()
    for start, end in pairs:
        sheet.update(start + index * MINUTE for index in range((end - start) // MINUTE))
    for first in sorted(minute for minute in sheet if minute - MINUTE not in sheet):
        last = first
        while last in sheet:
            last += MINUTE
        yield first, last


class SlowTime:
    """Working time from `start` on for a number of days, in whole minutes."""

    def __init__(self, zone, weeks, leaves, start, days):
        self.start, self.minutes = start, days * 24 * 60
        self.walls = wall_clock(zone, start, self.minutes)
        self.shown = first_shown(zone, start, self.minutes)
        self.open = [False] * self.minutes
        for opening, closing in self._wall_hours(weeks):
            self._paint(opening, closing, True)
        for leave in stretches(leaves):
            self._paint(*leave, False)

    def _wall_hours(self, weeks):
        date = self.walls[0].date() - timedelta(days=1)
        while date <= self.walls[-1].date() + timedelta(days=1):
            week = weeks[self._parity(date) if len(weeks) == 2 else 0]
            midnight = datetime(date.year, date.month, date.day)
            yield from stretches(
                (midnight + timedelta(seconds=opening), midnight + timedelta(seconds=closing))
                for opening, closing in week.get(date.isocalendar()[2] - 1, ())
            )
            date += timedelta(days=1)

    @staticmethod
    def _parity(date):
        # 2026-01-05 begins a week of which Odoo's get_week_type() is 0.
        return (date - datetime(2026, 1, 5).date()).days // 7 % 2

    def _index(self, wall):
        if wall <= min(self.walls[0], self.walls[-1]):
            return 0
        return self.shown.get(wall, self.minutes)

    def _paint(self, start, end, value):
        for index in range(self._index(start), self._index(end)):
            self.open[index] = value

    def at(self, index):
        return self.start + index * MINUTE

    def index(self, at):
        return (at - self.start) // MINUTE

    def elapsed(self, start, end):
        return 60 * sum(self.open[self.index(start) : max(self.index(start), self.index(end))])

    def next_open(self, at):
        for index in range(self.index(at), self.minutes):
            if self.open[index]:
                return self.at(index)
        return None

    def deadline(self, start, minutes):
        if not minutes:
            return self.next_open(start)
        for index in range(self.index(start), self.minutes):
            minutes -= self.open[index]
            if not minutes:
                return self.at(index + 1)
        return None

    def before(self, end, minutes):
        index = self.index(end)
        while minutes and index:
            index -= 1
            minutes -= self.open[index]
        return None if minutes else self.at(index)

    def add_days(self, start, days):
        if not days:
            return self.next_open(start)
        here = self.walls[self.index(start)]
        date = here.date()
        while days:
            date += timedelta(days=1)
            opening = self._first_minute(date)
            closing = self._first_minute(date + timedelta(days=1))
            if opening is None or closing is None:
                return None
            days -= any(self.open[opening:closing])
        return self.next_open(self.at(self._index(datetime.combine(date, here.time()))))

    def _first_minute(self, date):
        return self.shown.get(datetime(date.year, date.month, date.day))
