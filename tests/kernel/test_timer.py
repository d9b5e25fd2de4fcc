# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The life of one timer as plain values."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from business_time import (
    DEADLINE,
    WARNING,
    Hold,
    Mark,
    Timer,
    UnreachableTargetError,
    WorkingTime,
)
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
    assert timer.moments(OFFICE) == [
        (datetime(2026, 3, 2, 17), WARNING),
        (datetime(2026, 3, 3, 11), DEADLINE),
    ]
    assert timer.moments(OFFICE, frozenset({WARNING})) == [(datetime(2026, 3, 3, 11), DEADLINE)]


def test_no_warning_asked_for():
    timer = Timer.start(OFFICE, MONDAY, HOUR, 0)
    assert timer.warn_at(OFFICE) is None
    assert timer.moments(OFFICE) == [(datetime(2026, 3, 2, 10), DEADLINE)]


def test_warning_in_the_instant_of_the_deadline_comes_before_it():
    timer = Timer.start(OFFICE, MONDAY, HOUR, HOUR)
    assert [point for _at, point in timer.moments(OFFICE)] == [WARNING, DEADLINE]


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
    assert timer.moments(OFFICE) == []


def test_a_known_breach_stays_although_the_target_grows():
    timer = Timer.start(OFFICE, MONDAY, HOUR, 0)
    late = datetime(2026, 3, 2, 12)
    timer, _piece = timer.rebase(OFFICE, OFFICE, late, 20 * HOUR, 0)
    assert timer.breached_at == datetime(2026, 3, 2, 10)
    assert timer.deadline == datetime(2026, 3, 4, 13)
    assert timer.moments(OFFICE) == []
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
    assert timer.moments(OFFICE) == [(datetime(2026, 3, 2, 10), DEADLINE)]
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


# Pauses

CUSTOMER, SUPPLIER = Hold("customer", 1), Hold("third_party", 2)


def moment(day, hour, minute=0):
    """Return an instant of the week of Monday, 2 March 2026."""
    return datetime(2026, 3, day, hour, minute)


def play(timer, *steps):
    """Take steps; return the timer and the pieces they leave."""
    pieces = []
    for name, at, *more in steps:
        times = (OFFICE, OFFICE) if name == "resume" else (OFFICE,)
        timer, piece = getattr(timer, name)(*times, at, *more)
        pieces += [piece] if piece else []
    return timer, pieces


def test_the_worked_example():
    """16 working hours from Monday 9:00; the customer has the ball twice."""
    timer, pieces = play(
        Timer.start(OFFICE, MONDAY, 16 * HOUR, 0),
        ("pause", moment(2, 15), CUSTOMER),
        ("resume", moment(4, 10)),
        ("pause", moment(4, 14, 30), CUSTOMER),
        ("resume", moment(5, 9)),
    )
    assert timer.deadline == moment(5, 14, 30)
    assert [(piece.seconds, piece.hold) for piece in pieces] == [
        (6 * HOUR, None),
        (11 * HOUR, CUSTOMER),
        (4.5 * HOUR, None),
        (2.5 * HOUR, CUSTOMER),
    ]


def test_a_paused_timer_has_no_deadline_and_does_not_breach():
    timer, _ = play(Timer.start(OFFICE, MONDAY, HOUR, 0), ("pause", moment(2, 9, 30), CUSTOMER))
    assert (timer.state, timer.deadline, timer.running_since) == ("paused", None, None)
    assert (timer.paused_since, timer.hold) == (moment(2, 9, 30), CUSTOMER)
    assert timer.breach(moment(6, 9)) is None
    assert timer.moments(OFFICE) == []
    assert timer.warn_at(OFFICE) is None
    assert timer.spent_at(OFFICE, moment(6, 9)) == HOUR / 2


def test_a_pause_in_closed_hours_moves_nothing():
    start = Timer.start(OFFICE, MONDAY, 10 * HOUR, 0)
    timer, _ = play(start, ("pause", moment(2, 18), CUSTOMER), ("resume", moment(3, 8)))
    assert timer.deadline == start.deadline


def test_a_pause_after_a_breach_heals_nothing():
    timer, _ = play(
        Timer.start(OFFICE, MONDAY, HOUR, 0),
        ("pause", moment(2, 11), CUSTOMER),
        ("resume", moment(3, 9)),
    )
    assert timer.breached_at == timer.deadline == moment(2, 10)
    assert timer.stop(OFFICE, moment(3, 9))[0].state == "missed"


def test_a_pause_at_the_very_deadline_breaches_nothing():
    timer, _ = play(Timer.start(OFFICE, MONDAY, HOUR, 0), ("pause", moment(2, 10), CUSTOMER))
    assert timer.breached_at is None
    resumed, _ = play(timer, ("resume", moment(3, 12)))
    assert resumed.deadline == moment(3, 12)
    assert resumed.stop(OFFICE, moment(3, 12))[0].state == "met"
    assert resumed.stop(OFFICE, moment(3, 12, 1))[0].state == "missed"


