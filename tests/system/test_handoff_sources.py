"""Sales and absences begin handoffs, in a database that has the addons for them."""

import pytest

SOURCES = "sale_project,sale_crm,hr_holidays"


@pytest.fixture(scope="module")
def process(databases, database, start):
    """Give a process on a database with sales, opportunities and absences."""
    databases.odoo.run_once(
        database, ["-i", SOURCES], what="Installing sales and absences", log="system-sources"
    )
    return start(database)


def test_a_confirmed_order(process):
    [described, is_same_service] = process.ask("confirm_order")
    assert described == ["sales_to_delivery", "draft", "seller"]
    assert is_same_service


def test_a_won_opportunity_and_its_order(process):
    won, ordered, has_service = process.ask("win_lead")
    assert won == [["sales_to_delivery", "draft", "seller"]]
    assert ordered == [], "the order completes what the opportunity began"
    assert has_service


def test_a_planned_absence(process):
    offered, facts, again, called_off = process.ask("take_leave")
    assert offered == [["absence", "draft", "away"]]
    assert facts == [True, True, True]
    assert again == 1, "offered once"
    assert called_off == [["absence", "cancelled", "away"]]


def test_a_sale_never_fails_for_a_handoff(process):
    assert process.ask("confirm_broken_order") == ["sale", []]
