"""Customer and colleagues at the same step or promise: one wins, the other reads what happened."""

import pytest
from evidence import meet, timers


@pytest.fixture
def service(first):
    """Give the ids of a request, of a question that was delivered, and of a promise."""
    return first.ask("create_service")


def waits(query, step_id):
    return query(
        "SELECT ended_at IS NOT NULL FROM service_wait WHERE step_id = %s ORDER BY id", step_id
    )


def test_two_answers_at_once(first, second, query, service):
    task_id, step_id, _promise_id = service
    one = ("answer_step", {"step_id": step_id, "words": "1987"})
    other = ("answer_step", {"step_id": step_id, "words": "1988"})
    told = meet(query, first, second, one, other)
    assert told[0] == ""
    assert "already" in told[1]
    found = query("SELECT state, response FROM service_step WHERE id = %s", step_id)
    assert found == [("submitted", "1987")]
    assert waits(query, step_id) == [(True,)]
    assert timers(query, task_id) == [("running", 7200, False)]


def test_an_answer_while_a_colleague_waives(first, second, query, service):
    _task_id, step_id, _promise_id = service
    one = ("waive_step", {"step_id": step_id})
    other = ("answer_step", {"step_id": step_id, "words": "1987"})
    told = meet(query, first, second, one, other)
    assert told[0] == ""
    assert "no longer need" in told[1]
    assert waits(query, step_id) == [(True,)]


def test_a_colleague_waives_while_the_customer_answers(first, second, query, service):
    _task_id, step_id, _promise_id = service
    one = ("answer_step", {"step_id": step_id, "words": "1987"})
    other = ("waive_step", {"step_id": step_id})
    assert list(meet(query, first, second, one, other)) == ["", ""]
    [(state, response)] = query("SELECT state, response FROM service_step WHERE id = %s", step_id)
    assert response == "1987", "nothing is lost"
    assert state == "waived"  # the colleague comes later and may still decide so
    assert waits(query, step_id) == [(True,)]


def test_the_page_is_opened_twice_at_once(first, second, query, service):
    task_id, step_id, _promise_id = service
    first.ask("answer_step", step_id=step_id, words="1987")
    first.ask("return_step", step_id=step_id)
    see = ("see_step", {"step_id": step_id})
    assert list(meet(query, first, second, see, see)) == ["", ""]
    assert waits(query, step_id) == [(True,), (False,)]
    assert timers(query, task_id) == [("paused", 7200, False)]


def test_two_colleagues_move_a_promise_at_once(first, second, query, service):
    _task_id, _step_id, promise_id = service
    told = meet(
        query,
        first,
        second,
        ("move_promise", {"promise_id": promise_id, "days": 20}),
        ("move_promise", {"promise_id": promise_id, "days": 30}),
    )
    assert told[0] == ""
    numbers = query(
        "SELECT sequence FROM service_commitment_revision WHERE commitment_id = %s ORDER BY id",
        promise_id,
    )
    assert numbers in ([(1,), (2,)], [(1,), (2,), (3,)])
    assert ("reload" in told[1]) == (len(numbers) == 2), "who was refused was told so"
