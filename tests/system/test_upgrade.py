"""A database of the former version is updated: its timers go on, and nothing is repeated."""

import re

import pytest
from evidence import events, last_stage, timers, waiting_facts
from former_version import turn_back

from devtools import addons

COMPLAINT = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) .*", re.MULTILINE)
TIMERS = """
    SELECT id, task_id, metric, cycle, state, target_seconds, warn_seconds, started_at,
           running_since, spent_seconds, stopped_at, deadline, breached_at, next_event_at
      FROM service_sla_timer ORDER BY id"""
HOURS = 60


class Requests:
    """Requests in every state that the former version knew.

    :ivar overdue: project and tasks that missed both promises; one is closed, one cancelled
    :ivar warned: project and tasks near their deadline; one is closed in time
    :ivar running: project and tasks that are not due; one has another target since
    """

    def __init__(self, process):
        self.overdue = process.ask("create_overdue", count=3, answered=True)
        self.warned = process.ask("create_requests", count=2, minutes=20 * HOURS, ago=18 * HOURS)
        self.running = process.ask("create_requests", count=3, minutes=20 * HOURS)
        process.ask("sweep")
        for task_id, values in [
            (self.overdue[1][0], {"state": "1_done"}),
            (self.overdue[1][1], {"state": "1_canceled"}),
            (self.warned[1][0], {"state": "1_done"}),
            (self.running[1][0], {"priority": "1"}),
        ]:
            process.ask("edit", task_id=task_id, values=values)


@pytest.fixture(scope="module")
def requests(database, start, query):
    """Give what the former version has left behind."""
    process = start(database)
    found = Requests(process)
    process.close()
    turn_back(query)
    query(
        """INSERT INTO service_sla_backlog (task_id, closed_at, user_id)
           SELECT id, date_trunc('second', now() AT TIME ZONE 'UTC'), 2
             FROM project_task WHERE id = %s""",
        found.running[1][1],
    )
    query("UPDATE project_task SET state = '1_done' WHERE id = %s", found.running[1][1])
    return found


@pytest.fixture(scope="module")
def before(requests, query):
    """Give the timers as they were."""
    return query(TIMERS)


@pytest.fixture(scope="module")
def complaints(databases, database, before):
    """Update both addons; give what was complained about."""
    databases.odoo.run_once(database, ["-u", addons.names()], what="Updating", log="system-upgrade")
    log = databases.odoo.layout.logs / "system-upgrade.log"
    return [found[0] for found in COMPLAINT.finditer(log.read_text())]


@pytest.fixture(scope="module")
def process(complaints, start, database):
    """Give a process on the updated database."""
    return start(database)


def test_nothing_is_complained_about(complaints):
    assert complaints == []


def test_what_was_measured_is_as_it_was(complaints, before, query):
    assert before == query(TIMERS)


def test_new_columns_are_filled(complaints, query):
    unruly = "SELECT count(*) FROM service_sla_timer WHERE rules IS NULL"
    assert query(unruly) == [(0,)]
    unaware = """SELECT count(*) FROM service_sla_timer
                  WHERE state = 'running' AND warn_seconds > 0 AND warn_at IS NULL"""
    assert query(unaware) == [(0,)]
    fired = """SELECT DISTINCT fired::text FROM service_sla_timer WHERE id IN (
                   SELECT timer_id FROM service_sla_event WHERE kind = 'warned')"""
    assert query(fired) == [('["warning"]',)]


def test_rows_follow_from_the_evidence(complaints, process, requests):
    """One timer was recalculated: the former version did not record by what."""
    for project_id, _task_ids in (requests.overdue, requests.warned):
        assert process.ask("find_differences", project_id=project_id) == []
    differences = process.ask("find_differences", project_id=requests.running[0])
    assert len(differences) == 1
    assert "None" in differences[0]


def test_facts_that_waited_arrive(process, requests, query):
    project_id, task_ids = requests.running
    assert waiting_facts(query, task_ids) == 1
    process.ask("sweep")
    assert waiting_facts(query, task_ids) == 0
    assert timers(query, task_ids[1]) == [("met", 20 * HOURS * 60, False)]
    assert ("met", 1, 1) in events(query, project_id)


def test_timers_go_on_and_repeat_nothing(process, requests, query):
    project_id, task_ids = requests.warned
    assert events(query, project_id) == [("met", 1, 1), ("warned", 2, 2)]
    process.ask("sweep", minutes=3 * HOURS)
    assert events(query, project_id) == [("breached", 1, 1), ("met", 1, 1), ("warned", 2, 2)]
    process.ask("edit", task_id=task_ids[1], values={"state": "1_done"})
    assert [state for state, *_ in timers(query, task_ids[1])] == ["missed"]
    assert process.ask("find_differences", project_id=project_id) == []


def test_timers_pause_as_their_target_says(process, requests, query):
    project_id, task_ids = requests.running
    stage_id = last_stage(query, project_id)
    process.ask("set_clock", stage_id=stage_id, clock="pause_customer")
    process.ask("edit", task_id=task_ids[2], values={"stage_id": stage_id})
    assert timers(query, task_ids[2]) == [("paused", 20 * HOURS * 60, False)]
    process.ask("edit", task_id=task_ids[2], values={"priority": "1"})
    assert timers(query, task_ids[2]) == [("paused", 600, False)]
