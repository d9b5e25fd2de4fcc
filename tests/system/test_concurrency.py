"""Several processes at the same timers: nothing is lost, nothing is recorded twice."""

import time

import pytest

MANY = 600
BLOCKED = """SELECT 1 FROM pg_stat_activity
              WHERE datname = current_database() AND wait_event_type = 'Lock'"""


@pytest.fixture(scope="module")
def first(start, database):
    """Give a process."""
    return start(database)


@pytest.fixture(scope="module")
def second(start, database):
    """Give another process."""
    return start(database)


@pytest.fixture(scope="module")
def query(connect, database):
    """Give a function that reads what is committed."""
    return connect(database)


def events(query, project_id):
    """Return kind, number, and number of timers of the events in a project."""
    return query(
        """SELECT event.kind, count(*), count(DISTINCT event.timer_id)
              FROM service_sla_event event
              JOIN service_sla_timer timer ON timer.id = event.timer_id
              JOIN project_task task ON task.id = timer.task_id
             WHERE task.project_id = %s
             GROUP BY event.kind ORDER BY event.kind""",
        project_id,
    )


def timers(query, task_id):
    """Return state, target in seconds, and whether it is breached, of the timers of a task."""
    return query(
        """SELECT state, target_seconds, breached_at IS NOT NULL FROM service_sla_timer
             WHERE task_id = %s ORDER BY cycle""",
        task_id,
    )


def wait_until_blocked(query):
    """Wait until a process waits for a row that another one holds."""
    for _ in range(200):
        if query(BLOCKED):
            return
        time.sleep(0.05)
    pytest.fail("Nobody waits: the two did not meet.")


def test_two_sweeps_at_once(first, second, query):
    project_id, _task_ids = first.ask("create_overdue", count=MANY)
    for process in (first, second):
        process.send("sweep", pause_at=1)
    for process in (first, second):  # now both hold a batch
        process.wait_until_paused()
    for process in (first, second):
        process.go_on()
    batches = [process.result() for process in (first, second)]
    assert all(batches)
    assert sum(map(sum, batches)) == MANY
    assert events(query, project_id) == [("breached", MANY, MANY), ("warned", MANY, MANY)]


def test_a_killed_sweep_is_taken_up_by_the_next(start, database, first, query):
    project_id, _task_ids = first.ask("create_overdue", count=MANY)
    victim = start(database)
    victim.send("sweep", pause_at=2)
    victim.wait_until_paused()
    victim.kill()  # the first batch is committed, the second is written and not committed
    [_breached, done, _timers], _warned = events(query, project_id)
    assert 0 < done < MANY
    assert sum(first.ask("sweep")) == MANY - done
    assert events(query, project_id) == [("breached", MANY, MANY), ("warned", MANY, MANY)]


def test_a_task_is_closed_while_the_sweep_works_on_it(first, second, query):
    project_id, [task_id] = first.ask("create_overdue", count=1)
    first.send("sweep", pause_at=1)
    first.wait_until_paused()
    second.send("edit", task_id=task_id, values={"state": "1_done"})
    wait_until_blocked(query)
    first.go_on()
    first.result()
    second.result()
    first.ask("sweep")  # what had to wait is done by the next run
    assert query("SELECT state FROM project_task WHERE id = %s", task_id) == [("1_done",)]
    assert timers(query, task_id) == [("missed", 3600, True)]
    assert events(query, project_id) == [("breached", 1, 1), ("missed", 1, 1), ("warned", 1, 1)]


def test_the_sweep_meets_a_task_that_is_being_closed(first, second, query):
    project_id, [task_id] = first.ask("create_overdue", count=1)
    first.send("edit", task_id=task_id, values={"state": "1_done"}, waiting=True)
    first.wait_until_paused()
    assert second.ask("sweep") == [], "the timer is held by the user and left to them"
    first.go_on()
    assert first.result() == 1
    second.ask("sweep")
    assert timers(query, task_id) == [("missed", 3600, True)]
    assert events(query, project_id) == [("breached", 1, 1), ("missed", 1, 1)]


def test_two_requests_meet_new_hours_at_once(first, second, query):
    project_id, _task_ids = first.ask("create_overdue", count=1)
    first.ask("close_on_holidays", project_id=project_id)
    first.send("create", project_id=project_id, waiting=True)
    first.wait_until_paused()
    second.send("create", project_id=project_id)
    wait_until_blocked(query)
    first.go_on()
    first.result()
    second.result()
    first.ask("sweep")
    measured_by = query(
        """SELECT timer.calendar_version_id, count(*)
              FROM service_sla_timer timer JOIN project_task task ON task.id = timer.task_id
             WHERE task.project_id = %s
             GROUP BY 1 ORDER BY 1""",
        project_id,
    )
    assert [count for _version, count in measured_by] == [1, 2], "one version old, one new"


def test_two_people_edit_one_task_at_once(first, second, query):
    _project_id, [task_id] = first.ask("create_overdue", count=1)
    first.send("edit", task_id=task_id, values={"priority": "1"}, waiting=True)
    first.wait_until_paused()
    second.send("edit", task_id=task_id, values={"name": "Cold house"})
    wait_until_blocked(query)
    first.go_on()
    assert first.result() == 1
    assert second.result() == 2, "Odoo repeats the second after the conflict"
    first.ask("sweep")
    found = query("SELECT priority, name FROM project_task WHERE id = %s", task_id)
    assert found == [("1", "Cold house")]
    assert timers(query, task_id) == [("running", 60, True)]
