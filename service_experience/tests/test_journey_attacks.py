# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .journey_common import JourneyCase

LEAD = "service_experience.service_experience_group_lead"


@tagged("post_install", "-at_install")
class TestJourneyAttacks(JourneyCase):
    """What somebody could try who wants to read, forge or take away what is not theirs."""

    def _asked(self, **values):
        step = self._create_step(**values)
        step.action_request()
        self._deliver(step)
        return step

    def _promise(self, **values):
        with self.at("2026-03-02 09:00:00"):
            return self.env["service.commitment"].create(
                {
                    "name": "Warm",
                    "project_id": self.project.id,
                    "current_to": "2026-03-06",
                    **values,
                }
            )

    def _personal_fact(self):
        return self.env["service.fact"].create(
            {
                "project_id": self.project.id,
                "question": "Health",
                "answer": "PERSONAL",
                "sensitivity": "personal",
            }
        )

    def test_dialogs_read_with_the_rights_of_their_user(self):
        fact = self._personal_fact()
        self.project.privacy_visibility = "followers"
        step, promise = self._asked(), self._promise()
        for model, values, field in (
            ("service.fact.correct", {"fact_id": fact.id}, "said_before"),
            ("service.step.answer", {"step_id": step.id}, "why"),
            ("service.step.reason", {"step_id": step.id}, "party"),
            ("service.commitment.move", {"commitment_id": promise.id}, "current_to"),
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                dialog = self.env[model].with_user(self.employee).new(values)
                self.assertFalse(dialog[field], "nothing to see")

    def test_opened_facts_are_for_whoever_opened_them(self):
        self._personal_fact()
        one, other = (new_test_user(self.env, login, groups=LEAD) for login in ("one", "other"))
        Override = self.env["service.fact.override"]
        wizard = Override.with_user(one).create({"project_id": self.project.id, "reason": "Ramp"})
        wizard.action_open()
        self.assertIn("PERSONAL", wizard.content)
        self.assertFalse(Override.with_user(other).search([]))
        with self.assertRaises(AccessError):
            wizard.with_user(other).read(["content"])

    def test_another_customer_hears_nothing_of_the_one_before(self):
        step, promise = self._asked(), self._promise()
        self.other_customer.email = "bo@lamps.example"
        self.project.message_subscribe(self.other_customer.ids)
        self.project.partner_id = self.other_customer
        self._answer(step)
        step.action_return("The alarm code is wrong.")
        with self.at("2026-03-03 09:00:00"):
            promise.action_move("2026-03-13", "Only for Nordlicht.")
        mails = self.env["mail.message"].search(
            [("model", "=", "project.project"), ("res_id", "=", self.project.id)]
        )
        told = mails.filtered(lambda mail: "alarm" in mail.body or "Nordlicht" in mail.body)
        self.assertEqual(len(told), 2)
        self.assertEqual(told.notification_ids.res_partner_id.commercial_partner_id, self.customer)
        entries = self.env["service.timeline.entry"].search([("project_id", "=", self.project.id)])
        self.assertEqual(entries.partner_id, self.customer)
        step._see()
        self.env.invalidate_all()
        with self.at("2026-03-04 09:00:00"):
            self.assertEqual(self.project.service_health, "on_track")

    def test_internal_names_are_in_no_mail(self):
        self.project.customer_label = "Your heat pump"
        step = self._asked()
        promise = self._promise()
        with self.at("2026-03-03 09:00:00"):
            promise.action_move("2026-03-13", "Later.")
        messages = step.message_id | self.project.message_ids[0]
        self.assertEqual(set(messages.mapped("subject")), {step.title, promise.name})

    def test_only_what_is_shown_is_sent_for_confirmation(self):
        fact = self.env["service.fact"].create(
            {
                "project_id": self.project.id,
                "topic_id": self.topic.id,
                "question": "Money",
                "answer": "SECRET",
                "sensitivity": "confidential",
            }
        )
        foreign = fact.copy({"partner_id": self.other_customer.id, "project_id": False})
        step = self._create_step(kind="answer", topic_id=self.topic.id)
        for known in (fact, foreign):
            with self.assertRaises(UserError):
                step._ask_to_confirm(known)
        with self.assertRaises(UserError):
            step._use_fact(foreign)

    def test_derived_values_are_nobodys(self):
        step, promise = self._asked(), self._promise()
        for record, values in (
            (promise, {"due_at": "2030-01-01 00:00:00"}),
            (promise, {"on_time_rate": 1.0}),
            (promise, {"partner_id": self.other_customer.id}),
            (step, {"partner_id": self.other_customer.id}),
            (step, {"company_id": self.env.company.id}),
        ):
            with self.subTest(values), self.assertRaises(UserError):
                record.with_user(self.employee).write(values)

    def test_defaults_of_the_context_forge_nothing(self):
        forged = {
            "default_state": "done",
            "default_response": "Yes, we agree",
            "default_decision": "approved",
            "default_kept_at": "2026-03-02 09:00:00",
            "default_reviewed_at": "2026-03-02 09:00:00",
        }
        self.env = self.env(context={**self.env.context, **forged})
        step, promise = self._create_step(), self._promise()
        self.assertEqual((step.state, step.response, step.decision), ("ready", False, False))
        self.assertEqual((promise.state, promise.kept_at), ("active", False))
        wait = self.env["service.wait"].create({"project_id": self.project.id})
        self.assertFalse(wait.reviewed_at)

    def test_a_moved_request_takes_nothing_to_another_customer(self):
        task = self._create_task(partner_id=False)
        step = self._asked(task_id=task.id)
        theirs = self.env["project.project"].create(
            {"name": "Theirs", "partner_id": self.other_customer.id}
        )
        task.write({"partner_id": self.other_customer.id, "project_id": theirs.id})
        self.env.flush_all()
        entries = self.env["service.timeline.entry"].search([("step_id", "=", step.id)])
        for record in (step, step.wait_ids, entries):
            self.assertEqual((record.project_id, record.partner_id), (self.project, self.customer))

    def test_what_is_fulfilled_stays(self):
        promise = self._promise()
        with self.at("2026-03-07 09:00:00"):
            promise.action_customer_accepted()
        with self.at("2026-03-09 09:00:00"):
            for deed in (
                promise.action_customer_accepted,
                promise.action_keep,
                lambda: promise.action_move("2026-03-13", "x"),
            ):
                with self.assertRaisesRegex(UserError, "already"):
                    deed()
        proof = self._create_file()
        promise.proof_ids = [Command.link(proof.id)]
        with self.assertRaises(UserError):
            promise.proof_ids = [Command.clear()]

    def test_a_commitment_of_another_service_is_no_main_one(self):
        other = self.env["project.project"].create({"name": "Other"})
        for values in ({"project_id": other.id}, {"direction": "customers"}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.project.primary_commitment_id = self._promise(**values)
        with self.assertRaises(ValidationError):
            self._create_step(commitment_id=self._promise(project_id=other.id).id)

    def test_nobody_moves_the_files_of_others(self):
        step = self._asked()
        secret = self.env["project.project"].create({"name": "Secret"})
        secret.privacy_visibility = "followers"
        theirs = self._create_file()
        theirs.write({"res_model": "project.project", "res_id": secret.id, "public": True})
        with self.assertRaises(AccessError):
            step.with_user(self.employee).action_submit_for_customer(
                "Mail", attachment_ids=theirs.ids
            )
        self.assertEqual((theirs.res_model, theirs.res_id), ("project.project", secret.id))

    def test_dependencies_are_not_skipped(self):
        first = self._create_step(party="us", kind="do")
        second = self._create_step(state="ready", depends_on_ids=[Command.link(first.id)])
        with self.assertRaisesRegex(UserError, "after a step"):
            second.action_request()

    def test_a_waived_last_step_keeps_the_commitment(self):
        promise = self._promise()
        steps = self.env["service.step"].create(
            [
                {"title": title, "project_id": self.project.id, "commitment_id": promise.id}
                for title in ("Deliver", "Paint")
            ]
        )
        with self.at("2026-03-03 09:00:00"):
            steps[0].action_done()
        steps[1].action_waive("They like it as it is.")
        self.assertEqual(promise.state, "kept")

    def test_a_confirmation_can_be_refused(self):
        step = self._asked(kind="confirm")
        with self.assertRaises(UserError):
            step._submit(self.contact, {"decision": "declined"})
        step._submit(self.contact, {"decision": "declined", "response": "It is the other door."})
        self.assertEqual(step.state, "submitted")
