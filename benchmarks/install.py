"""What existing work adds to the time of an installation."""

import time

from benchmarks.filling import create_tasks
from benchmarks.report import Row, verdict
from benchmarks.session import transaction
from devtools import addons
from devtools.databases import BASE, Databases

EXISTING = 20_000


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
            with transaction(name) as env:
                create_tasks(env, tasks, "Existing work")
        arguments = ["-i", addons.names()]
        started = time.perf_counter()
        databases.odoo.run_once(name, arguments, what="Installing", log="bench-install")
        seconds = time.perf_counter() - started
        _check(databases, name, tasks)
    return seconds


def _check(databases: Databases, name: str, tasks: int) -> None:
    found = databases.odoo.server.query(
        """SELECT (SELECT count(*) FROM project_task WHERE project_id IS NOT NULL),
                  (SELECT count(*) FROM service_sla_timer),
                  (SELECT count(*) FROM ir_module_module
                    WHERE name LIKE 'service_experience%' AND state = 'installed')""",
        name,
    )
    assert found == [f"{tasks}|0|2"], f"tasks, timers, installed addons: {found}"
