"""A real browser for the tests of the whole system."""

import resource
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from devtools.chromium import OFFERED

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
    "--disable-component-update",
)
DESKTOP, PHONE = (1280, 800), (320, 640)


@contextmanager
def chromium(layout):
    """Give the browser that the tests of pages use, too."""
    with _unlimited_memory(), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(layout.bin / OFFERED), args=[*FLAGS])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def _unlimited_memory():
    """Take back the limit that Odoo sets for itself: browsers reserve more than they use."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextmanager
def visitor(browser, server, size=DESKTOP, **options):
    """Give a page of somebody with a profile of their own; no error may stay unseen.

    :param options: of the context of the browser
    """
    width, height = size
    context = browser.new_context(
        base_url=server.url, viewport={"width": width, "height": height}, **options
    )
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        yield page
        assert not errors, errors
    finally:
        context.close()


def sign_in(page, login, password, to):
    """Sign in and open an address."""
    page.goto(f"/web/login?redirect={to}")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    page.click("form.oe_login_form button[type=submit]")
    page.wait_for_url(f"**{to}")
