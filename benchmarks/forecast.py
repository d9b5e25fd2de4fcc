"""Learning from finished requests, and asking for forecasts, among few known cases and many."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from statistics import median

from benchmarks.filling import create_tasks
from benchmarks.report import Row, verdict
from benchmarks.sampling import Sample, in_turn
from benchmarks.session import create_office_calendar, measure, transaction
from devtools.console import step
from devtools.databases import Databases

#: Known cases. In the smallest database there are just so many of each stage and type as are used.
FEW, MORE, MANY = 2_000, 20_000, 200_000
STAGES, TAGS, USED = 2, 2, 500
LEARNED, OPEN = 1000, 100
ROUNDS = 5
MONDAY = datetime(2026, 3, 9, 8)


def compare(databases: Databases, database: str, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the rows of learning, and of the samples that forecasts are made of."""
    with ExitStack() as copies:
        sides = []
        for count in (FEW, MORE, MANY):
            name = copies.enter_context(databases.copy_of(database, f"bench_forecast_{count}"))
            with step(f"Copying {count:,} known cases"):
                sides.append(Forecasts(name, count))
        with step(f"Learning from {LEARNED:,} requests among {FEW:,} and {MORE:,} cases"):
            learned = in_turn([side.learn for side in sides[:2]], rounds)
        with step(f"Comparing {OPEN} requests with {MORE:,} and {MANY:,} cases"):
            samples = in_turn([side.ask for side in sides[1:]], 2 * rounds)
    yield _learning_row(*learned)
    yield _queries_row(*learned)
    yield _samples_row(*samples)


