# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import TransactionCase, tagged
from odoo.tools import convert_file


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demo company can be loaded at any hour of any day and tells a story."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref("service_experience.demo_partner_bakery", raise_if_not_found=False):
            convert_file(cls.env, "service_experience", "demo/service_demo.xml", {}, mode="init")
        customers = cls.env.ref("service_experience.demo_partner_bakery") + cls.env.ref(
            "service_experience.demo_partner_hotel"
        )
        cls.services = cls.env["project.project"].search(
            [("partner_id", "child_of", customers.ids)]
        )

    def test_four_services_in_different_health(self):
        self.assertEqual(len(self.services), 4)
        self.assertEqual(
            set(self.services.mapped("service_health")), {"on_track", "late", "at_risk", "done"}
        )

    def test_timers_of_both_customer_tiers_run_and_have_a_past(self):
        timers = self.services.tasks.sla_timer_ids
        tiers = self.env.ref("service_experience.demo_policy_gold") + self.env.ref(
            "service_experience.demo_policy_standard"
        )
        self.assertEqual(
            timers.policy_id, tiers + self.env.ref("service_experience.demo_policy_dispatch")
        )
        for policy in tiers:
            states = set(timers.filtered(lambda t, p=policy: t.policy_id == p).mapped("state"))
            self.assertGreaterEqual(states, {"running", "met", "missed"})
        self.assertTrue(timers.filtered("breached_at").event_ids)
        self.assertEqual(timers.segment_ids.wait_id.mapped("kind"), ["customer", "agreed_pause"])
        self.assertEqual(timers.filtered("pause_wait_id").mapped("state"), ["paused"])
        self.assertEqual(timers._get_differences(), [])

    def test_services_have_steps_promises_and_facts(self):
        steps = self.services.service_step_ids
        self.assertEqual(set(steps.mapped("party")), {"us", "customer", "third_party"})
        self.assertGreaterEqual(set(steps.mapped("state")), {"ready", "requested", "submitted"})
        promises = self.services.service_commitment_ids
        self.assertGreaterEqual(set(promises.mapped("state")), {"active", "renegotiated"})
        self.assertEqual(len(self.services.primary_commitment_id), 3)
        facts = self.services.service_fact_ids
        self.assertEqual(set(facts.mapped("sensitivity")), {"normal", "personal"})
        template = self.env["project.project"].search(
            [("is_template", "=", True), ("service_step_ids", "!=", False)], limit=1
        )
        self.assertTrue(template.service_commitment_ids.due_days)

    def test_handoffs_stand_where_work_changes_hands(self):
        teams = self.env.ref("service_experience.demo_team_planning") + self.env.ref(
            "service_experience.demo_team_installation"
        )
        self.assertTrue(all(team.lead_user_id and len(team.member_ids) == 2 for team in teams))
        handoffs = self.env["service.handoff"].search([("project_id", "in", self.services.ids)])
        states = ["offered", "offered", "clarification", "returned", "draft", "accepted"]
        self.assertEqual(handoffs.sorted("id").mapped("state"), states)
        self.assertEqual(set(handoffs.mapped("urgency")), {"critical", "watch", "stable"})
        self.assertTrue(handoffs.question_ids)
        accepted = handoffs.filtered("accepted_by_id")
        self.assertTrue(accepted.readback_goal)
        self.assertIn("handoff_accepted", self.services.service_timeline_ids.mapped("key"))
        emil = self.env.ref("service_experience.demo_user_emil")
        waiting = handoffs.with_user(emil).search(handoffs.with_user(emil)._get_offered_domain())
        self.assertEqual(len(waiting & handoffs), 2)

    def test_customers_have_a_page_and_staff_a_role(self):
        for login in ("customer", "customer2"):
            user = self.env["res.users"].search([("login", "=", login)])
            self.assertTrue(user._is_portal())
            self.assertEqual(
                len(
                    self.env["project.project"].search(
                        self.env["project.project"]._service_visible_domain(user.partner_id)
                    )
                ),
                2,
            )
        for login, role in (("morgan", "manager"), ("lena", "lead"), ("emil", "user")):
            user = self.env["res.users"].search([("login", "=", login)])
            self.assertTrue(user.has_group(f"service_experience.service_experience_group_{role}"))
