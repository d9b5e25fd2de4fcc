"""``make test-host``: Odoo's own tests of the addons that ours extend, with and without ours."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from devtools import addons, machine
from devtools.commands import run_logged
from devtools.console import say, step
from devtools.databases import PREFIX, Databases
from devtools.errors import SetupError
from devtools.layout import Layout
from devtools.odoo_cli import Odoo
from devtools.postgres import throw_away_server
from devtools.preparation import prepare

HOST = ("project", "portal", "rating", "resource")
FAILURE = re.compile(r": (?:FAIL|ERROR): (\S.*)$", re.MULTILINE)
TOTAL = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


def run(layout: Layout, environ: Mapping[str, str] = os.environ) -> int:
    """Run Odoo's suites on a fresh database; fail on what only fails with our addons."""
    ours = not environ.get("WITHOUT")
    home = prepare(layout, tests=True, browser=True)
    with throw_away_server(layout) as server:
        log = _run_suites(Databases(Odoo(layout, home, server)), ours)
    text = log.read_text(errors="replace")
    total = TOTAL.search(text)
    if not total:
        raise SetupError(f"Odoo's tests did not come to an end. Whole output: {log}")
    failing = failing_tests(text)
    _result_file(layout, ours).write_text("".join(f"{name}\n" for name in failing))
    say(total[0])
    return _judge(failing, None if not ours else _known_failures(layout))


def failing_tests(log: str) -> list[str]:
    """Return the names of the tests that failed, from Odoo's log."""
    return sorted(set(FAILURE.findall(log)))


def _run_suites(databases: Databases, ours: bool) -> Path:
    name = f"{PREFIX}host_{os.getpid()}"
    layout = databases.odoo.layout
    log = layout.logs / f"host-{'with' if ours else 'without'}.log"
    config = databases.odoo.write_config(
        "host", {"http_port": machine.free_port(), "max_cron_threads": 0}
    )
    modules = ",".join([*HOST, *([addons.names()] if ours else [])])
    tags = ",".join(f"/{module}" for module in HOST)
    arguments = ["-d", name, "-i", modules, "--test-tags", tags, "--stop-after-init"]
    try:
        databases.drop_leftovers("host")
        databases.create(name)
        with step(f"Running Odoo's own tests with {modules} (about 8 minutes)"):
            command = databases.odoo.command(config, *arguments)
            run_logged(command, log=log, env=databases.odoo.environment)
    finally:
        databases.drop(name)
    return log


def _judge(failing: list[str], known: list[str] | None) -> int:
    new = [name for name in failing if name not in (known or [])]
    for name in failing:
        say(f"  failing{'' if name in new else ' without the addons too'}: {name}")
    if new and known is None:
        say("Compare with and without the addons: make test-host WITHOUT=1, then make test-host")
    return 1 if new else 0


def _known_failures(layout: Layout) -> list[str] | None:
    path = _result_file(layout, ours=False)
    return path.read_text().splitlines() if path.exists() else None


def _result_file(layout: Layout, ours: bool) -> Path:
    return layout.reports / f"host-{'with' if ours else 'without'}.txt"
