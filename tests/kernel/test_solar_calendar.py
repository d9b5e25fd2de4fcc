"""The solar calendar against a table of facts, and against the laws of a calendar."""

import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from business_time.solar_calendar import FIRST_YEAR, LAST_YEAR, SolarDay, to_solar

TABLE = json.loads((Path(__file__).parent / "data" / "solar_days.json").read_text())["days"]
DAYS = {date.fromisoformat(day): SolarDay(*map(int, solar.split("-"))) for day, solar in TABLE}
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
FIRST, LAST = date(1821, 3, 21), date(2222, 3, 20)


def is_known(solar):
    return FIRST_YEAR <= solar.year <= LAST_YEAR


def test_table_of_facts():
    assert len(DAYS) > 1000
    wrong = {
        day: (to_solar(day), solar)
        for day, solar in DAYS.items()
        if to_solar(day) != (solar if is_known(solar) else None)
    }
    assert wrong == {}


def test_every_year_is_in_the_table_with_its_length():
    new_years = {solar.year: day for day, solar in DAYS.items() if solar[1:] == (1, 1)}
    assert set(YEARS) <= set(new_years)
    lengths = {year: (new_years[year + 1] - new_years[year]).days for year in YEARS}
    assert set(lengths.values()) == {365, 366}
    for year, length in lengths.items():
        last = to_solar(new_years[year] + timedelta(length - 1))
        assert last == (year, 12, 30 if length == 366 else 29)


@pytest.mark.parametrize(
    ("day", "solar"),
    [
        (date(1925, 3, 31), (1304, 1, 11)),  # the calendar becomes law
        (date(1979, 2, 11), (1357, 11, 22)),
        (date(2000, 3, 19), (1378, 12, 29)),
        (date(2000, 3, 20), (1379, 1, 1)),
        (date(2021, 3, 20), (1399, 12, 30)),  # a leap year
        (date(2021, 3, 21), (1400, 1, 1)),
        (date(2025, 3, 20), (1403, 12, 30)),  # another
        (date(2025, 3, 21), (1404, 1, 1)),
        (date(2026, 3, 20), (1404, 12, 29)),
        (date(2026, 3, 21), (1405, 1, 1)),
    ],
)
def test_well_known_days(day, solar):
    assert to_solar(day) == solar


def test_each_day_follows_the_one_before():
    days = [FIRST + timedelta(number) for number in range((LAST - FIRST).days + 1)]
    for (day, before), (_next, after) in pairwise((day, to_solar(day)) for day in days):
        if after.day > 1:
            assert after == before._replace(day=before.day + 1), day
        elif after.month > 1:
            assert after[:2] == (before.year, before.month + 1), day
        else:
            assert (after.year, before.month) == (before.year + 1, 12), day
    assert to_solar(FIRST) == (1200, 1, 1)
    assert to_solar(LAST)[:2] == (1600, 12)


def test_unknown_outside_its_years():
    for day in (date.min, FIRST - timedelta(1), LAST + timedelta(1), date.max):
        assert to_solar(day) is None
