# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Questions, returns, people who leave, and what happens after acceptance."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .handoff_common import GROUP, HandoffCase

READBACK = ("Warm water by Friday", "Call the electrician", "Nobody is at home")


@tagged("post_install", "-at_install")
class TestHandoffClarification(HandoffCase):
    def _ask(self, handoff, **values):
        return (
            self.env["service.handoff.item"]
            .with_user(self.receiver)
            .create({"handoff_id": handoff.id, "name": "Which fuse?", **values})
        )

    def test_question_and_answer(self):
        handoff = self._offer()
        with self.assertRaisesRegex(UserError, "Add your question first"):
            handoff.with_user(self.receiver).action_ask()
        question = self._ask(handoff)
        self.assertEqual(handoff.completeness, 0.9)
        with self.assertRaises(AccessError):
            handoff.with_user(self.sender).action_ask()
        handoff.with_user(self.receiver).action_ask()
        self.assertEqual(handoff.state, "clarification")
        self.assertEqual(handoff.sudo().activity_ids.user_id, self.sender)
        with self.assertRaisesRegex(UserError, "to clarify|To clarify"):
            handoff.with_user(self.receiver).action_accept(*READBACK)
        with self.assertRaisesRegex(UserError, "Which fuse"):
            handoff.with_user(self.sender).action_answer()
        with self.assertRaisesRegex(UserError, "Enter the answer"):
            question.with_user(self.sender).action_done()
        with self.assertRaises(AccessError):
            handoff.with_user(self.receiver).action_answer()
        question.with_user(self.sender).answer = "The second one"
        question.with_user(self.sender).action_done()
        handoff.with_user(self.sender).action_answer()
        self.assertEqual(handoff.state, "offered")
        self.assertEqual(handoff.completeness, 1.0)
        self.assertEqual(handoff.sudo().activity_ids.user_id, self.receiver)
        self._accept(handoff)

    def test_question_that_does_not_block(self):
        handoff = self._offer()
        self._ask(handoff, blocking=False)
        handoff.with_user(self.receiver).action_ask()
        handoff.with_user(self.sender).action_answer()
        self.assertEqual(handoff.state, "offered")

    def test_question_to_the_customer(self):
        handoff = self._offer()
        question = self._ask(handoff)
        handoff.with_user(self.receiver).action_ask()
        question.with_user(self.sender)._route(
            "customer", "Which fuse?", "We order it.", "2026-03-20"
        )
        step = question.step_id
        self.assertEqual(
            (step.state, step.party, step.task_id), ("requested", "customer", self.task)
        )
        handoff.with_user(self.sender).action_answer()
        self.assertEqual(question.state, "open")
        self.assertEqual(handoff.completeness, 0.9)
        step.sudo()._submit(self.contact, {"response": "The second one"})
        step.sudo().action_done()
        self.assertRecordValues(question, [{"state": "done", "answer": "The second one"}])

    def test_question_to_the_customer_who_told_it_already(self):
        self.env["service.fact"].create(
            {
                "topic_id": self.topic.id,
                "project_id": self.project.id,
                "question": "Which fuse?",
                "answer": "The second one",
            }
        )
        handoff = self._offer()
        question = self._ask(handoff, topic_id=self.topic.id)
        action = question.with_user(self.receiver)._route(
            "customer", "Which fuse?", "We need it.", "2026-03-20"
        )
        self.assertEqual(action["res_model"], "service.step.repeat")
        self.assertEqual(question.step_id.state, "ready")

    def test_no_answer_opens_the_question_again(self):
        handoff = self._offer()
        question = self._ask(handoff)
        question.with_user(self.receiver)._route(
            "customer", "Which fuse?", "We need it.", "2026-03-20"
        )
        question.step_id.sudo().action_waive("They do not know")
        self.assertFalse(question.step_id)
        with self.assertRaisesRegex(UserError, "Which fuse"):
            handoff.with_user(self.receiver).action_accept(*READBACK)

    def test_only_own_questions_are_removed(self):
        handoff = self._offer()
        question = self._ask(handoff)
        with self.assertRaises(UserError):
            question.with_user(self.sender).unlink()
        with self.assertRaises(UserError):
            handoff.check_ids[:1].with_user(self.sender).unlink()
        question.with_user(self.receiver).unlink()
        self.assertFalse(handoff.question_ids)


