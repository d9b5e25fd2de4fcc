"""Dated examples of every rule where engines of this field disagree."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from business_time import WorkingTime, working_time

HOUR, DAY = 3600, 86_400
OFFICE = {weekday: [(9 * HOUR, 17 * HOUR)] for weekday in range(5)}
WHOLE_WEEK = {weekday: [(0, DAY)] for weekday in range(7)}


def at(text):
    return datetime.fromisoformat(text)


def clock(text):
    hours, minutes = text.split(":")
    return int(hours) * HOUR + int(minutes) * 60


def daily(*hours):
    return {
        weekday: [tuple(map(clock, interval.split("-"))) for interval in hours]
        for weekday in range(7)
    }


def leave(start, end):
    return at(start), at(end)


@pytest.fixture
def office():
    return WorkingTime("UTC", [OFFICE], [])


# Monday 5 January 2026 begins an ordinary week.


@pytest.mark.parametrize(
    ("start", "seconds", "expected"),
    [
        ("2026-01-05T09:00", HOUR, "2026-01-05T10:00"),
        ("2026-01-05T09:00", 8 * HOUR, "2026-01-05T17:00"),  # the closing time itself
        ("2026-01-05T09:00", 8 * HOUR + 1, "2026-01-06T09:00:01"),
        ("2026-01-05T03:00", HOUR, "2026-01-05T10:00"),
        ("2026-01-05T17:00", 1, "2026-01-06T09:00:01"),
        ("2026-01-05T16:59:59", 1, "2026-01-05T17:00"),
        ("2026-01-09T16:00", 2 * HOUR, "2026-01-12T10:00"),
        ("2026-01-10T12:00", 40 * HOUR, "2026-01-16T17:00"),
        ("2026-01-05T08:59:59", 0, "2026-01-05T09:00"),
        ("2026-01-05T09:00", 0, "2026-01-05T09:00"),
        ("2026-01-05T16:59:59", 0, "2026-01-05T16:59:59"),
        ("2026-01-05T17:00", 0, "2026-01-06T09:00"),
        ("2026-01-09T17:00", 0, "2026-01-12T09:00"),
    ],
)
def test_deadline(office, start, seconds, expected):
    assert office.deadline(at(start), seconds) == at(expected)


@pytest.mark.parametrize(
    ("end", "seconds", "expected"),
    [
        ("2026-01-05T17:00", HOUR, "2026-01-05T16:00"),
        ("2026-01-05T17:00", 8 * HOUR, "2026-01-05T09:00"),  # the opening time itself
        ("2026-01-05T17:00", 8 * HOUR + 1, "2026-01-02T16:59:59"),
        ("2026-01-06T09:00", 1, "2026-01-05T16:59:59"),  # never the closing time
        ("2026-01-06T09:00:01", 1, "2026-01-06T09:00"),
        ("2026-01-11T12:00", 40 * HOUR, "2026-01-05T09:00"),
        ("2026-01-11T12:00", 40 * HOUR - 1, "2026-01-05T09:00:01"),
        ("2026-01-11T12:00", 0, "2026-01-11T12:00"),
        ("2026-01-05T17:00", 0, "2026-01-05T17:00"),
    ],
)
def test_before(office, end, seconds, expected):
    assert office.before(at(end), seconds) == at(expected)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-01-05T09:00", "2026-01-05T17:00", 8 * HOUR),
        ("2026-01-05T00:00", "2026-01-12T00:00", 40 * HOUR),
        ("2026-01-05T16:59:59", "2026-01-06T09:00:01", 2),
        ("2026-01-05T17:00", "2026-01-06T09:00", 0),
        ("2026-01-05T10:00", "2026-01-05T10:00", 0),
        ("2026-01-05T11:00", "2026-01-05T10:00", 0),
        ("2026-01-10T00:00", "2026-01-12T00:00", 0),
    ],
)
def test_elapsed(office, start, end, expected):
    assert office.elapsed(at(start), at(end)) == expected
    assert type(office.elapsed(at(start), at(end))) is int


@pytest.mark.parametrize(
    ("instant", "is_open", "expected"),
    [
        ("2026-01-05T08:59:59", False, "2026-01-05T09:00"),
        ("2026-01-05T09:00", True, "2026-01-05T09:00"),
        ("2026-01-05T16:59:59", True, "2026-01-05T16:59:59"),
        ("2026-01-05T17:00", False, "2026-01-06T09:00"),
        ("2026-01-09T20:00", False, "2026-01-12T09:00"),
    ],
)
def test_open(office, instant, is_open, expected):
    assert office.is_open(at(instant)) is is_open
    assert office.next_open(at(instant)) == at(expected)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-01-05T10:30", 0, "2026-01-05T10:30"),
        ("2026-01-05T20:00", 0, "2026-01-06T09:00"),
        ("2026-01-05T10:30:07", 1, "2026-01-06T10:30:07"),
        ("2026-01-09T10:30", 1, "2026-01-12T10:30"),  # over the weekend
        ("2026-01-05T10:30", 5, "2026-01-12T10:30"),
        ("2026-01-10T10:30", 1, "2026-01-12T10:30"),  # from a closed day
        ("2026-01-10T10:30", 0, "2026-01-12T09:00"),
        ("2026-01-05T06:00", 1, "2026-01-06T09:00"),
        ("2026-01-05T09:00", 1, "2026-01-06T09:00"),
        ("2026-01-05T17:00", 1, "2026-01-07T09:00"),  # a closing time is not open
        ("2026-01-08T20:00", 1, "2026-01-12T09:00"),
    ],
)
def test_add_days(office, start, days, expected):
    assert office.add_days(at(start), days) == at(expected)


def test_add_days_counts_local_dates():
    auckland = WorkingTime("Pacific/Auckland", [OFFICE], [])  # UTC+13 in January
    # Friday 9 January 09:30 in Auckland is still Thursday in UTC.
    assert auckland.add_days(at("2026-01-08T20:30"), 1) == at("2026-01-11T20:30")
    berlin = WorkingTime("Europe/Berlin", [OFFICE], [])
    # The clock time stays when the clocks change on 29 March.
    assert berlin.add_days(at("2026-03-27T09:00"), 1) == at("2026-03-30T08:00")


def test_add_days_skips_leaves_but_not_half_days():
    time = WorkingTime(
        "UTC",
        [OFFICE],
        [
            leave("2026-01-06T00:00", "2026-01-07T00:00"),
            leave("2026-01-07T00:00", "2026-01-07T16:00"),
        ],
    )
    assert time.add_days(at("2026-01-05T10:00"), 1) == at("2026-01-07T16:00")
    assert time.add_days(at("2026-01-05T10:00"), 2) == at("2026-01-08T10:00")


def test_add_days_looks_no_further_than_the_horizon():
    start = at("2026-01-05T20:00")
    closed = at("2026-01-06T17:00"), start + timedelta(days=1096, hours=1)
    time = WorkingTime("UTC", daily("09:00-17:00"), [closed])
    assert time.add_days(start, 1) is None  # Tuesday is a working day, but what comes after it?
    assert time.add_days(start, 2) is None
    assert time.add_days(start - timedelta(hours=8), 1) == at("2026-01-06T12:00")


def test_open_intervals(office):
    assert office.open_intervals(at("2026-01-09T10:00"), at("2026-01-13T09:00")) == [
        (at("2026-01-09T10:00"), at("2026-01-09T17:00")),
        (at("2026-01-12T09:00"), at("2026-01-12T17:00")),
    ]
    assert office.open_intervals(at("2026-01-10T00:00"), at("2026-01-12T00:00")) == []
    assert office.open_intervals(at("2026-01-06T00:00"), at("2026-01-05T00:00")) == []
    whole = WorkingTime("Europe/Berlin", WHOLE_WEEK, [])
    span = at("2024-01-01T00:00"), at("2027-01-01T00:00")
    assert whole.open_intervals(*span) == WorkingTime.always().open_intervals(*span) == [span]
    assert WorkingTime.always().open_intervals(*span[::-1]) == []
    with pytest.raises(ValueError, match="1096 days"):
        office.open_intervals(at("2024-01-01T00:00"), at("2027-01-02T00:00"))


# ----------------------------------------------------------------------
# Clocks that change
# ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "hours", "day", "expected"),
    [
        # Spring: Berlin shows 03:00 right after 01:59:59 (01:00 UTC).
        ("Europe/Berlin", "00:00-24:00", "2026-03-29", [("28T23:00", "29T22:00")]),
        ("Europe/Berlin", "01:00-04:00", "2026-03-29", [("29T00:00", "29T02:00")]),
        ("Europe/Berlin", "02:30-05:00", "2026-03-29", [("29T01:30", "29T03:00")]),
        ("Europe/Berlin", "01:00-02:30", "2026-03-29", [("29T00:00", "29T01:30")]),
        ("Europe/Berlin", "02:10-02:50", "2026-03-29", [("29T01:10", "29T01:50")]),
        ("Europe/Berlin", "02:30-03:15", "2026-03-29", []),
        ("Europe/Berlin", "02:30-03:30", "2026-03-29", []),
        ("Europe/Berlin", "02:00-03:00", "2026-03-29", []),
        # Overlapping hours are one interval before the clock changes.
        ("Europe/Berlin", "01:00-02:30 02:15-03:00", "2026-03-29", [("29T00:00", "29T01:00")]),
        ("Europe/Berlin", "01:00-02:30 03:00-05:00", "2026-03-29", [("29T00:00", "29T03:00")]),
        # Autumn: Berlin shows 02:00 again right after 02:59:59 (01:00 UTC).
        ("Europe/Berlin", "00:00-24:00", "2026-10-25", [("24T22:00", "25T23:00")]),
        ("Europe/Berlin", "00:00-02:30", "2026-10-25", [("24T22:00", "25T00:30")]),
        ("Europe/Berlin", "01:00-03:00", "2026-10-25", [("24T23:00", "25T02:00")]),
        ("Europe/Berlin", "02:30-02:45", "2026-10-25", [("25T00:30", "25T00:45")]),
        ("Europe/Berlin", "02:30-03:30", "2026-10-25", [("25T00:30", "25T02:30")]),
        ("Europe/Berlin", "00:00-02:30 02:30-04:00", "2026-10-25", [("24T22:00", "25T03:00")]),
        # Half an hour.
        ("Australia/Lord_Howe", "00:00-24:00", "2026-10-04", [("03T13:30", "04T13:00")]),
        ("Australia/Lord_Howe", "02:10-04:00", "2026-10-04", [("03T15:40", "03T17:00")]),
        ("Australia/Lord_Howe", "00:00-24:00", "2026-04-05", [("04T13:00", "05T13:30")]),
        ("Australia/Lord_Howe", "01:45-03:00", "2026-04-05", [("04T14:45", "04T16:30")]),
        # No midnight: the day begins at 01:00.
        ("America/Sao_Paulo", "00:00-24:00", "2015-10-18", [("18T03:00", "19T02:00")]),
        ("America/Sao_Paulo", "00:30-08:00", "2015-10-18", [("18T03:30", "18T10:00")]),
        ("America/Sao_Paulo", "20:00-24:00", "2015-10-17", [("17T23:00", "18T03:00")]),
        ("Africa/Cairo", "00:00-24:00", "2024-04-26", [("25T22:00", "26T21:00")]),
        ("America/Santiago", "00:00-24:00", "2023-09-03", [("03T04:00", "04T03:00")]),
        # 23:00 to 24:00 twice.
        ("America/Sao_Paulo", "00:00-24:00", "2015-02-21", [("21T02:00", "22T03:00")]),
        # Midnight twice.
        ("America/Havana", "00:00-24:00", "2024-11-03", [("03T04:00", "04T05:00")]),
        ("America/Havana", "00:00-24:00", "2024-11-02", [("02T04:00", "03T04:00")]),
        # Two hours, and a zone of five hours and three quarters.
        ("Antarctica/Troll", "00:00-24:00", "2024-03-31", [("31T00:00", "31T22:00")]),
        ("Asia/Kathmandu", "09:00-17:00", "2026-01-05", [("05T03:15", "05T11:15")]),
        ("Asia/Tehran", "00:00-24:00", "2016-03-21", [("20T20:30", "21T19:30")]),
        ("Africa/Casablanca", "00:00-24:00", "2024-03-10", [("09T23:00", "11T00:00")]),
        # Far future.
        ("Europe/Berlin", "00:00-24:00", "2100-03-28", [("27T23:00", "28T22:00")]),
    ],
)
def test_clock_change(zone, hours, day, expected):
    weekday = at(day).weekday()
    time = WorkingTime(zone, {weekday: daily(*hours.split())[weekday]}, [])
    found = time.open_intervals(at(day) - timedelta(days=2), at(day) + timedelta(days=3))
    month = day[:8]
    assert found == [(at(month + start), at(month + end)) for start, end in expected]


def test_skipped_day_of_samoa():
    time = WorkingTime("Pacific/Apia", WHOLE_WEEK, [])
    start, end = at("2011-12-29T10:00"), at("2012-01-01T10:00")  # local midnights
    assert time.elapsed(start, end) == 3 * DAY
    # After Thursday the 29th comes Saturday the 31st.
    assert time.add_days(at("2011-12-30T02:00"), 1) == at("2011-12-31T02:00")
    # What does not exist is shifted by the gap, here by a day: Friday's hours are on Saturday.
    friday = WorkingTime("Pacific/Apia", {4: [(9 * HOUR, 17 * HOUR)]}, [])
    assert friday.next_open(at("2011-12-29T00:00")) == at("2011-12-30T19:00")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-29T00:00", "2026-03-30T00:00", 24),  # the day of 23 hours
        ("2026-03-29T02:30", "2026-03-29T04:00", 46.5),
        ("2026-03-28T12:00", "2026-03-29T12:00", 24),
        ("2026-03-29T02:30", "2026-03-29T03:00", 47),  # inverted by the gap: no leave
    ],
)
def test_leave_over_spring(start, end, expected):
    time = WorkingTime("Europe/Berlin", WHOLE_WEEK, [leave(start, end)])
    hours = time.elapsed(at("2026-03-27T23:00"), at("2026-03-29T22:00")) / HOUR
    assert hours == expected


def test_overlapping_leaves_are_one_before_the_clock_changes():
    leaves = [
        leave("2026-03-29T01:00", "2026-03-29T02:30"),
        leave("2026-03-29T02:15", "2026-03-29T03:00"),
    ]
    time = WorkingTime("Europe/Berlin", WHOLE_WEEK, leaves)
    assert time.next_open(at("2026-03-29T00:00")) == at("2026-03-29T01:00")


def test_leave_over_autumn():
    time = WorkingTime("Europe/Berlin", WHOLE_WEEK, [leave("2026-10-25T00:00", "2026-10-26T00:00")])
    assert time.elapsed(at("2026-10-23T22:00"), at("2026-10-26T23:00")) == 48 * HOUR
    assert time.deadline(at("2026-10-24T22:00"), 1) == at("2026-10-25T23:00:01")


# ----------------------------------------------------------------------
# Weeks and leaves
# ----------------------------------------------------------------------


def odoo_week_type(day):
    return (day.toordinal() - 1) // 7 % 2


def test_two_weeks_alternate_as_in_odoo():
    first, second = {0: [(8 * HOUR, 10 * HOUR)]}, {0: [(13 * HOUR, 14 * HOUR)]}
    time = WorkingTime("UTC", (first, second), [])
    for week in range(-3000, 3000, 7):
        monday = datetime(2026, 1, 5) + timedelta(weeks=week)
        hours = (13, 14) if odoo_week_type(monday) else (8, 10)
        expected = [tuple(monday + timedelta(hours=hour) for hour in hours)]
        assert time.open_intervals(monday, monday + timedelta(days=7)) == expected


def test_two_weeks_on_known_dates():
    time = WorkingTime("UTC", [{6: [(0, HOUR)]}, {0: [(0, HOUR)]}], [])
    # 5 January 2026 begins a first week: its Sunday the 11th is followed by a second Monday.
    assert time.open_intervals(at("2026-01-05"), at("2026-01-19")) == [
        (at("2026-01-11T00:00"), at("2026-01-11T01:00")),
        (at("2026-01-12T00:00"), at("2026-01-12T01:00")),
    ]


def test_week_is_that_of_the_local_date():
    time = WorkingTime("Pacific/Auckland", [{0: [(0, HOUR)]}, {}], [])
    assert time.next_open(at("2026-01-01")) == at("2026-01-04T11:00")  # Monday the 5th, 00:00


def test_leaves_are_joined_and_cut_hours_anywhere():
    leaves = [
        leave("2026-01-05T10:00", "2026-01-05T12:00"),
        leave("2026-01-05T11:00", "2026-01-05T13:00"),
        leave("2026-01-05T11:00", "2026-01-05T11:30"),
        leave("2026-01-05T13:00", "2026-01-05T14:00"),
        leave("2026-01-05T22:00", "2026-01-06T10:00"),
        leave("2026-01-07T12:00", "2026-01-07T12:00"),
    ]
    time = WorkingTime("UTC", [OFFICE], leaves)
    assert time.open_intervals(at("2026-01-05"), at("2026-01-08")) == [
        (at("2026-01-05T09:00"), at("2026-01-05T10:00")),
        (at("2026-01-05T14:00"), at("2026-01-05T17:00")),
        (at("2026-01-06T10:00"), at("2026-01-06T17:00")),
        (at("2026-01-07T09:00"), at("2026-01-07T17:00")),
    ]


def test_hours_are_joined():
    week = {0: [(12 * HOUR, 18 * HOUR), (8 * HOUR, 13 * HOUR), (9 * HOUR, 10 * HOUR), (5, 5)]}
    time = WorkingTime("UTC", [week], [])
    assert time.open_intervals(at("2026-01-05"), at("2026-01-12")) == [
        (at("2026-01-05T08:00"), at("2026-01-05T18:00"))
    ]


def test_closing_at_24_joins_the_next_day():
    night = WorkingTime("UTC", [{0: [(22 * HOUR, DAY)], 1: [(0, 6 * HOUR)]}], [])
    assert night.open_intervals(at("2026-01-05"), at("2026-01-07")) == [
        (at("2026-01-05T22:00"), at("2026-01-06T06:00"))
    ]
    assert night.deadline(at("2026-01-05T20:00"), 2 * HOUR) == at("2026-01-06T00:00")


def test_leave_until_the_last_microsecond_means_midnight():
    time = WorkingTime("UTC", WHOLE_WEEK, [leave("2026-01-05T00:00", "2026-01-05T23:59:59.999999")])
    assert time.next_open(at("2026-01-05T12:00")) == at("2026-01-06T00:00")


def test_microseconds_are_cut_off(office):
    late = at("2026-01-05T16:59:59.999999")
    assert office.is_open(late)
    assert office.next_open(late) == at("2026-01-05T16:59:59")
    assert office.deadline(late, 1) == at("2026-01-05T17:00")
    assert office.before(late, 1) == at("2026-01-05T16:59:58")
    assert office.before(late, 0) == at("2026-01-05T16:59:59")
    assert office.add_days(late, 1) == at("2026-01-06T16:59:59")
    assert office.elapsed(at("2026-01-05T16:59:59.1"), late) == 0
    assert office.elapsed(at("2026-01-05T16:59:58.9"), late) == 1
    assert office.elapsed(at("1969-12-31T16:59:58.9"), at("1969-12-31T16:59:59.1")) == 1


# ----------------------------------------------------------------------
# Horizon and limits
# ----------------------------------------------------------------------

THREE_YEARS = timedelta(days=1096)


def test_horizon():
    start = at("2026-01-05T12:00")
    reopening = start + THREE_YEARS
    for late, reachable in ((timedelta(0), True), (timedelta(seconds=1), False)):
        closed = WorkingTime("UTC", WHOLE_WEEK, [(start - timedelta(days=9000), reopening + late)])
        assert closed.next_open(start) == (reopening if reachable else None)
        assert closed.deadline(start, 0) == (reopening if reachable else None)
        assert closed.deadline(start, 1) is None
        assert closed.deadline(start + timedelta(seconds=1), 1) == (
            reopening + timedelta(seconds=1) if reachable else None
        )
    assert not closed.is_open(start)


def test_horizon_backwards():
    end = at("2026-01-05T12:00")
    for early, reachable in ((timedelta(0), True), (timedelta(seconds=1), False)):
        closing = end - THREE_YEARS + timedelta(seconds=1) - early
        closed = WorkingTime("UTC", WHOLE_WEEK, [(closing, end + timedelta(days=9000))])
        assert closed.before(end, 1) == (end - THREE_YEARS if reachable else None)
        assert closed.before(end, 0) == end


@pytest.mark.parametrize("time", [WorkingTime.always(), WorkingTime("UTC", WHOLE_WEEK, [])])
def test_horizon_of_open_time(time):
    start, whole = at("2026-01-05T12:00"), 1096 * DAY
    assert time.deadline(start, whole) == start + THREE_YEARS
    assert time.deadline(start, whole + 1) is None
    assert time.before(start, whole) == start - THREE_YEARS
    assert time.before(start, whole + 1) is None
    assert time.add_days(start, 1096) == start + THREE_YEARS
    assert time.add_days(start, 1097) is None
    for huge in (10**12, 10**30):
        assert time.deadline(start, huge) is None
        assert time.before(start, huge) is None
        assert time.add_days(start, huge) is None


def test_elapsed_has_no_horizon(office):
    start, end = at("1990-01-01T00:00"), at("2030-01-01T00:00")
    days = (start + timedelta(days=day) for day in range((end - start).days))
    assert office.elapsed(start, end) == sum(8 * HOUR for day in days if day.weekday() < 5)
    assert WorkingTime.always().elapsed(datetime.min, datetime.max) == 315537897599


@pytest.mark.parametrize(
    "closed",
    [
        WorkingTime("UTC", [{}], []),
        WorkingTime("Europe/Berlin", [{}, {}], []),
        WorkingTime("UTC", {0: [(9 * HOUR, 9 * HOUR)]}, []),
        WorkingTime("UTC", WHOLE_WEEK, [(datetime(1990, 1, 1), datetime(2090, 1, 1))]),
    ],
)
def test_closed_calendar(closed):
    now = at("2026-01-05T12:00")
    assert closed.deadline(now, 0) is closed.deadline(now, 1) is closed.next_open(now) is None
    assert closed.before(now, 1) is closed.add_days(now, 0) is closed.add_days(now, 3) is None
    assert closed.before(now, 0) == now
    assert closed.elapsed(now, at("2030-01-01")) == 0
    assert not closed.is_open(now)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
@pytest.mark.parametrize("instant", [datetime.min, datetime.max, datetime(9999, 12, 30)])
def test_ends_of_the_calendar_are_no_errors(zone, instant):
    leaves = [(datetime.min, datetime(1, 1, 1, 1)), (datetime(9999, 12, 31, 23), datetime.max)]
    for time in (WorkingTime(zone, [OFFICE], leaves), WorkingTime(zone, WHOLE_WEEK, leaves)):
        for amount in (0, 1, DAY, 10**7, 10**9):
            time.deadline(instant, amount), time.before(instant, amount)
            time.add_days(instant, amount % 1000)
        time.is_open(instant), time.open_intervals(instant, instant)
        assert time.elapsed(instant, instant) == 0
    last = datetime.max.replace(microsecond=0)
    assert WorkingTime.always().deadline(last, 1) is None
    assert WorkingTime.always().before(datetime.min, 1) is None
    assert WorkingTime(zone, WHOLE_WEEK, []).deadline(last, 2 * DAY) is None


@pytest.mark.parametrize("year", [1970, 1901, 2100, 2400])
def test_old_and_far_dates(year):
    time = WorkingTime("Europe/Paris", [OFFICE], [])
    monday = datetime(year, 7, 1) + timedelta(days=-datetime(year, 7, 1).weekday() % 7)
    opening = time.next_open(monday)
    assert opening.date() == monday.date()
    assert time.deadline(opening, 40 * HOUR) == opening + timedelta(days=4, hours=8)


# ----------------------------------------------------------------------
# Windows, threads, memory
# ----------------------------------------------------------------------


def test_answers_across_window_borders():
    border = datetime(1970, 1, 1) + timedelta(seconds=working_time.WINDOW * 160)  # open around
    for time in (WorkingTime("UTC", WHOLE_WEEK, []), WorkingTime("Asia/Tokyo", WHOLE_WEEK, [])):
        second = timedelta(seconds=1)
        assert time.is_open(border)
        assert time.deadline(border - second, 1) == border
        assert time.deadline(border - second, 2) == border + second
        assert time.before(border + second, 1) == border
        assert time.before(border, 1) == border - second
        assert time.elapsed(border - second, border + second) == 2
        assert time.open_intervals(border - second, border + second) == [
            (border - second, border + second)
        ]


@pytest.mark.parametrize("hours", [-30, -1, 0, 1, 5, 23, 24, 30])
def test_leave_that_ends_near_a_window_border(hours):
    border = datetime(1970, 1, 1) + timedelta(seconds=working_time.WINDOW * 160)
    end = border + timedelta(hours=hours)
    for zone, offset in (("UTC", 0), ("Asia/Tokyo", 9), ("Pacific/Kiritimati", 14)):
        local = end + timedelta(hours=offset)
        time = WorkingTime(zone, WHOLE_WEEK, [(local - timedelta(days=3), local)])
        assert time.next_open(end - timedelta(hours=60)) == end
        assert time.before(end + timedelta(hours=1), 2 * HOUR) == end - timedelta(days=3, hours=1)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Etc/GMT+12"])
def test_hours_around_a_window_border(zone):
    border = datetime(1970, 1, 1) + timedelta(seconds=working_time.WINDOW * 160)
    time = WorkingTime(zone, daily("00:00-01:00", "12:00-13:00", "23:00-24:00"), [])
    week = timedelta(days=7)
    assert time.elapsed(border - week, border + week) == 14 * 3 * HOUR


def test_windows_are_built_once_and_forgotten(office):
    start = at("2026-01-05T12:00")
    office.deadline(start, HOUR)
    warmed = office._windows
    office.deadline(start, 2 * HOUR)
    assert office._windows is warmed
    assert len(warmed) == 1
    assert office.elapsed(at("1900-01-01"), at("2100-01-01")) > 0
    assert len(office._windows) == working_time.MAX_WINDOWS
    assert office.deadline(start, HOUR) == at("2026-01-05T13:00")


def test_threads_see_the_same_answers():
    starts = [datetime(2000, 1, 3) + timedelta(days=37 * index) for index in range(400)]
    leaves = [(start, start + timedelta(days=2)) for start in starts[::7]]
    alone = WorkingTime("Europe/Berlin", [OFFICE], leaves)
    expected = [(alone.deadline(start, 90_000), alone.before(start, 90_000)) for start in starts]
    shared, ready = WorkingTime("Europe/Berlin", [OFFICE], leaves), threading.Barrier(8)

    def ask(turn):
        ready.wait()
        order = starts[turn * 50 :] + starts[: turn * 50]
        return {
            start: (shared.deadline(start, 90_000), shared.before(start, 90_000)) for start in order
        }

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    for answer in answers:
        assert [answer[start] for start in starts] == expected


def test_inputs_may_change_afterwards():
    week, leaves = {0: [(9 * HOUR, 17 * HOUR)]}, []
    time = WorkingTime("UTC", [week], leaves)
    week[0].append((0, DAY))
    leaves.append((datetime(2026, 1, 1), datetime(2027, 1, 1)))
    assert time.elapsed(at("2026-01-05"), at("2026-01-06")) == 8 * HOUR


def test_iterators_are_fine():
    time = WorkingTime("UTC", iter([{0: iter([[9 * HOUR, 17 * HOUR]])}]), iter([]))
    assert time.elapsed(at("2026-01-05"), at("2026-01-19")) == 16 * HOUR


# ----------------------------------------------------------------------
# Errors say what to change
# ----------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../etc/passwd", "America", None, 5])
def test_unknown_zone(zone):
    with pytest.raises(ValueError, match="name of a time zone such as"):
        WorkingTime(zone, [OFFICE], [])


@pytest.mark.parametrize("weeks", [[], [OFFICE] * 3, [[(0, 5)]], ["week"]])
def test_wrong_weeks(weeks):
    with pytest.raises(ValueError, match="one mapping of hours by weekday, or two"):
        WorkingTime("UTC", weeks, [])


@pytest.mark.parametrize("weekday", [-1, 7, "0", None])
def test_wrong_weekday(weekday):
    with pytest.raises(ValueError, match=r"from 0 \(Monday\) to 6"):
        WorkingTime("UTC", {weekday: []}, [])


@pytest.mark.parametrize(
    "hours", [(-1, 5), (0, DAY + 1), (10, 9), (0, 1.5), (0.5, 2), ("09:00", "17:00"), (None, 5)]
)
def test_wrong_hours(hours):
    with pytest.raises(ValueError, match="whole seconds of the day"):
        WorkingTime("UTC", {0: [hours]}, [])


@pytest.mark.parametrize("pair", [(1,), (1, 2, 3), 5])
def test_no_pair(pair):
    with pytest.raises(ValueError, match="pair"):
        WorkingTime("UTC", {0: [pair]}, [])
    with pytest.raises(ValueError, match="pair"):
        WorkingTime("UTC", [OFFICE], [pair])


def test_wrong_leaves():
    now = datetime(2026, 1, 5)
    with pytest.raises(ValueError, match="end after it starts"):
        WorkingTime("UTC", [OFFICE], [(now, now - timedelta(microseconds=1))])
    for wrong in (now.replace(tzinfo=UTC), "2026-01-05", date(2026, 1, 5)):
        with pytest.raises(ValueError, match="naive datetime"):
            WorkingTime("UTC", [OFFICE], [(wrong, wrong)])


@pytest.mark.parametrize("time", [WorkingTime.always(), WorkingTime("UTC", [OFFICE], [])])
def test_wrong_arguments(time):
    now = datetime(2026, 1, 5)
    aware = now.replace(tzinfo=UTC)
    for method in (time.elapsed, time.open_intervals):
        with pytest.raises(ValueError, match="naive datetime"):
            method(aware, now)
        with pytest.raises(ValueError, match="naive datetime"):
            method(now, aware)
    for method in (time.is_open, time.next_open):
        with pytest.raises(ValueError, match="naive datetime"):
            method(aware)
    for method in (time.deadline, time.before, time.add_days):
        with pytest.raises(ValueError, match="naive datetime"):
            method(aware, 1)
        for wrong in (-1, 0.5, float("nan"), float("inf"), None, "5"):
            with pytest.raises(ValueError, match="whole number"):
                method(now, wrong)
