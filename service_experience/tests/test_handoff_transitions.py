# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Every guard of the transitions, for those who may and for those who may not."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .handoff_common import HandoffCase

READBACK = ("Warm water by Friday", "Call the electrician", "Nobody is at home")


@tagged("post_install", "-at_install")
class TestHandoffOffer(HandoffCase):
    def test_whole_way(self):
        commitment = self.env["service.commitment"].create(
            {
                "name": "Warm water",
                "project_id": self.project.id,
                "task_id": self.task.id,
                "current_to": "2026-03-20",
                "owner_user_id": self.sender.id,
            }
        )
        with self.at("2026-03-02 10:00:00"):
            handoff = self._offer()
        self.assertRegex(handoff.name, r"^HO/\d{4}/\d+$")
        self.assertEqual(handoff.state, "offered")
        self.assertEqual(handoff.commitment_item_ids.commitment_id, commitment)
        self.assertEqual(handoff.accountable_user_id, self.sender)
        self.assertEqual(self.task.accountable_user_id, self.sender)
        self.assertEqual(handoff.sudo().activity_ids.user_id, self.receiver)
        with self.at("2026-03-02 12:00:00"):
            self._accept(handoff)
        self.assertRecordValues(
            handoff,
            [
                {
                    "state": "accepted",
                    "accepted_by_id": self.receiver.id,
                    "accountable_user_id": self.receiver.id,
                    "readback_goal": READBACK[0],
                    "bounce_count": 0,
                    "completeness": 1.0,
                }
            ],
        )
        self.assertFalse(handoff.sudo().activity_ids)
        self.assertRecordValues(
            self.task,
            [
                {
                    "user_ids": self.receiver.ids,
                    "contact_user_id": self.receiver.id,
                    "service_team_id": self.team.id,
                    "accountable_user_id": self.receiver.id,
                    "next_update_promised": self.instant("2026-03-03 12:00:00"),
                }
            ],
        )
        self.assertEqual(commitment.owner_user_id, self.receiver)

    def test_what_an_offer_needs(self):
        """Each thing that lacks is named, and nothing else."""
        lacks = {
            "urgency": (False, "how urgent"),
            "situation": (" ", "Describe the situation"),
            "has_no_steps": (False, "next step"),
        }
        for name, (value, words) in lacks.items():
            handoff = self._complete(self._create_handoff())
            handoff[name] = value
            with self.subTest(name), self.assertRaisesRegex(UserError, words) as caught:
                handoff.action_offer()
            others = [other for _value, other in lacks.values() if other != words]
            for other in others:
                self.assertNotIn(other, str(caught.exception))
            handoff.action_cancel("Only a test")

    def test_receiver_is_needed(self):
        handoff = self._complete(self._create_handoff(to_user_id=False, to_team_id=False))
        with self.assertRaisesRegex(UserError, "Choose who receives it"):
            handoff.action_offer()

    def test_the_sender_alone_is_no_receiver(self):
        team = self.env["service.team"].create(
            {"name": "Alone", "member_ids": [Command.set(self.sender.ids)]}
        )
        handoff = self._complete(self._create_handoff(to_user_id=False, to_team_id=team.id))
        with self.assertRaisesRegex(UserError, "Choose who receives it"):
            handoff.action_offer()

    def test_a_step_with_owner_and_day_is_enough(self):
        handoff = self._complete(self._create_handoff())
        step = self._create_step(
            party="us", kind="do", title="Call the electrician", task_id=self.task.id, due=False
        )
        handoff.write({"has_no_steps": False, "step_ids": [Command.set(step.ids)]})
        with self.assertRaisesRegex(UserError, "next step"):
            handoff.action_offer()
        step.due = "2026-03-10"
        handoff.action_offer()
        self.assertEqual(handoff.state, "offered")

    def test_a_step_that_is_finished_is_no_next_step(self):
        handoff = self._complete(self._create_handoff())
        step = self._create_step(party="us", kind="do", title="Look", task_id=self.task.id)
        step.action_done()
        handoff.write({"has_no_steps": False, "step_ids": [Command.set(step.ids)]})
        with self.assertRaisesRegex(UserError, "next step"):
            handoff.action_offer()

    def test_required_checks(self):
        handoff = self._complete(self._create_handoff())
        item = handoff.check_ids.filtered("required")[:1]
        item.action_reopen()
        with self.assertRaisesRegex(UserError, item.name):
            handoff.action_offer()
        with self.assertRaises(AccessError):
            item.with_user(self.sender).action_waive("No time")
        self.assertEqual(item.state, "open")
        with self.assertRaisesRegex(UserError, "reason"):
            item.with_user(self.lead).action_waive(" ")
        item.with_user(self.lead).action_waive("It is a new building")
        handoff.action_offer()
        self.assertEqual((item.state, item.reason), ("waived", "It is a new building"))

    def test_temporary_needs_its_end(self):
        handoff = self._complete(self._create_handoff(temporary=True))
        with self.assertRaisesRegex(UserError, "comes back"):
            handoff.action_offer()
        handoff.return_on = "2026-03-20"
        handoff.action_offer()

    def test_who_offers(self):
        """The sender and leads; no colleague, no receiver."""
        for user in (self.receiver, self.colleague):
            handoff = self._complete(self._create_handoff())
            with self.subTest(user.login), self.assertRaises(AccessError):
                handoff.with_user(user).action_offer()
            self.assertEqual(handoff.state, "draft")
            handoff.action_cancel("Only a test")
        handoff = self._complete(self._create_handoff())
        handoff.with_user(self.lead).action_offer()
        self.assertEqual(handoff.offered_by_id, self.lead)

    def test_lead_of_a_team_is_a_lead(self):
        """Also without the group: who leads the sending team offers for its members."""
        self.sending_team.lead_user_id = self.colleague
        handoff = self._complete(self._create_handoff())
        handoff.with_user(self.colleague).action_offer()
        self.assertEqual(handoff.state, "offered")

    def test_template(self):
        self.project.is_template = True
        handoff = self._complete(self._create_handoff())
        with self.assertRaisesRegex(UserError, "template"):
            handoff.action_offer()

    def test_handing_over_for_somebody_else(self):
        """Only leads do it: nobody sends in another's name."""
        values = {"type_id": self.kind.id, "task_ids": [Command.set(self.task.ids)]}
        handoffs = self.env["service.handoff"]
        with self.assertRaisesRegex(UserError, "Only a team lead"):
            handoffs.with_user(self.colleague).create({**values, "from_user_id": self.sender.id})
        handoff = handoffs.with_user(self.lead).create({**values, "from_user_id": self.sender.id})
        self.assertEqual(handoff.from_user_id, self.sender)