class Forecasts:
    """Known cases in one database, requests that are done and not learned, and open ones.

    :param count: known cases: one of each stage for every request
    """

    def __init__(self, database: str, count: int) -> None:
        self.database = database
        with transaction(database) as env:
            env["res.company"].search(
                [], order="id", limit=1
            ).resource_calendar_id = create_office_calendar(env)
            known = create_tasks(env, count // STAGES, "Known")
            self.done = create_tasks(env, LEARNED, "Done")
            self.open = create_tasks(env, OPEN, "Open")
            stages = env["project.task.type"].create(
                [{"name": f"Stage {number}"} for number in range(STAGES)]
            )
            tags = env["project.tags"].create(
                [{"name": f"Type {number}"} for number in range(TAGS)]
            )
            self._fill(env, known, stages.ids, tags.ids)
        self._check_known(count)

    def learn(self) -> Sample:
        """Learn from requests that were done lately; check what was learned."""
        with transaction(self.database) as env:
            env.cr.execute("DELETE FROM service_forecast_case WHERE task_id = ANY(%s)", [self.done])
        sample = measure(
            self.database,
            lambda env: (
                env["service.forecast.case"].sudo()._learn(env["project.task"].browse(self.done))
            ),
        )
        found = self._read(
            """SELECT count(*), min(forecast_count), max(forecast_count)
                 FROM service_forecast_case
                WHERE task_id = ANY(%s)""",
            self.done,
        )
        assert found == [(STAGES * LEARNED, USED, USED)], found
        return sample

    def ask(self) -> Sample:
        """Get what open requests are compared with; check that it is all there."""
        samples = {}
        sample = measure(
            self.database,
            lambda env: samples.update(
                env["service.forecast.case"]._get_samples(env["project.task"].browse(self.open))
            ),
        )
        assert sorted(samples) == sorted(self.open)
        assert {len(one.values) for one in samples.values()} == {USED}
        return sample

    def _fill(self, env, known: list[int], stage_ids: list[int], tag_ids: list[int]) -> None:
        """Give all requests types and stages, the known ones cases, the done ones a history."""
        env.cr.execute(
            """INSERT INTO project_tags_project_task_rel (project_task_id, project_tags_id)
               SELECT id, (%s)[1 + id %% %s] FROM UNNEST(%s) AS id""",
            [tag_ids, TAGS, known + self.done + self.open],
        )
        env.cr.execute(
            """UPDATE project_task
                  SET stage_id = %s, create_date = %s, date_last_stage_update = %s,
                      state = CASE WHEN id = ANY(%s) THEN '1_done' ELSE '01_in_progress' END
                WHERE id = ANY(%s)""",
            [stage_ids[-1], MONDAY, MONDAY, self.done, self.done + self.open],
        )
        env.cr.execute(
            """INSERT INTO service_forecast_case
                      (task_id, stage_id, tag_id, entered_at, closed_at, seconds)
               SELECT id, stage_id, (%s)[1 + id %% %s], at - interval '9 days', at,
                      id * 7919 %% 288000 + 1
                 FROM UNNEST(%s) AS id,
                      UNNEST(%s) AS stage_id,
                      LATERAL (SELECT %s - id * interval '1 minute') AS moment (at)""",
            [tag_ids, TAGS, known, stage_ids, MONDAY],
        )
        self._track(env, "stage_id", self.done + self.open, MONDAY, stage_ids)
        self._track(env, "state", self.done, MONDAY + timedelta(weeks=1), [0, 0])
        env.cr.execute("ANALYZE service_forecast_case, mail_message, mail_tracking_value")

    def _track(
        self, env, name: str, task_ids: list[int], start: datetime, values: list[int]
    ) -> None:
        """Note a change of each request as Odoo tracks it, each at a moment of its own."""
        env.cr.execute(
            """WITH messages AS (
                   INSERT INTO mail_message (model, res_id, date, message_type)
                   SELECT 'project.task', id, %s + id %% 5000 * interval '1 minute', 'notification'
                     FROM UNNEST(%s) AS id
                RETURNING id)
               INSERT INTO mail_tracking_value
                      (mail_message_id, field_id, old_value_integer, new_value_integer)
               SELECT id, %s, %s, %s FROM messages""",
            [start, task_ids, env["ir.model.fields"]._get("project.task", name).id, *values],
        )

    def _check_known(self, count: int) -> None:
        found = self._read(
            "SELECT count(*), count(DISTINCT (stage_id, tag_id)) FROM service_forecast_case"
        )
        assert found == [(count, STAGES * TAGS)], found

    def _read(self, sql: str, *values):
        with transaction(self.database) as env:
            env.cr.execute(sql, values)
            return env.cr.fetchall()


def _learning_row(few: list[Sample], more: list[Sample]) -> Row:
    seconds = [median(sample.seconds for sample in samples) for samples in (few, more)]
    return Row(
        f"learning from {LEARNED:,} requests among {MORE:,} cases; among {FEW:,}",
        f"{seconds[1]:.2f} s",
        f"{seconds[0]:.2f} s",
        f"{seconds[1] / seconds[0]:.2f} x",
        "<= 1.5 x",
        verdict(seconds[1] <= 1.5 * seconds[0]),
    )


def _queries_row(few: list[Sample], more: list[Sample]) -> Row:
    queries = [max(sample.queries for sample in samples) / LEARNED for samples in (few, more)]
    return Row(
        f"queries of learning from these {LEARNED:,} requests",
        f"{queries[1]:.3f} a request",
        f"{queries[0]:.3f}",
        f"{queries[1] / queries[0]:.2f} x",
        "<= 0.1 queries",
        verdict(queries[1] <= 0.1),
        is_time=False,
    )


def _samples_row(more: list[Sample], many: list[Sample]) -> Row:
    seconds = [median(sample.seconds for sample in samples) for samples in (more, many)]
    return Row(
        f"what {OPEN} requests are compared with, of {MANY:,} cases; of {MORE:,}",
        f"{seconds[1] * 1000:.1f} ms",
        f"{seconds[0] * 1000:.1f} ms",
        f"{seconds[1] / seconds[0]:.2f} x",
        "<= 1.5 x",
        verdict(seconds[1] <= 1.5 * seconds[0]),
    )
