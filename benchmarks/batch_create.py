"""A batch of requests with two promises each, against the same batch without."""

from odoo import Command

from benchmarks.sampling import Sample
from benchmarks.session import create_office_calendar, measure, transaction

BATCH = 500
HOURS = {"first_response": 4, "resolution": 16}


class Requests:
    """Batches of tasks in one database, with or without policies."""

    def __init__(self, database: str, *, policies: bool) -> None:
        self.database = database
        self.timers_each = len(HOURS) if policies else 0
        with transaction(database) as env:
            self.project_id = env["project.project"].create({"name": "Benchmark"}).id
            if policies:
                _create_policy(env)

    def create_batch(self, *, chatter: bool = False) -> Sample:
        """Create a batch; measure it, and assert that every timer is there and right.

        :param chatter: with the messages and followers that Odoo adds to a task created by hand;
            they cost so much more than what is measured here that they would hide it
        """
        created: list[int] = []
        context = {} if chatter else {"tracking_disable": True}
        sample = measure(
            self.database,
            lambda env: created.extend(self._create(env["project.task"].with_context(**context))),
        )
        with transaction(self.database) as env:
            self._check(env["project.task"].browse(created).exists())
        return sample

    def _create(self, tasks) -> list[int]:
        rows = [
            {"name": f"Request {number}", "project_id": self.project_id} for number in range(BATCH)
        ]
        return tasks.create(rows).ids

    def _check(self, tasks) -> None:
        assert len(tasks) == BATCH
        timers = tasks.sla_timer_ids
        assert len(timers) == self.timers_each * BATCH
        assert set(timers.mapped("state")) <= {"running"}
        for (metric, start), group in timers.grouped(lambda t: (t.metric, t.started_at)).items():
            calendar = group.calendar_version_id.calendar_id
            deadline = calendar.plan_hours(HOURS[metric], start, compute_leaves=True)
            assert group.mapped("deadline") == [deadline] * len(group)


def _create_policy(env) -> None:
    targets = [
        Command.create({"metric": metric, "duration": hours, "unit": "hour"})
        for metric, hours in HOURS.items()
    ]
    calendar = create_office_calendar(env)
    env["service.sla.policy"].create(
        {"name": "Benchmark", "calendar_id": calendar.id, "target_ids": targets}
    )
