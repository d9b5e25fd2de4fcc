"""Several processes at the same timers: nothing is lost, nothing is recorded twice."""

import pytest
from evidence import activities, events, last_stage, timers, wait_until_blocked, waiting_facts

MANY = 250


@pytest.fixture
def third(worker):
    """Give one more process."""
    return worker("third")


def all_events(number):
    """Return the events of so many missed timers that all escalate."""
    return [(kind, number, number) for kind in ("breached", "escalated", "warned")]


def test_two_sweeps_at_once(first, second, query):
    project_id, _task_ids = first.ask("create_overdue", count=MANY, escalation="activity")
    for process in (first, second):
        process.send("sweep", pause_at=1)
    for process in (first, second):  # now both hold a batch
        process.wait_until_paused()
    for process in (first, second):
        process.go_on()
    batches = [process.result() for process in (first, second)]
    assert all(batches)
    assert sum(map(sum, batches)) == MANY
    assert events(query, project_id) == all_events(MANY)
    assert activities(query, project_id) == {1: MANY}
    assert first.ask("find_differences", project_id=project_id) == []


def test_two_sweeps_at_the_same_requests(first, second, query):
    """Both promises of the requests come due, and both sweeps have to tell the same person."""
    promises = {"escalation": "activity", "answered": True}
    project_id, _task_ids = first.ask("create_overdue", count=MANY, **promises)
    first.send("sweep", pause_at=1)
    first.wait_until_paused()
    second.send("sweep")
    wait_until_blocked(query, second)
    first.go_on()
    first.result()
    second.result()
    first.ask("sweep")
    assert events(query, project_id) == all_events(2 * MANY)
    assert activities(query, project_id) == {2: MANY}
    assert first.ask("find_differences", project_id=project_id) == []


def test_a_colleague_begins_to_follow_while_the_sweep_tells_them(first, second, query):
    project_id, [task_id] = first.ask("create_overdue", count=1, escalation="activity")
    first.send("follow", task_id=task_id, waiting=True)
    first.wait_until_paused()
    second.send("sweep")
    wait_until_blocked(query, second)
    first.go_on()
    first.result()
    second.result()
    first.ask("sweep")
    assert events(query, project_id) == all_events(1)
    assert activities(query, project_id) == {1: 1}


def test_a_colleague_edits_a_task_while_the_sweep_runs_an_action_on_it(first, second, query):
    project_id, [task_id] = first.ask("create_overdue", count=1, escalation="server_action")
    first.send("edit", task_id=task_id, values={"name": "Cold house"}, waiting=True)
    first.wait_until_paused()
    second.send("sweep")
    wait_until_blocked(query, second)
    first.go_on()
    first.result()
    second.result()
    first.ask("sweep")
    assert events(query, project_id) == all_events(1)
    found = query("SELECT name, color FROM project_task WHERE id = %s", task_id)
    assert found == [("Cold house", 1)], "the action ran once"


def test_a_killed_sweep_is_taken_up_by_the_next(start, database, first, query):
    project_id, _task_ids = first.ask(
        "create_overdue", count=MANY, escalation="activity", answered=True
    )
    victim = start(database)
    victim.send("sweep", pause_at=2)
    victim.wait_until_paused()
    victim.kill()  # the first batch is committed, the second is written and not committed
    [_breached, [_kind, done, _timers], _warned] = events(query, project_id)
    assert 0 < done < 2 * MANY
    assert sum(number * tasks for number, tasks in activities(query, project_id).items()) == done
    assert sum(first.ask("sweep")) == 2 * MANY - done
    assert events(query, project_id) == all_events(2 * MANY)
    assert activities(query, project_id) == {2: MANY}
    assert first.ask("find_differences", project_id=project_id) == []


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


def test_a_customer_is_answered_while_the_sweep_records_the_breach(first, second, query):
    project_id, [task_id] = first.ask("create_overdue", count=1, answered=True)
    first.send("sweep", pause_at=1)
    first.wait_until_paused()
    second.send("reply", task_id=task_id)
    wait_until_blocked(query)
    first.go_on()
    first.result()
    second.result()
    assert waiting_facts(query, [task_id]) == 1, "the answer is kept until the next run"
    assert timers(query, task_id, "first_response") == [("running", 1800, True)]
    first.ask("sweep")
    assert waiting_facts(query, [task_id]) == 0
    assert timers(query, task_id, "first_response") == [("missed", 1800, True)]
    assert events(query, project_id) == [("breached", 2, 2), ("missed", 1, 1), ("warned", 2, 2)]
    assert first.ask("find_differences", project_id=project_id) == []


def test_the_sweep_meets_a_customer_who_is_being_answered(first, second, query):
    project_id, [task_id] = first.ask("create_overdue", count=1, answered=True)
    first.send("reply", task_id=task_id, waiting=True)
    first.wait_until_paused()
    assert second.ask("sweep") == [1], "the other promise is not held by the answer"
    first.go_on()
    assert first.result() == 1
    second.ask("sweep")
    assert timers(query, task_id, "first_response") == [("missed", 1800, True)]
    assert timers(query, task_id) == [("running", 3600, True)]
    assert waiting_facts(query, [task_id]) == 0
    assert first.ask("find_differences", project_id=project_id) == []


