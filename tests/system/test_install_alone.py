"""The back office works without the portal addon, and the portal addon installs on top of it."""

import pytest

from devtools.layout import ADDONS

INSTALLED = """SELECT name FROM ir_module_module
                WHERE name LIKE 'service\\_experience%' AND state = 'installed' ORDER BY name"""


@pytest.fixture(scope="module")
def install(databases, host_database):
    """Give a function that installs an addon."""
    return lambda name: databases.odoo.run_once(
        host_database, ["-i", name], what=f"Installing {name}", log="system-alone"
    )


@pytest.fixture(scope="module")
def query(connect, host_database):
    """Give a function that reads the database."""
    return connect(host_database)


def test_each_addon_in_turn(install, host_database, start, query):
    back_office, portal = ADDONS
    install(back_office)
    assert query(INSTALLED) == [(back_office,)]
    alone = start(host_database)
    rows = alone.ask("live")
    assert all(rows.values()), rows
    assert all(alone.ask("open_views").values())
    assert alone.ask("get", path="/my/services") == 404
    alone.close()

    install(portal)
    assert query(INSTALLED) == [(back_office,), (portal,)]
    together = start(host_database)
    assert all(together.ask("live").values())
    together.ask("load_demo", names=list(ADDONS))
    assert query("SELECT count(*) FROM service_sla_timer")[0][0] > 20, "demo data has timers"
    assert all(together.ask("open_views").values())
    assert together.ask("get", path="/my/services") == 303, "the customer is asked to sign in"
