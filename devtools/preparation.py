"""The steps from an empty machine to something that can run; each is done once."""

from devtools import locks
from devtools.chromium import ensure_chromium
from devtools.layout import Layout
from devtools.node_tools import ensure_node_tools
from devtools.odoo_source import OdooHome, ensure_odoo
from devtools.postgres import ensure_programs
from devtools.python_env import ensure_python, ensure_test_tools


def prepare(layout: Layout, *, tests: bool = False, browser: bool = False) -> OdooHome:
    """Provide Odoo and its tools; for `tests` also theirs, for a `browser` also Chromium."""
    layout.make_folders()
    with locks.alone(layout.logs / "prepare.lock", "setting up"):
        if browser:
            ensure_chromium(layout)
        home = ensure_odoo(layout)
        ensure_python(layout, home)
        ensure_node_tools(layout)
        ensure_programs(layout)
        if tests:
            ensure_test_tools(layout)
    return home
