"""``make lint``: every check of the sources; all of them run, also after a failure."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from devtools import commands, node_tools
from devtools.console import say, step
from devtools.databases import Databases
from devtools.layout import ADDONS, Layout
from devtools.odoo_cli import Odoo, variables
from devtools.odoo_source import OdooHome
from devtools.postgres import throw_away_server
from devtools.preparation import prepare
from devtools.stamps import folder_in_one_piece

KERNEL = "business_time"
# Odoo's pylint test wants another pylint than ours; its checks run through pylint-odoo here.
ODOO_TAGS = "/test_lint,-/test_lint:TestPyLint"
# A model is split by concern here, not kept in one file.
PYLINT = ("--disable=consider-merging-classes-inherited",)
LONGEST_REPORT = 60
# What Odoo logs besides complaints.
QUIET = re.compile(r"\d{4}-\d\d-\d\d [\d:,]+ \d+ (?:INFO|RUNBOT|DEBUG) ")


def run(layout: Layout) -> int:
    """Run every check and print what each complains about; 0 only if none does."""
    home = prepare(layout, tests=True)
    failed = [name for name, command in checks(layout) if not _check(layout, name, command)]
    if not _odoo_lint(layout, home):
        failed.append("Odoo's own test_lint")
    say()
    say(f"LINT FAILED: {', '.join(failed)}" if failed else "LINT PASSED")
    return 1 if failed else 0


def checks(layout: Layout) -> Iterator[tuple[str, list[str | Path]]]:
    """Yield the name and the command line of every check that needs no database."""
    tools = layout.venv / "bin"
    mypy: list[str | Path] = [tools / "mypy", "--cache-dir", layout.state / "mypy-cache"]
    ruff: list[str | Path] = [tools / "ruff"]
    eslint = node_tools.modules(layout) / "node_modules" / ".bin" / "eslint"
    scripts = [f"{addon}/static/**/*.js" for addon in ADDONS]
    yield "ruff check", [*ruff, "check", "."]
    yield "ruff format", [*ruff, "format", "--check", "."]
    yield "mypy devtools", [*mypy, "--strict", "devtools"]
    yield "mypy kernel", [*mypy, "--strict", "-p", KERNEL]
    yield "pylint-odoo", [tools / "pylint", "--rcfile=.pylintrc", *PYLINT, *ADDONS]
    yield "OCA checks", [tools / "oca-checks-odoo-module", *ADDONS]
    yield "eslint", [eslint, "--no-error-on-unmatched-pattern", "--max-warnings=0", *scripts]


def _check(layout: Layout, name: str, command: list[str | Path]) -> bool:
    log = layout.logs / f"lint-{name.replace(' ', '-')}.log"
    with step(name):
        environment = {
            **variables(layout),
            "RUFF_CACHE_DIR": str(layout.state / "ruff-cache"),
            # The kernel is checked by itself: its addon cannot be imported without Odoo.
            "MYPYPATH": str(layout.checkout / ADDONS[0]),
        }
        good = commands.run_logged(command, log=log, env=environment, cwd=layout.checkout) == 0
    if not good:
        _show(log)
    return good


def _odoo_lint(layout: Layout, home: OdooHome) -> bool:
    log = layout.logs / "lint-odoo.log"
    with throw_away_server(layout) as server:
        databases = Databases(Odoo(layout, home, server))
        databases.drop_leftovers("lint")
        with databases.copy_of(databases.ensure_template(), "lint") as name:
            arguments = ["-i", "test_lint", "--test-tags", ODOO_TAGS]
            options = {"max_cron_threads": 0, "addons_path": _addons_path(layout, home)}
            config = databases.odoo.write_config("lint", options)
            start = ["-d", name, "--no-http", "--stop-after-init", *arguments]
            command = databases.odoo.command(config, *start)
            with step("Odoo's own test_lint"):
                code = commands.run_logged(command, log=log, env=databases.odoo.environment)
    if code:
        _show(log)
    return code == 0


def _addons_path(layout: Layout, home: OdooHome) -> str:
    """Copy the addons away from the state folder, whose every file Odoo would judge as well."""
    target = layout.state / "lint-addons"
    with folder_in_one_piece(target) as partial:
        for addon in ADDONS:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(layout.checkout / addon, partial / addon, ignore=ignored)
    return ",".join(map(str, [*home.addons_paths, target]))


def _show(log: Path) -> None:
    text = log.read_text(errors="replace")
    lines = [line for line in text.splitlines() if line.strip() and not QUIET.match(line)]
    for line in lines[-LONGEST_REPORT:]:
        say(f"    {line}")
    if len(lines) > LONGEST_REPORT:
        say(f"    (the last {LONGEST_REPORT} lines of {log})")
