"""What the tests of the open page share: how it is opened, and what it says about itself."""

from contextlib import contextmanager

import pytest
from browser import DESKTOP, PHONE, sign_in, visitor
from playwright.sync_api import expect

CHIP = ".o_service_live_chip"
SAID = ".o_service_live_said"
NEWS = "New information, show"
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
# A change is there at once; what the page tries by itself, later.
SOON, LONG = 10_000, 60_000


@contextmanager
def opened(browser, server, service, size=DESKTOP, **options):
    """Give the page of a service as its customer has opened it, when it is live."""
    number, login, password = service
    with visitor(browser, server, size, **options) as page:
        sign_in(page, login, password, f"/my/service/{number}")
        expect_live(page)
        page.wait_for_timeout(500)  # what follows from looking at it has been shown
        yield page


def expect_live(page):
    expect_chip(page, "Live")


def expect_chip(page, words):
    """Expect what the page says about itself; words are given as a reader sees them."""
    expect(page.locator(CHIP)).to_have_text(words, use_inner_text=True, timeout=LONG)


def get_top(page, selector):
    """Return where something is in the window."""
    return page.evaluate("(it) => document.querySelector(it).getBoundingClientRect().top", selector)


def get_width(page):
    """Return how wide the page is, with what sticks out."""
    return page.evaluate("document.documentElement.scrollWidth")
