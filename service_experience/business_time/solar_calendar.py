# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""Days in the solar Hijri calendar, the civil calendar of Iran.

The rule (law of 31 March 1925): the year begins on the day of the March equinox if the equinox is
before true noon in Iran, otherwise on the next day; six months of 31 days, five of 30, and Esfand
of 29 or, in a leap year, 30. See E. M. Reingold and N. Dershowitz, *Calendrical Calculations*,
chapter "The Persian Calendar".

Between 1200 and 1600 the equinoxes follow the cycle of 33 years with 8 leap years, as computed
here, but for one: that of 2124 is minutes before true noon, so 1503 and not 1502 is the leap year.
"""

from datetime import date
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1200, 1600

_LONG_MONTHS = 6 * 31


class SolarDay(NamedTuple):
    """A day: Farvardin is month 1."""

    year: int
    month: int
    day: int


def to_solar(day: date) -> SolarDay | None:
    """Return the day in the solar calendar, None outside the years for which the rule is known.

    >>> to_solar(date(2026, 3, 5))
    SolarDay(year=1404, month=12, day=14)
    """
    number = day.toordinal()
    year = day.year - 621
    if number < _get_new_year(year):
        year -= 1
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    passed = number - _get_new_year(year)
    if passed < _LONG_MONTHS:
        return SolarDay(year, passed // 31 + 1, passed % 31 + 1)
    months, days = divmod(passed - _LONG_MONTHS, 30)
    return SolarDay(year, months + 7, days + 1)


def _get_new_year(year: int) -> int:
    """Return the ordinal of the first day of a year."""
    leap_days = (8 * year + 21) // 33
    return _EPOCH + 365 * year + leap_days - (year == 1503)


# 1 Farvardin 1404 was 21 March 2025.
_EPOCH = 226_530