@tagged("post_install", "-at_install")
class TestHandoffReturn(HandoffCase):
    def test_return(self):
        handoff = self._offer()
        for user in (self.sender, self.colleague, self.lead):
            with self.subTest(user.login), self.assertRaises(AccessError):
                handoff.with_user(user).action_return("Not mine")
        with self.assertRaisesRegex(UserError, "reason"):
            handoff.with_user(self.receiver).action_return(" ")
        handoff.with_user(self.receiver).action_return("The floor plan is missing")
        self.assertRecordValues(
            handoff,
            [
                {
                    "state": "returned",
                    "bounce_count": 1,
                    "return_reason": "The floor plan is missing",
                    "accountable_user_id": self.sender.id,
                }
            ],
        )
        self.assertEqual(handoff.sudo().activity_ids.user_id, self.sender)
        with self.assertRaises(AccessError):
            handoff.with_user(self.receiver).action_rework()
        handoff.with_user(self.sender).action_rework()
        self.assertEqual(handoff.state, "draft")

    def test_both_leads_from_the_second_return_on(self):
        self.sending_team.lead_user_id = self.manager
        handoff = self._offer()
        handoff.with_user(self.receiver).action_return("No")
        self.assertNotIn(self.lead, handoff.sudo().activity_ids.user_id)
        handoff.action_rework()
        handoff.action_offer()
        handoff.with_user(self.receiver).action_return("No, again")
        self.assertEqual(handoff.bounce_count, 2)
        self.assertEqual(
            handoff.sudo().activity_ids.user_id, self.sender + self.lead + self.manager
        )

    def test_what_was_allowed_once_is_asked_again(self):
        handoff = self._offer()
        handoff.with_user(self.lead).action_allow_incomplete("The customer waits")
        handoff.with_user(self.receiver).action_return("No")
        self.assertFalse(handoff.override_reason)

    def test_return_while_clarifying(self):
        handoff = self._offer()
        self.env["service.handoff.item"].with_user(self.receiver).create(
            {"handoff_id": handoff.id, "name": "Which fuse?"}
        )
        handoff.with_user(self.receiver).action_ask()
        handoff.with_user(self.receiver).action_return("Not for us")
        self.assertEqual(handoff.state, "returned")

    def test_cancel(self):
        handoff = self._offer()
        for user in (self.receiver, self.colleague):
            with self.subTest(user.login), self.assertRaises(AccessError):
                handoff.with_user(user).action_cancel("Never mind")
        with self.assertRaisesRegex(UserError, "reason"):
            handoff.action_cancel("")
        handoff.action_cancel("The customer called it off")
        self.assertEqual(handoff.state, "cancelled")
        self.assertEqual(self.task.user_ids, self.sender)
        self._create_handoff()

    def test_one_open_handoff(self):
        handoff = self._create_handoff()
        with self.assertRaisesRegex(UserError, handoff.name):
            self._create_handoff()
        other = self.env.ref("service_experience.handoff_type_escalation")
        self._create_handoff(type_id=other.id)
        self._create_handoff(task_ids=False, project_id=self.project.id)
        task = self._create_task()
        second = self._create_handoff(task_ids=[Command.set(task.ids)])
        with self.assertRaisesRegex(UserError, handoff.name):
            second.task_ids += self.task

    def test_only_drafts_are_deleted(self):
        self._create_handoff().unlink()
        handoff = self._offer()
        with self.assertRaisesRegex(UserError, "cancel it instead"):
            handoff.unlink()


@tagged("post_install", "-at_install")
class TestHandoffPeople(HandoffCase):
    def test_receiver_is_archived(self):
        """It waits for the rest of the team; without a team it goes back."""
        handoff = self._offer()
        alone = self._offer(
            to_team_id=False, type_id=self.env.ref("service_experience.handoff_type_team").id
        )
        self.receiver.active = False
        self.assertEqual(handoff.state, "offered")
        self.assertEqual(handoff._get_receivers(), self.colleague + self.lead)
        self.assertEqual(alone.state, "returned")
        self.assertEqual(alone.bounce_count, 0)
        self.assertEqual(alone.accountable_user_id, self.sender)
        self.assertEqual(alone.sudo().activity_ids.user_id, self.sender)

    def test_member_leaves_the_team(self):
        self.team.write({"lead_user_id": False, "member_ids": [Command.set(self.receiver.ids)]})
        handoff = self._offer(to_user_id=False)
        self.team.member_ids = [Command.clear()]
        self.assertEqual(handoff.state, "returned")
        self.assertEqual(handoff.accountable_user_id, self.sender)

    def test_sender_is_archived(self):
        self.sending_team.lead_user_id = self.lead
        handoff = self._offer()
        self.sender.active = False
        self.assertEqual(handoff.state, "offered")
        self.assertEqual(handoff.accountable_user_id, self.lead)
        self.assertEqual(self.task.accountable_user_id, self.lead)
        summaries = handoff.sudo().activity_ids.filtered(
            lambda activity: activity.user_id == self.lead
        )
        self.assertTrue(summaries)
        handoff.with_user(self.lead).action_cancel("The sender is gone")

    def test_nobody_but_a_manager_is_left(self):
        self.project.user_id = False
        handoff = self._offer()
        self.team.lead_user_id = False
        self.sender.active = False
        self.assertTrue(handoff.accountable_user_id.active)
        self.assertTrue(handoff.accountable_user_id.has_group(GROUP + "manager"))

    def test_users_are_deleted(self):
        handoff = self._offer(to_team_id=False)
        self.receiver.unlink()
        self.assertEqual(handoff.state, "returned")
        handoff = handoff.sudo()
        self.sender.unlink()
        self.assertTrue(handoff.accountable_user_id.active)
        self.assertTrue(handoff.activity_ids.user_id)

    def test_whoever_accepted_is_deleted(self):
        handoff = self._accept(self._offer()).sudo()
        self.receiver.unlink()
        self.assertEqual(handoff.state, "accepted")
        self.assertEqual(handoff.accountable_user_id, self.lead)
        self.assertEqual(handoff.activity_ids.user_id, self.lead)

    def test_lead_sends_it_to_somebody_else(self):
        handoff = self._offer()
        handoff.with_user(self.lead).to_user_id = self.colleague
        self.assertEqual(handoff.sudo().activity_ids.user_id, self.colleague)
        with self.assertRaises(AccessError):
            handoff.with_user(self.receiver).action_accept(*READBACK)
        self._accept(handoff, self.colleague)


