# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestFacts(JourneyCase):
    """The customer explains it once."""

    def _create_fact(self, **values):
        return self.env["service.fact"].create(
            {
                "topic_id": self.topic.id,
                "project_id": self.project.id,
                "question": "Floor plan",
                "answer": "In the binder of 2019",
                "said_by_id": self.contact.id,
                **values,
            }
        )

    def test_good_answers_become_facts(self):
        step = self._create_step(kind="answer", topic_id=self.topic.id, title="Year of the house")
        step.action_request()
        step._submit(self.contact, {"response": "1987"})
        facts = self.project.service_fact_ids
        self.assertFalse(facts)  # not before somebody looked at it
        step.action_done()
        fact = self.project.service_fact_ids
        self.assertEqual(
            (fact.question, fact.answer, fact.said_by_id, fact.topic_id, fact.partner_id),
            ("Year of the house", "1987", self.contact, self.topic, self.customer),
        )
        self.assertEqual(fact.said_at, step.submitted_at)

    def test_nobody_is_asked_twice_without_a_reason(self):
        fact = self._create_fact()
        step = self._create_step(topic_id=self.topic.id)
        with self.assertRaisesRegex(UserError, "already"):
            step.action_request()
        action = step.action_ask()
        self.assertEqual(action["res_model"], "service.step.repeat")
        wizard = self.env["service.step.repeat"].create({"step_id": step.id, "choice": "ask"})
        self.assertEqual((wizard.fact_ids, wizard.fact_id), (fact, fact))
        with self.assertRaisesRegex(UserError, "reason"):
            wizard.action_apply()
        wizard.reason = "The house was rebuilt."
        wizard.action_apply()
        self.assertEqual(
            (step.state, step.asked_anyway_reason), ("requested", "The house was rebuilt.")
        )

    def test_what_was_said_is_used(self):
        fact = self._create_fact()
        step = self._create_step(topic_id=self.topic.id)
        self.env["service.step.repeat"].create({"step_id": step.id}).action_apply()
        self.assertEqual((step.state, step.response), ("done", fact.answer))
        self.assertFalse(step.message_id)

    def test_what_was_said_is_confirmed_with_one_click(self):
        fact = self._create_fact()
        step = self._create_step(topic_id=self.topic.id)
        self.env["service.step.repeat"].create(
            {"step_id": step.id, "choice": "confirm"}
        ).action_apply()
        self.assertEqual((step.state, step.kind), ("requested", "confirm"))
        with self.at("2026-03-03 10:00:00"):
            step._submit(self.contact, {})
        self.assertEqual(fact.confirmed_at, self.instant("2026-03-03 10:00:00"))
        self.assertEqual(self.project.service_fact_ids, fact)

    def test_what_is_known(self):
        step = self._create_step(topic_id=self.topic.id)
        second = self.env["project.project"].create(
            {"name": "Second service", "partner_id": self.customer.id}
        )
        other = self.env["service.topic"].create({"name": "Parking"})
        known = {
            "of this service": {},
            "of all services": {"project_id": False, "partner_id": self.contact.id},
            "of another service": {"project_id": second.id},
        }
        unknown = {
            "another topic": {"topic_id": other.id},
            "another customer": {"partner_id": self.other_customer.id, "project_id": False},
            "not valid any more": {"valid_until": "2020-01-01"},
            "personal, of another service": {"project_id": second.id, "sensitivity": "personal"},
        }
        for name, values in known.items():
            with self.subTest(name):
                fact = self._create_fact(**values)
                self.assertEqual(step._get_known_facts(), fact)
                fact.unlink()
        for name, values in unknown.items():
            with self.subTest(name):
                self._create_fact(**values)
                self.assertFalse(step._get_known_facts())

    def test_corrections_are_successors(self):
        fact = self._create_fact()
        with self.assertRaisesRegex(UserError, "not rewritten"):
            fact.sudo().answer = "Elsewhere"
        wizard = self.env["service.fact.correct"].create(
            {"fact_id": fact.id, "answer": "At the architect's", "source_ref": "Phone call"}
        )
        wizard.action_confirm()
        successor = fact.superseded_by_id
        self.assertEqual(successor.answer, "At the architect's")
        self.assertEqual((fact.is_valid, successor.is_valid), (False, True))
        self.assertEqual(fact.answer, "In the binder of 2019")
        with self.assertRaisesRegex(UserError, "corrected already"):
            fact._correct("Again", self.contact, "Mail")

    def test_what_the_customer_may_see(self):
        self.assertTrue(self._create_fact().customer_visible)
        for values in ({"certainty": "inferred"}, {"sensitivity": "confidential"}):
            with self.subTest(values):
                fact = self._create_fact(**values)
                self.assertFalse(fact.customer_visible)
                with self.assertRaises(ValidationError):
                    fact.customer_visible = True

    def test_personal_facts_belong_to_one_service(self):
        with self.assertRaises(ValidationError):
            self._create_fact(sensitivity="personal", project_id=False, partner_id=self.customer.id)

    def test_personal_facts_are_for_members(self):
        fact = self._create_fact(sensitivity="personal", answer="Wheelchair user")
        normal = self._create_fact()
        lead = new_test_user(
            self.env, "fact_lead", groups="service_experience.service_experience_group_lead"
        )
        admin = new_test_user(
            self.env,
            "fact_admin",
            groups="project.group_project_manager,"
            "service_experience.service_experience_group_manager",
        )
        for user in (self.employee, lead, admin):
            with self.subTest(user.login):
                mine = (
                    self.env["service.fact"]
                    .with_user(user)
                    .search([("id", "in", (fact + normal).ids)])
                )
                self.assertEqual(mine, normal)
                with self.assertRaises(AccessError):
                    fact.with_user(user).read(["answer"])
        self._create_task(user_ids=self.employee.ids)
        self.project.user_id = lead
        for member in (self.employee, lead):
            self.assertEqual(fact.with_user(member).answer, "Wheelchair user")

    def test_who_follows_an_open_service_is_no_member(self):
        """Everybody may follow it; into a closed one somebody has to invite them."""
        fact = self._create_fact(sensitivity="personal")
        self.project.message_subscribe(self.employee.partner_id.ids)
        Fact = self.env["service.fact"].with_user(self.employee)
        self.assertFalse(Fact.search([("id", "=", fact.id)]))
        self.project.privacy_visibility = "followers"
        self.assertTrue(Fact.search([("id", "=", fact.id)]))

    def test_a_lead_opens_personal_facts_on_the_record(self):
        self._create_fact(sensitivity="personal", answer="Wheelchair user")
        lead = new_test_user(
            self.env, "fact_lead", groups="service_experience.service_experience_group_lead"
        )
        Override = self.env["service.fact.override"]
        with self.assertRaises(AccessError):
            Override.with_user(self.employee).create(
                {"project_id": self.project.id, "reason": "Curious"}
            )
        wizard = Override.with_user(lead).create({"project_id": self.project.id, "reason": " "})
        with self.assertRaisesRegex(UserError, "why"):
            wizard.action_open()
        self.assertFalse(wizard.content)
        wizard.reason = "Ms. Crumb called about the ramp"
        wizard.action_open()
        self.assertIn("Wheelchair user", wizard.content)
        message = self.project.message_ids[0]
        self.assertIn("about the ramp", message.body)
        self.assertIn(lead.name, message.body)
        self.assertNotIn("Wheelchair", message.body)
