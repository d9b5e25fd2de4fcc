# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .common import ServiceExperienceCase

CHANGE_MODULE = "odoo.addons.service_experience.models.clock.service_calendar_change"


@tagged("post_install", "-at_install")
class TestSlaCalendarChange(ServiceExperienceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._create_policy(("resolution", 16, "hour"), calendar_id=cls.calendar.id)
        cls.changes = cls.env["service.calendar.change"]

    def setUp(self):
        super().setUp()
        with self.at("2026-03-02 09:00:00"):
            self.task = self._create_task()
        self.timer = self.timer_of(self.task)

    def _follow(self):
        """Commit the change, then run the job as the scheduler does."""
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            self.env.ref("service_experience.service_calendar_change_cron").method_direct_trigger()
        self.env.invalidate_all()

    def _close(self, start, end, **values):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": self.calendar.id,
                "date_from": start,
                "date_to": end,
                **values,
            }
        )

    def test_a_holiday_splits_the_running_piece(self):
        old = self.timer.calendar_version_id
        with self.at("2026-03-02 12:00:00"):
            self._close("2026-03-03 00:00:00", "2026-03-04 00:00:00")
        self.assertDeadline(self.timer, "2026-03-03 17:00:00")  # not in the request itself
        with self.at("2026-03-02 12:00:30"):
            self._follow()
        self.assertDeadline(self.timer, "2026-03-04 17:00:00")
        self.assertRecordValues(
            self.timer.segment_ids,
            [
                {
                    "from_at": datetime(2026, 3, 2, 9),
                    "to_at": datetime(2026, 3, 2, 12),
                    "seconds": 3 * 3600,
                    "calendar_version_id": old.id,
                }
            ],
        )
        self.assertNotEqual(self.timer.calendar_version_id, old)
        event = self.timer.event_ids
        self.assertEqual((event.kind, event.cause), ("recalculated", "hours_changed"))
        self.assertEqual(event.deadline_before, datetime(2026, 3, 3, 17))
        self.assertEqual(event.deadline_after, datetime(2026, 3, 4, 17))
        self.assertFalse(self.changes.search([]))
        self.assertEqual(self.timer._get_differences(), [])

    def test_every_kind_of_change_is_noticed(self):
        attendance = self.calendar.attendance_ids.filtered(lambda line: line.dayofweek == "1")
        deeds = {
            "hours": lambda: attendance.write({"hour_to": 18}),
            "no hours": attendance.unlink,
            "more hours": lambda: self.calendar.write(
                {
                    "attendance_ids": [
                        Command.create(
                            {"name": "Evening", "dayofweek": "1", "hour_from": 18, "hour_to": 20}
                        )
                    ]
                }
            ),
            "zone": lambda: self.calendar.write({"tz": "Asia/Tokyo"}),
            "two weeks": self.calendar.switch_calendar_type,
            "closed": lambda: self._close("2026-03-03 00:00:00", "2026-03-03 12:00:00"),
            "closed for all": lambda: self._close(
                "2026-03-03 00:00:00", "2026-03-03 12:00:00", calendar_id=False
            ),
        }
        for name, deed in deeds.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                with self.at("2026-03-02 12:00:00"):
                    deed()
                self.assertTrue(self.changes.search([("calendar_id", "=", self.calendar.id)]))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_what_changes_no_hours_orders_no_work(self):
        employee = self.env["resource.resource"].create(
            {"name": "Emil", "calendar_id": self.calendar.id}
        )
        with self.at("2026-03-02 12:00:00"):
            self._close("2026-03-03 00:00:00", "2026-03-04 00:00:00", resource_id=employee.id)
            self.calendar.name = "Other name"
            self.calendar.tz = self.calendar.tz
            self._create_calendar("Somebody else's")
        self.assertFalse(self.changes.search([]))

    def test_a_holiday_taken_back(self):
        with self.at("2026-03-02 12:00:00"):
            leave = self._close("2026-03-03 00:00:00", "2026-03-04 00:00:00")
            self._follow()
        with self.at("2026-03-02 14:00:00"):
            leave.unlink()
            self._follow()
        self.assertDeadline(self.timer, "2026-03-03 17:00:00")
        self.assertEqual(len(self.timer.segment_ids), 2)

    def test_a_holiday_taken_back_before_the_job_runs(self):
        with self.at("2026-03-02 12:00:00"):
            leave = self._close("2026-03-03 00:00:00", "2026-03-04 00:00:00")
        with self.at("2026-03-02 12:00:20"):
            leave.unlink()
        with self.at("2026-03-02 12:00:40"):
            self._follow()
        self.assertDeadline(self.timer, "2026-03-03 17:00:00")
        current = self.calendar._service_version()
        self.assertEqual(self.timer.calendar_version_id, current)

    def test_what_is_left_when_the_time_is_up_is_done_at_once(self):
        with self.at("2026-03-02 09:00:00"):
            other = self.timer_of(self._create_task())
        with self.at("2026-03-02 12:00:00"):
            self._close("2026-03-03 00:00:00", "2026-03-04 00:00:00")
        progress = []

        def commit(_cron, processed=0, *, remaining=None):
            progress.append(remaining)
            return 0  # no time left

        with (
            patch(f"{CHANGE_MODULE}.BATCH", 1),
            patch.object(self.env.registry["ir.cron"], "_commit_progress", commit),
        ):
            self.changes._cron_follow()
        self.assertEqual(progress, [1])  # so the scheduler comes back without waiting
        self.assertTrue(self.changes.search([]))
        with self.at("2026-03-02 12:01:00"):
            self._follow()
        for timer in self.timer + other:
            self.assertDeadline(timer, "2026-03-04 17:00:00")
            self.assertEqual(len(timer.event_ids), 1)

    def test_changed_hours_move_the_warning_before_an_agreed_deadline(self):
        with self.at("2026-03-02 09:00:00"):
            self.timer._agree_deadline(datetime(2026, 3, 6, 17), "Agreed")
        with self.at("2026-03-02 17:00:00"):
            self._close("2026-03-04 00:00:00", "2026-03-06 00:00:00")
            self._follow()
        self.assertDeadline(self.timer, "2026-03-06 17:00:00")
        # 80 % of 24 h: 19 h 12 min
        self.assertEqual(self.timer.warn_at, datetime(2026, 3, 6, 12, 12))

    def test_another_target_keeps_the_warning_before_an_agreed_deadline(self):
        """80 % of 38 h, of which one was spent before the pause."""
        target = {"metric": "resolution", "duration": 16, "unit": "hour", "priority": "3"}
        self.policy.target_ids = [Command.create(target)]
        with self.at("2026-03-02 10:00:00"):
            wait = self.env["service.wait"].create({"task_id": self.task.id})
        with self.at("2026-03-02 12:00:00"):
            wait.action_end()
            self.timer._agree_deadline(datetime(2026, 3, 6, 17), "Agreed")
        for moment, priority in (("2026-03-02 13:00:00", "3"), ("2026-03-02 14:00:00", "0")):
            with self.at(moment):
                self.task.priority = priority
            self.assertEqual(self.timer.warn_at, datetime(2026, 3, 6, 9, 24))
            self.assertDeadline(self.timer, "2026-03-06 17:00:00")

    def test_only_what_meets_the_change_is_recalculated(self):
        with self.at("2026-03-02 12:00:00"):
            self._close("2026-03-20 00:00:00", "2026-03-21 00:00:00")
            self._follow()
        self.assertFalse(self.timer.event_ids or self.timer.segment_ids)
        # It is known all the same when the clock gets there.
        wait = self.env["service.wait"]
        with self.at("2026-03-02 13:00:00"):
            wait = wait.create({"task_id": self.task.id})
        with self.at("2026-03-19 16:00:00"):
            wait.action_end()
        self.assertDeadline(self.timer, "2026-03-24 12:00:00")
        self.assertEqual(self.timer._get_differences(), [])

    def test_paused_timers_follow_when_they_resume(self):
        with self.at("2026-03-02 11:00:00"):
            wait = self.env["service.wait"].create({"task_id": self.task.id})
        with self.at("2026-03-02 12:00:00"):
            self._close("2026-03-03 00:00:00", "2026-03-04 00:00:00")
            self._follow()
        self.assertFalse(self.timer.event_ids.filtered(lambda e: e.kind == "recalculated"))
        with self.at("2026-03-02 13:00:00"):
            wait.action_end()
        self.assertDeadline(self.timer, "2026-03-05 11:00:00")

    def test_finished_timers_are_left_alone(self):
        with self.at("2026-03-02 11:00:00"):
            self.task.state = "1_done"
        with self.at("2026-03-02 12:00:00"):
            self._close("2026-03-01 00:00:00", "2026-03-04 00:00:00")
            self._follow()
        self.assertEqual((self.timer.state, self.timer.spent_seconds), ("met", 2 * 3600))
        self.assertEqual(len(self.timer.event_ids), 1)

    def test_a_breach_stays_although_the_day_was_closed_afterwards(self):
        with self.at("2026-03-04 10:00:00"):
            self._close("2026-03-03 00:00:00", "2026-03-04 00:00:00")
            self._follow()
        self.assertEqual(self.timer.breached_at, datetime(2026, 3, 3, 17))

    def test_an_overdue_timer_is_measured_by_the_new_hours_from_then_on(self):
        with self.at("2026-03-04 10:00:00"):
            self._close("2026-03-05 00:00:00", "2026-03-06 00:00:00")
            self._follow()
        with self.at("2026-03-06 10:00:00"):
            self.task.state = "1_done"
        self.assertEqual(self.timer.spent_seconds, 25 * 3600)
        self.assertEqual(self.timer.breached_at, datetime(2026, 3, 3, 17))

    def test_two_changes_before_the_job_runs(self):
        """Each holds from its own moment, also for what began between them."""
        with self.at("2026-03-02 12:00:00"):
            self.calendar.attendance_ids.write({"hour_to": 16})
        with self.at("2026-03-02 13:00:00"):
            between = self.timer_of(self._create_task())
        with self.at("2026-03-02 15:00:00"):
            self.calendar.attendance_ids.write({"hour_to": 18})
        with self.at("2026-03-02 15:30:00"):
            after = self.timer_of(self._create_task())
        with self.at("2026-03-02 15:45:00"):
            self._follow()
        self.assertEqual(
            self.timer.segment_ids.sorted("from_at").mapped("to_at"),
            [datetime(2026, 3, 2, 12), datetime(2026, 3, 2, 15)],
        )
        self.assertDeadline(self.timer, "2026-03-03 16:00:00")
        self.assertDeadline(between, "2026-03-04 11:00:00")
        self.assertEqual(len(between.segment_ids), 1)
        self.assertFalse(after.segment_ids or after.event_ids)

    def test_hours_that_are_gone_stop_nothing(self):
        with self.at("2026-03-02 12:00:00"):
            self.calendar.attendance_ids.unlink()
            self._follow()
        self.assertDeadline(self.timer, "2026-03-03 17:00:00")
        self.assertIn("cannot be measured", self.policy.activity_ids.note)
        with self.at("2026-03-03 12:00:00"):
            self.task.state = "1_done"
        self.assertEqual(self.timer.state, "met")

    def test_killed_and_begun_again(self):
        """The job that runs twice finds nothing the second time."""
        with self.at("2026-03-02 12:00:00"):
            self._close("2026-03-03 00:00:00", "2026-03-04 00:00:00")
            self.env.cr.flush()
            change = self.changes.search([])
            again = change.copy()
            change._move(self.timer)  # a first batch, then the process is killed
            self._follow()
        self.assertFalse(again.exists())
        self.assertEqual(len(self.timer.event_ids), 1)

    def test_no_query_per_timer(self):
        counts = []
        for number in (5, 100):
            with self.at("2026-03-02 09:00:00"):
                self.env["project.task"].create(
                    [{"name": str(i), "project_id": self.project.id} for i in range(number)]
                )
            with self.at("2026-03-02 12:00:00"):
                self._close(f"2026-03-03 {10 + len(counts)}:00:00", "2026-03-03 12:00:00")
                self.env.cr.flush()
                timers = self.env["service.sla.timer"].search([("state", "=", "running")])
                change = self.changes.search([], order="id desc", limit=1)
                before = self.env.cr.sql_log_count
                change._move(timers)
                counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)

    def test_in_daylight_saving_time(self):
        """A calendar in Brussels, a change on the eve of the night without 2:30."""
        brussels = self._create_calendar("Always", hours=((0, 24),), days=range(7))
        brussels.tz = "Europe/Brussels"
        self.policy.calendar_id = brussels
        with self.at("2026-03-28 12:00:00"):
            task = self._create_task()
        self.assertDeadline(self.timer_of(task), "2026-03-29 04:00:00")
        with self.at("2026-03-28 20:00:00"):
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Night",
                    "calendar_id": brussels.id,
                    # 1:00 to 4:00 of the local clock, two real hours
                    "date_from": "2026-03-29 00:00:00",
                    "date_to": "2026-03-29 02:00:00",
                }
            )
            self._follow()
        self.assertDeadline(self.timer_of(task), "2026-03-29 06:00:00")
