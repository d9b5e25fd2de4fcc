"""The open page of a customer, in a real browser on a real server, while staff works."""

import time

from browser import PHONE, visitor
from live_page import NEWS, SAID, SIZES, SOON, expect_chip, expect_live, get_top, get_width, opened
from playwright.sync_api import expect

DELAYS = "[data-section=delays]"
SUMMARY = f"{DELAYS} details summary"
TEXT = f"{DELAYS} textarea[name=text]"


@SIZES
def test_a_change_appears_by_itself(browser, server, staff, service, size):
    with opened(browser, server, service, size) as page:
        page.evaluate("window.isTheSamePage = true")
        expect(page.locator(SAID)).to_be_empty()
        expect(page.locator(".o_service_page_updated time")).to_have_text("now")
        page.wait_for_timeout(5_000)  # what happens while a page is opened is not announced
        staff.ask("reach_milestone", project_id=service[0], name="Order")
        done = page.locator(".o_service_page_step_done")
        expect(done).to_have_count(1, timeout=SOON)
        expect(done).to_contain_text("Order")
        expect(page.locator(SAID)).to_have_text("A step of the service has changed.")
        staff.ask("rename_service", project_id=service[0], name="Your new heat pump")
        expect(page.locator("h1")).to_have_text("Your new heat pump", timeout=SOON)
        assert page.evaluate("window.isTheSamePage")
        assert get_width(page) <= size[0]


@SIZES
def test_half_an_answer_is_kept(browser, server, staff, service, size):
    """While somebody writes, their section stays; what is new is shown when they ask for it."""
    with opened(browser, server, service, size) as page:
        page.click(SUMMARY)
        page.locator(TEXT).press_sequentially("Monday would be")
        top = get_top(page, TEXT)
        staff.ask("tell_of_delay", project_id=service[0], name="Boiler is gone")
        staff.ask("rename_service", project_id=service[0], name="Your new heat pump")
        expect(page.locator("h1")).to_have_text("Your new heat pump", timeout=SOON)
        news = page.get_by_role("button", name=NEWS)
        expect(news).to_be_visible()
        assert abs(get_top(page, TEXT) - top) <= 1
        page.locator(TEXT).press_sequentially(" better")
        expect(page.locator(TEXT)).to_be_focused()
        page.locator("h1").click()  # somewhere else: it is still not sent
        expect(page.locator(TEXT)).to_have_value("Monday would be better")
        expect(page.locator(DELAYS)).not_to_contain_text("Boiler is gone")
        news.click()
        expect(page.locator(DELAYS)).to_contain_text("Boiler is gone")
        expect(page.locator(TEXT).nth(1)).to_have_value("Monday would be better")
        expect(page.locator(TEXT).nth(1)).to_be_visible()
        expect(page.locator(TEXT).first).to_have_value("")
        expect(page.locator(f"{DELAYS} h2")).to_be_focused()
        wait_until_seen(staff, service)
        page.wait_for_timeout(500)
        expect(news).to_have_count(0)
        assert get_width(page) <= size[0]


def test_an_empty_field_is_left(browser, server, staff, service):
    """Nobody has to press anything when nothing was entered."""
    with opened(browser, server, service) as page:
        page.click(SUMMARY)
        page.focus(TEXT)
        staff.ask("tell_of_delay", project_id=service[0], name="Boiler is gone")
        expect(page.get_by_role("button", name=NEWS)).to_be_visible(timeout=SOON)
        expect(page.locator(TEXT)).to_be_focused()
        page.locator("h1").click()
        expect(page.locator(DELAYS)).to_contain_text("Boiler is gone")
        expect(page.locator(f"{DELAYS} details").nth(1)).to_have_attribute("open", "")


def test_text_for_which_there_is_no_place(browser, server, staff, service):
    """Somebody else answers meanwhile: the form goes, the text stays."""
    with opened(browser, server, service) as page:
        page.click(SUMMARY)
        page.fill(TEXT, "Tuesday is fine")
        with opened(browser, server, service) as other:
            other.click(f"{DELAYS} button[value=accepted]")
            expect(other.locator(".o_service_page_thanks")).to_be_visible()
        page.get_by_role("button", name=NEWS).click()
        kept = page.locator(f"{DELAYS} .o_service_live_kept textarea")
        expect(kept).to_have_value("Tuesday is fine")
        expect(page.locator(f"{DELAYS} form")).to_have_count(0)
        staff.ask("tell_of_delay", project_id=service[0], name="Boiler is gone")
        page.get_by_role("button", name=NEWS).click()
        expect(kept).to_have_value("Tuesday is fine")


@SIZES
def test_place_and_details_stay(browser, server, staff, service, size):
    with opened(browser, server, service, size) as page:
        page.click(SUMMARY)
        page.evaluate("document.activeElement.blur()")
        target = "#service_timeline_title"
        page.locator(target).scroll_into_view_if_needed()
        page.evaluate(
            """(it) => document.querySelector(it).scrollIntoView({ block: "start" })""", target
        )
        top = get_top(page, target)
        titles = ["Send us the plan", "Send us a photo", "Send us the bill"]
        staff.ask("ask_customer", project_id=service[0], titles=titles)
        expect(page.locator("[data-section=needs]")).to_contain_text(titles[2], timeout=SOON)
        assert abs(get_top(page, target) - top) <= 2
        staff.ask("tell_of_delay", project_id=service[0], name="Boiler is gone")
        expect(page.locator(DELAYS)).to_contain_text("Boiler is gone", timeout=SOON)
        assert abs(get_top(page, target) - top) <= 2
        expect(page.locator(f"{DELAYS} details").nth(1)).to_have_attribute("open", "")
        expect(page.locator(f"{DELAYS} details").first).not_to_have_attribute("open", "")


