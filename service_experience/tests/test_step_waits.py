# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestStepWaits(JourneyCase):
    """Steps of the customer are the cause of their waits, and waits of pauses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_policy(("resolution", 16, "hour"))

    def _create_request(self, at="2026-03-02 09:00:00", **values):
        with self.at(at):
            return self._create_task(**values)

    def test_worked_example(self):
        """16 hours from Monday 9:00, asked, answered, returned, answered: Thursday 14:30."""
        task = self._create_request()
        timer = self.timer_of(task)
        self.assertDeadline(timer, "2026-03-03 17:00:00")
        with self.at("2026-03-02 14:00:00"):
            step = self._create_step(task_id=task.id)
            step.action_request()
        self.assertEqual(timer.state, "running")  # asked, but nothing has arrived yet
        with self.at("2026-03-02 15:00:00"):
            self._deliver(step)
        self.assertEqual((timer.state, timer.spent_seconds), ("paused", 6 * 3600))
        with self.at("2026-03-04 10:00:00"):
            self._answer(step)
        self.assertEqual((step.state, timer.state), ("submitted", "running"))
        with self.at("2026-03-04 14:00:00"):
            step.action_return("The upper floor is missing.")
        self.assertEqual((step.state, timer.state), ("returned", "running"))
        with self.at("2026-03-04 14:30:00"):
            self._deliver(step)
        self.assertEqual((timer.state, timer.spent_seconds), ("paused", int(10.5 * 3600)))
        with self.at("2026-03-05 09:00:00"):
            self._answer(step)
        self.assertDeadline(timer, "2026-03-05 14:30:00")
        waits = step.wait_ids.sorted("started_at")
        self.assertEqual(
            waits.mapped(lambda wait: (wait.started_at, wait.ended_at)),
            [
                (self.instant("2026-03-02 15:00:00"), self.instant("2026-03-04 10:00:00")),
                (self.instant("2026-03-04 14:30:00"), self.instant("2026-03-05 09:00:00")),
            ],
        )
        self.assertEqual(timer.segment_ids.wait_id, step.wait_ids)
        self.assertEqual(timer._get_differences(), [])

    def test_the_view_of_the_page_delivers_too(self):
        task = self._create_request()
        with self.at("2026-03-02 10:00:00"):
            step = self._create_step(task_id=task.id)
            step.action_request()
        with self.at("2026-03-02 12:00:00"):
            step._see()
        self.assertEqual(step.delivered_at, self.instant("2026-03-02 12:00:00"))
        self.assertEqual(step.wait_ids.started_at, step.delivered_at)
        with self.at("2026-03-02 13:00:00"):
            self._deliver(step)
            step._see()
        self.assertEqual(step.seen_at, self.instant("2026-03-02 12:00:00"))
        self.assertEqual(len(step.wait_ids), 1)

    def test_who_opens_the_page_after_the_mail_begins_no_second_wait(self):
        task = self._create_request()
        with self.at("2026-03-02 10:00:00"):
            step = self._create_step(task_id=task.id)
            step.action_request()
            self._deliver(step)
        with self.at("2026-03-02 12:00:00"):
            step._see()
        self.assertEqual(step.seen_at, self.instant("2026-03-02 12:00:00"))
        self.assertEqual(step.delivered_at, self.instant("2026-03-02 10:00:00"))
        self.assertEqual(step.wait_ids.started_at, self.instant("2026-03-02 10:00:00"))

    def test_what_does_not_block_pauses_nothing(self):
        task = self._create_request()
        with self.at("2026-03-02 10:00:00"):
            step = self._create_step(task_id=task.id, blocking=False)
            step.action_request()
            self._deliver(step)
        self.assertTrue(step.delivered_at)
        self.assertFalse(step.wait_ids)
        self.assertEqual(self.timer_of(task).state, "running")

    def test_two_steps_pause_until_both_are_answered(self):
        task = self._create_request()
        with self.at("2026-03-02 10:00:00"):
            first, second = (self._create_step(task_id=task.id) for _number in range(2))
            (first + second).action_request()
            self._deliver(first)
        with self.at("2026-03-02 11:00:00"):
            self._deliver(second)
        with self.at("2026-03-02 12:00:00"):
            self._answer(first)
        self.assertEqual(self.timer_of(task).state, "paused")
        with self.at("2026-03-02 13:00:00"):
            self._answer(second)
        self.assertDeadline(self.timer_of(task), "2026-03-04 12:00:00")

    def test_waived_and_cancelled_steps_end_the_wait(self):
        for deed in ("action_waive", "action_cancel"):
            with self.subTest(deed):
                task = self._create_request()
                with self.at("2026-03-02 10:00:00"):
                    step = self._create_step(task_id=task.id)
                    step.action_request()
                    self._deliver(step)
                with self.at("2026-03-02 11:00:00"):
                    getattr(step, deed)("We found it in the land register.")
                self.assertDeadline(self.timer_of(task), "2026-03-04 10:00:00")

    def test_a_third_party_stops_no_clock_unless_the_target_says_so(self):
        task = self._create_request()
        with self.at("2026-03-02 10:00:00"):
            step = self._create_step(
                task_id=task.id, party="third_party", third_party_label="the grid operator"
            )
            step.action_request()
        self.assertEqual(step.wait_ids.kind, "third_party")
        self.assertEqual(self.timer_of(task).state, "running")
        self.assertEqual(task.service_ball, "third_party")

    def test_the_wait_of_a_step_is_not_ended_by_hand(self):
        task = self._create_request()
        with self.at("2026-03-02 10:00:00"):
            step = self._create_step(task_id=task.id)
            step.action_request()
            self._deliver(step)
        with self.assertRaisesRegex(Exception, "belongs to a step"):
            step.wait_ids.action_end()
