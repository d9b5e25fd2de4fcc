"""Facts published by the test suites of other time engines: all to the second."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from business_time import WorkingTime

VECTORS = json.loads((Path(__file__).parent / "data" / "working_time_examples.json").read_text())[
    "vectors"
]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def seconds_of_day(text):
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def instant(text):
    aware = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return aware.astimezone(UTC).replace(tzinfo=None)


def build(calendar):
    week = {
        WEEKDAYS.index(day): [tuple(map(seconds_of_day, hours)) for hours in intervals]
        for day, intervals in calendar["weekly"].items()
    }
    leaves = [tuple(map(datetime.fromisoformat, leave)) for leave in calendar["leaves"]]
    return WorkingTime(calendar["tz"], [week], leaves)


def merged(pauses):
    """Return the union of the pauses, in order."""
    union = []
    for start, end in sorted(tuple(map(instant, pause)) for pause in pauses):
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(end, union[-1][1]))
        else:
            union.append((start, end))
    return union


def elapsed(calendar, vector):
    start, end = instant(vector["start"]), instant(vector["end"])
    paused = (
        calendar.elapsed(max(start, pause), min(end, resume))
        for pause, resume in merged(vector["pauses"])
    )
    return calendar.elapsed(start, end) - sum(paused)


def paused_deadline(calendar, vector):
    """Stop and resume as a timer does: what is left is counted from each resume."""
    running_since, left = instant(vector["start"]), vector["target_seconds"]
    for pause, resume in merged(vector["pauses"]):
        deadline = calendar.deadline(running_since, left)
        if deadline is not None and deadline <= pause:
            return deadline
        left -= calendar.elapsed(running_since, pause)
        running_since = max(running_since, resume)
    return calendar.deadline(running_since, left)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_example(vector):
    calendar = build(vector["calendar"])
    if vector["kind"] == "elapsed":
        assert elapsed(calendar, vector) == vector["expected_seconds"]
    else:
        assert paused_deadline(calendar, vector) == instant(vector["expected"])


def test_every_example_is_there():
    assert len(VECTORS) == 79
    assert {vector["kind"] for vector in VECTORS} == {"elapsed", "deadline", "paused_deadline"}
