# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import tagged

from .delay_page_common import PROMISED, READ
from .full_service_common import FullServiceCase

# A server asks once more in each request whether its caches are valid; in tests they always are.
SIGNALING = 1
QUERIES = 20 - SIGNALING
LIST_QUERIES = 11 - SIGNALING
LINK_QUERIES = 24 - SIGNALING
HTML = 60_000


@tagged("post_install", "-at_install")
class TestPageBudget(FullServiceCase):
    """What one look at a page may cost, all in all, once the caches are warm."""

    def _assertBudget(self, queries, budget):
        self.assertLessEqual(len(queries), budget, "\n\n".join(queries))

    def test_service_of_a_thousand_requests(self):
        self._fill()
        self._check_page()
        self._check_whole_lists()
        self._check_link()

    def _check_page(self):
        response, queries = self._measure(self.url)
        self._assertBudget(queries, QUERIES)
        self.assertLessEqual(len(response.content), HTML)
        self.assertNotIn("data:image", response.text)
        text = self._text(response)
        for words in (
            "Send us plan 0",
            "Send us plan 19",
            "Promise 5",
            "600 open, 400 finished",
            "And 990 more. Show 20 more",
            "Floor 7",
            "Question 34",
            "Ines takes care of this",
            "earlier entries. Show 12 more",
            "Plan 11.pdf",
            "Show every date that moved",
        ):
            self.assertIn(words, text)

    def _check_whole_lists(self):
        first = self._text(self._get())
        for name, last in (
            ("requests", "And 970 more."),
            ("facts", "Question 5"),
            ("documents", "Plan 0.pdf"),
            ("timeline", "earlier entries."),
        ):
            with self.subTest(name):
                response, queries = self._measure(f"{self.url}/all/{name}")
                self._assertBudget(queries, QUERIES)
                text = self._text(response)
                self.assertIn(last, text)
                self.assertNotIn("Show ", text)
        self.assertEqual(self._get_status(f"{self.url}/all/needs", "page_customer"), 404)
        self.assertEqual(self._get_status(f"{self.url}/all/facts", "page_stranger"), 404)
        self.assertNotIn("Question 5", first)

    def _check_link(self):
        """Whoever has a link and no account is looked up besides."""
        token = self.env["service.portal.link"]._make(self.project, self.person, self.url)
        self.authenticate(None, None)
        with self.at(READ):
            self.assertEqual(self.url_open(f"/s/{token}").status_code, 200)
        _response, queries = self._measure(self.url, login=None)
        self._assertBudget(queries, LINK_QUERIES)

    def test_list_of_services_asks_as_much_for_two_hundred(self):
        few = self._count_list(20)
        many = self._count_list(180)
        self._assertBudget(many, LIST_QUERIES)
        self._assertBudget(many, len(few))

    def _count_list(self, more):
        place = {"partner_id": self.person.id, "privacy_visibility": "portal"}
        with self.at(PROMISED):
            services = self.env["project.project"].create([{**place, "name": "x"}] * more)
            promises = self.env["service.commitment"].create(
                [
                    {"name": "Done", "project_id": service.id, "current_to": "2026-03-06"}
                    for service in services
                ]
            )
            for service, promise in zip(services, promises, strict=True):
                service.primary_commitment_id = promise
        _response, queries = self._measure("/my/services")
        return queries
