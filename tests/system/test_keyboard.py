"""All that a customer can do, done with the keys Tab, Enter, Space and the arrows alone."""

import pytest
from browser import DESKTOP, PHONE, sign_in, visitor
from playwright.sync_api import expect

MOST_STOPS = 120
# Where the focus is: which of the elements of the page, how it looks, and whether it can be seen.
STOP = """() => {
    const el = document.activeElement;
    if (!el || el === document.body) {
        return null;
    }
    const look = (it) => {
        const style = getComputedStyle(it);
        const outline = style.outlineStyle === "none" ? "" : style.outline;
        return [outline, style.boxShadow, style.borderColor, style.backgroundColor].join("; ");
    };
    const box = el.getBoundingClientRect();
    const inside = (x, y) => {
        const top = document.elementFromPoint(x, y);
        return Boolean(top) && (el.contains(top) || top.contains(el));
    };
    // Of a tall field the browser shows at least the line in which one writes.
    const seen = [...el.getClientRects()].some((it) =>
        [0.1, 0.5, 0.9].some((part) => inside(it.x + it.width / 2, it.y + it.height * part))
    );
    const focused = look(el);
    el.blur();
    const plain = look(el);
    el.focus({ preventScroll: true, focusVisible: true });
    const mine = Boolean(el.closest(".o_service_page"));
    if (mine) {
        window.lastStop = el;
    }
    return {
        number: [...document.querySelectorAll("*")].indexOf(el),
        name: (el.getAttribute("name") || el.textContent || el.tagName).trim().slice(0, 60),
        mine,
        marked: focused !== plain,
        seen: seen && box.width > 0 && box.height > 0,
    };
}"""
# What can be reached by Tab: of radio buttons of one name, one.
REACHABLE = """() => {
    const all = [...document.querySelectorAll(
        ".o_service_page :is(a[href], button, input, select, textarea, summary)"
    )];
    const names = new Set();
    return all.filter((el) => {
        if (el.type === "hidden" || el.disabled || el.tabIndex < 0 || !el.checkVisibility()) {
            return false;
        }
        if (el.type !== "radio") {
            return true;
        }
        const key = `${el.form.action} ${el.name}`;
        return !names.has(key) && names.add(key);
    }).length;
}"""


@pytest.fixture
def full(staff):
    """Give a service in which the customer can do everything."""
    return staff.ask("create_full_service")


@pytest.fixture
def page(browser, server, full):
    """Give the page of the service as its customer has opened it."""
    with visitor(browser, server) as one:
        sign_in(one, full["login"], full["password"], get_path(full))
        yield one


def get_path(full):
    return f"/my/service/{full['project']}"


def tab_to(page, selector):
    """Go on with Tab until the focus is on something; it must be there within one round."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("(it) => document.activeElement?.matches(it)", selector):
            return
    raise AssertionError(f"{selector} is not reached")


def press(page, selector, key="Enter"):
    """Reach something, press a key on it, and wait for the page that follows."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press(key)


def walk(page):
    """Go through the page with Tab; return all stops within it."""
    stops = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop and stop["mine"]:
            stops.append(stop)
        elif stops:
            return stops
    raise AssertionError("the page cannot be left")


PAGES = ("", "/step/{step}", "/delay/{delay}/answer", "/facts/{fact}", "/messages", "/preferences")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_every_stop_is_seen_and_in_order(browser, server, full, path, size):
    with visitor(browser, server, size, reduced_motion="reduce") as page:
        address = get_path(full) + path.format(**full)
        sign_in(page, full["login"], full["password"], address)
        page.evaluate("document.querySelectorAll('details').forEach((it) => (it.open = true))")
        stops = walk(page)
        numbers = [stop["number"] for stop in stops]
        assert numbers == sorted(numbers)
        assert len(stops) == page.evaluate(REACHABLE)
        assert [stop["name"] for stop in stops if not stop["marked"]] == []
        assert [stop["name"] for stop in stops if not stop["seen"]] == []
        assert page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0
        page.keyboard.press("Shift+Tab")
        # The element itself: of a live page the numbers of elements change.
        assert page.evaluate("document.activeElement === window.lastStop")


def test_the_first_stop_leads_to_the_content(page):
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    expect(link).to_have_attribute("href", "#wrap")
    expect(link).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#wrap').contains(document.activeElement)")


def test_a_step_is_answered(page, staff, full):
    press(page, f"a.o_service_page_button[href$='/step/{full['step']}']")
    tab_to(page, "textarea[name=response]")
    page.keyboard.type("The blue ones")
    press(page, "form[enctype] button", "Space")
    expect(page.locator(".o_service_page_thanks")).to_be_visible()
    assert staff.ask("read_service", found=full)["step"] == "The blue ones"


def test_an_option_is_chosen_and_the_date_accepted(page, staff, full):
    tab_to(page, ".o_service_delay_form input[type=radio]")
    page.keyboard.press("ArrowUp")
    press(page, "button[value=accepted]")
    expect(page.locator(".o_service_page_thanks")).to_be_visible()
    done = staff.ask("read_service", found=full)["delay"]
    assert done == ["accepted", False, "A loan device until then"]


def test_a_date_is_contested(page, staff, full):
    tab_to(page, ".o_service_delay_form summary")
    page.keyboard.press("Enter")
    tab_to(page, ".o_service_delay_form textarea")
    page.keyboard.type("Monday is better")
    press(page, "button[value=contested]")
    expect(page.locator(".o_service_page_thanks")).to_be_visible()
    done = staff.ask("read_service", found=full)["delay"]
    assert done[:2] == ["contested", "Monday is better"]


def test_enter_in_the_choices_accepts_nothing(page, staff, full):
    """Whoever presses Enter on a choice is asked what they mean."""
    press(page, ".o_service_delay_form input[type=radio]")
    expect(page.get_by_role("alert")).to_be_visible()
    assert staff.ask("read_service", found=full)["delay"][0] == "none"


def test_whether_a_promise_is_on_time(page, staff, full):
    press(page, f"button[formaction$='/promise/{full['promise']}/ask']")
    expect(page.locator(".o_service_page_thanks")).to_be_visible()
    assert staff.ask("read_service", found=full)["doubts"] == 1


def test_a_fact_is_corrected(page, staff, full):
    press(page, f"a[href$='/facts/{full['fact']}']")
    tab_to(page, "textarea[name=answer]")
    page.keyboard.press("Control+A")
    page.keyboard.type("Built in 1963.")
    press(page, ".o_service_step_form button[type=submit]")
    expect(page.locator(".o_service_page_thanks")).to_be_visible()
    assert staff.ask("read_service", found=full)["fact"] == "Built in 1963."


def test_a_question_is_asked(page, staff, full):
    tab_to(page, ".o_service_question textarea")
    page.keyboard.type("When do you come?")
    press(page, ".o_service_question button", "Space")
    expect(page.locator(".o_service_page_thanks")).to_be_visible()
    assert staff.ask("read_service", found=full)["question"] == "When do you come?"


def test_preferences_are_changed(page, staff, full):
    press(page, "a[href$='/preferences']")
    tab_to(page, "input[name=level]")
    page.keyboard.press("ArrowDown")
    press(page, ".o_service_step_form button[type=submit]")
    expect(page.locator(".o_service_page_thanks")).to_be_visible()
    assert staff.ask("read_service", found=full)["level"] == "needed"
