# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""Datetimes as whole seconds since 1970, and back.

How the wall clock of a zone becomes UTC when clocks change:

* a time that does not exist is shifted forward by the gap: 02:30 means 03:30;
* a time that exists twice is its first occurrence.
"""

from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

DAY = 86_400
EPOCH = datetime(1970, 1, 1)


def to_seconds(at: datetime) -> int:
    """Return the whole seconds since 1970 of a naive datetime, rounded down.

    :raise ValueError: `at` has a time zone, or is no datetime.
    """
    try:
        since = at - EPOCH
    except TypeError:
        raise ValueError(
            f"Pass a naive datetime, without a time zone, instead of {at!r}."
        ) from None
    return since.days * DAY + since.seconds


def to_datetime(seconds: int) -> datetime:
    """Return the naive datetime.

    :raise OverflowError: it is outside the years 1 to 9999.
    """
    return EPOCH + timedelta(0, seconds)


def to_datetime_or_none(seconds: int | None) -> datetime | None:
    """Return the naive datetime, None where there is none."""
    try:
        return None if seconds is None else EPOCH + timedelta(0, seconds)
    except OverflowError:
        return None


def to_whole(number: int, what: str) -> int:
    """Return `number` as an int.

    :raise ValueError: it is negative or has a fraction.
    """
    if type(number) is int and number >= 0:
        return number
    try:
        whole = int(number)
    except (TypeError, ValueError, OverflowError):
        whole = -1
    if whole < 0 or whole != number:
        raise ValueError(f"Pass a whole number of {what}, 0 or more, instead of {number!r}.")
    return whole


def wall_to_utc(wall: int, zone: ZoneInfo) -> int:
    """Return the UTC seconds of wall-clock seconds; never fails.

    Where the years 1 to 9999 end, the offset at their end goes on.
    """
    known = min(max(wall, _FIRST), _LAST)
    # A datetime says `fold=0` unless told otherwise. For zoneinfo that is the first occurrence of
    # a time that exists twice, and the offset before the gap for a time that does not exist.
    offset = cast(timedelta, zone.utcoffset(to_datetime(known)))
    return wall - offset.days * DAY - offset.seconds


def utc_to_wall(instant: int, zone: ZoneInfo) -> int:
    """Return the wall-clock seconds of UTC seconds.

    :raise OverflowError: one of both is outside the years 1 to 9999.
    """
    # fromutc() takes UTC under the label of the zone.
    local = zone.fromutc(to_datetime(instant).replace(tzinfo=zone))
    return to_seconds(local.replace(tzinfo=None))


_FIRST, _LAST = to_seconds(datetime.min), to_seconds(datetime.max)
