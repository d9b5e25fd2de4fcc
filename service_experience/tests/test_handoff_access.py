# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Who may see and change handoffs, and what nobody can forge."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .handoff_common import GROUP, HandoffCase

MODELS = (
    "service.team",
    "service.handoff",
    "service.handoff.item",
    "service.handoff.type",
    "service.handoff.type.item",
    "service.handoff.claim",
)


@tagged("post_install", "-at_install")
class TestHandoffAccess(HandoffCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "ada", groups="base.group_portal")
        cls.portal.partner_id.parent_id = cls.customer
        cls.worker = new_test_user(cls.env, "worker", groups="project.group_project_user")
        cls.company_b = cls.env["res.company"].create({"name": "Elsewhere Ltd"})
        cls.stranger = new_test_user(
            cls.env,
            "stranger",
            groups=GROUP + "manager",
            company_id=cls.company_b.id,
            company_ids=[Command.set(cls.company_b.ids)],
        )

    def test_no_access_outside(self):
        handoff = self._offer()
        public = self.env.ref("base.public_user")
        for user in (self.portal, public, self.worker):
            for model in MODELS:
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
            with self.assertRaises(AccessError):
                handoff.with_user(user).action_accept("a", "b", "c")

    def test_private_services(self):
        """Participants read the handoff of a service they do not follow; nobody else does."""
        self.project.privacy_visibility = "followers"
        self.project.message_unsubscribe(self.project.message_partner_ids.ids)
        handoff = self._offer()
        for user, is_seen in (
            (self.sender, True),
            (self.receiver, True),
            (self.colleague, True),
            (self.lead, True),
            (self.employee, False),
        ):
            found = self.env["service.handoff"].with_user(user).search([("id", "=", handoff.id)])
            items = (
                self.env["service.handoff.item"]
                .with_user(user)
                .search([("handoff_id", "=", handoff.id)])
            )
            with self.subTest(user.login):
                self.assertEqual(bool(found), is_seen)
                self.assertEqual(bool(items), is_seen)
        handoff.with_user(self.receiver).read(
            ["display_name", "project_id", "task_ids", "fact_ids"]
        )

    def test_nobody_gives_away_what_they_do_not_see(self):
        self.project.privacy_visibility = "followers"
        self.project.message_unsubscribe(self.project.message_partner_ids.ids)
        handoffs = self.env["service.handoff"].with_user(self.employee)
        for subject in (
            {"task_ids": [Command.set(self.task.ids)]},
            {"project_id": self.project.id},
            {"project_id": self.project.id, "task_ids": [Command.set(self.task.ids)]},
        ):
            with self.subTest(subject), self.assertRaises(AccessError):
                handoffs.create({"type_id": self.kind.id, **subject})

    def test_personal_facts_stay_with_the_members(self):
        self.project.privacy_visibility = "followers"
        self.project.message_subscribe(self.sender.partner_id.ids)
        fact = self.env["service.fact"].create(
            {
                "project_id": self.project.id,
                "question": "Health",
                "answer": "Needs quiet",
                "sensitivity": "personal",
            }
        )
        handoff = self._offer(to_user_id=self.colleague.id)
        self.assertIn(fact, handoff.with_user(self.sender).fact_ids)
        self.env.invalidate_all()
        self.assertNotIn(fact, handoff.with_user(self.colleague).fact_ids)

    def test_other_company(self):
        """A handoff of a task in another company is refused, whoever is named."""
        self._offer()
        handoffs = self.env["service.handoff"]
        self.project.company_id = self.env.company
        self.assertFalse(handoffs.with_user(self.stranger).search([]))
        with self.assertRaises(AccessError):
            handoffs.with_user(self.stranger).create(
                {"type_id": self.kind.id, "task_ids": [Command.set(self.task.ids)]}
            )
        with self.assertRaises(AccessError):
            handoffs.with_user(self.stranger).create(
                {"type_id": self.kind.id, "project_id": self.project.id}
            )

    def test_nothing_leaves_its_company(self):
        self.project.company_id = self.env.company
        team = self.env["service.team"].create({"name": "B", "company_id": self.company_b.id})
        kind = self.env["service.handoff.type"].create(
            {"name": "B", "code": "b", "company_id": self.company_b.id}
        )
        for values in (
            {"to_user_id": self.stranger.id},
            {"to_team_id": team.id},
            {"from_team_id": team.id},
            {"type_id": kind.id},
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, "belongs to"):
                self._create_handoff(**values)

    def test_one_service_only(self):
        other = self.env["project.project"].create(
            {"name": "Other", "partner_id": self.other_customer.id}
        )
        task = self._create_task(project_id=other.id, stage_id=False)
        with self.assertRaisesRegex(UserError, "one service"):
            self._create_handoff(task_ids=[Command.set((self.task + task).ids)])

    def test_people_of_a_team_work_in_its_company(self):
        with self.assertRaisesRegex(ValidationError, "stranger"):
            self.team.member_ids += self.stranger


