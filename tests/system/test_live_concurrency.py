"""The version of a page when several people change a service at once: every change counts."""

import pytest


@pytest.fixture
def project_id(first):
    """Give the number of a service."""
    return first.ask("create_open_service")[0]


@pytest.fixture
def version(query, project_id):
    """Give a function that returns the version of the page of the service, as it is committed."""

    def read():
        [[amount]] = query(
            "SELECT sum(amount) FROM service_page_version WHERE project_id = %s", project_id
        )
        return amount

    return read


def told(query, project_id):
    """Return the versions that were told, in the order in which they were."""
    rows = query(
        """SELECT (message::json #>> '{payload,version}')::int FROM bus_bus
            WHERE message LIKE '%%service_experience/changed%%'
                  AND (message::json #>> '{payload,id}')::int = %s ORDER BY id""",
        project_id,
    )
    return [number for [number] in rows]


def test_two_changes_at_once(first, second, query, project_id, version):
    """Neither waits for the other or has to be repeated, and both are told."""
    before, messages = version(), len(told(query, project_id))
    first.send("change_milestones", project_id=project_id, name="Step", waiting=True)
    first.wait_until_paused()
    assert second.ask("rename_service", project_id=project_id, name="Another pump") == 1
    assert version() == before + 1
    first.go_on()
    assert first.result() == 1
    assert version() == before + 2
    assert len(told(query, project_id)) == messages + 2
    assert second.ask("read_page_version", project_id=project_id) == before + 2


def test_two_clean_ups_at_once(first, second, query, project_id, version):
    for number in range(3):
        second.ask("rename_service", project_id=project_id, name=f"Pump {number}")
    before = version()
    first.send("add_up_versions", waiting=True)
    first.wait_until_paused()
    assert second.ask("add_up_versions") == 1
    first.go_on()
    assert first.result() == 1
    assert version() == before
    second.ask("add_up_versions")
    rows = query("SELECT amount FROM service_page_version WHERE project_id = %s", project_id)
    assert rows == [(before,)]


def test_a_change_while_versions_are_added_up(first, second, project_id, version):
    for number in range(3):
        second.ask("rename_service", project_id=project_id, name=f"Pump {number}")
    before = version()
    first.send("add_up_versions", waiting=True)
    first.wait_until_paused()
    assert second.ask("rename_service", project_id=project_id, name="Another pump") == 1
    assert version() == before + 1
    first.go_on()
    assert first.result() == 1
    assert version() == before + 1
