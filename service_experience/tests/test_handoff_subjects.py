# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The host goes its way: requests move and end, people leave, and no handoff stands in between."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .handoff_common import GROUP, HandoffCase

READBACK = ("Warm water by Friday", "Call the electrician", "Nobody is at home")


@tagged("post_install", "-at_install")
class TestRequestsThatMove(HandoffCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_project = cls.env["project.project"].create(
            {"name": "Cellar", "partner_id": cls.contact.id}
        )
        cls.other_task = cls.env["project.task"].create(
            {"name": "Pipes", "project_id": cls.project.id, "user_ids": cls.sender.ids}
        )

    def test_ended_handoffs_hold_nothing(self):
        for end in (self._accept, lambda handoff: handoff.action_cancel("Never mind")):
            handoff = self._offer()
            end(handoff)
            self.task.project_id = self.other_project
            self.assertEqual(handoff.project_id, self.project)
            self.task.project_id = self.project
            self.task.user_ids = self.sender

    def test_the_only_request_takes_its_handoff_along(self):
        handoff = self._create_handoff()
        self.task.project_id = self.other_project
        self.assertEqual(handoff.project_id, self.other_project)
        with self.assertRaisesRegex(UserError, handoff.name):
            self._create_handoff()

    def test_what_does_not_fit_any_more_is_given_up(self):
        """To another company, to nobody, into the archive, or deleted: the sender is told."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.project.company_id = self.env.company
        foreign = self.env["project.project"].create({"name": "F", "company_id": company.id})
        ways = {
            "another company": lambda: self.task.write({"project_id": foreign.id}),
            "no project": lambda: self.task.write({"project_id": False}),
            "archive": lambda: self.task.write({"active": False}),
            "deleted": self.task.unlink,
        }
        for name, leave in ways.items():
            handoff = self._offer()
            leave()
            with self.subTest(name):
                self.assertEqual(handoff.state, "cancelled")
                self.assertEqual(handoff.sudo().activity_ids.user_id, self.sender)
            if self.task.exists():
                self.task.write({"active": True, "project_id": self.project.id})

    def test_the_others_are_handed_over(self):
        both = self.task + self.other_task
        handoff = self._offer(task_ids=[Command.set(both.ids)])
        self.task.active = False
        self.assertEqual((handoff.state, handoff.task_ids), ("offered", self.other_task))
        self._accept(handoff)
        self.assertEqual(self.task.user_ids, self.sender)
        self.assertEqual(self.other_task.user_ids, self.receiver)
        self.assertEqual(self.project.user_id, self.sender)

    def test_an_accepted_handoff_outlives_its_request(self):
        handoff = self._accept(self._offer()).sudo()
        self.task.unlink()
        self.assertEqual((handoff.exists().state, handoff.is_whole), ("accepted", False))

    def test_a_way_back_of_closed_requests_is_none(self):
        absence = self.env.ref("service_experience.handoff_type_absence")
        with self.at("2026-03-02 10:00:00"):
            handoff = self._accept(self._offer(type_id=absence.id, return_on="2026-03-06"))
            self.task.state = "1_done"
        with self.at("2026-03-05 10:00:00"):
            self._follow()
        self.assertFalse(handoff.search([("way_back_of_id", "=", handoff.id)]))

    def test_one_way_back_that_fails_holds_up_no_other(self):
        absence = self.env.ref("service_experience.handoff_type_absence")
        with self.at("2026-03-02 10:00:00"):
            first = self._accept(self._offer(type_id=absence.id, return_on="2026-03-06"))
            second = self._accept(
                self._offer(
                    type_id=absence.id,
                    return_on="2026-03-06",
                    task_ids=[Command.set(self.other_task.ids)],
                )
            )
            # One of the same kind is open already.
            self.env["service.handoff"].create(
                {"type_id": self.kind.id, "task_ids": [Command.set(self.task.ids)]}
            )
        with self.at("2026-03-05 10:00:00"):
            self._follow()
        backs = first.sudo().search([("way_back_of_id", "in", (first + second).ids)])
        self.assertEqual(backs.way_back_of_id, second)
        backs.action_cancel("Not needed")
        with self.at("2026-03-05 11:00:00"):
            self._follow()
        self.assertEqual(len(first.sudo().search([("way_back_of_id", "=", second.id)])), 1)


@tagged("post_install", "-at_install")
class TestPeopleWhoLeave(HandoffCase):
    def test_admins_without_our_roles_archive_people(self):
        admin = new_test_user(
            self.env, "admin-2", groups="base.group_erp_manager,base.group_partner_manager"
        )
        customer = new_test_user(self.env, "customer", groups="base.group_portal")
        handoff = self._offer(to_team_id=False)
        for user in (customer, self.receiver):
            user.with_user(admin).active = False
            self.assertFalse(user.active)
        self.assertEqual(handoff.state, "returned")

    def test_the_team_is_called_when_the_person_leaves(self):
        handoff = self._offer()
        self.receiver.active = False
        called = handoff.sudo().activity_ids.filtered(lambda one: one.user_id.active).user_id
        self.assertEqual(called, self.colleague + self.lead)

    def test_an_archived_team_receives_nothing(self):
        handoff = self._offer(to_user_id=False)
        self.team.active = False
        self.assertEqual(handoff.state, "returned")

    def test_whoever_answers_for_it_closes_it(self):
        self.kind.overlap_hours = 0
        handoff = self._accept(self._offer())
        self.receiver.active = False
        self.assertEqual(handoff.accountable_user_id, self.lead)
        handoff.with_user(self.lead).action_first_action()
        handoff.with_user(self.lead).action_close()
        self.assertEqual(handoff.state, "closed")

    def test_people_without_the_role_receive_nothing(self):
        worker = new_test_user(self.env, "worker", groups="project.group_project_user")
        handoff = self._complete(self._create_handoff(to_user_id=worker.id, to_team_id=False))
        with self.assertRaisesRegex(UserError, "Choose who receives it"):
            handoff.action_offer()


@tagged("post_install", "-at_install")
class TestDetours(HandoffCase):
    def test_completeness_is_not_entered(self):
        handoff = self._offer()
        for values in ({"completeness": 1.0}, {"task_id": False}, {"is_whole": True}):
            with self.subTest(values), self.assertRaises(UserError):
                handoff.with_user(self.receiver).write(values)

    def test_the_sender_answers_questions_and_changes_none(self):
        handoff = self._offer()
        question = (
            self.env["service.handoff.item"]
            .with_user(self.receiver)
            .create({"handoff_id": handoff.id, "name": "Which fuse?"})
        )
        handoff.with_user(self.receiver).action_ask()
        sent = question.with_user(self.sender)
        for deed in (
            lambda: sent.write({"blocking": False}),
            lambda: sent.write({"name": "Never mind"}),
            lambda: sent.action_waive("No time"),
            sent.unlink,
        ):
            with self.assertRaises(UserError):
                deed()
        with self.assertRaises(UserError):
            handoff.action_answer()
        question.with_user(self.receiver).action_waive("I found it")
        handoff.action_answer()

    def test_each_receiver_takes_commitments_over_anew(self):
        self.env["service.commitment"].create(
            {"name": "Warm water", "project_id": self.project.id, "current_to": "2026-03-20"}
        )
        handoff = self._offer()
        item = handoff.commitment_item_ids
        item.with_user(self.receiver).action_done()
        handoff.with_user(self.lead).to_user_id = self.colleague
        self.assertEqual(item.state, "open")
        item.with_user(self.colleague).action_flag("Too early")
        handoff.with_user(self.colleague).action_return("Not mine")
        self.assertEqual(item.state, "open")

    def test_defaults_name_no_other_sender(self):
        handoffs = self.env["service.handoff"].with_user(self.colleague)
        with self.assertRaisesRegex(UserError, "Only a team lead"):
            handoffs.with_context(default_from_user_id=self.sender.id).create(
                {"type_id": self.kind.id, "task_ids": [Command.set(self.task.ids)]}
            )

    def test_what_was_offered_is_not_rewritten(self):
        handoff = self._offer()
        item = handoff.check_ids[:1]
        for user in (self.sender, self.receiver, self.lead):
            with self.subTest(user.login), self.assertRaises(UserError):
                item.with_user(user).answer = "Something else"

    def test_an_offer_keeps_somebody_to_accept_it(self):
        handoff = self._offer()
        with self.assertRaisesRegex(UserError, "can accept"):
            handoff.write({"to_user_id": self.sender.id, "to_team_id": False})

    def test_questions_of_accepted_handoffs_stay(self):
        handoff = self._offer()
        question = (
            self.env["service.handoff.item"]
            .with_user(self.receiver)
            .create({"handoff_id": handoff.id, "name": "Which fuse?", "blocking": False})
        )
        self._accept(handoff)
        with self.assertRaises(UserError):
            question.unlink()

    def test_a_whole_service_is_given_by_those_who_lead_it(self):
        self.project.user_id = self.manager
        values = {"type_id": self.kind.id, "project_id": self.project.id}
        for user, may in ((self.employee, False), (self.lead, True), (self.manager, True)):
            handoffs = self.env["service.handoff"].with_user(user)
            if may:
                handoffs.create(values).unlink()
            else:
                with self.assertRaisesRegex(UserError, "single requests"):
                    handoffs.create(values)

    def test_a_private_service_is_not_opened_by_one_request(self):
        other = self._create_task()
        self.project.privacy_visibility = "followers"
        self._accept(self._offer())
        self.assertTrue(self.task.with_user(self.receiver).has_access("read"))
        self.assertFalse(other.with_user(self.receiver).has_access("read"))

    def test_invisible_requests_are_not_told(self):
        other = self._create_task()
        self.task.customer_visible = False
        self._accept(self._offer(task_ids=[Command.set((self.task + other).ids)]))
        entries = self.env["service.timeline.entry"].search(
            [("project_id", "=", self.project.id), ("type", "=", "handoff")]
        )
        self.assertFalse(entries)

    def test_hidden_services_are_not_told(self):
        self.project.customer_visible = False
        self._accept(self._offer())
        domain = [("project_id", "=", self.project.id), ("type", "=", "handoff")]
        self.assertFalse(self.env["service.timeline.entry"].search(domain))

    def test_the_customer_is_told(self):
        self._accept(self._offer())
        domain = [("task_id", "=", self.task.id), ("type", "=", "handoff")]
        entry = self.env["service.timeline.entry"].search(domain)
        self.assertEqual(entry.text, "Your installer knows all that you told us.")
        self.assertIn("need not repeat", entry.message_id.body)
        self.assertEqual(entry.message_id.partner_ids, self.contact)

    def test_what_others_do_stays_theirs(self):
        """Steps and commitments of colleagues, who are not the sender, keep their owners."""
        mine, theirs = (
            self._create_step(
                party="us", kind="do", title="Call", task_id=self.task.id, owner_user_id=user.id
            )
            for user in (self.sender, self.manager)
        )
        promise = self.env["service.commitment"].create(
            {
                "name": "Warm water",
                "task_id": self.task.id,
                "current_to": "2026-03-20",
                "owner_user_id": self.manager.id,
            }
        )
        handoff = self._offer()
        self.assertEqual(handoff.step_ids, mine + theirs)
        self._accept(handoff)
        self.assertEqual(mine.owner_user_id, self.receiver)
        self.assertEqual(
            (theirs.owner_user_id, promise.owner_user_id), (self.manager, self.manager)
        )

    def test_what_people_planned_themselves_stays(self):
        handoff = self._offer()
        own = handoff.with_user(self.receiver).activity_schedule(
            "mail.mail_activity_data_todo", summary="Call the supplier", automated=False
        )
        handoff.with_user(self.receiver).action_return("The floor plan is missing")
        self.assertTrue(own.exists())

    def test_nobody_leads_by_naming_a_team(self):
        """Whoever leads another team is no lead of what they hand over."""
        self.env["service.team"].create({"name": "Zeta", "lead_user_id": self.sender.id})
        zeta = self.env["service.team"].search([("name", "=", "Zeta")])
        handoff = self._create_handoff(from_team_id=zeta.id)
        with self.assertRaises(AccessError):
            handoff.from_user_id = self.manager
        with self.assertRaises(AccessError):
            handoff.check_ids.filtered("required")[:1].action_waive("No time")
        handoff = self._complete(handoff)
        handoff.action_offer()
        with self.assertRaises(AccessError):
            handoff.action_allow_incomplete("No time")

    def test_files_of_an_accepted_handoff_stay(self):
        handoff = self._complete(self._create_handoff())
        item = handoff.check_ids[:1]
        files = self.env["ir.attachment"].with_user(self.sender)
        values = {"name": "proof.txt", "raw": b"true", "res_model": item._name, "res_id": item.id}
        proof = files.create(values)
        handoff.action_offer()
        self._accept(handoff)
        for user in (self.sender, self.receiver, self.employee, self.lead):
            with self.subTest(user.login), self.assertRaises(UserError):
                proof.with_user(user).raw = b"forged"
            with self.subTest(user.login), self.assertRaises(UserError):
                proof.with_user(user).unlink()

    def test_a_context_opens_nothing(self):
        self.kind.block_stage = True
        task = self.task.with_user(self.colleague).with_context(service_handoff_id=1)
        with self.assertRaises(UserError):
            task.user_ids = self.colleague
        with self.assertRaises(UserError):
            task.write({"user_ids": self.colleague.ids, "customer_visible": False})
        team = self.env["service.team"].create({"name": "X", "lead_user_id": self.colleague.id})
        with self.assertRaises(UserError):
            task.write({"user_ids": self.colleague.ids, "service_team_id": team.id})

    def test_no_weaker_type_where_one_is_demanded(self):
        self.kind.block_stage = True
        other = self.env.ref("service_experience.handoff_type_escalation")
        handoff = self._complete(self._create_handoff(type_id=other.id))
        with self.assertRaisesRegex(UserError, self.kind.name):
            handoff.action_offer()
        handoff.with_user(self.lead).action_offer()

    def test_nobody_gives_away_the_work_of_others(self):
        values = {"type_id": self.kind.id, "task_ids": [Command.set(self.task.ids)]}
        with self.assertRaisesRegex(UserError, "whoever works on it"):
            self.env["service.handoff"].with_user(self.employee).create(values)

    def test_a_request_that_became_confidential(self):
        secret = self.env["project.project"].create(
            {"name": "Secret", "partner_id": self.contact.id, "privacy_visibility": "followers"}
        )
        handoff = self._create_handoff()
        self.task.write({"project_id": secret.id, "user_ids": [Command.clear()]})
        self.assertEqual(handoff.sudo().state, "cancelled")

    def test_customers_are_not_proposed_as_readers(self):
        handoff = self._offer()
        self.assertEqual(handoff._message_get_suggested_recipients(reply_discussion=True), [])

    def test_people_of_other_companies_receive_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups=GROUP + "user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        team = self.env["service.team"].create(
            {"name": "All", "company_id": False, "member_ids": [Command.set(stranger.ids)]}
        )
        self.project.company_id = self.env.company
        handoff = self._complete(self._create_handoff(to_user_id=False, to_team_id=team.id))
        with self.assertRaisesRegex(UserError, "Choose who receives it"):
            handoff.action_offer()

    def test_hidden_commitments_are_not_handed_over(self):
        self.project.privacy_visibility = "followers"
        self.project.user_id = self.manager
        self.project.message_unsubscribe(self.project.message_partner_ids.ids)
        self.env["service.commitment"].create(
            {
                "name": "Secret",
                "project_id": self.project.id,
                "current_to": "2026-03-20",
                "customer_visible": False,
            }
        )
        self.task.user_ids = [Command.clear()]
        self.task.user_ids = self.sender
        handoff = self._create_handoff()
        seen = self.env["service.commitment"].with_user(self.sender).search_count([])
        self.assertEqual(len(handoff.commitment_item_ids), seen)

    def test_a_longer_copy_is_a_copy(self):
        handoff = self._offer().with_user(self.receiver)
        for readback in (
            ("The pump is on site and waits for the electrician. So soon.", "Call", "None"),
            ("ok", "ok", "ok"),
        ):
            with self.subTest(readback), self.assertRaisesRegex(UserError, "own words"):
                handoff.action_accept(*readback)

    def test_who_allowed_it_is_known(self):
        handoff = self._complete(self._create_handoff())
        item = handoff.check_ids[:1]
        item.action_reopen()
        item.with_user(self.lead).action_waive("It is a new building")
        self.assertEqual(item.answered_by_id, self.lead)

    def test_an_old_promise_of_news_does_not_count(self):
        self.task.next_update_promised = "2026-02-20 10:00:00"
        with self.at("2026-02-20 09:00:00"):
            self._say(self.task, self.sender.partner_id)
        with self.at("2026-03-02 10:00:00"):
            self._accept(self._offer())
        # Not kept: it was promised for after the last word, and is still owed.
        self.assertEqual(self.task.next_update_promised, self.instant("2026-02-20 10:00:00"))
        with self.at("2026-03-02 11:00:00"):
            self._say(self.task, self.receiver.partner_id)
            self.task.user_ids = self.sender
            self._accept(self._offer())
        self.assertEqual(self.task.next_update_promised, self.instant("2026-03-03 11:00:00"))
