# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime

from odoo import Command
from odoo.tests import tagged

from .common import ServiceExperienceCase


@tagged("post_install", "-at_install")
class TestSlaReopen(ServiceExperienceCase):
    """Monday 9:00 created, 12:00 done, Tuesday 10:00 opened again."""

    def _reopened(self, reopen, *, closed="2026-03-02 12:00:00", state="1_done", hours=8):
        self._create_policy(("resolution", hours, "hour", {"reopen": reopen}))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at(closed):
            task.state = state
        with self.at("2026-03-03 10:00:00"):
            task.state = "01_in_progress"
        return task

    def test_resume(self):
        task = self._reopened("resume")
        timer = self.timer_of(task)
        self.assertEqual((timer.state, timer.cycle, timer.stopped_at), ("running", 1, False))
        self.assertDeadline(timer, "2026-03-03 15:00:00")
        self.assertEqual(timer.segment_ids.sorted("from_at").mapped("cause"), [False, "closed"])
        with self.at("2026-03-03 15:00:00"):
            task.state = "1_done"
        self.assertEqual((timer.state, timer.spent_seconds), ("met", 8 * 3600))
        self.assertEvents(timer, "met", "resumed", "met")

    def test_resume_again_and_again(self):
        task = self._reopened("resume")
        for _time in range(2):
            with self.at("2026-03-03 11:00:00"):
                task.state = "1_done"
                task.state = "01_in_progress"
        self.assertDeadline(self.timer_of(task), "2026-03-03 15:00:00")

    def test_resume_of_a_cancelled_request(self):
        timer = self.timer_of(self._reopened("resume", state="1_canceled"))
        self.assertEqual(timer.state, "running")
        self.assertDeadline(timer, "2026-03-03 15:00:00")

    def test_resume_leaves_a_missed_cycle_missed(self):
        timer = self.timer_of(self._reopened("resume", hours=1))
        self.assertEqual((len(timer), timer.state), (1, "missed"))

    def test_new_cycle(self):
        first, second = self.timer_of(self._reopened("new_cycle")).sorted("cycle")
        self.assertEqual((first.state, first.stopped_at), ("met", datetime(2026, 3, 2, 12)))
        self.assertEqual((second.state, second.cycle), ("running", 2))
        self.assertDeadline(second, "2026-03-04 10:00:00")

    def test_new_cycle_after_a_miss(self):
        first, second = self.timer_of(self._reopened("new_cycle", hours=1)).sorted("cycle")
        self.assertEqual((first.state, second.state), ("missed", "running"))

    def test_ignore(self):
        task = self._reopened("ignore")
        self.assertEqual(self.timer_of(task).state, "met")
        with self.at("2026-03-03 11:00:00"):
            task.priority = "1"  # a change that looks for promises brings none back
        self.assertEqual(self.timer_of(task).state, "met")

    def test_archived_and_restored(self):
        self._create_policy(("first_response", 4, "hour"), ("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 12:00:00"):
            task.active = False
        self.assertEqual(set(task.sla_timer_ids.mapped("state")), {"cancelled"})
        with self.at("2026-03-03 10:00:00"):
            task.active = True
        self.assertDeadline(self.timer_of(task), "2026-03-03 15:00:00")
        self.assertDeadline(self.timer_of(task, "first_response"), "2026-03-03 11:00:00")

    def test_done_and_opened_at_once(self):
        self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            task.state = "1_done"
            task.state = "01_in_progress"
        timer = self.timer_of(task)
        self.assertEqual(timer.state, "running")
        self.assertDeadline(timer, "2026-03-02 17:00:00")

    def test_what_applies_is_looked_for_again(self):
        policy = self._create_policy(
            ("resolution", 8, "hour"), ("resolution", 5, "hour", {"priority": "1"})
        )
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 12:00:00"):
            task.state = "1_done"
        with self.at("2026-03-02 13:00:00"):
            task.priority = "1"
            policy.target_ids = [Command.create({"metric": "update", "duration": 1, "unit": "day"})]
        with self.at("2026-03-03 10:00:00"):
            task.state = "01_in_progress"
        self.assertDeadline(self.timer_of(task), "2026-03-03 12:00:00")
        self.assertEqual(self.timer_of(task, "update").state, "running")

    def test_cancelled_first_and_done_after_all(self):
        self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 12:00:00"):
            task.state = "1_canceled"
        with self.at("2026-03-03 12:00:00"):
            task.state = "1_done"
        timer = self.timer_of(task)
        self.assertEqual((timer.state, timer.spent_seconds), ("met", 3 * 3600))
        self.assertEqual(timer._get_differences(), [])

    def test_a_done_task_moved_into_a_measured_project(self):
        """Odoo opens it again in that moment: no result is invented."""
        other = self.project.copy({"name": "Other"})
        self._create_policy(("resolution", 80, "hour", {"reopen": "ignore"}), project_ids=other.ids)
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 12:00:00"):
            task.state = "1_done"
        with self.at("2026-03-03 12:00:00"):
            task.project_id = other
        self.assertEqual(task.state, "01_in_progress")
        self.assertEqual(task.sla_timer_ids.mapped("state"), ["running"])
        self.assertFalse(task.sla_timer_ids.event_ids)
