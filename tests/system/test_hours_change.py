"""The job that follows changed hours: killed, met by users, and run twice at once."""

import pytest
from evidence import events, last_stage, timers, wait_until_blocked

OPEN, BATCH = 30, 10
WEEK = 7 * 24 * 60


@pytest.fixture
def changed(first):
    """Give a project whose open timers have to follow a new holiday, and its tasks."""
    project_id, task_ids = first.ask("create_requests", count=OPEN, minutes=WEEK)
    first.ask("close_for_a_day", project_id=project_id, days=2)
    yield project_id, task_ids
    first.ask("follow_hours", batch=OPEN)


def recalculated(number):
    return [("recalculated", number, number)]


def lasts(query, project_id):
    """Return how many days the timers take from start to deadline, ``[(days, timers)]``."""
    return query(
        """SELECT extract(day FROM deadline - started_at)::int, count(*)
              FROM service_sla_timer timer JOIN project_task task ON task.id = timer.task_id
             WHERE task.project_id = %s GROUP BY 1 ORDER BY 1""",
        project_id,
    )


def test_a_killed_job_is_taken_up_by_the_next(start, database, first, query, changed):
    project_id, _task_ids = changed
    victim = start(database)
    victim.send("follow_hours", batch=BATCH, pause_at=2)
    victim.wait_until_paused()
    victim.kill()  # the first batch is committed, the second is written and not committed
    assert events(query, project_id) == recalculated(BATCH)
    assert lasts(query, project_id) == [(7, OPEN - BATCH), (8, BATCH)]
    first.ask("follow_hours", batch=BATCH)
    assert events(query, project_id) == recalculated(OPEN)
    assert lasts(query, project_id) == [(8, OPEN)]
    assert first.ask("follow_hours", batch=BATCH) == [], "there is nothing left to follow"
    assert first.ask("find_differences", project_id=project_id) == []


def test_a_task_is_closed_while_the_job_works_on_it(first, second, query, changed):
    project_id, task_ids = changed
    first.send("follow_hours", batch=BATCH, pause_at=1)
    first.wait_until_paused()
    second.ask("edit", task_id=task_ids[-1], values={"state": "1_done"})  # of a later batch
    second.send("edit", task_id=task_ids[0], values={"state": "1_done"})
    wait_until_blocked(query)
    first.go_on()
    first.result()
    second.result()
    first.ask("sweep")  # what had to wait is done by the next run
    for task_id in (task_ids[0], task_ids[-1]):
        assert timers(query, task_id) == [("met", WEEK * 60, False)]
    assert events(query, project_id) == [("met", 2, 2), *recalculated(OPEN - 1)]
    assert first.ask("find_differences", project_id=project_id) == []


def test_the_job_meets_a_task_that_is_being_closed(first, second, query, changed):
    project_id, task_ids = changed
    first.send("edit", task_id=task_ids[0], values={"state": "1_done"}, waiting=True)
    first.wait_until_paused()
    second.send("follow_hours", batch=BATCH)
    wait_until_blocked(query)
    first.go_on()
    assert first.result() == 1
    second.result()
    assert timers(query, task_ids[0]) == [("met", WEEK * 60, False)]
    assert events(query, project_id) == [("met", 1, 1), *recalculated(OPEN - 1)]
    assert lasts(query, project_id) == [(7, 1), (8, OPEN - 1)]
    assert first.ask("find_differences", project_id=project_id) == []


def test_a_request_waits_while_the_job_works_on_it(first, second, query, changed):
    project_id, task_ids = changed
    stage_id = last_stage(query, project_id)
    first.send("follow_hours", batch=BATCH, pause_at=1)
    first.wait_until_paused()
    second.send("edit", task_id=task_ids[0], values={"stage_id": stage_id})
    wait_until_blocked(query)
    first.go_on()
    first.result()
    second.result()
    first.ask("sweep")
    assert timers(query, task_ids[0]) == [("paused", WEEK * 60, False)]
    assert events(query, project_id) == [("paused", 1, 1), *recalculated(OPEN)]
    assert first.ask("find_differences", project_id=project_id) == []


@pytest.mark.parametrize("is_overdue", [False, True])
def test_two_jobs_at_once(first, second, query, is_overdue):
    order = ("create_overdue", {}) if is_overdue else ("create_requests", {"minutes": WEEK})
    project_id, _task_ids = first.ask(order[0], count=OPEN, **order[1])
    first.ask("close_for_a_day", project_id=project_id, days=2)
    first.send("follow_hours", batch=BATCH, pause_at=1)
    first.wait_until_paused()
    second.send("follow_hours", batch=BATCH)
    wait_until_blocked(query, second)
    first.go_on()
    first.result()
    second.result()
    first.ask("follow_hours", batch=BATCH)
    found = [row for row in events(query, project_id) if row[0] == "recalculated"]
    assert found == recalculated(OPEN)
    assert first.ask("find_differences", project_id=project_id) == []
