# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""Working-time arithmetic on one calendar.

Let F(t) be the number of open seconds up to the instant t. A calendar keeps F as sorted lists of
integers, one window of 128 days at a time, and answers every question by bisection. Windows are
built when a question first needs them.

All instants are naive UTC datetimes. The precision is the whole second: the fraction of a second
of an argument is cut off, results have none.

How the local wall clock becomes UTC when clocks change, for openings, closings and leaves alike:

* a time that does not exist is shifted forward by the gap (02:30 means 03:30), so hours that end
  in a gap keep their length; hours or leaves that are empty or inverted after the shift disappear;
* a time that exists twice is its first occurrence. 02:30 to 02:45 stays 15 minutes, 00:00 to 02:30
  stays 150 minutes, two adjacent shifts neither overlap nor leave a hole; and since durations are
  real seconds, 01:00 to 03:00 has three hours and a whole day has 25.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from .instants import (
    DAY,
    EPOCH,
    to_datetime,
    to_datetime_or_none,
    to_seconds,
    to_whole,
    utc_to_wall,
    wall_to_utc,
)
from .intervals import Interval, clip, subtract, union
from .opening_hours import Leaves, Weeks, read_leaves, read_weeks, read_zone
from .window import Window

#: Nothing is sought further away than this: the longest that three calendar years can be.
HORIZON = (3 * 365 + 1) * DAY
#: Length of a window: long enough for most questions, short enough to build in a millisecond.
WINDOW = 128 * DAY
#: Windows kept by one calendar, 22 years; the oldest is forgotten and built again when asked for.
MAX_WINDOWS = 64

#: Days from Monday, 1 January of year 1 to 1970. Weeks are counted from there, as Odoo does.
_DAYS_BEFORE_EPOCH = EPOCH.toordinal() - 1