def test_stop_straight_out_of_a_pause():
    paused, _ = play(Timer.start(OFFICE, MONDAY, HOUR, 0), ("pause", moment(2, 9, 30), CUSTOMER))
    timer, pieces = play(paused, ("stop", moment(6, 12)))
    assert (timer.state, timer.spent, timer.paused_since, timer.hold) == ("met", 1800, None, None)
    assert pieces[0].hold == CUSTOMER


def test_another_cause_goes_on_without_a_gap():
    timer, pieces = play(
        Timer.start(OFFICE, MONDAY, 8 * HOUR, 0),
        ("pause", moment(2, 10), CUSTOMER),
        ("pause", moment(2, 12), SUPPLIER),
        ("resume", moment(2, 13)),
    )
    assert [(piece.start, piece.end) for piece in pieces] == [
        (MONDAY, moment(2, 10)),
        (moment(2, 10), moment(2, 12)),
        (moment(2, 12), moment(2, 13)),
    ]
    assert timer.spent == HOUR


def test_resume_by_other_hours():
    paused, _ = play(Timer.start(OFFICE, MONDAY, 4 * HOUR, 0), ("pause", moment(2, 11), CUSTOMER))
    timer, piece = paused.resume(OFFICE, NIGHT, moment(2, 13))
    assert piece.seconds == 2 * HOUR
    assert timer.deadline == moment(3, 2)


def test_resume_by_hours_that_never_offer_enough():
    paused, _ = play(Timer.start(OFFICE, MONDAY, 4 * HOUR, 0), ("pause", moment(2, 11), CUSTOMER))
    with pytest.raises(UnreachableTargetError):
        paused.resume(OFFICE, WorkingTime("UTC", [{}], []), moment(2, 13))


def test_a_step_that_comes_late_takes_effect_after_what_is_written():
    timer, pieces = play(
        Timer.start(OFFICE, MONDAY, 8 * HOUR, 0),
        ("pause", moment(2, 12), CUSTOMER),
        ("stop", moment(2, 11)),
    )
    assert (timer.stopped_at, len(pieces)) == (moment(2, 12), 1)


def test_rebase_while_paused_keeps_the_pause():
    paused, _ = play(Timer.start(OFFICE, MONDAY, 8 * HOUR, 0), ("pause", moment(2, 12), CUSTOMER))
    timer, piece = paused.rebase(OFFICE, OFFICE, moment(2, 14), 4 * HOUR, 0)
    assert (piece, timer.state, timer.paused_since, timer.deadline) == (
        None,
        "paused",
        moment(2, 12),
        None,
    )
    assert play(timer, ("resume", moment(3, 9)))[0].deadline == moment(3, 10)


def test_rebase_while_paused_to_a_target_that_is_used_up():
    paused, _ = play(Timer.start(OFFICE, MONDAY, 8 * HOUR, 0), ("pause", moment(2, 12), CUSTOMER))
    timer, _piece = paused.rebase(OFFICE, OFFICE, moment(2, 14), HOUR, 0)
    assert timer.stop(OFFICE, moment(2, 15))[0].state == "met"  # a pause does not breach
    assert play(timer, ("resume", moment(2, 15)))[0].deadline == moment(2, 15)


# Opened again


def test_reopen_counts_the_closed_time_as_a_pause():
    met, _ = play(Timer.start(OFFICE, MONDAY, 8 * HOUR, 0), ("stop", moment(2, 12)))
    timer, piece = met.reopen(OFFICE, OFFICE, moment(3, 10))
    assert (piece.start, piece.end, piece.hold.cause) == (moment(2, 12), moment(3, 10), "closed")
    assert (timer.state, timer.stopped_at, timer.spent) == ("running", None, 3 * HOUR)
    assert timer.deadline == moment(3, 15)


# A deadline that a person agreed on


def test_an_agreed_deadline_replaces_the_computed_one():
    start = Timer.start(OFFICE, MONDAY, 8 * HOUR, 0)
    timer, piece = start.agree(OFFICE, moment(2, 10), moment(6, 12), 0)
    assert (piece, timer.deadline) == (None, moment(6, 12))
    assert timer.computed_deadline(OFFICE) == moment(2, 17)
    assert timer.stop(OFFICE, moment(6, 12))[0].state == "met"
    late = timer.stop(OFFICE, moment(6, 13))[0]
    assert (late.state, late.breached_at) == ("missed", moment(6, 12))
    back, _ = timer.agree(OFFICE, moment(2, 11), None, 0)
    assert (back.deadline, back.manual) == (moment(2, 17), None)