@tagged("post_install", "-at_install")
class TestHandoffAfterwards(HandoffCase):
    def test_closed_after_the_first_action_and_the_overlap(self):
        self.kind.overlap_hours = 4
        with self.at("2026-03-02 10:00:00"):
            handoff = self._accept(self._offer())
        self.assertEqual(handoff.overlap_until, self.instant("2026-03-02 14:00:00"))
        with self.at("2026-03-02 11:00:00"):
            self._follow()
            self.assertFalse(handoff.first_action_at)
            self._say(self.task, self.receiver.partner_id)
        with self.at("2026-03-02 12:00:00"):
            self._follow()
        self.assertEqual(handoff.first_action_at, self.instant("2026-03-02 11:00:00"))
        self.assertEqual(handoff.state, "accepted")
        with self.at("2026-03-02 13:00:00"), self.assertRaisesRegex(UserError, "overlap"):
            handoff.with_user(self.receiver).action_close()
        with self.at("2026-03-02 14:00:00"):
            self._follow()
        self.assertEqual(handoff.state, "closed")

    def test_first_action_by_a_step(self):
        with self.at("2026-03-02 10:00:00"):
            handoff = self._accept(self._offer())
        with self.at("2026-03-02 11:00:00"):
            step = self._create_step(
                party="us",
                kind="do",
                title="Call",
                task_id=self.task.id,
                owner_user_id=self.receiver.id,
            )
            step.with_user(self.receiver).action_done()
            self._follow()
        self.assertEqual(handoff.first_action_at, self.instant("2026-03-02 11:00:00"))

    def test_closed_by_the_receiver(self):
        self.kind.overlap_hours = 0
        handoff = self._accept(self._offer())
        with self.assertRaises(AccessError):
            handoff.with_user(self.sender).action_close()
        with self.assertRaisesRegex(UserError, "first action"):
            handoff.with_user(self.receiver).action_close()
        handoff.with_user(self.receiver).action_first_action()
        handoff.with_user(self.receiver).action_close()
        self.assertEqual(handoff.state, "closed")

    def test_way_back(self):
        """Drafted on the last working day before: the Friday before a Monday."""
        absence = self.env.ref("service_experience.handoff_type_absence")
        with self.at("2026-03-02 10:00:00"):
            handoff = self._accept(self._offer(type_id=absence.id, return_on="2026-03-16"))
        backs = self.env["service.handoff"].search([("way_back_of_id", "=", handoff.id)])
        self.assertFalse(backs)
        for moment, number in (
            ("2026-03-12 23:00:00", 0),
            ("2026-03-13 01:00:00", 1),
            ("2026-03-13 02:00:00", 1),
        ):
            with self.at(moment):
                self._follow()
            backs = self.env["service.handoff"].search([("way_back_of_id", "=", handoff.id)])
            self.assertEqual(len(backs), number, moment)
        self.assertRecordValues(
            backs,
            [
                {
                    "state": "draft",
                    "from_user_id": self.receiver.id,
                    "to_user_id": self.sender.id,
                    "from_team_id": self.team.id,
                    "to_team_id": self.sending_team.id,
                    "task_ids": self.task.ids,
                    "temporary": False,
                }
            ],
        )
        self.assertEqual(backs.activity_ids.user_id, self.receiver)
