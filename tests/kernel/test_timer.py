# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The life of one timer as plain values."""

from datetime import datetime, timedelta

import pytest
from business_time import Timer, UnreachableTargetError, WorkingTime
from hypothesis import given
from hypothesis import strategies as st

HOUR = 3600
OFFICE = WorkingTime("UTC", [{day: [(9 * HOUR, 17 * HOUR)] for day in range(5)}], [])
NIGHT = WorkingTime("UTC", [{day: [(0, 6 * HOUR)] for day in range(7)}], [])
MONDAY = datetime(2026, 3, 2, 9)

moments = st.integers(0, 14 * 24 * HOUR).map(lambda seconds: MONDAY + timedelta(seconds=seconds))
targets = st.integers(1, 60 * HOUR)


def test_start():
    timer = Timer.start(OFFICE, MONDAY, 10 * HOUR, 8 * HOUR)
    assert timer.state == "running"
    assert timer.deadline == datetime(2026, 3, 3, 11)
    assert timer.warn_at(OFFICE) == datetime(2026, 3, 2, 17)
    assert timer.next_event(OFFICE, warned=False) == (datetime(2026, 3, 2, 17), "warning")
    assert timer.next_event(OFFICE, warned=True) == (datetime(2026, 3, 3, 11), "deadline")


def test_no_warning_asked_for():
    timer = Timer.start(OFFICE, MONDAY, HOUR, 0)
    assert timer.warn_at(OFFICE) is None
    assert timer.next_event(OFFICE, warned=False) == (datetime(2026, 3, 2, 10), "deadline")


def test_warning_in_the_instant_of_the_deadline_is_none():
    weekend = WorkingTime("UTC", [{0: [(9 * HOUR, 10 * HOUR)]}], [])
    timer = Timer.start(weekend, MONDAY, HOUR, HOUR)
    assert timer.next_event(weekend, warned=False)[1] == "deadline"


def test_hours_that_never_offer_enough():
    with pytest.raises(UnreachableTargetError):
        Timer.start(WorkingTime("UTC", [{}], []), MONDAY, 1, 0)


@pytest.mark.parametrize(
    ("at", "state", "breached_at"),
    [
        (datetime(2026, 3, 3, 10, 59, 59), "met", None),
        (datetime(2026, 3, 3, 11), "met", None),
        (datetime(2026, 3, 3, 11, 0, 1), "missed", datetime(2026, 3, 3, 11)),
        (datetime(2026, 3, 8), "missed", datetime(2026, 3, 3, 11)),
    ],
)
def test_stop(at, state, breached_at):
    timer, piece = Timer.start(OFFICE, MONDAY, 10 * HOUR, 0).stop(OFFICE, at)
    assert (timer.state, timer.breached_at, timer.stopped_at) == (state, breached_at, at)
    assert timer.running_since is None
    assert (piece.start, piece.end, piece.seconds) == (MONDAY, at, timer.spent)
    assert timer.next_event(OFFICE, warned=False) == (None, None)


def test_a_known_breach_stays_although_the_target_grows():
    timer = Timer.start(OFFICE, MONDAY, HOUR, 0)
    late = datetime(2026, 3, 2, 12)
    timer, _piece = timer.rebase(OFFICE, OFFICE, late, 20 * HOUR, 0)
    assert timer.breached_at == datetime(2026, 3, 2, 10)
    assert timer.deadline == datetime(2026, 3, 4, 13)
    assert timer.next_event(OFFICE, warned=False) == (None, None)
    assert timer.stop(OFFICE, late)[0].state == "missed"


def test_cancel_keeps_a_breach_and_claims_none():
    timer = Timer.start(OFFICE, MONDAY, HOUR, 0)
    assert timer.cancel(OFFICE, datetime(2026, 3, 2, 10))[0].breached_at is None
    late = timer.cancel(OFFICE, datetime(2026, 3, 2, 11))[0]
    assert (late.state, late.breached_at) == ("cancelled", datetime(2026, 3, 2, 10))


def test_rebase_keeps_the_past_by_the_old_hours():
    timer = Timer.start(OFFICE, MONDAY, 8 * HOUR, 0)
    at = datetime(2026, 3, 2, 12)
    timer, piece = timer.rebase(OFFICE, NIGHT, at, 8 * HOUR, 0)
    assert (piece.seconds, timer.spent, timer.running_since) == (3 * HOUR, 3 * HOUR, at)
    assert timer.started_at == MONDAY
    assert timer.deadline == datetime(2026, 3, 3, 5)


def test_rebase_to_a_target_that_is_already_used_up():
    timer = Timer.start(OFFICE, MONDAY, 8 * HOUR, 0)
    at = datetime(2026, 3, 2, 12)
    timer, _piece = timer.rebase(OFFICE, OFFICE, at, HOUR, 0)
    assert timer.deadline == datetime(2026, 3, 2, 10)
    assert timer.next_event(OFFICE, warned=False) == (datetime(2026, 3, 2, 10), "deadline")
    assert timer.stop(OFFICE, at)[0].state == "missed"


def test_a_step_without_length_leaves_no_piece():
    timer, piece = Timer.start(OFFICE, MONDAY, HOUR, 0).stop(OFFICE, MONDAY)
    assert (piece, timer.state, timer.spent) == (None, "met", 0)


@given(start=moments, target=targets, at=moments)
def test_met_exactly_when_no_more_than_the_target_was_used(start, target, at):
    timer = Timer.start(OFFICE, start, target, 0)
    at = max(start, at)
    stopped, _piece = timer.stop(OFFICE, at)
    assert (stopped.state == "missed") == (at > timer.deadline)
    assert stopped.spent == OFFICE.elapsed(start, at)
    if stopped.state == "met":
        assert stopped.spent <= target


@given(start=moments, target=targets, at=moments)
def test_rebase_to_the_same_promise_moves_nothing(start, target, at):
    timer = Timer.start(OFFICE, start, target, 0)
    at = max(start, at)
    again, _piece = timer.rebase(OFFICE, OFFICE, at, target, 0)
    assert again.spent_at(OFFICE, at) == timer.spent_at(OFFICE, at)
    assert again.deadline == timer.deadline
