"""Laws of working time on random calendars, and agreement with a minute-by-minute walk."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from business_time import WorkingTime, working_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kernel_reference import SlowTime

DAY, QUARTER, MINUTE = 86_400, 900, timedelta(minutes=1)
#: Zones with a date at which something odd happens to their clock.
ODD_DAYS = [
    ("UTC", datetime(2026, 2, 28)),
    ("Europe/Berlin", datetime(2026, 3, 29)),  # 02:00 -> 03:00
    ("Europe/Berlin", datetime(2026, 10, 25)),  # 03:00 -> 02:00
    ("America/New_York", datetime(2010, 11, 7)),
    ("Australia/Lord_Howe", datetime(2026, 4, 5)),  # half an hour back
    ("Australia/Lord_Howe", datetime(2026, 10, 4)),  # half an hour forward
    ("America/Sao_Paulo", datetime(2015, 10, 18)),  # no midnight
    ("America/Sao_Paulo", datetime(2015, 2, 22)),  # Saturday 23:00 twice
    ("Africa/Cairo", datetime(2024, 4, 26)),  # no midnight
    ("Africa/Cairo", datetime(2024, 11, 1)),
    ("America/Santiago", datetime(2023, 9, 3)),
    ("America/Santiago", datetime(2024, 4, 7)),
    ("America/Havana", datetime(2024, 11, 3)),  # midnight twice
    ("America/St_Johns", datetime(2006, 10, 29)),  # Sunday 00:01 -> Saturday 23:01
    ("Pacific/Apia", datetime(2011, 12, 30)),  # the day that was skipped
    ("Africa/Casablanca", datetime(2024, 3, 10)),  # back for Ramadan
    ("Africa/Casablanca", datetime(2024, 4, 14)),
    ("Asia/Tehran", datetime(2016, 3, 21)),
    ("Asia/Tehran", datetime(2016, 9, 21)),
    ("Asia/Kathmandu", datetime(1986, 1, 1)),  # 15 minutes forward, once
    ("Antarctica/Troll", datetime(2024, 3, 31)),  # two hours
    ("Europe/London", datetime(1970, 1, 1)),
    ("America/Los_Angeles", datetime(2100, 3, 14)),
]
#: Days before and after the odd day that the slow reference covers.
BEFORE, SPAN = 9, 20
FAST = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def hours(draw):
    opening = draw(st.integers(0, 95))
    return opening * QUARTER, draw(st.integers(opening, 96)) * QUARTER


weeks = st.lists(
    st.dictionaries(st.integers(0, 6), st.lists(hours(), max_size=3)), min_size=1, max_size=2
)


@st.composite
def leaves_near(draw, day):
    start = day + draw(st.integers(-6 * 96, 6 * 96)) * timedelta(minutes=15)
    return start, start + draw(st.integers(0, 3 * 96)) * timedelta(minutes=15)


@st.composite
def calendars(draw):
    """Return the inputs of a calendar and the odd day of its zone."""
    zone, day = draw(st.sampled_from(ODD_DAYS))
    return zone, draw(weeks), draw(st.lists(leaves_near(day), max_size=4)), day


def minutes_near(day, reach=4):
    return st.integers(-reach * 1440, reach * 1440).map(lambda minute: day + minute * MINUTE)


@st.composite
def questions(draw):
    """Return a calendar with two instants in order near its odd day."""
    zone, week, leaves, day = draw(calendars())
    start, end = sorted((draw(minutes_near(day)), draw(minutes_near(day))))
    return (zone, week, leaves), day, start, end


amounts = st.one_of(st.integers(0, 180), st.integers(0, 3 * 1440))


def beyond(result, limit):
    """Tell whether the slow reference, which knows nothing from `limit` on, cannot see it."""
    return result is None or result >= limit


@pytest.fixture(params=[128, 1, 5])
def window_days(request, monkeypatch):
    """Cut time into windows of several lengths: answers must not depend on it."""
    monkeypatch.setattr(working_time, "WINDOW", request.param * DAY)
    return request.param


# ----------------------------------------------------------------------
# Agreement with the slow reference
# ----------------------------------------------------------------------


@FAST
@given(question=questions(), amount=amounts, days=st.integers(0, 5))
def test_agrees_with_slow_time(window_days, question, amount, days):
    inputs, day, start, end = question
    fast = WorkingTime(*inputs)
    slow = SlowTime(*inputs, day - timedelta(days=BEFORE), SPAN)
    last = slow.at(slow.minutes)
    assert fast.elapsed(start, end) == slow.elapsed(start, end)
    assert fast.is_open(start) == slow.open[slow.index(start)]
    expected = slow.next_open(start)
    assert fast.next_open(start) == expected or (
        expected is None and beyond(fast.next_open(start), last)
    )
    deadline, expected = fast.deadline(start, amount * 60), slow.deadline(start, amount)
    assert deadline == expected or (expected is None and beyond(deadline, last))
    before, expected = fast.before(end, amount * 60), slow.before(end, amount)
    assert before == expected or (expected is None and (before is None or before < slow.start))
    moved, expected = fast.add_days(start, days), slow.add_days(start, days)
    assert moved == expected or (expected is None and beyond(moved, last - timedelta(days=2)))


@FAST
@given(question=questions())
def test_open_intervals_agree_with_slow_time(window_days, question):
    inputs, day, start, end = question
    slow = SlowTime(*inputs, day - timedelta(days=BEFORE), SPAN)
    intervals = WorkingTime(*inputs).open_intervals(start, end)
    for opening, closing in intervals:
        assert start <= opening < closing <= end
    for (_, closing), (opening, _) in pairwise(intervals):
        assert closing < opening
    painted = [
        any(opening <= slow.at(index) < closing for opening, closing in intervals)
        for index in range(slow.index(start), slow.index(end))
    ]
    assert painted == slow.open[slow.index(start) : slow.index(end)]


# ----------------------------------------------------------------------
# Laws
# ----------------------------------------------------------------------

seconds_near = st.integers(-4 * DAY, 4 * DAY).map(lambda second: timedelta(seconds=second))


@FAST
@given(calendar=calendars(), moves=st.tuples(seconds_near, seconds_near, seconds_near))
def test_elapsed_adds_up(calendar, moves):
    *inputs, day = calendar
    time = WorkingTime(*inputs)
    first, second, third = sorted(day + move for move in moves)
    whole = time.elapsed(first, third)
    assert whole == time.elapsed(first, second) + time.elapsed(second, third)
    assert 0 <= whole <= (third - first).total_seconds()
    assert time.elapsed(third, first) == 0
    assert whole == sum(
        (closing - opening).total_seconds()
        for opening, closing in time.open_intervals(first, third)
    )


@FAST
@given(calendar=calendars(), move=seconds_near, seconds=st.integers(1, 40 * 3600))
def test_deadline_is_the_first_instant_and_before_the_last(calendar, move, seconds):
    *inputs, day = calendar
    time, start, second = WorkingTime(*inputs), day + move, timedelta(seconds=1)
    deadline = time.deadline(start, seconds)
    if deadline is not None:
        assert time.elapsed(start, deadline) == seconds
        assert time.elapsed(start, deadline - second) == seconds - 1
        assert time.is_open(deadline - second)
        # From the deadline back one arrives at the first open second that counted.
        assert time.before(deadline, seconds) == time.next_open(start)
    before = time.before(start, seconds)
    if before is not None:
        assert time.is_open(before)
        assert time.elapsed(before, start) == seconds
        assert time.elapsed(before + second, start) == seconds - 1
        assert time.deadline(before, seconds) <= start


@FAST
@given(
    calendar=calendars(),
    moves=st.tuples(seconds_near, seconds_near),
    amounts=st.tuples(st.integers(0, 90_000), st.integers(0, 90_000)),
)
def test_later_start_or_longer_target_is_never_earlier(calendar, moves, amounts):
    *inputs, day = calendar
    time = WorkingTime(*inputs)
    starts = sorted(day + move for move in moves)
    less, more = sorted(amounts)
    results = [time.deadline(starts[0], less), time.deadline(starts[0], more)]
    if None not in results:
        assert results[0] <= results[1]
    results = [time.deadline(start, more) for start in starts]
    if None not in results:
        assert results[0] <= results[1]
    results = [time.before(start, less) for start in starts]
    if None not in results:
        assert results[0] <= results[1]


@FAST
@given(calendar=calendars(), move=seconds_near)
def test_zero_seconds(calendar, move):
    *inputs, day = calendar
    time, at = WorkingTime(*inputs), day + move
    opening = time.next_open(at)
    assert time.deadline(at, 0) == time.add_days(at, 0) == opening
    assert time.before(at, 0) == at
    assert time.is_open(at) == (opening == at)
    if opening is not None:
        assert time.is_open(opening)
        assert time.elapsed(at, opening) == 0


@FAST
@given(calendar=calendars(), moves=st.tuples(seconds_near, seconds_near))
def test_leaves_take_what_was_open_in_them(calendar, moves):
    zone, week, leaves, day = calendar
    start, end = sorted(day + move for move in moves)
    without, time = WorkingTime(zone, week, []), WorkingTime(zone, week, leaves)
    only = WorkingTime(zone, {weekday: [(0, DAY)] for weekday in range(7)}, leaves)
    taken = sum(
        without.elapsed(opening, closing)
        for opening, closing in gaps(only.open_intervals(start, end), start, end)
    )
    assert time.elapsed(start, end) == without.elapsed(start, end) - taken


def gaps(intervals, start, end):
    edges = [start, *(edge for interval in intervals for edge in interval), end]
    return zip(edges[::2], edges[1::2], strict=True)


@FAST
@given(calendar=calendars(), move=seconds_near, cut=st.integers(0, 96))
def test_overlap_and_order_do_not_matter(calendar, move, cut):
    zone, week, leaves, day = calendar
    split = [
        {
            weekday: [piece for hours in reversed(day_hours) for piece in cut_at(hours, cut)]
            for weekday, day_hours in mapping.items()
        }
        for mapping in week
    ]
    time, other = WorkingTime(zone, week, leaves), WorkingTime(zone, split, leaves[::-1] + leaves)
    start, end = day - timedelta(days=6), day + timedelta(days=6) + move
    assert time.open_intervals(start, end) == other.open_intervals(start, end)


def cut_at(hours, quarter):
    """Cut an interval in two pieces that overlap."""
    opening, closing = hours
    middle = min(max(quarter * QUARTER, opening), closing)
    return [(min(middle, closing), closing), (opening, min(middle + QUARTER, closing))]


@FAST
@given(calendar=calendars(), move=seconds_near, days=st.integers(1, 4), more=st.integers(1, 4))
def test_working_days_are_dates_with_open_time(calendar, move, days, more):
    *inputs, day = calendar
    time, start = WorkingTime(*inputs), day + move
    result, later = time.add_days(start, days), time.add_days(start, days + more)
    if result is not None:
        assert result > start
        assert time.is_open(result)
    if later is not None:
        assert result <= later


@FAST
@given(
    at=st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1)),
    seconds=st.integers(0, 4 * 366 * DAY),
    days=st.integers(0, 1200),
)
def test_always_equals_a_week_without_closing(at, seconds, days):
    at = at.replace(microsecond=0)
    always, week = (
        WorkingTime.always(),
        WorkingTime("UTC", {day: [(0, DAY)] for day in range(7)}, []),
    )
    end = at + timedelta(seconds=seconds)
    assert always.elapsed(at, end) == week.elapsed(at, end) == seconds
    assert always.deadline(at, seconds) == week.deadline(at, seconds)
    assert always.before(at, seconds) == week.before(at, seconds)
    assert always.add_days(at, days) == week.add_days(at, days)
    assert always.next_open(at) == week.next_open(at) == at
    assert always.is_open(at)
    assert week.is_open(at)
    if seconds <= 366 * DAY:
        assert always.open_intervals(at, end) == week.open_intervals(at, end)
