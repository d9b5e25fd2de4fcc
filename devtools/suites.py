"""``make test``: the plain tests, then those inside Odoo with a real browser."""

import json
import os
from collections.abc import Mapping

from devtools import addons, commands
from devtools.console import say, step
from devtools.databases import FAST, TEMPLATE, Databases
from devtools.errors import SetupError
from devtools.layout import ADDONS, Layout
from devtools.odoo_cli import Odoo, search_path
from devtools.outcome import Outcome, conclude, read_report
from devtools.postgres import throw_away_server
from devtools.preparation import prepare

PLAIN = ("tests/devtools", "tests/kernel")
EXAMPLE = "make test-fast T=service_experience/tests/test_x.py"
# Each run measures on its own; only the report over all of them is judged.
COVERAGE = ("--cov", "--cov-append", "--cov-report=", "--cov-fail-under=0")


def run_all(layout: Layout) -> int:
    """Prepare everything, run all tests, report; 0 only if all is well."""
    home = prepare(layout, tests=True, browser=True)
    (layout.reports / "coverage").unlink(missing_ok=True)
    say("\n== Tests without a database")
    outcomes = {"without a database": run_plain(layout, [*_existing(layout, PLAIN), *COVERAGE])}
    with throw_away_server(layout) as server:
        databases = Databases(Odoo(layout, home, server))
        databases.drop_leftovers("test")
        template = databases.ensure_template()
        with databases.copy_of(template, "test") as name:
            say("\n== Tests inside Odoo")
            ignored = [f"--ignore={path}" for path in PLAIN]
            options = [*COVERAGE, *ignored, *ADDONS, "tests"]
            outcomes["inside Odoo"] = run_odoo(databases.odoo, name, options)
    return conclude(outcomes, report_coverage(layout))


def run_some(layout: Layout, environ: Mapping[str, str] = os.environ) -> int:
    """Run one file or folder of tests on a database that is kept between the runs."""
    wanted = environ.get("T", "").split()
    for path in wanted:
        if not (layout.checkout / path.partition("::")[0]).exists():
            raise SetupError(f"There is no {path}: try {EXAMPLE}")
    if not wanted:
        raise SetupError(f"Name the tests to run: {EXAMPLE}")
    if all(path.startswith(PLAIN) for path in wanted):
        prepare(layout, tests=True)
        return run_plain(layout, wanted).code
    home = prepare(layout, tests=True, browser=True)
    with throw_away_server(layout) as server:
        databases = Databases(Odoo(layout, home, server))
        update_fast(databases)
        return run_odoo(databases.odoo, FAST, wanted).code


def prepare_database(layout: Layout) -> int:
    """Prepare the database from which the tests take their copies."""
    home = prepare(layout)
    with throw_away_server(layout) as server:
        name = Databases(Odoo(layout, home, server)).ensure_template()
    say(f"The database {name} is ready; every run of the tests takes a copy of it.")
    return 0


def update_fast(databases: Databases) -> None:
    """Bring the database of the fast loop up to date, addon by addon."""
    now = addons.fingerprints(databases.odoo.layout)
    inputs = json.dumps(now)
    present = databases.inputs(FAST)
    if present is None:
        databases.ensure_template()
        databases.make(FAST, inputs, lambda name: databases.copy(TEMPLATE, name))
        return
    known = json.loads(present)
    changed = ",".join(addon for addon in ADDONS if known.get(addon) != now[addon])
    if changed:
        with step(f"Updating {changed}"):
            databases.odoo.run_once(FAST, ["-u", changed], what=f"Updating {changed}", log="fast")
        databases.mark(FAST, inputs)


def run_plain(layout: Layout, arguments: list[str]) -> Outcome:
    """Run tests that need no database."""
    return _pytest(layout, "plain", ["-p", "no:odoo", *arguments], search_path(layout))


def run_odoo(odoo: Odoo, database: str, arguments: list[str]) -> Outcome:
    """Run tests inside Odoo on `database`, with a server for those that need one."""
    config = odoo.write_config(
        database, {"db_name": database, "dbfilter": f"^{database}$", "max_cron_threads": 0}
    )
    try:
        # The results of HOOT arrive as messages of the browser, which are information.
        level = "--odoo-log-level=info"
        options = ["--odoo-http", f"--odoo-config={config}", level, *arguments]
        return _pytest(odoo.layout, "odoo", options, odoo.environment)
    finally:
        config.unlink()


def report_coverage(layout: Layout) -> bool:
    """Show what the tests covered; return whether it is enough."""
    say("\n== Coverage")
    code = commands.show(
        [layout.python, "-m", "coverage", "report"],
        env=_coverage_file(layout),
        cwd=layout.checkout,
    )
    return code == 0


def _pytest(layout: Layout, name: str, arguments: list[str], env: Mapping[str, str]) -> Outcome:
    report = layout.reports / f"{name}.xml"
    report.unlink(missing_ok=True)
    options = [f"--junitxml={report}", "-o", f"cache_dir={layout.state / 'pytest-cache'}"]
    command: list[commands.Argument] = [layout.python, "-m", "pytest", *options, *arguments]
    code = commands.show(
        command,
        env={**env, **_coverage_file(layout)},
        cwd=layout.checkout,
    )
    return read_report(report, code)


def _existing(layout: Layout, paths: tuple[str, ...]) -> list[str]:
    return [path for path in paths if (layout.checkout / path).is_dir()]


def _coverage_file(layout: Layout) -> dict[str, str]:
    return {"COVERAGE_FILE": str(layout.reports / "coverage")}
