# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime, timedelta

from lxml import html

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.service_experience.models.project.health import HEALTH_SELECTION

from ..controllers.page_sections import SECTIONS, render_sections
from ..controllers.service_reader import Reader
from ..controllers.service_words import ServiceWords
from .section_page_common import SectionPageCase

HEALTHS = [key for key, _label in HEALTH_SELECTION]
# The order of the page: what one reads first.
READING_ORDER = [
    "status",
    "needs",
    "delays",
    "steps",
    "next",
    "promises",
    "requests",
    "contact",
    "handoff",
    "facts",
    "documents",
    "timeline",
    "messages",
    "preferences",
]
# Beside them, the name of the service, which stands above all.
TITLE = "title"
OPEN = [key for key in HEALTHS if key not in ("done", "cancelled")]


@tagged("post_install", "-at_install")
class TestReadingOrder(SectionPageCase):
    def test_order_of_the_page(self):
        self.assertEqual(list(SECTIONS), [*READING_ORDER, TITLE])
        root = html.fromstring(self._page("page_customer").content)
        self.assertEqual(root.xpath("//@data-section"), [TITLE, *READING_ORDER])
        titles = root.xpath("//article//h1 | //article//h2")
        self.assertEqual([title.tag for title in titles].count("h1"), 1)
        self.assertEqual(titles[0].tag, "h1")

    def test_order_of_the_page_of_a_request(self):
        root = html.fromstring(
            self._page("page_customer", f"{self.url}/request/{self.request.id}").content
        )
        order = [name for name in READING_ORDER if name != "requests"]
        self.assertEqual(root.xpath("//@data-section"), [TITLE, *order])

    def test_size(self):
        self.assertLess(len(self._page("page_customer").content), 60_000)


@tagged("post_install", "-at_install")
class TestEverySection(SectionPageCase):
    """Every section has words for every health, also where there is nothing to show yet."""

    def _render(self, **values):
        """Return the words of each section for a snapshot that differs by some values."""
        request_id = values.pop("request", None)
        service = self.project._service_customer_snapshot(self.person, request_id)
        service |= {"delays": [], "next_steps": [], "milestones": []} | values
        if not request_id:
            service |= {"requests": []} | values
        elif values["health"] == "late":
            service["requests"][0]["health"] = "late"
        words = ServiceWords(self.env, "UTC")
        link = self.env["service.portal.link"]
        page = {
            "service": service,
            "words": words,
            "reader": Reader(self.project, self.person, None, link),
            "csrf_token": "token",
            "noted": None,
            "question": None,
        }
        sections = render_sections(self.env, page)
        self.assertTrue(sections.pop(TITLE).html)
        return {
            name: " ".join(html.fromstring(section.html).text_content().split())
            for name, section in sections.items()
            if section.html
        }

    def test_nothing_yet_in_every_health(self):
        for health in HEALTHS:
            with self.subTest(health):
                shown = self._render(health=health)
                silent = set() if health in ("late", "at_risk") else {"delays"}
                self.assertEqual(set(shown), set(READING_ORDER) - silent)
                self._assertSensible(shown, health)

    def test_nothing_yet_about_a_request(self):
        for health in HEALTHS:
            with self.subTest(health):
                shown = self._render(health=health, request=self.request.id)
                silent = set() if health in ("late", "at_risk") else {"delays"}
                self.assertEqual(set(shown), set(READING_ORDER) - silent - {"requests"})
                self._assertSensible(shown, health)
                self.assertNotIn("this service", shown["status"] + shown["steps"])

    def _assertSensible(self, shown, health):
        """A heading and at least one sentence, and nothing that is no word."""
        contact = "Your contact Emil Kettle My Company We answer during our working hours: "
        self.assertTrue(shown.pop("contact").startswith(contact))
        for name, words in shown.items():
            place = f"{name}, {health}"
            self.assertRegex(words, r"\w+ \w+.*[.!?]", place)
            for mistake in ("False", "%(", "{{", "None yet", "None."):
                self.assertNotIn(mistake, words, place)

    def test_next_update_in_every_open_health(self):
        soon = fields.Datetime.now() + timedelta(days=2)
        past = datetime(2026, 1, 7, 9, 0)
        for health in OPEN:
            with self.subTest(health):
                status = self._render(health=health, next_update=soon)["status"]
                self.assertIn("You hear from us by", status)
                status = self._render(health=health, next_update=past)["status"]
                self.assertIn("We wanted to tell you more by", status)
                status = self._render(health=health, next_update=None)["status"]
                self.assertIn("As soon as there is news, you read it here.", status)
        for health in set(HEALTHS) - set(OPEN):
            self.assertNotIn("hear", self._render(health=health, next_update=soon)["status"])

    def test_an_update_that_was_kept_is_no_reproach(self):
        self.project.next_update_promised = datetime(2026, 1, 7, 9, 0)
        self.assertIn("We wanted to tell you more by", self._render()["status"])
        self.env["service.timeline.entry"]._record(
            self.project, "progress_milestone", {"label": "Visit"}
        )
        self.assertIn("As soon as there is news", self._render()["status"])

    def test_cancelled_without_any_date(self):
        [line] = self.project._service_customer_snapshot(self.person)["requests"]
        line |= {"health": "cancelled", "done_at": None, "promised_at": datetime(2098, 1, 7)}
        shown = self._render(health="cancelled", requests=[line])
        self.assertIn("Promised date None any more", shown["status"])
        self.assertIn("This request was cancelled.", shown["requests"])
        self.assertNotIn("Promised for", shown["status"] + shown["requests"])

    def test_late_without_any_date(self):
        [line] = self.project._service_customer_snapshot(self.person)["requests"]
        line |= {"health": "late", "promised_at": None, "moved_to": None}
        shown = self._render(health="late", requests=[line])
        self.assertIn("that is our fault", shown["status"])


@tagged("post_install", "-at_install")
class TestSizeInWords(HttpCase):
    def test_sizes(self):
        words = ServiceWords(self.env, "UTC")
        for size, text in (
            (0, "under 1 kB"),
            (1023, "under 1 kB"),
            (1024, "1 kB"),
            (400_000, "391 kB"),
            (1_572_864, "1.5 MB"),
            (26_214_400, "25 MB"),
        ):
            self.assertEqual(words.size(size), text)
