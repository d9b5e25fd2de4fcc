# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .handoff_common import GROUP, HandoffCase

HOSTILE = "<script>alert(1)</script>"


@tagged("post_install", "-at_install")
class TestHandoffSheet(HandoffCase):
    def setUp(self):
        super().setUp()
        self.env["service.commitment"].create(
            {
                "name": "Warm water",
                "project_id": self.project.id,
                "task_id": self.task.id,
                "current_to": "2099-03-20",
                "owner_user_id": self.sender.id,
            }
        )
        self.env["service.fact"].create(
            [
                {"project_id": self.project.id, "question": "Where is the key?", "answer": answer}
                | {"sensitivity": sensitivity}
                for answer, sensitivity in (("Next door", "normal"), ("A secret", "personal"))
            ]
        )
        self.step = self._create_step(
            title="Call the electrician",
            party="us",
            task_id=self.task.id,
            owner_user_id=self.sender.id,
            due="2099-03-10",
            blocking=False,
        )
        self.handoff = self._complete(self._create_handoff())
        self.handoff.write(
            {
                "history": "Ordered on Monday.",
                "tried": f"New sensor {HOSTILE}",
                "contingency": "If it does not come, lend them a heater.",
                "customer_mood": "upset",
                "has_no_steps": False,
                "step_ids": [Command.set(self.step.ids)],
            }
        )
        self.handoff.action_offer()
        self.handoff.item_ids.with_user(self.receiver).create(
            {"handoff_id": self.handoff.id, "name": "Which pump?"}
        )

    def _print(self, user, handoffs=None):
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env["ir.actions.report"].with_user(user)
        content, _kind = report._render_qweb_html(
            "service_experience.service_handoff_sheet", (handoffs or self.handoff).ids
        )
        return content.decode()

    def test_all_that_the_receiver_needs(self):
        sheet = self._print(self.receiver)
        for words in (
            self.handoff.name,
            "Watch",
            "No hot water",
            self.customer.name,
            self.sender.name,
            "Planning",
            "Installation",
            "The pump is on site and waits for the electrician.",
            "Ordered on Monday.",
            "New sensor",
            "If it does not come, lend them a heater.",
            "Call the electrician",
            "03/10/2099",
            "Warm water",
            "03/20/2099",
            "to take over or to flag",
            "Which pump?",
            "Next door",
            self.handoff.check_ids[0].answer,
            "Your installer knows all that you told us.",
        ):
            with self.subTest(words):
                self.assertIn(words, sheet)

    def test_facts_are_those_of_the_reader(self):
        self.assertNotIn("A secret", self._print(self.receiver))
        self.assertIn("A secret", self._print(self.env.user))

    def test_words_are_text_and_the_mood_stays_inside(self):
        sheet = self._print(self.receiver)
        self.assertNotIn(HOSTILE, sheet)
        self.assertIn("&lt;script&gt;", sheet)
        self.assertNotIn("Upset", sheet)

    def test_receivers_of_a_private_service_print_it(self):
        self.project.privacy_visibility = "followers"
        self.assertIn("No hot water", self._print(self.receiver))

    def test_others_do_not(self):
        self.project.privacy_visibility = "followers"
        users = [self.employee, new_test_user(self.env, "clerk", groups="base.group_user")]
        for group in ("base.group_portal", "base.group_public"):
            users.append(new_test_user(self.env, group.replace(".", "_"), groups=group))
        for user in users:
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._print(user)

    def test_several_and_empty_ones(self):
        self.env.user.group_ids += self.env.ref(GROUP + "user")
        empty = self.env["service.handoff"].create({})
        sheet = self._print(self.env.user, self.handoff + empty)
        self.assertEqual(sheet.count('class="page o_handoff_sheet"'), 2)

    def test_it_is_in_the_print_menu(self):
        report = self.env.ref("service_experience.service_handoff_action_report")
        bindings = self.env["ir.actions.actions"].get_bindings("service.handoff")
        self.assertIn(report.id, [one["id"] for one in bindings["report"]])
