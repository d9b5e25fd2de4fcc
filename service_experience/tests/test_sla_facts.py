# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import json
from datetime import datetime

from odoo.tests import BaseCase, tagged

from ..models.clock.engine.facts import Fact, add_fact

NINE, TEN = datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 10)


@tagged("post_install", "-at_install")
class TestSlaFacts(BaseCase):
    def test_the_last_of_a_kind_in_one_second_speaks_for_all(self):
        facts = []
        for fact in (
            Fact(NINE, "staged", 1),
            Fact(NINE, "staged", 2),
            Fact(TEN, "staged", 3),
            Fact(TEN, "state", ("1_done", True, False)),
            Fact(TEN, "state", ("01_in_progress", True, True)),
            Fact(TEN, "staged", 4),
        ):
            add_fact(facts, fact)
        self.assertEqual([fact.value for fact in facts], [2, 3, ("01_in_progress", True, False), 4])

    def test_order_within_one_second(self):
        kinds = ["asked", "held", "staged", "matched", "state", "answered", "created"]
        facts = sorted((Fact(NINE, kind) for kind in kinds), key=lambda fact: fact.order)
        self.assertEqual(
            [fact.kind for fact in facts],
            ["created", "answered", "state", "matched", "held", "staged", "asked"],
        )

    def test_what_waits_in_the_backlog_comes_back_as_it_was(self):
        fact = Fact(NINE, "state", ["1_done", True, False], 7)
        self.assertEqual(Fact.from_json(json.loads(json.dumps(fact.to_json()))), fact)
