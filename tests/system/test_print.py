"""What comes out of a printer: all that can be read, nothing that can only be pressed."""

from browser import sign_in, visitor
from playwright.sync_api import expect

PRESSED = ":is(form, button, summary, .o_service_live_chip, .breadcrumb, #top_menu, footer)"
READ = ("status", "needs", "delays", "steps", "next", "promises", "requests", "facts", "timeline")


def test_the_page_on_paper(browser, server, staff):
    full = staff.ask("create_full_service")
    path = f"/my/service/{full['project']}"
    with visitor(browser, server) as page:
        sign_in(page, full["login"], full["password"], path)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 794, "height": 1123})
        expect(page.locator(f"{PRESSED}:visible")).to_have_count(0)
        for name in READ:
            expect(page.locator(f"[data-section={name}] h2")).to_be_visible()
        expect(page.locator("[data-section=delays] time").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 794
        assert page.pdf(format="A4").startswith(b"%PDF")
