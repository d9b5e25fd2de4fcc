"""``make test``: the plain tests and those inside Odoo, in several processes at the same time."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from devtools import addons, pytest_runs, shared_tests
from devtools.console import say, step
from devtools.databases import FAST, TEMPLATE, Databases
from devtools.errors import SetupError
from devtools.layout import ADDONS, Layout
from devtools.odoo_cli import Odoo
from devtools.outcome import conclude
from devtools.postgres import throw_away_server
from devtools.preparation import prepare
from devtools.pytest_runs import COVERAGE, PLAIN_PROGRESS, Run, odoo_run, plain_run

PLAIN = ("tests/devtools", "tests/kernel")
# The long files come first: in the end no run is left alone with one of them.
INSIDE = ("tests", *ADDONS)
INSIDE_RUNS = 2
EXAMPLE = "make test-fast T=service_experience/tests/test_x.py"


def run_all(layout: Layout) -> int:
    """Prepare everything, run all tests, report; 0 only if all is well."""
    home = prepare(layout, tests=True, browser=True)
    with throw_away_server(layout) as server:
        databases = Databases(Odoo(layout, home, server))
        with _all_runs(databases) as (runs, shared):
            say("\n== Tests")
            outcomes = dict(
                zip([run.name for run in runs], pytest_runs.start_together(runs), strict=True)
            )
            taken = shared_tests.count_taken(shared)
    say("\n== Coverage")
    covered = pytest_runs.report_coverage(layout, runs)
    inside = sum(outcome.tests for name, outcome in outcomes.items() if name != runs[0].name)
    return conclude(outcomes, covered, lost=taken - inside)


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
        return pytest_runs.start(plain_run(layout, wanted)).code
    home = prepare(layout, tests=True, browser=True)
    with throw_away_server(layout) as server:
        databases = Databases(Odoo(layout, home, server))
        update_fast(databases)
        with odoo_run(databases.odoo, "odoo", FAST, wanted) as run:
            return pytest_runs.start(run).code


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


@contextmanager
def _all_runs(databases: Databases) -> Iterator[tuple[list[Run], Path]]:
    """Give the plain run, those inside Odoo, and the folder in which these share their tests."""
    layout = databases.odoo.layout
    databases.drop_leftovers("test")
    template = databases.ensure_template()
    with ExitStack() as used:
        shared = Path(used.enter_context(TemporaryDirectory(prefix="shared-tests-")))
        runs = [plain_run(layout, [*_existing(layout, PLAIN), *PLAIN_PROGRESS, *COVERAGE])]
        for number in range(1, INSIDE_RUNS + 1):
            database = used.enter_context(databases.copy_of(template, f"test_{number}"))
            arguments = _inside_arguments(shared)
            run = odoo_run(databases.odoo, f"odoo-{number}", database, arguments)
            runs.append(used.enter_context(run))
        yield runs, shared


def _inside_arguments(shared: Path) -> list[str]:
    plugin = ["-p", shared_tests.PLUGIN, f"{shared_tests.OPTION}={shared}"]
    ignored = [f"--ignore={path}" for path in PLAIN]
    return [*plugin, *PLAIN_PROGRESS, *COVERAGE, *ignored, *INSIDE]


def _existing(layout: Layout, paths: Sequence[str]) -> list[str]:
    return [path for path in paths if (layout.checkout / path).is_dir()]