def test_an_agreed_deadline_keeps_its_open_time_through_a_pause():
    timer, _ = Timer.start(OFFICE, MONDAY, 8 * HOUR, 0).agree(OFFICE, MONDAY, moment(3, 12), 0)
    timer, _ = play(timer, ("pause", moment(3, 10), CUSTOMER), ("resume", moment(4, 9)))
    assert timer.deadline == moment(4, 11)


def test_only_the_pause_after_the_agreement_moves_it():
    paused, _ = play(Timer.start(OFFICE, MONDAY, 8 * HOUR, 0), ("pause", moment(2, 10), CUSTOMER))
    timer, piece = paused.agree(OFFICE, moment(3, 9), moment(4, 12), 0)
    assert (timer.state, piece.end, timer.deadline) == ("paused", moment(3, 9), None)
    assert play(timer, ("resume", moment(3, 11)))[0].deadline == moment(4, 14)


def test_rebase_keeps_an_agreed_deadline():
    timer, _ = Timer.start(OFFICE, MONDAY, 8 * HOUR, 0).agree(OFFICE, MONDAY, moment(5, 12), 0)
    timer, _piece = timer.rebase(OFFICE, OFFICE, moment(2, 10), 2 * HOUR, 0)
    assert timer.deadline == moment(5, 12)
    assert timer.computed_deadline(OFFICE) == moment(2, 11)


# Marks


def test_marks_in_the_order_of_time_and_after_the_deadline():
    marks = (Mark("7", 12 * HOUR), Mark("8", 4 * HOUR))
    timer = Timer.start(OFFICE, MONDAY, 10 * HOUR, 8 * HOUR, marks)
    assert timer.moments(OFFICE) == [
        (moment(2, 13), "8"),
        (moment(2, 17), WARNING),
        (moment(3, 11), DEADLINE),
        (moment(3, 13), "7"),
    ]
    assert [point for _at, point in timer.moments(OFFICE, frozenset({"8", WARNING}))] == [
        DEADLINE,
        "7",
    ]


@pytest.mark.parametrize(
    ("start", "target", "warn", "at"),
    [
        # Deadline Tuesday 9:30: a warning at 16:30 or at closing would find nobody in time.
        (moment(2, 9), 8.5, 7.5, moment(2, 16)),
        (moment(2, 9), 8.5, 8, moment(2, 16)),
        # The edges: an hour before closing, an hour after the opening.
        (moment(2, 9), 8.5, 7, moment(2, 16)),
        (moment(2, 9), 9, 7.5, moment(2, 16)),
        (moment(2, 9), 9.5, 7.5, moment(2, 16, 30)),
        (moment(2, 9), 8.5, 6.5, moment(2, 15, 30)),
        # Over a weekend as over a night.
        (moment(6, 9), 8.5, 7.5, moment(6, 16)),
        # In the last piece itself there is nothing to bring forward.
        (moment(2, 9), 8.75, 8.5, moment(3, 9, 30)),
        # Never before the clock runs.
        (moment(2, 16, 30), 1, 0.25, moment(2, 16, 30)),
    ],
)
def test_last_moment_to_act(start, target, warn, at):
    timer = Timer.start(OFFICE, start, int(target * HOUR), int(warn * HOUR))
    assert timer.warn_at(OFFICE) == at


def test_a_lunch_break_is_no_closing():
    hours = WorkingTime("UTC", [{0: [(9 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR)]}], [])
    timer = Timer.start(hours, MONDAY, int(3.5 * HOUR), int(2.5 * HOUR))
    assert timer.warn_at(hours) == moment(2, 11, 30)


steps = st.lists(
    st.tuples(st.sampled_from(["pause", "resume", "rebase"]), st.integers(0, 40 * HOUR)),
    max_size=8,
)


@given(target=targets, steps=steps)
def test_pieces_leave_no_gap_and_account_for_every_second(target, steps):
    """Remaining = target - spent, whatever happened; the evidence says the same."""
    timer, at, pieces = Timer.start(OFFICE, MONDAY, target, 0), MONDAY, []
    for name, after in steps:
        at += timedelta(seconds=after)
        if name == "pause":
            timer, piece = timer.pause(OFFICE, at, CUSTOMER)
        elif name == "resume" and timer.state == "paused":
            timer, piece = timer.resume(OFFICE, OFFICE, at)
        elif name == "rebase":
            timer, piece = timer.rebase(OFFICE, OFFICE, at, target, 0)
        else:
            continue
        pieces += [piece] if piece else []
    timer, piece = timer.stop(OFFICE, at + timedelta(hours=1))
    pieces += [piece] if piece else []
    assert pieces[0].start == MONDAY
    assert all(one.end == other.start for one, other in pairwise(pieces))
    assert sum(piece.seconds for piece in pieces) == OFFICE.elapsed(MONDAY, pieces[-1].end)
    assert timer.spent == sum(piece.seconds for piece in pieces if not piece.hold)
    assert (timer.state == "missed") == (timer.spent > target)
