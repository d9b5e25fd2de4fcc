"""A batch of requests that is moved from stage to stage, one move every five minutes."""

from datetime import datetime, timedelta
from itertools import cycle

from odoo import Command

from benchmarks.batch_create import BATCH, HOURS
from benchmarks.sampling import Sample
from benchmarks.session import at, create_office_calendar, measure, transaction

# A Monday morning in Brussels. All moves of a run fit into the time before the first warning.
START = datetime(2026, 3, 9, 8)
PAUSE_BETWEEN = timedelta(minutes=5)
STAGES = ("New", "In progress", "Waiting for the customer")


class MovedBatch:
    """A batch that is moved again and again.

    :ivar ids: of the records
    :ivar stage_ids: of ``STAGES``; the last one stops the clock
    """

    model: str

    def __init__(self, database: str, *, promises: bool) -> None:
        self.database = database
        self.promises_each = len(HOURS) if promises else 0
        self.now = START
        with at(START), transaction(database) as env:
            self.stage_ids, self.ids = self._create(env)
        self._working_stages = cycle([self.stage_ids[1], self.stage_ids[0]])
        self.stage_id = self.stage_ids[0]

    def move(self) -> Sample:
        """Move the batch to the other stage in which work goes on; measure and check it."""
        sample = self._move_to(next(self._working_stages))
        self._check("running")
        return sample

    def wait_and_return(self) -> Sample:
        """Move the batch to the stage that stops the clock, and back; measure and check both."""
        back = self.stage_id
        samples = [self._move_to(self.stage_ids[-1])]
        self._check("paused")
        samples.append(self._move_to(back))
        self._check("running")
        return samples[0] + samples[1]

    def _move_to(self, stage_id: int) -> Sample:
        self.stage_id = stage_id
        self.now += PAUSE_BETWEEN
        with at(self.now):
            return measure(self.database, self._write)

    def _write(self, env) -> None:
        records = env[self.model].with_context(tracking_disable=True).browse(self.ids)
        records.write({"stage_id": self.stage_id})

    def _create(self, env) -> tuple[list[int], list[int]]:
        """Create stages, promises and the batch; return the ids of stages and batch."""
        raise NotImplementedError

    def _check(self, state: str) -> None:
        """Assert that every promise is in this state and counts the right time."""
        raise NotImplementedError


class MovedTasks(MovedBatch):
    """Tasks, with two timers each that stop while we wait for the customer."""

    model = "project.task"

    def _create(self, env):
        stages = env["project.task.type"].create([{"name": name} for name in STAGES])
        stages[-1].clock = "pause_customer"
        values = {"name": "Moves", "type_ids": [Command.set(stages.ids)]}
        project = env["project.project"].create(values)
        if self.promises_each:
            self._create_policy(env, project)
        rows = [
            {"name": f"Request {number}", "project_id": project.id, "stage_id": stages[0].id}
            for number in range(BATCH)
        ]
        return stages.ids, env["project.task"].with_context(tracking_disable=True).create(rows).ids

    def _create_policy(self, env, project) -> None:
        targets = [
            {"metric": metric, "duration": hours, "unit": "hour", "pause_customer": True}
            for metric, hours in HOURS.items()
        ]
        env["service.sla.policy"].create(
            {
                "name": "Moves",
                "project_ids": project.ids,
                "calendar_id": create_office_calendar(env).id,
                "sequence": -1,
                "target_ids": [Command.create(target) for target in targets],
            }
        )

    def _check(self, state):
        with at(self.now), transaction(self.database) as env:
            tasks = env["project.task"].browse(self.ids)
            assert set(tasks.stage_id.ids) == {self.stage_id}
            timers = tasks.sla_timer_ids
            assert len(timers) == self.promises_each * BATCH
            assert set(timers.mapped("state")) <= {state}
            for timer in timers[:2]:
                self._check_time(timer)

    def _check_time(self, timer) -> None:
        """Assert that worked and paused time add up, and that the deadline moved accordingly."""
        calendar = timer.calendar_version_id.calendar_id
        paused = timer.segment_ids.filtered(lambda piece: piece.kind == "paused")
        hours = HOURS[timer.metric] + sum(paused.mapped("seconds")) / 3600
        if timer.state == "running":
            assert timer.deadline == calendar.plan_hours(hours, timer.started_at, True)
        since = timer.paused_since or timer.running_since
        told = sum(timer.segment_ids.mapped("seconds")) + (self.now - since).total_seconds()
        assert told == (self.now - timer.started_at).total_seconds()
