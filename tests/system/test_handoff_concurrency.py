"""Two people at the same handoff, over real connections: one wins, the other reads who did."""

import pytest
from evidence import meet


@pytest.fixture
def handoff(first):
    """Give the ids of an offered handoff and of its request, and the logins of two receivers."""
    return first.ask("create_handoff")


def accepted(query, handoff_id):
    """Return state and login of who accepted."""
    return query(
        """SELECT handoff.state, receiver.login FROM service_handoff handoff
             LEFT JOIN res_users receiver ON receiver.id = handoff.accepted_by_id
            WHERE handoff.id = %s""",
        handoff_id,
    )


def test_two_accept_at_once(first, second, query, handoff):
    handoff_id, task_id, (mara, finn) = handoff
    told = meet(
        query,
        first,
        second,
        ("accept_handoff", {"handoff_id": handoff_id, "login": mara}),
        ("accept_handoff", {"handoff_id": handoff_id, "login": finn}),
    )
    assert told[0] == ""
    assert "was accepted by Mara" in told[1]
    assert accepted(query, handoff_id) == [("accepted", mara)]
    assignees = query(
        """SELECT users.login FROM project_task_user_rel rel
             JOIN res_users users ON users.id = rel.user_id WHERE rel.task_id = %s""",
        task_id,
    )
    assert assignees == [(mara,)]


def test_one_returns_while_the_other_accepts(first, second, query, handoff):
    handoff_id, _task_id, (mara, finn) = handoff
    told = meet(
        query,
        first,
        second,
        ("return_handoff", {"handoff_id": handoff_id, "login": mara}),
        ("accept_handoff", {"handoff_id": handoff_id, "login": finn}),
    )
    assert told[0] == ""
    assert "Returned" in told[1]
    assert accepted(query, handoff_id) == [("returned", None)]


def test_two_hand_over_the_same_at_once(first, second, query, handoff):
    _handoff_id, task_id, _logins = handoff
    draft = ("draft_handoff", {"task_id": task_id})
    told = meet(query, first, second, draft, draft)
    assert told[0] == ""
    assert "begun a handoff" in told[1] or "hands this over already" in told[1]
    [(number,)] = query("SELECT count(*) FROM service_handoff_claim WHERE task_id = %s", task_id)
    assert number == 2, "the offered one, and one draft"


def test_the_same_is_sent_twice_at_once(first, second, query):
    first.ask("create_customer", reference="C-900")
    payload = {
        "schema_version": 1,
        "system": "erp",
        "items": [
            {
                "external_ref": "R-900",
                "customer": {"external_id": "C-900"},
                "urgency": "stable",
                "situation": "The wheel stands still.",
                "no_steps": True,
            }
        ],
    }
    send = ("send_handoff", {"payload": payload})
    assert list(meet(query, first, second, send, send)) == [["created"], ["unchanged"]]
    [(number,)] = query("SELECT count(*) FROM service_handoff WHERE external_ref = 'R-900'")
    assert number == 1
