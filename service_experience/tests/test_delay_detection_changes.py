# Part of Service Experience. See LICENSE file for full copyright and licensing details.


from odoo.tests import tagged

from .delay_detection_common import DelayDetectionCase

DETECTION = "odoo.addons.service_experience.models.delay.service_delay_detection"


@tagged("post_install", "-at_install")
class TestDelayDetectionChanges(DelayDetectionCase):
    """Whatever a rule would judge otherwise is noticed, however it came about."""

    def _change(self, act, at="2026-03-02 11:00:00"):
        """Look, let something change, and look again."""
        self._detect("2026-03-02 10:00:00")
        with self.at(at):
            act()
        self._detect("2026-03-02 11:15:00")

    # Shown, watched or worked on later

    def test_a_service_shown_later(self):
        self.project.customer_visible = False
        task = self._request(date_deadline="2026-03-06 12:00:00")
        self._change(lambda: self.project.write({"customer_visible": True}))
        self._detect("2026-03-07 11:15:00")
        self.assertIn("deadline_passed", self._rules(task_id=task))

    def test_a_promise_shown_later(self):
        promise = self._promise(customer_visible=False)
        self._change(lambda: promise.write({"customer_visible": True}))
        self._detect("2026-03-07 01:00:00")
        self.assertIn("deadline_passed", self._rules(commitment_id=promise))

    def test_a_template_becomes_work(self):
        task = self._request(is_template=True, date_deadline="2026-03-04 12:00:00")
        self._change(lambda: task.write({"is_template": False}))
        self._detect("2026-03-04 12:15:00")
        self.assertIn("deadline_passed", self._rules(task_id=task))

    def test_an_update_is_edited(self):
        promise = self._promise()
        with self.at("2026-03-02 09:30:00"):
            update = self.env["project.update"].create(
                {"name": "x", "project_id": self.project.id, "status": "done"}
            )
        self._change(lambda: update.write({"status": "on_track"}))
        self._detect("2026-03-07 01:00:00")
        self.assertIn("deadline_passed", self._rules(commitment_id=promise))

    def test_a_word_is_promised_sooner(self):
        with self.at("2026-03-02 09:00:00"):
            service = self.project.copy({"name": "Solar roof", "partner_id": self.contact.id})
        self._promise(day="2026-03-20", project_id=service.id)
        self._change(lambda: service.write({"next_update_promised": "2026-03-03 10:00:00"}))
        self._check_moment(
            "silence", "2026-03-03 09:59:59", "2026-03-03 10:00:00", project_id=service
        )

    def test_a_step_is_due_sooner(self):
        self._promise(day="2026-03-31")
        step = self._ask(due="2026-03-20")
        self._change(lambda: step.write({"due": "2026-03-04"}))
        self._detect("2026-03-05 00:00:00")
        self.assertIn("customer_step_overdue", self._rules(project_id=self.project))

    def test_a_milestone_is_due_sooner(self):
        self._promise(day="2026-03-31")
        with self.at("2026-03-02 09:30:00"):
            milestone = self.env["project.milestone"].create(
                {"name": "Delivery", "project_id": self.project.id, "deadline": "2026-03-25"}
            )
        self._change(lambda: milestone.write({"deadline": "2026-03-04"}))
        self._detect("2026-03-05 00:00:00")
        self.assertIn("deadline_passed", self._rules(project_id=self.project))

    def test_a_promise_of_theirs_is_not_ours(self):
        promise = self._promise(direction="customers")
        with self.assertNoLogs(DETECTION, "ERROR"):
            self._detect("2026-03-07 10:00:00")
        self.assertFalse(self._found(commitment_id=promise))

    def test_an_agreed_deadline_of_the_sla(self):
        self._create_policy(("resolution", 40, "hour"))
        task = self._request()
        sooner = self.instant("2026-03-03 10:00:00")
        self._change(lambda: self.timer_of(task)._agree_deadline(sooner, "Sooner"))
        self._detect("2026-03-03 10:15:00")
        self.assertIn("sla_breach", self._rules(task_id=task))

    # Off and on again

    def _check_off_and_on(self, off, on):
        """Expect the same suspicion again when work that was called off goes on."""
        task = self._request()
        self._promise(task_id=task.id)
        self._detect("2026-03-05 12:00:00")
        first = self._found(task_id=task)
        self.assertEqual(first.mapped("rule"), ["promise_near"])
        with self.at("2026-03-05 12:10:00"):
            off(task)
        self._detect("2026-03-05 12:15:00")
        self.assertEqual(first.mapped("state"), ["dismissed"])
        with self.at("2026-03-05 12:20:00"):
            on(task)
        self._detect("2026-03-05 12:30:00")
        again = self._found(task_id=task) - first
        self.assertEqual((again.rule, again.state), ("promise_near", "suspected"))

    def test_archived_and_back(self):
        self._check_off_and_on(
            lambda task: task.write({"active": False}), lambda task: task.write({"active": True})
        )

    def test_closed_and_reopened(self):
        self._check_off_and_on(
            lambda task: task.write({"state": "1_done"}),
            lambda task: task.write({"state": "01_in_progress"}),
        )

    def test_a_service_is_done_and_goes_on(self):
        def post(status):
            return lambda task: self.env["project.update"].create(
                {"name": "x", "project_id": task.project_id.id, "status": status}
            )

        self._check_off_and_on(post("done"), post("on_track"))

    # One promise, several facts

    def test_a_date_on_the_page_is_no_deadline_besides(self):
        task = self._request(date_deadline="2026-03-06 12:00:00")
        self._detect("2026-03-05 10:00:00")
        self._detect("2026-03-06 12:00:00")
        self.assertEqual(self._rules(task_id=task), ["deadline_passed", "promise_near"])

    def _get_step_delays(self, **place):
        return self._found(**place).filtered(lambda one: one.rule == "customer_step_overdue")

    def test_a_second_fact_is_noticed_when_the_first_is_dismissed(self):
        self._promise(day="2026-03-31")
        for title in ("Send us the plan", "Send us the key"):
            self._ask(title=title, due="2026-03-04")
        self._detect("2026-03-05 09:00:00")
        found = self._get_step_delays(project_id=self.project)
        self.assertEqual(len(found), 1)
        with self.at("2026-03-05 10:00:00"):
            found.action_dismiss("They called about the plan.")
        self._detect("2026-03-05 10:15:00")
        again = self._get_step_delays(project_id=self.project) - found
        self.assertEqual(again.mapped("state"), ["suspected"])
        self.assertNotEqual(again.signal["name"], found.signal["name"])

    def test_the_fact_is_the_same_when_its_date_becomes_a_commitment(self):
        task = self._request(date_deadline="2026-03-20 12:00:00", stage_id=self.stage_check.id)
        self._ask(task_id=task.id, due="2026-03-04")
        self._detect("2026-03-05 09:00:00")
        found = self._get_step_delays(task_id=task)
        self.assertFalse(found.commitment_id)
        with self.at("2026-03-05 10:00:00"):
            found.write({"reason_id": self.reason.id, "new_to": "2026-03-27"})
            found.action_confirm()
            found.action_absorb()
        self.assertTrue(found.commitment_id)
        self._detect("2026-03-05 10:15:00")
        self.assertEqual(self._get_step_delays(task_id=task), found)

    def test_a_promise_that_is_hidden_leaves_the_date_on_the_page(self):
        task = self._request(date_deadline="2026-03-20 12:00:00", stage_id=self.stage_check.id)
        self._promise(task_id=task.id, customer_visible=False, day="2026-04-20")
        for day, title in (("2026-03-04", "One"), ("2026-03-05", "Two")):
            self._ask(task_id=task.id, due=day, title=title)
        with self.assertNoLogs(DETECTION, "ERROR"):
            self._detect("2026-03-05 09:00:00")
            self._detect("2026-03-06 09:00:00")
        found = self._get_step_delays(task_id=task)
        self.assertEqual((len(found), str(found.old_to)), (1, "2026-03-20"))
        self.assertFalse(found.commitment_id)

    def test_a_promise_that_was_fulfilled_late_is_over(self):
        promise = self._promise()
        with self.at("2026-03-09 12:00:00"):
            promise._break_overdue(self.instant("2026-03-09 12:00:00"))
            promise.action_customer_accepted()
        self.assertEqual((promise.state, bool(promise.kept_at)), ("broken", True))
        self._detect("2026-03-10 10:00:00")
        self.assertFalse(self._found(commitment_id=promise))

    def test_what_was_absorbed_is_late_in_the_end(self):
        delay = self._confirmed()
        self._detect("2026-03-07 01:00:00")
        self.assertEqual(self._found(commitment_id=delay.commitment_id), delay)
        with self.at("2026-03-07 10:00:00"):
            delay.with_user(self.lead).action_absorb()
        self._detect("2026-03-07 10:15:00")
        self.assertIn("deadline_passed", self._rules(commitment_id=delay.commitment_id))
