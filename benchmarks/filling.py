"""Many records for little time: a few are made as users make them, the rest are copies."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from odoo import Command
from odoo.tools import SQL

from benchmarks.session import at, create_office_calendar, transaction

BY_HAND = 10


def create_tasks(env, count: int, name: str) -> list[int]:
    """Create a project with `count` tasks, most of them multiplied in the database."""
    assert count % BY_HAND == 0
    project = env["project.project"].create({"name": name})
    rows = [{"name": f"Task {number}", "project_id": project.id} for number in range(BY_HAND)]
    env["project.task"].create(rows)
    env.flush_all()
    source = SQL("project_id = %s", project.id)
    multiply(env, "project_task", source, {}, SQL("generate_series(2, %s)", count // BY_HAND))
    return env["project.task"].search([("project_id", "=", project.id)], order="id").ids


def multiply(env, table: str, where: SQL, values: Mapping[str, SQL], series: SQL) -> None:
    """Copy rows of a table once for each number of a series.

    :param values: what the copies have in other columns; ``number`` is the one of the series
    """
    env.cr.execute(
        """SELECT column_name FROM information_schema.columns
            WHERE table_name = %s AND column_name != 'id'""",
        [table],
    )
    names = [name for [name] in env.cr.fetchall()]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s, %s AS number WHERE %s",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, names)),
            SQL(", ").join(values.get(name, SQL.identifier(name)) for name in names),
            SQL.identifier(table),
            series,
            where,
        )
    )


def create_policy(env, hours: Mapping[str, int]):
    """Create a policy for everything, measured by office hours; return it."""
    targets = [
        Command.create({"metric": metric, "duration": duration, "unit": "hour"})
        for metric, duration in hours.items()
    ]
    return env["service.sla.policy"].create(
        {
            "name": "Benchmark",
            "calendar_id": create_office_calendar(env).id,
            "target_ids": targets,
        }
    )


def start_timers(
    database: str, task_ids: Sequence[int], start: datetime, apart: timedelta, chunk: int = 1000
) -> None:
    """Let the engine start the timers of tasks, each as if it had been created `apart` later."""
    for first in range(0, len(task_ids), chunk):
        with at(start), transaction(database) as env:
            tasks = env["project.task"].browse(task_ids[first : first + chunk])
            timers = env["service.sla.timer"]
            for number, task in enumerate(tasks, first):
                created = {task.id: (task.stage_id.id, False)}
                timers._note(task, "created", created, at=start + number * apart)
