# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestSteps(JourneyCase):
    """The table of transitions: who may bring a step from where to where."""

    def _asked(self, **values):
        step = self._create_step(**values)
        step.action_request()
        self._deliver(step)
        return step

    def test_the_state_is_never_written(self):
        step = self._create_step()
        for values in (
            {"state": "done"},
            {"delivered_at": "2026-03-02 09:00:00"},
            {"response": "We wrote this ourselves"},
            {"attachment_ids": [Command.clear()]},
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, "cannot be entered"):
                step.sudo().write(values)
        with self.assertRaises(UserError):
            self._create_step(state="submitted")

    def test_what_was_asked_stays_as_it_was_asked(self):
        """Whoever changes the request would change what the customer was waited for."""
        step, plan = self._asked(), self._create_step()
        other = self.env["project.project"].create({"name": "Other"})
        changes = {
            "active": False,
            "blocking": False,
            "customer_visible": False,
            "kind": "info",
            "party": "us",
            "project_id": other.id,
            "owner_partner_id": self.other_customer.id,
        }
        for name, value in changes.items():
            with self.subTest(name):
                with self.assertRaisesRegex(UserError, "ask anew"):
                    step.sudo().write({name: value})
                plan.write({name: value})
        step.write({"kind": step.kind, "due": "2026-03-20", "effort_minutes": 5})

    def test_dependencies(self):
        first = self._create_step(party="us", kind="do", title="Measure")
        second = self._create_step(
            party="us", kind="do", title="Draw", depends_on_ids=[Command.link(first.id)]
        )
        self.assertEqual((first.state, second.state), ("ready", "planned"))
        with self.assertRaisesRegex(UserError, "Draw"):
            second.action_ready()
        with self.assertRaises(UserError):
            second.action_start()
        first.action_start()
        first.action_done()
        self.assertEqual((first.state, second.state), ("done", "ready"))
        with self.assertRaises(ValidationError):
            first.depends_on_ids = second
        other = self.env["project.project"].create({"name": "Other"})
        with self.assertRaises(ValidationError):
            second.depends_on_ids = self._create_step(project_id=other.id)

    def test_what_is_asked_is_complete(self):
        for missing, words in (("due", "until when"), ("why", "why")):
            with self.subTest(missing), self.assertRaisesRegex(UserError, words):
                self._create_step(**{missing: False}).action_request()
        project = self.env["project.project"].create({"name": "Nobody's"})
        with self.assertRaisesRegex(UserError, "customer"):
            self._create_step(project_id=project.id).action_request()

    def test_the_request_is_a_mail_in_the_language_of_its_reader(self):
        step = self._asked(instructions="A photo will do.", effect_if_late="We start later.")
        message = step.message_id
        self.assertEqual(message.model, "project.project")
        self.assertEqual(message.notified_partner_ids, self.contact)
        for words in ("floor plan", "plan the pipes", "A photo will do", "We start later"):
            self.assertIn(words, message.body)

    def test_answers_fit_the_question(self):
        refused = {
            "answer": {"response": "  "},
            "upload": {"response": "Here it is"},
            "approve": {"response": "Hm"},
        }
        for kind, values in refused.items():
            with self.subTest(kind), self.assertRaises(UserError):
                self._asked(kind=kind)._submit(self.contact, values)
        with self.assertRaisesRegex(UserError, "different"):
            self._asked(kind="approve")._submit(self.contact, {"decision": "declined"})

    def test_confirming_finishes_everything_else_is_looked_at(self):
        answers = {
            "answer": {"response": "1987"},
            "upload": {"attachment_ids": self._create_file().ids},
            "approve": {"decision": "approved"},
            "attend": {},
            "give_access": {},
            "do": {},
        }
        for kind, values in answers.items():
            with self.subTest(kind):
                step = self._asked(kind=kind)
                step._submit(self.contact, values)
                self.assertEqual(step.state, "submitted")
                self.assertTrue(step.review_due_at)
                step.action_done()
                self.assertEqual((step.state, step.review_due_at), ("done", False))
        for kind in ("confirm", "info"):
            with self.subTest(kind):
                step = self._asked(kind=kind)
                step._submit(self.contact, {})
                self.assertEqual(step.state, "done")

    def test_nobody_finishes_for_the_customer_without_an_answer(self):
        for step in (self._create_step(), self._asked()):
            with self.assertRaisesRegex(UserError, "not answered"):
                step.action_done()
        elsewhere = self._create_step(party="third_party")
        elsewhere.action_request()
        elsewhere.action_done()
        self.assertEqual(elsewhere.state, "done")

    def test_our_review_is_due_within_a_working_day(self):
        with self.at("2026-03-06 15:00:00"):  # Friday
            step = self._asked()
            self._answer(step)
        self.assertEqual(step.review_due_at, self.instant("2026-03-09 15:00:00"))

    def test_a_second_answer_changes_nothing(self):
        step = self._asked()
        self._answer(step, response="First")
        with self.assertRaisesRegex(UserError, "already"):
            self._answer(step, response="Second")
        self.assertEqual(step.response, "First")
        self.assertEqual(len(step.attachment_ids), 1)

    def test_closed_steps_take_no_answer(self):
        for close, words in (
            (lambda step: step.action_waive("Not needed."), "no longer need"),
            (lambda step: step.action_cancel("Mistake."), "no longer need"),
        ):
            step = self._asked()
            close(step)
            with self.assertRaisesRegex(UserError, words):
                self._answer(step)

    def test_the_second_return_calls_the_lead(self):
        self.project.user_id = self.manager
        step = self._asked()
        for number in (1, 2):
            self._answer(step)
            with self.assertRaisesRegex(UserError, "reason"):
                step.action_return(" ")
            step.action_return("Unreadable.")
            self.assertEqual((step.state, step.return_count), ("returned", number))
            self.assertEqual(
                bool(self.project.activity_ids.filtered(lambda a: a.user_id == self.manager)),
                number == 2,
            )
            self._deliver(step)

    def test_who_told_already_is_heard_once(self):
        self.project.user_id = self.manager
        step = self._asked()
        step._tell_already()
        step._tell_already()
        self.assertEqual(step.told_already_count, 1)
        self.assertEqual(self.project.activity_ids.user_id, self.manager)

    def test_asked_once_kept_for_ever(self):
        step = self._asked()
        step.action_waive("Not needed.")
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            step.sudo().unlink()
        self._create_step().unlink()

    def test_noted_for_the_customer_with_a_source(self):
        step = self._asked(kind="answer")
        with self.assertRaisesRegex(UserError, "where"):
            step.action_submit_for_customer("", "1987")
        step.action_submit_for_customer("Phone call", "1987")
        self.assertEqual(
            (step.state, step.response, step.submitted_source), ("submitted", "1987", "Phone call")
        )
        entry = self.env["service.timeline.entry"].search([("step_id", "=", step.id)], limit=1)
        self.assertEqual((entry.key, entry.actor), ("step_noted", "us"))

    def test_the_history_tells_what_happened(self):
        step = self._asked()
        self._answer(step)
        step.action_return("Unreadable.")
        self._deliver(step)
        self._answer(step)
        step.action_done()
        entries = self.env["service.timeline.entry"].search([("step_id", "=", step.id)])
        self.assertEqual(
            entries.sorted("id").mapped("key"),
            ["step_requested", "step_submitted", "step_returned", "step_submitted", "step_done"],
        )
        self.assertTrue(all(entries.mapped("sentence")))
        self.assertEqual(entries.partner_id, self.customer)

    def test_internal_steps_leave_no_history(self):
        step = self._create_step(party="us", kind="do", title="Look up the margin")
        self.assertFalse(step.customer_visible)
        step.action_done()
        self.assertFalse(self.env["service.timeline.entry"].search([("step_id", "=", step.id)]))

    def test_what_was_asked_stays_with_whom_was_asked(self):
        step, plan = self._asked(), self._create_step()
        self.project.partner_id = self.other_customer
        self.assertEqual(step.partner_id, self.customer)
        self.assertEqual(plan.partner_id, self.other_customer)

    def test_the_request_of_a_step_belongs_to_its_service(self):
        other = self.env["project.project"].create({"name": "Other"})
        task = self._create_task()
        step = self._create_step(task_id=task.id, project_id=False)
        self.assertEqual(step.project_id, self.project)
        task.project_id = other
        self.assertEqual(step.project_id, other)
        task.project_id = False
        self.assertEqual(step.project_id, other)

    def test_health_waits_only_for_a_delivered_request(self):
        task = self._create_task(
            user_ids=self.employee.ids, customer_visible=True, customer_label="Radiator"
        )
        step = self._create_step(task_id=task.id)
        step.action_request()
        self.assertEqual(task.service_health, "on_track")
        self._deliver(step)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(task.service_health, "waiting_customer")
        self.assertEqual(self.project.service_health, "waiting_customer")
        self.assertEqual(task.service_ball, "customer")
        self.assertIn("asked", task.service_health_why)
        own = self._create_step(task_id=task.id, party="us", kind="do")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(task.service_health, "on_track")  # work of ours goes on
        own.action_done()
        self._answer(step)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(task.service_health, "on_track")

    def test_nothing_is_better_than_its_late_visible_parts(self):
        seen = {"customer_visible": True, "customer_label": "Radiator"}
        task = self._create_task(user_ids=self.employee.ids, **seen)
        step = self._create_step(
            task_id=task.id, party="us", kind="do", due="2026-03-05", customer_visible=True
        )
        hidden = self._create_step(task_id=task.id, party="us", kind="do", due="2026-03-01")
        self.assertEqual(self._healths(task, "2026-03-05 23:59:59"), ("on_track", "on_track"))
        self.assertEqual(self._healths(task, "2026-03-06 00:00:00"), ("late", "late"))
        self.assertIn("part", task.service_health_why)
        (step + hidden).action_done()
        self.assertEqual(self._healths(task, "2026-03-06 00:00:00"), ("on_track", "on_track"))
        part = self._create_task(parent_id=task.id, date_deadline="2026-03-06 12:00:00", **seen)
        self.assertEqual(self._healths(task, "2026-03-06 12:00:01"), ("late", "late"))
        part.customer_visible = False
        self.assertEqual(self._healths(task, "2026-03-06 12:00:01"), ("on_track", "on_track"))
        with self.at("2026-03-06 12:00:00"):
            promise = self.env["service.commitment"].create(
                {"name": "Warm", "task_id": task.id, "current_to": "2026-03-07"}
            )
        with self.at("2026-03-09 12:00:00"):
            promise._break_overdue(self.instant("2026-03-09 12:00:00"))
        self.assertEqual(self._healths(task, "2026-03-09 12:00:00"), ("late", "late"))
        task.customer_visible = False
        self.assertEqual(self._healths(task, "2026-03-09 12:00:00"), ("late", "on_track"))

    def test_a_service_waits_when_no_request_can_go_on(self):
        seen = {"customer_visible": True, "customer_label": "Radiator"}
        waiting, other = (
            self._create_task(user_ids=self.employee.ids, **seen) for _number in range(2)
        )
        with self.at("2026-03-02 10:00:00"):
            self._deliver_request(waiting)
        self.assertEqual(
            self._healths(waiting, "2026-03-02 11:00:00"), ("waiting_customer", "on_track")
        )
        with self.at("2026-03-02 11:00:00"):
            self._deliver_request(other)
        self.assertEqual(
            self._healths(other, "2026-03-02 12:00:00"), ("waiting_customer", "waiting_customer")
        )

    def _deliver_request(self, task):
        step = self._create_step(task_id=task.id)
        step.action_request()
        self._deliver(step)

    def test_the_requests_of_other_customers_stay_apart(self):
        """Their customer sees that they are late, the customer of the service does not."""
        theirs = self._create_task(
            user_ids=self.employee.ids,
            partner_id=self.other_customer.id,
            customer_visible=True,
            customer_label="Radiator",
        )
        self._create_step(
            task_id=theirs.id, party="us", kind="do", due="2026-03-05", customer_visible=True
        )
        self.assertEqual(self._healths(theirs, "2026-03-06 09:00:00"), ("late", "on_track"))

    def _healths(self, task, at):
        self.env.flush_all()
        self.env.invalidate_all()
        with self.at(at):
            return task.service_health, task.project_id.service_health

    def test_a_wait_by_hand_or_by_stage_blames_nobody(self):
        task = self._create_task(user_ids=self.employee.ids)
        self.env["service.wait"].create({"task_id": task.id, "kind": "customer"})
        self.assertEqual(task.service_health, "on_track")
        self.assertEqual(task.service_ball, "customer")

    def test_found_by_who_has_the_ball(self):
        tasks = self.env["project.task"]
        waiting, free = self._create_task(), self._create_task()
        step = self._create_step(task_id=waiting.id)
        step.action_request()
        self._deliver(step)
        for holder, expected in (("customer", waiting), ("us", free), ("third_party", tasks)):
            with self.subTest(holder):
                found = tasks.search(
                    [("service_ball", "=", holder), ("id", "in", (waiting + free).ids)]
                )
                self.assertEqual(found, expected)
                self.assertEqual(
                    (waiting + free).filtered(lambda t, h=holder: t.service_ball == h), expected
                )

    def test_a_service_without_a_customer_has_a_health_too(self):
        project = self.env["project.project"].create({"name": "Ours"})
        self._create_step(
            project_id=project.id, party="us", kind="do", due="2026-03-05", customer_visible=True
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.at("2026-03-06 09:00:00"):
            self.assertEqual(project.service_health, "late")
