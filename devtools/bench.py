"""``make bench``: prepare a database and run the measured comparisons.

The contract: ``benchmarks/run.py`` is executed with the virtual environment's Python, at the top
of the checkout, with ``ODOO_RC`` (a configuration file) and ``BENCH_DB`` (a database with both
addons, of its own, dropped afterwards) and the usual ``PG*`` variables; it prints a table.
"""

from devtools import commands
from devtools.console import say
from devtools.databases import Databases
from devtools.layout import Layout
from devtools.odoo_cli import Odoo
from devtools.postgres import throw_away_server
from devtools.preparation import prepare

SCRIPT = "benchmarks/run.py"


def run(layout: Layout) -> int:
    """Prepare what the comparisons need, and run them."""
    if not (layout.checkout / SCRIPT).exists():
        say(f"There is nothing to measure yet: {SCRIPT} does not exist.")
        return 0
    home = prepare(layout, tests=True)
    with throw_away_server(layout) as server:
        databases = Databases(Odoo(layout, home, server))
        databases.drop_leftovers("bench")
        with databases.copy_of(databases.ensure_template(), "bench") as name:
            return _measure(databases.odoo, name)


def _measure(odoo: Odoo, database: str) -> int:
    config = odoo.write_config("bench", {"db_name": database, "max_cron_threads": 0})
    variables = {"ODOO_RC": str(config), "BENCH_DB": database}
    command: list[commands.Argument] = [odoo.layout.python, SCRIPT]
    program = commands.Program("bench", command, {**odoo.environment, **variables})
    return commands.show(program, cwd=odoo.layout.checkout)
