"""Runs of pytest: how one is started, what it leaves behind, and several at the same time."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from devtools import commands
from devtools.commands import Argument, Program
from devtools.layout import Layout
from devtools.odoo_cli import Odoo, variables
from devtools.outcome import Outcome, read_report

# Each run measures on its own; only the report over all of them is judged.
COVERAGE = ("--cov", "--cov-report=", "--cov-fail-under=0")
# One of several runs knows how many tests there are, not how many will be its own.
PLAIN_PROGRESS = ("-o", "console_output_style=classic")


@dataclass(frozen=True)
class Run:
    """One process of pytest; its name is that of its files, too."""

    layout: Layout
    name: str
    arguments: Sequence[Argument]
    variables: Mapping[str, str]

    @property
    def report(self) -> Path:
        """File with the result of every test."""
        return self.layout.reports / f"{self.name}.xml"

    @property
    def coverage(self) -> Path:
        """File with the lines that were run, if that is measured."""
        return self.layout.reports / f"coverage-{self.name}"

    @property
    def program(self) -> Program:
        """What is started."""
        cache = self.layout.state / f"pytest-cache-{self.name}"
        options = [f"--junitxml={self.report}", "-o", f"cache_dir={cache}"]
        return Program(
            self.name,
            [self.layout.python, "-m", "pytest", *options, *self.arguments],
            {**self.variables, "COVERAGE_FILE": str(self.coverage)},
        )

    def forget(self) -> None:
        """Delete what an earlier run has left behind."""
        self.report.unlink(missing_ok=True)
        self.coverage.unlink(missing_ok=True)


def plain_run(layout: Layout, arguments: Sequence[Argument]) -> Run:
    """Return a run of tests that need no database."""
    return Run(layout, "plain", ["-p", "no:odoo", *arguments], variables(layout))


@contextmanager
def odoo_run(odoo: Odoo, name: str, database: str, arguments: Sequence[Argument]) -> Iterator[Run]:
    """Give a run of tests inside Odoo on `database`, with a server for those that need one."""
    config = odoo.write_config(
        database, {"db_name": database, "dbfilter": f"^{database}$", "max_cron_threads": 0}
    )
    # The results of HOOT arrive as messages of the browser, which are information.
    options = ["--odoo-http", f"--odoo-config={config}", "--odoo-log-level=info"]
    try:
        yield Run(odoo.layout, name, [*options, *arguments], odoo.environment)
    finally:
        config.unlink()


def start(run: Run) -> Outcome:
    """Start a run and wait for it."""
    run.forget()
    code = commands.show(run.program, cwd=run.layout.checkout)
    return read_report(run.report, code)


def start_together(runs: Sequence[Run]) -> list[Outcome]:
    """Start all runs at once and wait for the last."""
    for run in runs:
        run.forget()
    codes = commands.show_together([run.program for run in runs], cwd=runs[0].layout.checkout)
    return [read_report(run.report, code) for run, code in zip(runs, codes, strict=True)]


def report_coverage(layout: Layout, runs: Sequence[Run]) -> bool:
    """Show what all runs together covered; return whether it is enough."""
    measured = [run.coverage for run in runs if run.coverage.exists()]
    if not measured:
        return False
    combined = _coverage(layout, "combine", "-q", *measured)
    return combined and _coverage(layout, "report")


def _coverage(layout: Layout, *arguments: Argument) -> bool:
    command = [layout.python, "-m", "coverage", *arguments]
    program = Program("coverage", command, {"COVERAGE_FILE": str(layout.reports / "coverage")})
    return commands.show(program, cwd=layout.checkout) == 0