@tagged("post_install", "-at_install")
class TestForgedHandoffs(HandoffCase):
    def test_state_and_evidence_are_not_written(self):
        handoff = self._offer()
        forged = {
            "state": "accepted",
            "accepted_by_id": self.colleague.id,
            "accepted_at": "2026-03-02 10:00:00",
            "readback_goal": "x",
            "bounce_count": 7,
            "override_reason": "x",
            "first_action_at": "2026-03-02 10:00:00",
            "completeness_offered": 1.0,
            "offered_by_id": self.colleague.id,
            "name": "HO/1",
        }
        for name, value in forged.items():
            for user in (self.sender, self.receiver, self.lead, self.env.user):
                with self.subTest(name, user=user.login), self.assertRaises(UserError):
                    handoff.with_user(user).write({name: value})
            with self.subTest(name), self.assertRaises(UserError):
                self._create_handoff(
                    type_id=self.env.ref("service_experience.handoff_type_team").id,
                    **{name: value},
                )

    def test_defaults_forge_nothing(self):
        handoffs = self.env["service.handoff"].with_user(self.sender)
        handoff = handoffs.with_context(
            default_state="accepted",
            default_accepted_by_id=self.receiver.id,
            default_override_reason="x",
            default_name="HO/1",
        ).create({"type_id": self.kind.id, "task_ids": [Command.set(self.task.ids)]})
        self.assertEqual((handoff.state, handoff.accepted_by_id.id), ("draft", False))
        self.assertFalse(handoff.override_reason)
        self.assertNotEqual(handoff.name, "HO/1")

    def test_items_are_not_forged(self):
        handoff = self._create_handoff()
        item = handoff.check_ids[:1]
        for values in (
            {"state": "done"},
            {"kind": "question"},
            {"answered_by_id": self.receiver.id},
            {"was_missing": False},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                item.with_user(self.sender).write(values)
        items = self.env["service.handoff.item"].with_user(self.sender)
        for values in ({"kind": "check"}, {"kind": "commitment"}, {"state": "done"}):
            with self.subTest(values), self.assertRaises(UserError):
                items.create({"handoff_id": handoff.id, "name": "x", **values})
        forged = items.with_context(default_kind="check", default_state="done").create(
            {"handoff_id": handoff.id, "name": "x"}
        )
        self.assertEqual((forged.kind, forged.state), ("question", "open"))
        with self.assertRaises(UserError):
            handoff.write({"check_ids": [Command.update(item.id, {"required": False})]})

    def test_an_item_does_not_change_its_handoff(self):
        handoff = self._create_handoff()
        other = self._create_handoff(
            type_id=self.env.ref("service_experience.handoff_type_team").id
        )
        with self.assertRaises(UserError):
            handoff.check_ids[:1].handoff_id = other

    def test_a_sender_does_not_become_somebody_else_to_accept(self):
        """The sender names a colleague as the sender, and accepts: refused at both ends."""
        handoff = self._complete(self._create_handoff(to_user_id=False))
        self.team.member_ids += self.sender
        with self.assertRaises(AccessError):
            handoff.from_user_id = self.colleague
        handoff.action_offer()
        with self.assertRaises(UserError):
            handoff.from_user_id = self.colleague

    def test_strangers_change_nothing(self):
        handoff = self._offer()
        for values in ({"situation": "x"}, {"customer_message": "x"}, {"to_user_id": False}):
            for user in (self.colleague, self.employee):
                with self.subTest(values, user=user.login), self.assertRaises(AccessError):
                    handoff.with_user(user).write(values)
        with self.assertRaises(AccessError):
            handoff.check_ids[:1].with_user(self.employee).answer = "x"