class WorkingTime:
    """Working hours of one calendar; never changes, and may be shared between threads.

    >>> office = WorkingTime("Europe/Brussels", [{0: [(9 * 3600, 17 * 3600)]}], [])
    >>> office.deadline(datetime(2026, 1, 5, 15), 3 * 3600)  # Monday 16:00 in Brussels
    datetime.datetime(2026, 1, 12, 10, 0)
    """

    __slots__ = ("_cycle", "_leaves", "_windows", "_zone")

    def __init__(self, tz: str, weeks: Weeks, leaves: Leaves) -> None:
        """Read the hours of a calendar.

        :param tz: IANA name of the zone in which `weeks` and `leaves` are wall-clock times.
        :param weeks: one mapping weekday (0 = Monday) to `[(open, close), ...]`, in seconds of the
            local day from 0 to 86400, half-open; a missing day is closed. Two mappings alternate by
            week as in Odoo: the first applies where `resource.calendar.attendance.get_week_type()`
            is 0.
        :param leaves: `[(from, to), ...]`, naive datetimes of the wall clock, half-open.
        :raise ValueError: an input is not as described. Overlapping hours or leaves are joined, and
            those of no length (`open == close`, `from == to`) are ignored.
        """
        self._zone: ZoneInfo = read_zone(tz)
        self._cycle: list[list[Interval]] = read_weeks(weeks)
        self._leaves: list[Interval] = union(map(self._to_utc, read_leaves(leaves)))
        self._windows: dict[int, Window] = {}

    @staticmethod
    def always() -> "WorkingTime":
        """Return the calendar that never closes."""
        return _Always()

    # ------------------------------------------------------------------
    # Questions
    # ------------------------------------------------------------------

    def elapsed(self, start: datetime, end: datetime) -> int:
        """Return the open seconds in `[start, end)`, 0 if `end <= start`; any span will do."""
        first, last = to_seconds(start), to_seconds(end)
        return self._elapsed(first, last) if first < last else 0

    def deadline(self, start: datetime, seconds: int) -> datetime | None:
        """Return the earliest instant by which `seconds` open seconds have passed since `start`.

        It is the closing time when they run out there. For 0 it is the first open instant at or
        after `start`.

        :return: None if that is more than three years after `start`.
        :raise ValueError: `seconds` is negative or no whole number.
        """
        at, wanted = to_seconds(start), to_whole(seconds, "seconds")
        return to_datetime_or_none(self._forward(at, wanted) if wanted else self._next_open(at))

    def before(self, end: datetime, seconds: int) -> datetime | None:
        """Return the latest instant from which `seconds` open seconds remain until `end`.

        It is the opening time when they begin there, and never an instant in closed time, except
        that for 0 it is `end` itself.

        :return: None if that is more than three years before `end`.
        :raise ValueError: `seconds` is negative or no whole number.
        """
        at, wanted = to_seconds(end), to_whole(seconds, "seconds")
        return to_datetime_or_none(self._backward(at, wanted) if wanted else at)

    def add_days(self, start: datetime, days: int) -> datetime | None:
        """Return the instant `days` working days after `start`.

        A working day is a local date with open time. Dates after that of `start` are counted, be
        `start` itself in open time or not. The result is the same local clock time on the last of
        them or, where that is not open, the next opening: a closing time is not open. 0 days give
        the next opening at or after `start`.

        :return: None if that is more than three years after `start`.
        :raise ValueError: `days` is negative or no whole number.
        """
        at, count = to_seconds(start), to_whole(days, "days")
        limit = at + HORIZON
        try:
            day, clock = divmod(self._wall(at), DAY)
            for _ in range(count):
                opening = self._next_open(self._utc((day + 1) * DAY), limit)
                if opening is None:
                    return None
                # Openings never show an earlier date; max() is there so that the loop must end.
                day = max(day + 1, self._wall(opening) // DAY)
        except OverflowError:  # the local date is outside the years 1 to 9999
            return None
        return to_datetime_or_none(
            self._next_open(self._utc(day * DAY + clock) if count else at, limit)
        )

    def is_open(self, at: datetime) -> bool:
        """Return whether `at` is in open time: an opening is, a closing is not."""
        instant = to_seconds(at)
        return self._next_open(instant, limit=instant) is not None

    def next_open(self, at: datetime) -> datetime | None:
        """Return the first open instant at or after `at`: `at` itself if it is open.

        :return: None if that is more than three years after `at`.
        """
        return to_datetime_or_none(self._next_open(to_seconds(at)))

    def open_intervals(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Return the open intervals in `[start, end)`, cut at both ends, in order.

        They neither overlap nor touch. Made for screens that draw a week or a year.

        :raise ValueError: more than three years are asked for.
        """
        first, last = to_seconds(start), to_seconds(end)
        if last - first > HORIZON:
            raise ValueError(f"Ask for at most {HORIZON // DAY} days of open intervals at once.")
        found = union(clip(self._pieces(first, last), first, last))
        return [(to_datetime(opening), to_datetime(closing)) for opening, closing in found]

    # ------------------------------------------------------------------
    # The same in integer UTC seconds
    # ------------------------------------------------------------------

    def _elapsed(self, start: int, end: int) -> int:
        first, last = start // WINDOW, end // WINDOW
        spent = self._window(last).passed(end) - self._window(first).passed(start)
        return spent + sum(self._window(index).total for index in range(first, last))

    def _forward(self, start: int, seconds: int) -> int | None:
        limit = start + HORIZON
        index = start // WINDOW
        window = self._window(index)
        wanted = window.passed(start) + seconds
        while wanted > window.total:
            wanted -= window.total
            index += 1
            if index * WINDOW > limit:
                return None
            window = self._window(index)
        reached = window.reached(wanted)
        return reached if reached <= limit else None

    def _backward(self, end: int, seconds: int) -> int | None:
        limit = end - HORIZON
        index = end // WINDOW
        window = self._window(index)
        wanted = window.passed(end) - seconds
        while wanted < 0:
            if index * WINDOW < limit:
                return None
            index -= 1
            window = self._window(index)
            wanted += window.total
        left = window.left(wanted)
        return left if left >= limit else None

    def _next_open(self, at: int, limit: int | None = None) -> int | None:
        if limit is None:
            limit = at + HORIZON
        for index in range(at // WINDOW, limit // WINDOW + 1):
            opening = self._window(index).next_open(at)
            if opening is not None:
                return opening if opening <= limit else None
        return None

    def _pieces(self, start: int, end: int) -> Iterator[Interval]:
        windows = map(self._window, range(start // WINDOW, end // WINDOW + 1))
        return chain.from_iterable(window.between(start, end) for window in windows)

    # ------------------------------------------------------------------
    # Windows and zones
    # ------------------------------------------------------------------

    def _window(self, index: int) -> Window:
        window = self._windows.get(index)
        if window is None:
            window = Window(self._open_between(index * WINDOW, (index + 1) * WINDOW))
            # A new dict instead of a change: no other thread ever sees half of one. What two
            # threads build at the same time is equal; the one that is lost is built again.
            kept = list(self._windows.items())[1 - MAX_WINDOWS :]
            self._windows = {**dict(kept), index: window}
        return window

    def _open_between(self, low: int, high: int) -> list[Interval]:
        # A zone is less than a day away from UTC: one more local day at each end is enough.
        days = range(low // DAY - 1, high // DAY + 1)
        hours = union(map(self._to_utc, chain.from_iterable(map(self._hours, days))))
        leaves = [leave for leave in self._leaves if leave[0] < high and leave[1] > low]
        return union(clip(subtract(hours, leaves), low, high))

    def _hours(self, day: int) -> Iterator[Interval]:
        """Yield the hours of one local day, counted from 1970, on the wall clock."""
        hours = self._cycle[(day + _DAYS_BEFORE_EPOCH) % len(self._cycle)]
        return ((day * DAY + opening, day * DAY + closing) for opening, closing in hours)

    def _to_utc(self, interval: Interval) -> Interval:
        return self._utc(interval[0]), self._utc(interval[1])

    def _utc(self, wall: int) -> int:
        return wall_to_utc(wall, self._zone)

    def _wall(self, instant: int) -> int:
        return utc_to_wall(instant, self._zone)


class _Always(WorkingTime):
    """24 hours on 7 days: plain arithmetic, no windows, the same horizon."""

    __slots__ = ()

    def __init__(self) -> None:
        """Take nothing: UTC, and every second of it."""
        super().__init__("UTC", {weekday: [(0, DAY)] for weekday in range(7)}, [])

    def _elapsed(self, start: int, end: int) -> int:
        return end - start

    def _forward(self, start: int, seconds: int) -> int | None:
        return start + seconds if seconds <= HORIZON else None

    def _backward(self, end: int, seconds: int) -> int | None:
        return end - seconds if seconds <= HORIZON else None

    def _next_open(self, at: int, limit: int | None = None) -> int | None:
        return at if limit is None or at <= limit else None

    def _pieces(self, start: int, end: int) -> Iterator[Interval]:
        return iter([(start, end)])
