"""The opening hours of a week as people say them."""

import pytest
from business_time.week import group_days, shift_week

HOUR = 3_600
OFFICE = [(9 * HOUR, 17 * HOUR)]
NOON = [(9 * HOUR, 12 * HOUR)]
CLOSED = []


def week(*days):
    return [*days, *([CLOSED] * (7 - len(days)))]


@pytest.mark.parametrize(
    ("days", "groups"),
    [
        (week(), []),
        (week(*[OFFICE] * 5), [(0, 4, OFFICE)]),
        ([OFFICE] * 7, [(0, 6, OFFICE)]),
        (week(*[OFFICE] * 4, NOON), [(0, 3, OFFICE), (4, 4, NOON)]),
        (week(OFFICE, CLOSED, OFFICE), [(0, 0, OFFICE), (2, 2, OFFICE)]),
        # Saturday to Wednesday, Friday to Monday: said from where the week begins.
        ([OFFICE, OFFICE, OFFICE, CLOSED, CLOSED, OFFICE, OFFICE], [(5, 2, OFFICE)]),
        ([OFFICE, CLOSED, CLOSED, CLOSED, NOON, NOON, NOON], [(4, 6, NOON), (0, 0, OFFICE)]),
    ],
)
def test_days_in_a_row_are_said_as_one(days, groups):
    assert group_days(days) == groups


def test_clocks_that_agree():
    days = week(OFFICE, [(13 * HOUR, 17 * HOUR), (8 * HOUR, 13 * HOUR)])
    assert shift_week(days, 0) == week(OFFICE, [(8 * HOUR, 17 * HOUR)])


def test_clocks_that_are_ahead_or_behind():
    days = week(OFFICE)
    assert shift_week(days, 3 * HOUR) == week([(12 * HOUR, 20 * HOUR)])
    assert shift_week(days, 9 * HOUR) == week([(18 * HOUR, 26 * HOUR)])
    assert shift_week(days, -12 * HOUR) == [*[CLOSED] * 6, [(21 * HOUR, 29 * HOUR)]]
    assert shift_week([*[CLOSED] * 6, OFFICE], 15 * HOUR) == week([(0, 8 * HOUR)])


def test_whole_days_are_parted_at_midnight():
    whole = [(0, 24 * HOUR)]
    begin, end = [(9 * HOUR, 24 * HOUR)], [(0, 9 * HOUR)]
    halves = [(0, 12 * HOUR), (12 * HOUR, 24 * HOUR)]
    for days in (week(*[whole] * 5), week(*[halves] * 5)):
        assert shift_week(days, 9 * HOUR) == week(begin, *[whole] * 4, end)
        assert shift_week(days, -15 * HOUR) == [*[whole] * 4, end, CLOSED, begin]
    assert shift_week([whole] * 7, 9 * HOUR) == [whole] * 7


@pytest.mark.parametrize("hours", [-13, -7, 0, 5, 14])
def test_no_hour_is_lost_or_won(hours):
    days = [OFFICE, OFFICE, [(0, 24 * HOUR)], CLOSED, NOON, CLOSED, [(22 * HOUR, 24 * HOUR)]]
    shifted = shift_week(days, hours * HOUR)
    total = sum(end - start for day in days for start, end in day)
    assert sum(end - start for day in shifted for start, end in day) == total
    assert shift_week(shifted, -hours * HOUR) == days