@pytest.mark.parametrize("is_answered_first", [True, False])
def test_a_customer_is_answered_while_somebody_closes(first, second, query, is_answered_first):
    """The two touch no common row of the host."""
    project_id, [task_id] = first.ask("create_requests", count=1, minutes=1000, answered=True)
    orders = [
        ("reply", {"task_id": task_id}),
        ("edit", {"task_id": task_id, "values": {"state": "1_done"}}),
    ]
    [order, arguments], [later_order, later_arguments] = orders[:: 1 if is_answered_first else -1]
    first.send(order, **arguments, waiting=True)
    first.wait_until_paused()
    second.send(later_order, **later_arguments)
    wait_until_blocked(query, second)
    first.go_on()
    first.result()
    second.result()
    first.ask("sweep")
    assert waiting_facts(query, [task_id]) == 0
    assert timers(query, task_id) == [("met", 60_000, False)]
    response = "met" if is_answered_first else "cancelled"
    assert timers(query, task_id, "first_response") == [(response, 30_000, False)]
    assert first.ask("find_differences", project_id=project_id) == []


def test_two_requests_meet_new_hours_at_once(first, second, query):
    project_id = first.ask("give_company_new_hours")
    first.send("create", project_id=project_id, waiting=True)
    first.wait_until_paused()
    second.send("create", project_id=project_id)
    wait_until_blocked(query)
    first.go_on()
    first.result()
    second.result()
    first.ask("sweep")
    measured_by = query(
        """SELECT count(DISTINCT timer.calendar_version_id), count(*)
              FROM service_sla_timer timer JOIN project_task task ON task.id = timer.task_id
             WHERE task.project_id = %s""",
        project_id,
    )
    assert measured_by == [(1, 2)], "one version for both timers"


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
    assert timers(query, task_id) == [("running", 600, True)]


@pytest.mark.parametrize(
    ("values", "result"),
    [
        ({"state": "1_done"}, ("met", 60_000, False)),
        ({"priority": "1"}, ("paused", 600, False)),
        ({"name": "Cold house"}, ("paused", 60_000, False)),
    ],
    ids=["closes", "makes-urgent", "renames"],
)
@pytest.mark.parametrize("is_moved_first", [True, False])
def test_a_task_moves_to_a_waiting_stage_while_somebody_edits_it(
    first, second, query, values, result, is_moved_first
):
    project_id, [task_id] = first.ask("create_requests", count=1, minutes=1000)
    stage_id = last_stage(query, project_id)
    edits = [{"stage_id": stage_id}, values] if is_moved_first else [values, {"stage_id": stage_id}]
    first.send("edit", task_id=task_id, values=edits[0], waiting=True)
    first.wait_until_paused()
    second.send("edit", task_id=task_id, values=edits[1])
    wait_until_blocked(query)
    first.go_on()
    assert [first.result(), second.result()] == [1, 2]
    first.ask("sweep")
    assert timers(query, task_id) == [result]
    assert waiting_facts(query, [task_id]) == 0
    waits = "SELECT count(*), count(ended_at) FROM service_wait WHERE task_id = %s"
    assert query(waits, task_id) == [(1, 0)], "the request still is in that stage"
    assert first.ask("find_differences", project_id=project_id) == []


@pytest.mark.parametrize("order", ["create_requests", "create_overdue"])
def test_many_people_at_a_few_requests(first, second, third, query, order):
    """Whatever order their work ends in: rows follow from evidence and fit the requests."""
    minutes = {} if order == "create_overdue" else {"minutes": 1000}
    project_id, task_ids = first.ask(
        order, count=4, escalation="activity", answered=True, **minutes
    )
    people = (second, third)
    for seed, process in enumerate(people):
        process.send("work_along", task_ids=task_ids, seed=seed, count=60)
    for _ in range(20):
        first.ask("sweep")
    assert all(process.result() > 30 for process in people)
    first.ask("sweep")
    assert waiting_facts(query, task_ids) == 0
    assert first.ask("find_differences", project_id=project_id) == []
    clocks = query(
        """SELECT task.state, stage.clock, array_agg(timer.state::text ORDER BY timer.cycle)
             FROM project_task task
             JOIN project_task_type stage ON stage.id = task.stage_id
             JOIN service_sla_timer timer ON timer.task_id = task.id
            WHERE task.project_id = %s AND timer.metric = 'resolution'
            GROUP BY task.id, stage.id""",
        project_id,
    )
    assert len(clocks) == len(task_ids)
    for state, clock, states in clocks:
        expected = "paused" if clock == "pause_customer" else "running"
        if states[-1] != "missed":  # which it stays, also when the request is opened again
            assert (states[-1] == expected) == (state not in ("1_done", "1_canceled"))
