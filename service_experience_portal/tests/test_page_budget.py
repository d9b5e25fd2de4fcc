# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import tagged

from .full_service_common import FullServiceCase

# A server asks once more in each request whether its caches are valid; in tests they always are.
SIGNALING = 1
QUERIES = 20 - SIGNALING
LIST_QUERIES = 20 - SIGNALING
SNAPSHOT_QUERIES = 15
HTML = 60_000


@tagged("post_install", "-at_install")
class TestPageBudget(FullServiceCase):
    """What one look at a page may cost, all in all, once the caches are warm."""

    def _assertBudget(self, queries, budget):
        self.assertLessEqual(len(queries), budget, "\n\n".join(queries))

    def test_page_of_a_thousand_requests(self):
        self._fill()
        response, queries = self._measure(self.url)
        self._assertBudget(queries, QUERIES)
        self.assertLessEqual(len(response.content), HTML)
        self.assertNotIn("data:image", response.text)
        text = self._text(response)
        for words in (
            "Send us plan 0",
            "Promise 5",
            "Repair of radiator",
            "600 open, 400 finished",
            "Floor 7",
            "Question 34",
            "Ines took over",
        ):
            self.assertIn(words, text)
