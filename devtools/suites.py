"""``make test``: the plain tests, then those inside Odoo with a real browser."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from devtools import commands
from devtools.console import say
from devtools.databases import Databases
from devtools.layout import ADDONS, Layout
from devtools.odoo_cli import Odoo, search_path
from devtools.postgres import throw_away_server
from devtools.preparation import prepare

PLAIN = ("tests/devtools", "tests/kernel")
# Reasons for which a test that needs a browser or a server is left out.
FORBIDDEN_REASONS = ("chrom", "odoo-http", "browser", "websocket")


@dataclass
class Outcome:
    """What one run of pytest came to."""

    code: int
    passed: int = 0
    skipped: list[str] = field(default_factory=list)
    failed: int = 0

    @property
    def is_good(self) -> bool:
        """Tell whether every test ran that had to, and none failed."""
        return self.code == 0 and self.failed == 0 and not self.left_out

    @property
    def left_out(self) -> list[str]:
        """Return the tests that were skipped for want of a browser."""
        return [
            text for text in self.skipped if any(word in text.lower() for word in FORBIDDEN_REASONS)
        ]


def run_all(layout: Layout) -> int:
    """Prepare everything, run all tests, report; 0 only if all is well."""
    home = prepare(layout, tests=True, browser=True)
    (layout.reports / "coverage").unlink(missing_ok=True)
    say("\n== Tests without a database")
    outcomes = {"plain": run_plain(layout)}
    with throw_away_server(layout) as server:
        databases = Databases(Odoo(layout, home, server))
        databases.drop_leftovers("test")
        template = databases.ensure_template()
        with databases.copy_of(template, "test") as name:
            say("\n== Tests inside Odoo")
            outcomes["odoo"] = run_odoo(databases.odoo, name, _odoo_paths(layout))
    covered = report_coverage(layout)
    return conclude(outcomes, covered)


def run_plain(layout: Layout) -> Outcome:
    """Run the tests that need no database."""
    paths = [path for path in PLAIN if (layout.checkout / path).is_dir()]
    return _pytest(layout, "plain", ["-p", "no:odoo", *paths], search_path(layout))


def run_odoo(odoo: Odoo, database: str, arguments: list[str]) -> Outcome:
    """Run tests inside Odoo on `database`, with a server for those that need one."""
    config = odoo.write_config(
        database, {"db_name": database, "dbfilter": f"^{database}$", "max_cron_threads": 0}
    )
    try:
        options = ["--odoo-http", f"--odoo-config={config}", *arguments]
        return _pytest(odoo.layout, "odoo", options, odoo.environment)
    finally:
        config.unlink()


def report_coverage(layout: Layout) -> bool:
    """Show what the tests covered; return whether it is enough."""
    say("\n== Coverage")
    command = [layout.python, "-m", "coverage", "report"]
    return commands.show(command, env=_coverage_file(layout), cwd=layout.checkout) == 0


def conclude(outcomes: Mapping[str, Outcome], covered: bool) -> int:
    """Print the closing lines; return the exit code."""
    say()
    for name, outcome in outcomes.items():
        skipped = len(outcome.skipped)
        say(f"{name}: {outcome.passed} passed, {outcome.failed} failed, {skipped} skipped")
        for text in outcome.skipped:
            say(f"  skipped: {text}")
        for text in outcome.left_out:
            say(f"  NOT RUN, counts as failed: {text}")
    good = covered and all(outcome.is_good for outcome in outcomes.values())
    if not covered:
        say("The coverage is below what setup.cfg asks for.")
    say("TESTS PASSED" if good else "TESTS FAILED")
    return 0 if good else 1


def read_report(path: Path, code: int) -> Outcome:
    """Count what pytest wrote into its JUnit file."""
    outcome = Outcome(code)
    if not path.exists():
        return outcome
    for case in ElementTree.parse(path).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        skip = case.find("skipped")
        if skip is not None:
            outcome.skipped.append(f"{name}: {skip.get('message')}")
        elif case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        else:
            outcome.passed += 1
    return outcome


def _pytest(layout: Layout, name: str, arguments: list[str], env: Mapping[str, str]) -> Outcome:
    report = layout.reports / f"{name}.xml"
    report.unlink(missing_ok=True)
    cache = layout.state / "pytest-cache"
    coverage = ["--cov", "--cov-append", "--cov-report=", "--cov-fail-under=0"]
    options = [f"--junitxml={report}", "-o", f"cache_dir={cache}", *coverage]
    code = commands.show(
        [layout.python, "-m", "pytest", *options, *arguments],
        env={**env, **_coverage_file(layout)},
        cwd=layout.checkout,
    )
    return read_report(report, code)


def _odoo_paths(layout: Layout) -> list[str]:
    ignored = [f"--ignore={path}" for path in PLAIN]
    return [*ignored, *ADDONS, "tests"]


def _coverage_file(layout: Layout) -> dict[str, str]:
    return {"COVERAGE_FILE": str(layout.reports / "coverage")}
