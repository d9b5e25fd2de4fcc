"""The sweep among many timers, against the sweep among few, and against one with nothing to do."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from statistics import median

from odoo.tools import SQL

from benchmarks.filling import create_policy, create_tasks, multiply, start_timers
from benchmarks.report import Row, tick_row, verdict
from benchmarks.sampling import Sample, in_turn
from benchmarks.session import at, measure, transaction
from devtools.console import step
from devtools.databases import Databases

FEW, MANY = 10_000, 1_000_000
#: How many timers each task has had, one after the other, of each promise, and how many still run.
CYCLES, RUNNING = 100, 20
DUE = 1000
ROUNDS, WARM_UP = 3, 1
TICKS = 10
HOURS = {"first_response": 16, "resolution": 16}
# Each round has a week of its own, that of its Monday morning; the rest is due much later.
MONDAY = datetime(2026, 3, 9, 8)
WEEK = timedelta(weeks=1)
LATER = datetime(2027, 3, 8, 8)


def compare(databases: Databases, database: str, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the rows of a sweep with a thousand events, and of an empty one."""
    with ExitStack() as copies:
        sides = []
        for count in (FEW, MANY):
            name = copies.enter_context(databases.copy_of(database, f"bench_sweep_{count}"))
            with step(f"Starting and copying {count:,} timers"):
                sides.append(Sweeps(name, count, rounds + WARM_UP))
        with step(f"Sweeping {DUE:,} events out of {FEW:,} and {MANY:,} timers, {rounds} rounds"):
            events = in_turn([side.sweep_due for side in sides], 2 * rounds, 2 * WARM_UP)
            ticks = in_turn([side.tick for side in sides], TICKS)
    yield _events_row(*events)
    yield tick_row(f"an empty tick with {MANY:,} timers; with {FEW:,}", *ticks)
    yield _queries_row(*events)


class Sweeps:
    """Timers in one database, of which some are due each time.

    :param count: timers that are not due: a fifth of them runs, the others have ended
    :param rounds: for how many rounds some become due; each gives two sweeps
    """

    def __init__(self, database: str, count: int, rounds: int) -> None:
        self.database = database
        with transaction(database) as env:
            tasks = create_tasks(env, rounds * DUE // 2, "Due")
            others = create_tasks(env, count // CYCLES // 2, "Later")
            create_policy(env, HOURS)
        for number in range(rounds):
            some = tasks[number * DUE // 2 : (number + 1) * DUE // 2]
            start_timers(database, some, MONDAY + number * WEEK, timedelta(seconds=7))
        start_timers(database, others, LATER, timedelta(seconds=1))
        self._fill(others)
        self._check_size(count, rounds)
        self._moments = self._get_moments()

    def sweep_due(self) -> Sample:
        """Sweep when a thousand warnings, or the same timers' breaches, are due; check them."""
        kind, now, due = next(self._moments)
        before = self._count_events()
        sample = self._sweep(now)
        assert self._count_events() - before == DUE
        recorded = self._read(
            """SELECT DISTINCT timer_id FROM service_sla_event
                WHERE kind = %s AND at < %s AND timer_id IN %s""",
            kind,
            now,
            due,
        )
        assert len(recorded) == DUE
        return sample

    def tick(self) -> Sample:
        """Sweep when nothing is due."""
        before = self._count_events()
        sample = self._sweep(LATER)
        assert self._count_events() == before
        return sample

    def _sweep(self, now: datetime) -> Sample:
        with at(now):
            return measure(self.database, lambda env: env["service.sla.timer"].sudo()._cron_sweep())

    def _fill(self, task_ids: list[int]) -> None:
        """Copy the timers of these tasks: first as cycles that run, then as ended ones."""
        runs = SQL("number <= %s", RUNNING)
        values = {
            "cycle": SQL("number"),
            "state": SQL("CASE WHEN %s THEN 'running' ELSE 'met' END", runs),
            "running_since": SQL("CASE WHEN %s THEN running_since END", runs),
            "stopped_at": SQL("CASE WHEN NOT %s THEN started_at + interval '4 hours' END", runs),
            "spent_seconds": SQL("CASE WHEN %s THEN 0 ELSE 14400 END", runs),
            "next_event_kind": SQL("CASE WHEN %s THEN next_event_kind END", runs),
            "next_event_at": SQL(
                "CASE WHEN %s THEN next_event_at + number * interval '1 hour' END", runs
            ),
        }
        with transaction(self.database) as env:
            of_these = SQL("task_id IN %s", tuple(task_ids))
            cycles = SQL("generate_series(2, %s)", CYCLES)
            multiply(env, "service_sla_timer", of_these, values, cycles)
            env.cr.execute(
                """INSERT INTO service_sla_event (timer_id, kind, point, at, detected_at)
                   SELECT id, state, md5(id::text), stopped_at, stopped_at
                     FROM service_sla_timer WHERE state = 'met'"""
            )
            env.cr.execute("ANALYZE service_sla_timer, service_sla_event")

    def _check_size(self, count: int, rounds: int) -> None:
        found = self._read(
            """SELECT count(*), count(*) FILTER (WHERE state = 'running' AND next_event_at > %s)
                 FROM service_sla_timer""",
            LATER,
        )
        due = rounds * DUE
        assert found == [(count + due, count * RUNNING // CYCLES)], found

    def _get_moments(self) -> Iterator[tuple[str, datetime, tuple[int, ...]]]:
        """Yield kind of event, moment of the sweep and due timers, sweep by sweep."""
        weeks = self._read(
            """SELECT array_agg(id), max(warn_at), min(deadline), max(deadline)
                 FROM service_sla_timer WHERE next_event_at < %s
                GROUP BY date_trunc('week', started_at) ORDER BY max(deadline)""",
            LATER,
        )
        for ids, warned, first, last in weeks:
            assert len(ids) == DUE
            assert warned < first
            yield "warned", warned + timedelta(seconds=1), tuple(ids)
            yield "breached", last + timedelta(seconds=1), tuple(ids)

    def _count_events(self) -> int:
        [[count]] = self._read("SELECT count(*) FROM service_sla_event")
        return count

    def _read(self, sql: str, *values):
        with transaction(self.database) as env:
            env.cr.execute(sql, values)
            return env.cr.fetchall()


def _events_row(few: list[Sample], many: list[Sample]) -> Row:
    seconds = [median(sample.seconds for sample in samples) for samples in (few, many)]
    return Row(
        f"{DUE:,} events out of {MANY:,} timers; out of {FEW:,}",
        f"{seconds[1]:.2f} s",
        f"{seconds[0]:.2f} s",
        f"{seconds[1] / seconds[0]:.2f} x",
        "<= 3 s, <= 1.5 x",
        verdict(seconds[1] <= 3, seconds[1] <= 1.5 * seconds[0]),
    )


def _queries_row(few: list[Sample], many: list[Sample]) -> Row:
    queries = [max(sample.queries for sample in samples) / DUE for samples in (few, many)]
    return Row(
        f"queries of these {DUE:,} events",
        f"{queries[1]:.3f} an event",
        f"{queries[0]:.3f}",
        f"{queries[1] / queries[0]:.2f} x",
        "<= 0.1 queries",
        verdict(queries[1] <= 0.1),
        is_time=False,
    )