def test_what_is_shown_has_been_seen(browser, server, staff, service):
    """A delay that arrives on an open page has reached the customer."""
    with opened(browser, server, service) as page:
        staff.ask("tell_of_delay", project_id=service[0], name="Boiler is gone")
        expect(page.locator(DELAYS)).to_contain_text("Boiler is gone", timeout=SOON)
        wait_until_seen(staff, service)
        page.locator(SUMMARY).first.click()
        page.locator(TEXT).first.fill("Is there another one?")
        staff.ask("tell_of_delay", project_id=service[0], name="Pipes are gone")
        news = page.get_by_role("button", name=NEWS)
        expect(news).to_be_visible(timeout=SOON)
        page.wait_for_timeout(500)
        assert staff.ask("count_unseen_delays", project_id=service[0]) == 1, "it is not shown yet"
        news.click()
        wait_until_seen(staff, service)


def wait_until_seen(staff, service):
    """Wait until the server knows that the customer has looked at all delays."""
    for _look in range(30):
        if not staff.ask("count_unseen_delays", project_id=service[0]):
            return
        time.sleep(0.1)
    raise AssertionError("looking at the page does not count as being told")


def test_announcements_are_rare(browser, server, staff, service):
    """One sentence in twenty seconds, and that is the latest."""
    with opened(browser, server, service) as page:
        page.wait_for_timeout(5_000)
        page.evaluate(
            """() => {
                window.said = [];
                const el = document.querySelector(".o_service_live_said");
                new MutationObserver(() => window.said.push([Date.now(), el.textContent]))
                    .observe(el, { childList: true });
            }"""
        )
        for name in ("Order", "Visit", "Installation"):
            staff.ask("reach_milestone", project_id=service[0], name=name)
        expect(page.locator(".o_service_page_step_done")).to_have_count(3, timeout=SOON)
        staff.ask("rename_service", project_id=service[0], name="Your new heat pump")
        expect(page.locator("h1")).to_have_text("Your new heat pump", timeout=SOON)
        page.wait_for_function("window.said.length === 2", timeout=30_000)
        [[first_at, first], [second_at, second]] = page.evaluate("window.said")
        assert first == "A step of the service has changed."
        assert second == "Something on this page has changed."
        assert second_at - first_at >= 19_900


def test_one_request_at_a_time(browser, server, staff, service):
    with opened(browser, server, service) as page:
        running, most = set(), [0]

        def begin(request):
            if "/sections" in request.url or "/version" in request.url:
                running.add(request)
                most[0] = max(most[0], len(running))

        page.on("request", begin)
        page.on("requestfinished", lambda request: running.discard(request))  # noqa: PLW0108
        for number in range(10):
            staff.ask("rename_service", project_id=service[0], name=f"Pump {number}")
        expect(page.locator("h1")).to_have_text("Pump 9", timeout=SOON)
        assert most == [1]


def test_reduced_motion(browser, server, staff, service):
    names = []
    for motion in ("reduce", "no-preference"):
        with opened(browser, server, service, reduced_motion=motion) as page:
            staff.ask("rename_service", project_id=service[0], name=f"Pump {motion}")
            changed = page.locator("h1.o_service_live_changed")
            expect(changed).to_be_visible(timeout=SOON)
            names.append(changed.evaluate("(el) => getComputedStyle(el).animationName"))
    assert names == ["none", "o_service_live_changed"]


def test_without_javascript(browser, server, service):
    with opened(browser, server, service) as page:
        state = page.context.storage_state()
    context = browser.new_context(
        base_url=server.url, java_script_enabled=False, storage_state=state
    )
    page = context.new_page()
    page.goto(f"/my/service/{service[0]}")
    expect(page.locator("h1")).to_have_text("Your heat pump")
    expect(page.locator(".o_service_live_chip")).to_be_hidden()
    expect(page.locator(".o_service_page_updated")).to_contain_text("Updated")
    context.close()


def test_two_pages_in_one_browser(browser, server, staff, service):
    """They share a socket; each hears of its own service."""
    with opened(browser, server, service) as page:
        other = page.context.new_page()
        other.goto(page.url)
        expect_live(other)
        staff.ask("rename_service", project_id=service[0], name="Your new heat pump")
        for one in (page, other):
            expect(one.locator("h1")).to_have_text("Your new heat pump", timeout=SOON)
        other.close()
        staff.ask("rename_service", project_id=service[0], name="Your old heat pump")
        expect(page.locator("h1")).to_have_text("Your old heat pump", timeout=SOON)


def test_revoked_link(browser, server, staff, service):
    """What is shown stays, and the page says that it has ended."""
    token = staff.ask("make_link", project_id=service[0])
    with visitor(browser, server, PHONE) as page:
        page.goto(f"/s/{token}")
        expect_live(page)
        staff.ask("revoke_links", project_id=service[0])
        expect_chip(page, "This page is not available any more. Reload it.")
        expect(page.locator("h1")).to_have_text("Your heat pump")
        assert get_width(page) <= PHONE[0]
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        staff.ask("rename_service", project_id=service[0], name="Your new heat pump")
        page.wait_for_timeout(1_500)
        assert not asked
        page.get_by_role("link", name="Reload it.").click()
        expect(page.locator("h1")).to_have_text("This link does not work")


def test_log_out(browser, server, staff, service):
    with opened(browser, server, service) as page:
        other = page.context.new_page()
        other.goto("/web/session/logout")
        staff.ask("rename_service", project_id=service[0], name="Your new heat pump")
        expect_chip(page, "This page is not available any more. Reload it.")
        expect(page.locator("h1")).to_have_text("Your heat pump")
