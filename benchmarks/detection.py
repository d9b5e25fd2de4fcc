"""The detection of delays among many open requests, against the same among few."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from statistics import median

from benchmarks.filling import create_tasks
from benchmarks.report import Row, tick_row, verdict
from benchmarks.sampling import Sample, in_turn
from benchmarks.session import at, create_office_calendar, measure, transaction
from devtools.console import step
from devtools.databases import Databases

#: Open requests that are watched, and how many of them change or fall due before a run.
FEW, MANY = 1_000, 50_000
CHANGED = 100
ROUNDS, WARM_UP = 5, 2
MONDAY = datetime(2026, 3, 9, 8)
# Nothing of what is watched falls due before.
LATER = datetime(2027, 3, 8, 8)


def compare(databases: Databases, database: str, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the rows of a run with a hundred changes, with a hundred suspicions, and of none."""
    with ExitStack() as copies:
        sides = []
        for count in (FEW, MANY):
            name = copies.enter_context(databases.copy_of(database, f"bench_detection_{count}"))
            with step(f"Copying {count:,} open requests"):
                sides.append(Detections(name, count))
        with step(f"Looking at {CHANGED} of {FEW:,} and of {MANY:,} requests, {rounds} rounds"):
            changed = in_turn([side.look for side in sides], rounds, WARM_UP)
            late = in_turn([side.suspect for side in sides], rounds, WARM_UP)
            idle = in_turn([side.tick for side in sides], 2 * rounds, WARM_UP)
    yield _row(f"{CHANGED} changes", changed)
    yield _row(f"{CHANGED} suspicions", late)
    yield tick_row(f"a run with nothing to look at among {MANY:,}; among {FEW:,}", *idle)
    yield _queries_row(*changed)


class Detections:
    """Open requests in one database that the customer sees, each with a date and a next look.

    :param count: how many; each run looks at the next hundred of them
    """

    def __init__(self, database: str, count: int) -> None:
        self.database = database
        with transaction(database) as env:
            env["res.company"].search(
                [], order="id", limit=1
            ).resource_calendar_id = create_office_calendar(env)
            customer = env["res.partner"].create({"name": "Customer", "email": "a@b.example"})
            self._tasks = create_tasks(env, count, "Open")
            project = env["project.task"].browse(self._tasks[0]).project_id
            project.write({"partner_id": customer.id, "privacy_visibility": "portal"})
            env.flush_all()
            self._fill(env, customer.id)
        self._next = iter(range(0, count * 100, CHANGED))
        self._check_size(count)

    def look(self) -> Sample:
        """Run when some requests have changed, of which none is late."""
        task_ids = self._take()
        self._note(task_ids, LATER)
        sample = self._detect()
        assert self._count_suspicions(task_ids) == 0
        assert self._count_watched(task_ids) == CHANGED
        return sample

    def suspect(self) -> Sample:
        """Run when the dates of some requests have passed: each becomes a suspicion."""
        task_ids = self._take()
        self._read("DELETE FROM service_delay WHERE task_id = ANY(%s) RETURNING id", task_ids)
        self._note(task_ids, MONDAY - timedelta(hours=1))
        sample = self._detect()
        assert self._count_suspicions(task_ids) == CHANGED
        return sample

    def tick(self) -> Sample:
        """Run when nothing has changed and nothing is due."""
        sample = self._detect()
        assert sample.queries < CHANGED
        return sample

    def _detect(self) -> Sample:
        with at(MONDAY):
            return measure(self.database, lambda env: env["service.delay"].sudo()._cron_detect())

    def _take(self) -> list[int]:
        start = next(self._next) % len(self._tasks)
        return self._tasks[start : start + CHANGED]

    def _note(self, task_ids: list[int], deadline: datetime) -> None:
        """Let requests have another date, and be noted as changed."""
        with transaction(self.database) as env:
            env.cr.execute(
                "UPDATE project_task SET date_deadline = %s WHERE id = ANY(%s)",
                [deadline, task_ids],
            )
            env["service.delay.change"]._add(task_ids, [])

    def _fill(self, env, partner_id: int) -> None:
        """Show all requests to the customer, dated far away, and set their next look."""
        env.cr.execute(
            """UPDATE project_task
                  SET customer_visible = TRUE, partner_id = %s, date_deadline = %s,
                      customer_label = jsonb_build_object('en_US', 'Request ' || id),
                      create_date = %s, date_last_stage_update = %s
                WHERE id = ANY(%s)""",
            [partner_id, LATER, MONDAY, MONDAY, self._tasks],
        )
        env.cr.execute("DELETE FROM service_delay_change")
        env.cr.execute(
            """INSERT INTO service_delay_watch (task_id, look_at)
               SELECT id, %s FROM UNNEST(%s) AS id""",
            [LATER, self._tasks],
        )
        env.cr.execute("ANALYZE project_task, service_delay_watch")

    def _check_size(self, count: int) -> None:
        found = self._read("SELECT count(*), min(look_at) FROM service_delay_watch")
        assert found == [(count, LATER)], found

    def _count_suspicions(self, task_ids: list[int]) -> int:
        [[count]] = self._read(
            """SELECT count(DISTINCT task_id) FROM service_delay
                WHERE state = 'suspected' AND rule = 'deadline_passed' AND task_id = ANY(%s)""",
            task_ids,
        )
        return count

    def _count_watched(self, task_ids: list[int]) -> int:
        [[count]] = self._read(
            "SELECT count(*) FROM service_delay_watch WHERE task_id = ANY(%s)", task_ids
        )
        return count

    def _read(self, sql: str, *values):
        with transaction(self.database) as env:
            env.cr.execute(sql, values)
            return env.cr.fetchall()


def _row(what: str, samples: list[list[Sample]]) -> Row:
    few, many = (median(sample.seconds for sample in side) for side in samples)
    return Row(
        f"{what} among {MANY:,} open requests; among {FEW:,}",
        f"{many * 1000:.0f} ms",
        f"{few * 1000:.0f} ms",
        f"{many / few:.2f} x",
        "<= 1.5 x",
        verdict(many <= 1.5 * few),
    )


def _queries_row(few: list[Sample], many: list[Sample]) -> Row:
    queries = [max(sample.queries for sample in samples) / CHANGED for samples in (few, many)]
    return Row(
        f"queries of these {CHANGED} changes",
        f"{queries[1]:.2f} a request",
        f"{queries[0]:.2f}",
        f"{queries[1] / queries[0]:.2f} x",
        "<= 1 query, no more than among few",
        verdict(queries[1] <= 1, queries[1] <= queries[0]),
        is_time=False,
    )
