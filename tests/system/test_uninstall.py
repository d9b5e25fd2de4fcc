"""Uninstalling both addons leaves the database as if they had never been there."""

import pytest
import snapshot

from devtools import addons
from devtools.layout import ADDONS


@pytest.fixture(scope="module")
def before(connect, host_database):
    """Give what the database had before."""
    return snapshot.take(connect(host_database))


@pytest.fixture(scope="module")
def after(databases, host_database, before, connect, start):
    """Give what the database has after both addons were installed, used, and uninstalled."""
    arguments = ["-i", addons.names()]
    databases.odoo.run_once(host_database, arguments, what="Installing", log="system-install")
    installed = snapshot.take(connect(host_database))
    assert len(snapshot.differences(before, installed)) > 100, "the snapshot sees the addons"
    process = start(host_database)
    rows = process.ask("live")
    assert all(rows.values()), f"something is not used, so its removal is not tried: {rows}"
    process.ask("read_kazakh")
    process.ask("uninstall", names=list(ADDONS))
    process.close()
    return snapshot.take(connect(host_database))


def test_nothing_is_left_behind(before, after):
    lines = snapshot.differences(before, after)
    assert not lines, "\n".join(lines)


def test_work_goes_on_without_the_addons(after, host_database, start, connect):
    sizes = start(host_database).ask("open_views")
    assert all(size > 500 for size in sizes.values())
    tasks = "SELECT count(*) FROM project_task WHERE project_id IS NOT NULL"
    assert connect(host_database)(tasks) == [(4,)], "the work itself stays"


def test_readers_keep_the_language(after, host_database, connect):
    readers = """SELECT count(*) FROM res_partner
                   JOIN res_lang ON res_lang.code = res_partner.lang AND res_lang.active
                  WHERE res_partner.lang = 'kk_KZ'"""
    assert connect(host_database)(readers) == [(2,)]


def test_it_can_be_installed_again(after, databases, host_database, connect, start):
    databases.odoo.run_once(
        host_database, ["-i", addons.names()], what="Installing again", log="system-again"
    )
    process = start(host_database)
    assert all(size > 500 for size in process.ask("open_views").values())
    languages = "SELECT active FROM res_lang WHERE code = 'kk_KZ'"
    assert connect(host_database)(languages) == [(True,)]
    labels = """SELECT count(*) FROM service_delay_reason
                 WHERE customer_label ->> 'kk_KZ' <> customer_label ->> 'en_US'"""
    assert connect(host_database)(labels) == [(27,)]
