"""Changed working hours with many open timers: the request, and the job that follows it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from odoo import SUPERUSER_ID

from benchmarks.filling import create_policy, create_tasks, start_timers
from benchmarks.report import Row, verdict
from benchmarks.sampling import Sample
from benchmarks.session import at, create_office_calendar, measure, transaction
from devtools.console import step
from devtools.databases import Databases

OPEN = 20_000
HOURS = {"first_response": 24, "resolution": 40}
# All timers start on one Monday, each at a moment of its own, and still run on Thursday.
MONDAY = datetime(2026, 3, 9, 7)
APART = timedelta(seconds=3)
CHANGED = MONDAY + timedelta(days=1)
CHECKED = 40


def compare(databases: Databases, database: str) -> Iterator[Row]:
    """Yield the rows of the request and of the job, for a holiday and for other opening hours."""
    with databases.copy_of(database, "bench_hours") as name:
        with step(f"Starting {OPEN:,} timers"):
            changes = Changes(name)
        with step(f"Changing the hours of {OPEN:,} timers"):
            samples = [changes.measure(change) for change in (_add_holiday, _close_earlier)]
    with step("Changing the hours of none"):
        alone = [_measure_alone(database, change) for change in (_add_holiday, _close_earlier)]
    requests, jobs = zip(*samples, strict=True)
    yield _request_row(requests, alone)
    yield _job_row(jobs)
    yield _queries_row(jobs)


def _add_holiday(calendar) -> None:
    """Close on the Wednesday."""
    calendar.env["resource.calendar.leaves"].create(
        {
            "name": "Holiday",
            "calendar_id": calendar.id,
            "date_from": MONDAY + timedelta(days=1, hours=16),
            "date_to": MONDAY + timedelta(days=2, hours=16),
        }
    )


def _close_earlier(calendar) -> None:
    """Close an hour earlier on Thursdays."""
    evening = calendar.attendance_ids.filtered(lambda line: line.dayofweek == "3")[-1]
    evening.hour_to -= 1


class Changes:
    """Open timers of one database that are all measured by the same hours."""

    def __init__(self, database: str) -> None:
        self.database = database
        with transaction(database) as env:
            tasks = create_tasks(env, OPEN // len(HOURS), "Open")
            self.calendar_id = create_policy(env, HOURS).calendar_id.id
        start_timers(database, tasks, MONDAY, APART)
        self._check(0)
        self._changes = 0

    def measure(self, change: Callable) -> tuple[Sample, Sample]:
        """Change the hours; measure the request and the job, and check what they did."""
        self._changes += 1
        now = CHANGED + timedelta(minutes=self._changes)
        with at(now):
            request = measure(
                self.database, lambda env: change(env["resource.calendar"].browse(self.calendar_id))
            )
            job = measure(self.database, _follow)
        self._check(self._changes * OPEN)
        return request, job

    def _check(self, recalculated: int) -> None:
        with transaction(self.database) as env:
            timers = env["service.sla.timer"].search([("state", "=", "running")], order="id")
            assert len(timers) == OPEN
            events = env["service.sla.event"].search_count([("kind", "=", "recalculated")])
            assert events == recalculated
            assert not env["service.calendar.change"].search_count([])
            for timer in timers[:: OPEN // CHECKED]:
                calendar = timer.calendar_version_id.calendar_id
                hours = HOURS[timer.metric]
                assert timer.deadline == calendar.plan_hours(hours, timer.started_at, True)


def _follow(env) -> None:
    env(user=SUPERUSER_ID)["service.calendar.change"]._cron_follow()


def _measure_alone(database: str, change: Callable) -> Sample:
    """Measure the same request where no promise depends on it."""
    with transaction(database) as env:
        calendar_id = create_office_calendar(env).id
    with at(CHANGED):
        return measure(database, lambda env: change(env["resource.calendar"].browse(calendar_id)))


def _request_row(requests: list[Sample], alone: list[Sample]) -> Row:
    seconds = [max(sample.seconds for sample in samples) for samples in (requests, alone)]
    return Row(
        f"other hours for {OPEN:,} open timers; for none",
        f"{seconds[0] * 1000:.0f} ms",
        f"{seconds[1] * 1000:.0f} ms",
        f"+{(seconds[0] - seconds[1]) * 1000:.0f} ms",
        "<= 0.5 s",
        verdict(seconds[0] <= 0.5),
    )


def _job_row(jobs: list[Sample]) -> Row:
    seconds = max(sample.seconds for sample in jobs)
    return Row(
        f"the job that recalculates {OPEN:,} timers",
        f"{seconds:.1f} s",
        f"{1000 * seconds / OPEN:.2f} ms a timer",
        "",
        "<= 30 s",
        verdict(seconds <= 30),
    )


def _queries_row(jobs: list[Sample]) -> Row:
    queries = max(sample.queries for sample in jobs) / OPEN
    return Row(
        "queries of this job",
        f"{queries:.3f} a timer",
        "",
        "",
        "<= 0.1 queries",
        verdict(queries <= 0.1),
        is_time=False,
    )
