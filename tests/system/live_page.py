"""What the tests of the open page share: how it is opened, and what it says about itself."""

import time
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


class Traffic:
    """What a page asks the server for, while a test lets its clock run.

    Only its own questions: of the script of a worker, browsers do not tell that it has arrived.
    """

    def __init__(self, page):
        self._page = page
        self._running = set()
        self.asked = []
        page.on("request", self._begin)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._end)

    def pass_time(self, seconds):
        """Let the clock of the page run; whatever is asked for is answered before it goes on."""
        for _step in range(0, seconds, 5):
            self._page.clock.run_for(5_000)
            self._page.wait_for_timeout(30)
            deadline = time.monotonic() + LONG / 1_000
            while self._running:
                assert time.monotonic() < deadline, [one.url for one in self._running]
                self._page.wait_for_timeout(10)

    def _begin(self, request):
        if request.resource_type == "fetch":
            self._running.add(request)
            self.asked.append(request)

    def _end(self, request):
        self._running.discard(request)


def get_top(page, selector):
    """Return where something is in the window."""
    return page.evaluate("(it) => document.querySelector(it).getBoundingClientRect().top", selector)


def get_width(page):
    """Return how wide the page is, with what sticks out."""
    return page.evaluate("document.documentElement.scrollWidth")
