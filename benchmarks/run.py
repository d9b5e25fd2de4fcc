"""Run every comparison and print one table; see docs/benchmarks.md.

Expects what `make bench` provides: ODOO_RC, BENCH_DB (a private database with both addons), and the
PG variables. BENCH_STRICT=1 lets goals of time decide about the exit status, too.
"""

import os
import sys
from pathlib import Path

# Started as a file, so the folder on the path is this one and not the one above.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import (
    creation,
    detection,
    forecast,
    hours,
    install,
    kernel,
    live_page,
    moves,
    portal_page,
    session,
    sides,
    sweep,
)
from benchmarks.report import exit_status, render
from devtools.attached import attached_databases
from devtools.console import say


def main() -> int:
    """Measure everything; return the exit status."""
    session.configure()
    databases, database = attached_databases(), os.environ["BENCH_DB"]
    say("Measuring, for some minutes. Times are those of the processor.")
    with sides.prepared(databases, database) as compared:
        rows = [*creation.compare(compared), *moves.compare(compared)]
    rows += [
        *sweep.compare(databases, database),
        *hours.compare(databases, database),
        *detection.compare(databases, database),
        *forecast.compare(databases, database),
        *portal_page.compare(databases, database),
        *live_page.compare(databases, database),
        kernel.compare(database),
        install.compare(databases),
    ]
    say(f"\n{render(rows)}\n")
    return exit_status(rows, strict=os.environ.get("BENCH_STRICT") == "1")


if __name__ == "__main__":
    sys.exit(main())
