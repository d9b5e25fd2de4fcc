"""The open page of a customer when the connection is lost, and when it comes back."""

import re
from contextlib import closing

import pytest
from browser import PHONE, sign_in, visitor
from live_page import LONG, SIZES, SOON, Traffic, expect_chip, expect_live, get_width, opened
from playwright.sync_api import expect

from devtools.web_server import WebServer

OFFLINE = re.compile(r"Offline\. Showing the state of \d{1,2}:\d{2}\s[AP]M")


@pytest.fixture(scope="module")
def server_without_sockets(databases, database):
    """Give a server whose sockets cannot be reached, as behind a proxy that is not set up."""
    with closing(WebServer(databases.odoo, database, "system-no-sockets", workers=2)) as one:
        one.start()
        yield one


def test_server_restarts(browser, server, staff, service, query):
    """The page says that it is not fresh, and catches up by itself, however long it takes."""
    with opened(browser, server, service, PHONE) as page:
        staff.ask("reach_milestone", project_id=service[0], name="Order")
        expect(page.locator(".o_service_page_step_done")).to_have_count(1, timeout=SOON)
        server.close()
        query("DELETE FROM bus_bus")  # as the clean-up does after a day
        staff.ask("rename_service", project_id=service[0], name="Your new heat pump")
        page.evaluate("window.dispatchEvent(new Event('online'))")  # a reason to look
        expect_chip(page, OFFLINE)
        assert get_width(page) <= PHONE[0]
        expect(page.locator("h1")).to_have_text("Your heat pump")
        with page.expect_response("**/bus/has_missed_notifications", timeout=LONG) as missed:
            server.start()
            expect_live(page)
        assert missed.value.json()["result"] is True
        expect(page.locator("h1")).to_have_text("Your new heat pump")
        staff.ask("rename_service", project_id=service[0], name="Your newest heat pump")
        expect(page.locator("h1")).to_have_text("Your newest heat pump", timeout=SOON)
        expect(page.locator(".o_notification")).to_have_count(0)


@SIZES
def test_no_network(browser, server, staff, service, size):
    with opened(browser, server, service, size) as page:
        page.context.set_offline(True)
        expect_chip(page, OFFLINE)
        assert get_width(page) <= size[0]
        staff.ask("rename_service", project_id=service[0], name="Your new heat pump")
        page.wait_for_timeout(500)
        expect(page.locator("h1")).to_have_text("Your heat pump")
        page.context.set_offline(False)
        expect(page.locator("h1")).to_have_text("Your new heat pump", timeout=SOON)
        expect_live(page)


def test_without_sockets(browser, server_without_sockets, staff, service):
    number, login, password = service
    with visitor(browser, server_without_sockets, PHONE) as page:
        page.clock.install()
        sign_in(page, login, password, f"/my/service/{number}")
        page.clock.run_for(6_000)
        expect_chip(page, "Checked every 30 seconds")
        assert get_width(page) <= PHONE[0]
        asked = []
        page.on("request", lambda request: asked.append(request))  # noqa: PLW0108
        staff.ask("rename_service", project_id=number, name="Your new heat pump")
        page.clock.run_for(42_000)  # with the most jitter
        expect(page.locator("h1")).to_have_text("Your new heat pump", timeout=SOON)
        page.clock.run_for(42_000)
        versions = [one for one in asked if one.url.endswith("/version")]
        assert len(versions) in (2, 3)
        assert all(re.fullmatch('"[0-9]+"', one.headers["if-none-match"]) for one in versions)
        assert len([one for one in asked if "/sections" in one.url]) == 1


def test_nobody_looks(browser, server, staff, service):
    """A page in the background gives up its channel, asks seldom, and looks when it is shown."""
    number, login, password = service
    with visitor(browser, server) as page:
        page.clock.install()
        sign_in(page, login, password, f"/my/service/{number}")
        traffic = Traffic(page)
        traffic.pass_time(5)
        expect_live(page)
        _set_visibility(page, "hidden")
        traffic.pass_time(90)
        page.wait_for_timeout(1_000)  # the socket belongs to a worker, whose clock goes on
        traffic.asked.clear()
        staff.ask("rename_service", project_id=number, name="Your new heat pump")
        traffic.pass_time(120)
        assert not traffic.asked
        traffic.pass_time(240)
        expect(page.locator("h1")).to_have_text("Your new heat pump", timeout=SOON)
        staff.ask("rename_service", project_id=number, name="Your newest heat pump")
        _set_visibility(page, "visible")
        expect(page.locator("h1")).to_have_text("Your newest heat pump", timeout=SOON)
        traffic.pass_time(5)
        expect_live(page)
        staff.ask("rename_service", project_id=number, name="Your heat pump")
        expect(page.locator("h1")).to_have_text("Your heat pump", timeout=SOON)


def test_time_passes(browser, server, service):
    number, login, password = service
    with visitor(browser, server) as page:
        page.clock.install()
        sign_in(page, login, password, f"/my/service/{number}")
        updated = page.locator(".o_service_page_updated")
        page.clock.run_for(1_000)
        expect(updated).to_have_text("Updated now")
        page.clock.run_for(125_000)
        expect(updated).to_have_text("Updated 2 min. ago")
        time = updated.locator("time")
        assert re.search(r"\d{1,2}:\d{2}", time.get_attribute("title"))
        assert re.match(r"\d{4}-\d\d-\d\dT", time.get_attribute("datetime"))


def _set_visibility(page, state):
    """Let the page believe that it was hidden, or shown again; a browser without windows cannot."""
    page.evaluate(
        """(state) => {
            const property = { value: state, configurable: true };
            Object.defineProperty(document, "visibilityState", property);
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )
