# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date, timedelta

from odoo import Command
from odoo.tests import new_test_user, tagged

from .delay_common import USER
from .delay_detection_common import DelayDetectionCase


@tagged("post_install", "-at_install")
class TestDelayDetection(DelayDetectionCase):
    """Each rule at its moment, once, with its numbers. Monday is 2026-03-02."""

    def test_promise_near(self):
        task = self._request()
        promise = self._promise(task_id=task.id)
        # Two working days of eight hours before the end of Friday: Thursday morning.
        delay = self._check_moment(
            "promise_near", "2026-03-05 08:59:59", "2026-03-05 09:00:00", task_id=task
        )
        self.assertEqual((delay.commitment_id, delay.detected_by), (promise, "rule"))
        self.assertEqual(delay.signal, {"day": "2026-03-06"})
        self.assertIn("03/06/2026", delay.why)
        self.assertEqual(delay.user_id, self.employee)
        self.assertIn("may be late", delay.activity_id.summary)

    def test_promise_near_in_the_last_step(self):
        task = self._request(stage_id=self.stage_check.id)
        self._promise(task_id=task.id)
        self._detect("2026-03-05 10:00:00")
        self.assertEqual(self._rules(task_id=task), [])

    def test_promise_near_by_its_steps(self):
        promise = self._promise()
        steps = self.env["service.step"].create(
            [
                {"title": title, "project_id": self.project.id, "commitment_id": promise.id}
                for title in ("Deliver", "Install")
            ]
        )
        with self.at("2026-03-04 10:00:00"):
            steps[0].action_done()
        self._detect("2026-03-05 10:00:00")
        self.assertEqual(self._rules(commitment_id=promise), [])

    def test_one_stage_is_always_the_last_step(self):
        self.project.type_ids = self.stage_new
        task = self._request()
        self._promise(task_id=task.id)
        self._detect("2026-03-05 10:00:00")
        self.assertEqual(self._rules(task_id=task), [])

    def test_promise_passed(self):
        promise = self._promise()
        delay = self._check_moment(
            "deadline_passed", "2026-03-06 23:59:59", "2026-03-07 00:00:00", commitment_id=promise
        )
        self.assertIn("is not fulfilled", delay.why)

    def test_sla_warning_and_breach(self):
        self._create_policy(("resolution", 10, "hour"))
        task = self._request()
        warned = self._check_moment(
            "sla_warning", "2026-03-02 16:59:59", "2026-03-02 17:00:00", task_id=task
        )
        self.assertFalse(warned.commitment_id)
        self.assertEqual(warned.old_to, date(2026, 3, 3))
        breached = self._check_moment(
            "sla_breach", "2026-03-03 10:59:59", "2026-03-03 11:00:00", task_id=task
        )
        self.assertIn("SLA deadline passed", breached.why)
        self.assertNotIn("deadline_passed", self._rules(task_id=task))

    def test_deadline_of_the_task(self):
        task = self._request(date_deadline="2026-03-04 12:00:00")
        self._promise(task_id=task.id, day="2026-03-20")
        near = self._check_moment(
            "deadline_near", "2026-03-02 11:59:59", "2026-03-02 12:00:00", task_id=task
        )
        self.assertIn("No hot water", near.why)
        self._check_moment(
            "deadline_passed", "2026-03-04 11:59:59", "2026-03-04 12:00:00", task_id=task
        )

    def test_deadline_of_an_internal_task(self):
        promise = self._promise(day="2026-03-20")
        self._request(customer_visible=False, date_deadline="2026-03-04 12:00:00")
        delay = self._check_moment(
            "deadline_passed", "2026-03-04 11:59:59", "2026-03-04 12:00:00", project_id=self.project
        )
        self.assertEqual(delay.commitment_id, promise)

    def test_deadline_of_a_milestone(self):
        promise = self._promise(day="2026-03-20")
        with self.at("2026-03-02 09:30:00"):
            milestone = self.env["project.milestone"].create(
                {"name": "Delivery", "project_id": self.project.id, "deadline": "2026-03-04"}
            )
        delay = self._check_moment(
            "deadline_passed", "2026-03-04 23:59:59", "2026-03-05 00:00:00", project_id=self.project
        )
        self.assertEqual((delay.commitment_id, delay.signal["name"]), (promise, "Delivery"))
        self.assertIn("deadline_near", self._rules(project_id=self.project))
        milestone.is_reached = True

    def test_blocking_predecessor(self):
        self.project.allow_task_dependencies = True
        first = self._request(customer_visible=False, date_deadline="2026-03-04 12:00:00")
        second = self._request(depend_on_ids=[Command.set(first.ids)])
        self._promise(task_id=second.id, day="2026-03-20")
        delay = self._check_moment(
            "predecessor_late", "2026-03-04 11:59:59", "2026-03-04 12:00:00", task_id=second
        )
        self.assertIn("It waits for “No hot water”", delay.why)

    def test_predecessor_with_an_earlier_deadline(self):
        self.project.allow_task_dependencies = True
        first = self._request(customer_visible=False, date_deadline="2026-03-18 12:00:00")
        second = self._request(depend_on_ids=[Command.set(first.ids)])
        self._promise(task_id=second.id, day="2026-03-20")
        self._detect("2026-03-02 10:00:00")
        with self.at("2026-03-02 11:00:00"):
            first.date_deadline = "2026-03-03 12:00:00"
        self._detect("2026-03-02 11:15:00")
        self._detect("2026-03-03 12:00:00")
        self.assertIn("predecessor_late", self._rules(task_id=second))

    def test_steps_of_others(self):
        task = self._request()
        self._promise(task_id=task.id, day="2026-03-20")
        with self.at("2026-03-02 10:00:00"):
            ours = self._create_step(task_id=task.id, due="2026-03-04")
            theirs = self._create_step(
                task_id=task.id,
                due="2026-03-03",
                party="third_party",
                kind="do",
                third_party_label="The grid operator",
            )
            (ours | theirs).action_request()
        self._check_moment(
            "third_party_step_overdue", "2026-03-03 23:59:59", "2026-03-04 00:00:00", task_id=task
        )
        delay = self._check_moment(
            "customer_step_overdue", "2026-03-04 23:59:59", "2026-03-05 00:00:00", task_id=task
        )
        self.assertIn("Send us the floor plan", delay.why)

    def test_handoffs(self):
        task = self._request()
        self._promise(task_id=task.id, day="2026-03-20")
        receiver = new_test_user(self.env, "receiver", groups=USER)
        with self.at("2026-03-02 10:00:00"):
            handoff = self.env["service.handoff"].create(
                {
                    "type_id": self.env.ref("service_experience.handoff_type_person").id,
                    "task_ids": [Command.set(task.ids)],
                    "from_user_id": self.employee.id,
                    "to_user_id": receiver.id,
                    "urgency": "watch",
                    "situation": "The pump is on site.",
                    "has_no_steps": True,
                }
            )
            handoff.check_ids.action_done()
            handoff.action_offer()
        self._check_moment(
            "handoff_overdue", "2026-03-03 09:59:59", "2026-03-03 10:00:00", task_id=task
        )
        with self.at("2026-03-03 10:30:00"):
            handoff.action_return("What happened?")
            handoff.action_rework()
            handoff.action_offer()
        self._detect("2026-03-03 10:45:00")
        self.assertNotIn("handoff_returned", self._rules(task_id=task))
        with self.at("2026-03-03 11:00:00"):
            handoff.action_return("And now?")
        self._detect("2026-03-03 11:15:00")
        self.assertIn("handoff_returned", self._rules(task_id=task))

    def test_silence(self):
        task = self._request()
        self._promise(task_id=task.id, day="2026-03-20")
        self._detect("2026-03-02 09:15:00")
        due = task.next_update_due
        delay = self._check_moment(
            "silence", str(due - timedelta(seconds=1)), str(due), task_id=task
        )
        self.assertIn("should have heard from us", delay.why)

    def test_no_silence_after_a_word(self):
        task = self._request()
        self._promise(task_id=task.id, day="2026-03-20")
        self._detect("2026-03-02 09:15:00")
        due = task.next_update_due
        with self.at("2026-03-05 09:00:00"):
            self._say(task, self.employee.partner_id)
        self._detect(str(due))
        self.assertNotIn("silence", self._rules(task_id=task))

    def test_stale(self):
        task = self._request()
        self._promise(task_id=task.id, day="2026-04-20")
        self._check_moment("stale", "2026-03-16 08:59:59", "2026-03-16 09:00:00", task_id=task)

    def test_stale_as_the_stage_says(self):
        self.stage_new.rotting_threshold_days = 3
        task = self._request()
        self._promise(task_id=task.id, day="2026-04-20")
        self._check_moment("stale", "2026-03-05 08:59:59", "2026-03-05 09:00:00", task_id=task)

    def test_a_move_to_another_stage_is_no_standstill(self):
        task = self._request()
        self._promise(task_id=task.id, day="2026-04-20")
        self._detect("2026-03-02 10:00:00")
        with self.at("2026-03-13 10:00:00"):
            task.stage_id = self.stage_doing
        self._detect("2026-03-16 09:00:00")
        self.assertNotIn("stale", self._rules(task_id=task))

    # What is never suspected

    def test_what_nobody_was_promised(self):
        hidden = self._request(customer_visible=False, date_deadline="2026-03-04 12:00:00")
        undated = self._request()
        private = self.env["project.task"].create(
            {"name": "Own", "project_id": False, "date_deadline": "2026-03-04 12:00:00"}
        )
        self._detect("2026-03-30 10:00:00")
        for task in (hidden, undated, private):
            self.assertFalse(self._found(task_id=task))

    def test_what_is_over(self):
        done, cancelled, archived, template = (self._request() for _number in range(4))
        for task in (done, cancelled, archived, template):
            self._promise(task_id=task.id)
        with self.at("2026-03-03 10:00:00"):
            done.state, cancelled.state, archived.active = "1_done", "1_canceled", False
            template.is_template = True
        self._detect("2026-03-30 10:00:00")
        for task in (done, cancelled, archived, template):
            self.assertFalse(self._found(task_id=task))
        watch = self.env["service.delay.watch"].search([("task_id", "!=", False)])
        self.assertFalse(watch)

    def test_closing_dismisses_what_was_suspected(self):
        task = self._request()
        self._promise(task_id=task.id)
        self._detect("2026-03-05 10:00:00")
        delay = self._found(task_id=task)
        with self.at("2026-03-05 11:00:00"):
            task.state = "1_done"
        self._detect("2026-03-05 11:15:00")
        self.assertEqual(delay.mapped("state"), ["dismissed"])
