"""Several processes at the same delays: nothing is suspected twice, nothing is told twice."""

import pytest
from evidence import meet, wait_until_blocked

MANY = 250


@pytest.fixture(autouse=True)
def empty_queue(query):
    """Begin with nothing to look at, whatever the tests before have left."""
    query("DELETE FROM service_delay_change")
    query("DELETE FROM service_delay_watch")


def suspicions(query, project_id):
    """Return how many suspicions and how many requests with one a project has."""
    return query(
        """SELECT count(*), count(DISTINCT task_id) FROM service_delay
            WHERE project_id = %s AND state = 'suspected'""",
        project_id,
    )


def calls(query, project_id):
    """Return how many activities there are about the delays of a project."""
    return query("SELECT count(activity_id) FROM service_delay WHERE project_id = %s", project_id)


def test_two_runs_at_once(first, second, query):
    project_id, _task_ids = first.ask("create_late_requests", count=MANY)
    for process in (first, second):
        process.send("detect", pause_at=1)
    for process in (first, second):  # now both hold a batch
        process.wait_until_paused()
    for process in (first, second):
        process.go_on()
    sizes = [process.result() for process in (first, second)]
    assert all(sizes)
    assert suspicions(query, project_id) == [(MANY, MANY)]
    assert calls(query, project_id) == [(MANY,)]
    assert query("SELECT count(*) FROM service_delay_change") == [(0,)]


def test_two_runs_at_the_same_promise(first, second, query):
    """The request stands twice in the queue, and each run takes one of the rows."""
    project_id, task_ids = first.ask("create_late_requests", count=1)
    query("DELETE FROM service_delay_change")
    for _twice in range(2):
        first.ask("note_again", task_ids=task_ids)
    first.send("detect", batch=1, pause_at=1)
    first.wait_until_paused()
    second.send("detect", batch=1)
    wait_until_blocked(query, second)
    first.go_on()
    first.result()
    second.result()
    assert suspicions(query, project_id) == [(1, 1)]
    assert calls(query, project_id) == [(1,)]


def test_a_killed_run_is_taken_up_by_the_next(start, database, first, query):
    project_id, _task_ids = first.ask("create_late_requests", count=MANY)
    victim = start(database)
    victim.send("detect", pause_at=2)
    victim.wait_until_paused()
    victim.kill()  # the first batch is committed, the second is written and not committed
    [(done, _tasks)] = suspicions(query, project_id)
    assert 0 < done < MANY
    first.ask("detect")
    assert suspicions(query, project_id) == [(MANY, MANY)]
    assert calls(query, project_id) == [(MANY,)]


def test_a_colleague_never_waits_for_the_detection(first, second, query):
    project_id, [task_id] = first.ask("create_late_requests", count=1)
    first.send("detect", pause_at=1)
    first.wait_until_paused()
    assert second.ask("rename", task_id=task_id, name="Cold house") == 1
    assert second.ask("move_deadline", task_id=task_id, days=5) == 1
    first.go_on()
    first.result()
    assert suspicions(query, project_id) == [(1, 1)]
    [(look_at,)] = query("SELECT look_at > now() FROM service_delay_watch")
    assert look_at, "the new deadline is watched"


def test_two_tell_at_once(first, second, query):
    delay_id = first.ask("confirm_delay")
    tell = ("tell_delay", {"delay_id": delay_id})
    told = meet(query, first, second, tell, tell)
    assert told[0] == ""
    assert "has left already" in told[1] or "reload" in told[1]
    [(revisions,)] = query(
        "SELECT count(*) FROM service_commitment_revision WHERE delay_id = %s", delay_id
    )
    [(entries,)] = query(
        "SELECT count(*) FROM service_timeline_entry WHERE delay_id = %s", delay_id
    )
    assert (revisions, entries) == (1, 1)


def test_delivered_and_seen_at_once(first, second, query):
    delay_id = first.ask("confirm_delay")
    assert first.ask("tell_delay", delay_id=delay_id) == ""
    order = {"delay_id": delay_id}
    told = meet(query, first, second, ("see_delay", order), ("deliver_delay", order))
    assert list(told) == ["", ""]
    first.ask("note_deliveries")
    found = query(
        "SELECT state, told_before, communicated_at IS NOT NULL FROM service_delay WHERE id = %s",
        delay_id,
    )
    assert found == [("communicated", True, True)]
    [(status,)] = query(
        """SELECT notification.notification_status FROM mail_notification notification
             JOIN service_delay delay ON delay.message_id = notification.mail_message_id
            WHERE delay.id = %s""",
        delay_id,
    )
    assert status == "sent", "the mail is not sent again"
