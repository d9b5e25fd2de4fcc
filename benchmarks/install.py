"""What existing work adds to the time of an installation."""

import time

from odoo.tools import SQL

from benchmarks.report import Row, verdict
from benchmarks.session import transaction
from devtools import addons
from devtools.databases import BASE, Databases

EXISTING = 20_000
BY_HAND = 20


def compare(databases: Databases) -> Row:
    """Return what existing tasks add to the time both addons take to install."""
    # The full one first: whatever has to warm up counts against it.
    full, empty = (_measure(databases, tasks) for tasks in (EXISTING, 0))
    return Row(
        f"installation with {EXISTING:,} tasks; with none",
        f"{full:.1f} s",
        f"{empty:.1f} s",
        f"{full - empty:+.1f} s",
        "< +60 s",
        verdict(full - empty < 60),
    )


def _measure(databases: Databases, tasks: int) -> float:
    with databases.copy_of(BASE, f"bench_install_{tasks}") as name:
        if tasks:
            _create_tasks(name)
        arguments = ["-i", addons.names()]
        started = time.perf_counter()
        databases.odoo.run_once(name, arguments, what="Installing", log="bench-install")
        seconds = time.perf_counter() - started
        _check(databases, name, tasks)
    return seconds


def _create_tasks(database: str) -> None:
    """Create a few tasks as users do, and multiply them in the database."""
    with transaction(database) as env:
        project = env["project.project"].create({"name": "Existing work"})
        rows = [{"name": f"Task {number}", "project_id": project.id} for number in range(BY_HAND)]
        env["project.task"].create(rows)
        env.flush_all()
        env.cr.execute(
            """SELECT column_name FROM information_schema.columns
                WHERE table_name = 'project_task' AND column_name != 'id'"""
        )
        columns = SQL(", ").join(SQL.identifier(name) for [name] in env.cr.fetchall())
        env.cr.execute(
            SQL(
                """INSERT INTO project_task (%(columns)s)
                   SELECT %(columns)s FROM project_task, generate_series(2, %(times)s)
                    WHERE project_id = %(project)s""",
                columns=columns,
                times=EXISTING // BY_HAND,
                project=project.id,
            )
        )


def _check(databases: Databases, name: str, tasks: int) -> None:
    found = databases.odoo.server.query(
        """SELECT (SELECT count(*) FROM project_task WHERE project_id IS NOT NULL),
                  (SELECT count(*) FROM service_sla_timer),
                  (SELECT count(*) FROM ir_module_module
                    WHERE name LIKE 'service_experience%' AND state = 'installed')""",
        name,
    )
    assert found == [f"{tasks}|0|2"], f"tasks, timers, installed addons: {found}"
