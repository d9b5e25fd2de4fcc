# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date

from odoo.tests import BaseCase, tagged

from ..controllers.service_groups import service_groups


@tagged("post_install", "-at_install")
class TestServiceGroups(BaseCase):
    def test_what_needs_attention_comes_first(self):
        services = [
            {"health": health, "done_on": None, "needs": needs}
            for health, needs in (
                ("on_track", 0),
                ("not_started", 0),
                ("late", 0),
                ("late", 2),
                ("paused", 0),
                ("cancelled", 0),
            )
        ]
        groups = service_groups(services, date(2026, 3, 5))
        self.assertEqual(
            [(group["name"], len(group["services"])) for group in groups],
            [("needs", 1), ("late", 1), ("waiting", 1), ("on_track", 2), ("done", 1)],
        )

    def test_what_was_finished_long_ago_is_left_out(self):
        services = [
            {"health": "done", "done_on": date(2025, 3, 5), "needs": 0},
            {"health": "done", "done_on": date(2025, 3, 4), "needs": 0},
        ]
        groups = service_groups(services, date(2026, 3, 5))
        self.assertEqual(groups, [{"name": "done", "services": services[:1]}])
