"""Odoo inside this process: a registry per database, a transaction per measurement."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import odoo.init  # noqa: F401  (what every start of Odoo does first)
from odoo import SUPERUSER_ID, Command, fields
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.sql_db import Cursor
from odoo.tools import config

from benchmarks.sampling import Sample


def configure() -> None:
    """Read the configuration file that the environment names."""
    arguments = ["-c", os.environ["ODOO_RC"], "--log-level=error"]
    config.parse_config(arguments, setup_logging=True)


@contextmanager
def transaction(database: str) -> Iterator[Environment]:
    """Give the administrator's environment with an empty cache; commit in the end."""
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        yield env(user=env.ref("base.user_admin"))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let Odoo believe that it is `moment` (naive UTC), so that every run measures the same."""
    with (
        patch.object(fields.Datetime, "now", lambda *_: moment),
        patch.object(Cursor, "now", lambda _cursor: moment),
    ):
        yield


def measure(database: str, work: Callable[[Environment], object]) -> Sample:
    """Measure `work` with all that its commit brings: flush, precommit, commit, postcommit."""
    with transaction(database) as env:
        clock = processor_clock(env)
        queries, started = env.cr.sql_log_count, clock()
        work(env)
        env.cr.commit()
        return Sample(clock() - started, env.cr.sql_log_count - queries)


def processor_clock(env: Environment) -> Callable[[], float]:
    """Return a clock of the processor time used here and by the database for this transaction.

    The two work in turn, so on a quiet machine this is what passes on the wall; on a busy one it
    leaves out what others use. Where the database is out of sight it is the wall clock.
    """
    backend = Path(f"/proc/{env.cr._cnx.info.backend_pid}")
    try:
        if b"postgres" not in (backend / "cmdline").read_bytes():
            return time.perf_counter
        (backend / "schedstat").read_text()
    except OSError:
        return time.perf_counter
    return lambda: time.process_time() + int((backend / "schedstat").read_text().split()[0]) / 1e9


def create_office_calendar(env: Environment):
    """Create working hours as offices have them: a midday break, a zone, some holidays."""
    calendar = env["resource.calendar"].create(
        {"name": "Office", "tz": "Europe/Brussels", "company_id": env.company.id}
    )
    holidays = [(month, day) for month in range(1, 13) for day in (3, 17)]
    calendar.leave_ids = [
        Command.create(
            {
                "name": "Holiday",
                "date_from": f"2026-{month:02}-{day:02} 00:00:00",
                "date_to": f"2026-{month:02}-{day:02} 23:00:00",
            }
        )
        for month, day in holidays
    ]
    return calendar