@tagged("post_install", "-at_install")
class TestHandoffAccept(HandoffCase):
    def test_never_the_sender(self):
        handoff = self._offer(to_user_id=False)
        self.team.member_ids += self.sender
        for user in (self.sender, self.sender.sudo(False)):
            with self.assertRaisesRegex(UserError, "somebody else has to accept"):
                handoff.with_user(user).action_accept(*READBACK)
        self.assertEqual(handoff.state, "offered")

    def test_never_whoever_offered_it(self):
        handoff = self._complete(self._create_handoff(to_user_id=False))
        handoff.with_user(self.lead).action_offer()
        with self.assertRaisesRegex(UserError, "somebody else has to accept"):
            handoff.with_user(self.lead).action_accept(*READBACK)

    def test_only_the_receiver(self):
        handoff = self._offer()
        for user in (self.colleague, self.manager, self.lead):
            with self.subTest(user.login), self.assertRaises(AccessError):
                handoff.with_user(user).action_accept(*READBACK)
        self.assertEqual(handoff.state, "offered")

    def test_anybody_of_the_team(self):
        handoff = self._offer(to_user_id=False)
        self.assertEqual(
            handoff.sudo().activity_ids.user_id, self.receiver + self.colleague + self.lead
        )
        handoff.with_user(self.colleague).action_accept(*READBACK)
        with self.assertRaisesRegex(UserError, "was accepted by colleague"):
            handoff.with_user(self.receiver).action_accept(*READBACK)

    def test_readback(self):
        handoff = self._offer(history="They were promised warm water for the weekend.")
        refused = {
            "empty": ("", "Call", "None"),
            "blank": ("Warm water", " ", "None"),
            "copy": ("The pump is on site and waits for the electrician.", "Call", "None"),
            "copy in other clothes": (
                "THE PUMP  is on site - and waits for the electrician",
                "a",
                "b",
            ),
            "a part": ("is on site and waits for the electrician", "Call", "None"),
            "another field": ("Call", "They were promised warm water for the weekend", "None"),
            "in pieces": ("The pump is on site", "and waits for", "the electrician"),
        }
        for name, readback in refused.items():
            with self.subTest(name), self.assertRaisesRegex(UserError, "own words"):
                handoff.with_user(self.receiver).action_accept(*readback)
            self.assertEqual(handoff.state, "offered")
        handoff.with_user(self.receiver).action_accept(*READBACK)
        self.assertEqual(handoff.state, "accepted")

    def test_type_without_readback(self):
        self.kind.requires_readback = False
        self._offer().with_user(self.receiver).action_accept()

    def test_commitments(self):
        commitment = self.env["service.commitment"].create(
            {"name": "Warm water", "project_id": self.project.id, "current_to": "2026-03-20"}
        )
        handoff = self._offer().with_user(self.receiver)
        with self.assertRaisesRegex(UserError, "Warm water"):
            handoff.action_accept(*READBACK)
        item = handoff.commitment_item_ids
        with self.assertRaises(AccessError):
            item.with_user(self.sender).action_done()
        with self.assertRaises(UserError):
            item.action_waive("Not mine")
        with self.assertRaisesRegex(UserError, "reason"):
            item.action_flag("")
        item.action_flag("The boiler comes later")
        handoff.action_accept(*READBACK)
        self.assertEqual(commitment.state, "at_risk")
        self.assertEqual(commitment.risk_reason, "The boiler comes later")
        self.assertIn(self.lead, handoff.sudo().activity_ids.user_id)

    def test_a_commitment_made_meanwhile(self):
        handoff = self._offer()
        self.env["service.commitment"].create(
            {"name": "Made meanwhile", "task_id": self.task.id, "current_to": "2026-03-20"}
        )
        with self.assertRaisesRegex(UserError, "Made meanwhile"):
            handoff.with_user(self.receiver).action_accept(*READBACK)

    def test_a_commitment_kept_meanwhile(self):
        commitment = self.env["service.commitment"].create(
            {"name": "Kept", "task_id": self.task.id, "current_to": "2026-03-20"}
        )
        handoff = self._offer()
        commitment.action_customer_accepted()
        handoff.with_user(self.receiver).action_accept(*READBACK)
        self.assertFalse(handoff.commitment_item_ids)

    def test_completeness_reached(self):
        handoff = self._complete(self._create_handoff())
        handoff.check_ids.filtered(lambda item: not item.required).action_reopen()
        self.assertEqual(handoff.completeness, 0.75)
        handoff.action_offer()
        self.assertEqual(handoff.completeness_offered, 0.75)
        with self.assertRaisesRegex(UserError, r"75 %.*80 %"):
            handoff.with_user(self.receiver).action_accept(*READBACK)
        with self.assertRaisesRegex(UserError, r"75 %"):
            handoff.with_user(self.receiver).action_accept(*READBACK, "I need it")
        with self.assertRaises(AccessError):
            handoff.with_user(self.receiver).action_allow_incomplete("Because")
        handoff.with_user(self.lead).action_allow_incomplete("The customer waits")
        handoff.with_user(self.receiver).action_accept(*READBACK)
        self.assertEqual(handoff.override_reason, "The customer waits")

    def test_lead_receives_incomplete(self):
        handoff = self._complete(self._create_handoff(to_user_id=self.lead.id))
        handoff.check_ids.filtered(lambda item: not item.required).action_reopen()
        handoff.action_offer()
        with self.assertRaises(UserError):
            handoff.with_user(self.lead).action_accept(*READBACK)
        handoff.with_user(self.lead).action_accept(*READBACK, "It cannot wait")
        self.assertEqual(handoff.override_reason, "It cannot wait")

    def test_project_as_a_whole(self):
        other = self._create_task(user_ids=[Command.set((self.sender + self.manager).ids)])
        foreign = self._create_task(user_ids=[Command.set(self.manager.ids)])
        handoff = self._offer(task_ids=False, project_id=self.project.id)
        self._accept(handoff)
        self.assertEqual(self.project.user_id, self.receiver)
        self.assertEqual(self.project.contact_user_id, self.receiver)
        self.assertEqual(self.project.service_team_id, self.team)
        self.assertEqual(self.task.user_ids, self.receiver)
        self.assertEqual(other.user_ids, self.receiver + self.manager)
        self.assertEqual(foreign.user_ids, self.manager)

    def test_stage_moves(self):
        doing = self.env["project.task.type"].create(
            {"name": "Doing", "project_ids": [Command.set(self.project.ids)]}
        )
        self.kind.stage_to_id = doing
        self._accept(self._offer())
        self.assertEqual(self.task.stage_id, doing)

    def test_locked(self):
        handoff = self._accept(self._offer())
        for values in ({"situation": "x"}, {"urgency": "stable"}, {"to_user_id": self.lead.id}):
            for user in (self.sender, self.receiver, self.lead):
                with (
                    self.subTest(values=values, user=user.login),
                    self.assertRaises(Exception) as caught,
                ):
                    handoff.with_user(user).write(values)
                self.assertIsInstance(caught.exception, (UserError, AccessError))
        with self.assertRaises(UserError):
            handoff.check_ids[:1].with_user(self.sender).action_reopen()
        with self.assertRaises(UserError):
            handoff.check_ids[:1].with_user(self.sender).answer = "Other"
