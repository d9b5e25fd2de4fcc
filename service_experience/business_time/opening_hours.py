# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""Reading the three inputs of a calendar: zone, weekly hours, leaves.

Every error is a `ValueError` with one sentence that says what to change.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .instants import DAY, to_seconds
from .intervals import Interval, union

_Week = Mapping[int, Iterable[Sequence[int]]]
Weeks = _Week | Sequence[_Week]
Leaves = Iterable[Sequence[datetime]]


def read_zone(tz: str) -> ZoneInfo:
    """Return the zone of an IANA name."""
    try:
        return ZoneInfo(tz)
    except (KeyError, ValueError, TypeError, AttributeError, OSError):
        raise ValueError(
            f"Use the name of a time zone such as 'Europe/Brussels' instead of {tz!r}."
        ) from None


def read_weeks(weeks: Weeks) -> list[list[Interval]]:
    """Return the hours of 7 or 14 consecutive days, from Monday of the first week.

    Overlapping hours are joined here, on the wall clock, so that a closing time which another
    interval covers is no closing time when the clock jumps over it.
    """
    mappings = [weeks] if isinstance(weeks, Mapping) else list(weeks)
    if len(mappings) not in (1, 2) or not all(isinstance(week, Mapping) for week in mappings):
        raise ValueError("Give one mapping of hours by weekday, or two for a two-week calendar.")
    return [day for week in mappings for day in _read_week(week)]


def read_leaves(leaves: Leaves) -> list[Interval]:
    """Return the leaves in wall-clock seconds since 1970, joined where they overlap or touch.

    A leave closes every second that it touches: an end of 23:59:59.999999 means 24:00.
    """
    return union(map(_read_leave, leaves))


def _read_week(week: _Week) -> list[list[Interval]]:
    unknown = [weekday for weekday in week if weekday not in range(7)]
    if unknown:
        raise ValueError(f"Number weekdays from 0 (Monday) to 6 (Sunday), not {unknown[0]!r}.")
    return [union(map(_read_hours, week.get(weekday, ()))) for weekday in range(7)]


def _read_hours(hours: Sequence[int]) -> Interval:
    opening, closing = _pair(hours, "(open, close)")
    try:
        valid = (
            0 <= opening <= closing <= DAY and int(opening) == opening and int(closing) == closing
        )
    except TypeError:
        valid = False
    if not valid:
        raise ValueError(
            f"Give hours as whole seconds of the day with 0 <= open <= close <= {DAY}, "
            f"a night shift as two days, instead of {tuple(hours)!r}."
        )
    return int(opening), int(closing)


def _read_leave(leave: Sequence[datetime]) -> Interval:
    start, end = _pair(leave, "(from, to)")
    first, last = to_seconds(start), to_seconds(end)
    if start > end:
        raise ValueError(f"Let a leave end after it starts: {start} is later than {end}.")
    return first, last + bool(end.microsecond)


def _pair(value: Any, shape: str) -> tuple[Any, Any]:
    try:
        first, second = value
    except (TypeError, ValueError):
        raise ValueError(f"Give each interval as a pair {shape} instead of {value!r}.") from None
    return first, second
