# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ServiceExperienceCase


@tagged("post_install", "-at_install")
class TestSlaPauses(ServiceExperienceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage_asked, cls.stage_ordered, cls.stage_parked = cls.env["project.task.type"].create(
            [
                {"name": "Asked", "clock": "pause_customer"},
                {"name": "Ordered", "clock": "pause_third_party"},
                {"name": "Parked"},
            ]
        )
        cls.project.type_ids |= cls.stage_asked + cls.stage_ordered + cls.stage_parked
        cls.policy = cls._create_policy(
            ("first_response", 4, "hour"),
            (
                "resolution",
                16,
                "hour",
                {"pause_stage_ids": [Command.set((cls.stage_parked + cls.stage_asked).ids)]},
            ),
            calendar_id=cls.calendar.id,
        )
        cls.waits = cls.env["service.wait"]

    def setUp(self):
        super().setUp()
        with self.at("2026-03-02 09:00:00"):
            self.task = self._create_task()
        self.timer = self.timer_of(self.task)

    def _wait(self, kind="customer", **values):
        return self.waits.create({"task_id": self.task.id, "kind": kind, **values})

    def _pieces(self, timer=None):
        segments = (timer or self.timer).segment_ids.sorted("from_at")
        return segments.mapped(lambda s: (s.kind, s.cause, s.from_at, s.to_at, s.seconds / 3600))

    def test_the_worked_example(self):
        """Ask on Monday 15:00, answered Wednesday 10:00, returned 14:30, answered Thursday 9:00."""
        with self.at("2026-03-02 15:00:00"):
            first = self._wait()
        self.assertRecordValues(
            self.timer,
            [
                {
                    "state": "paused",
                    "deadline": False,
                    "next_event_at": False,
                    "spent_seconds": 6 * 3600,
                    "paused_since": datetime(2026, 3, 2, 15),
                    "pause_cause": "customer",
                    "pause_wait_id": first.id,
                    "pause_user_id": self.env.uid,
                }
            ],
        )
        with self.at("2026-03-04 10:00:00"):
            first.action_end()
        self.assertDeadline(self.timer, "2026-03-05 12:00:00")
        with self.at("2026-03-04 14:30:00"):
            second = self._wait()
        self.assertEqual(self.timer.spent_seconds, 10.5 * 3600)
        with self.at("2026-03-05 09:00:00"):
            second.action_end()
        self.assertDeadline(self.timer, "2026-03-05 14:30:00")
        self.assertEqual(
            self._pieces(),
            [
                ("running", False, datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 15), 6),
                ("paused", "customer", datetime(2026, 3, 2, 15), datetime(2026, 3, 4, 10), 11),
                ("running", False, datetime(2026, 3, 4, 10), datetime(2026, 3, 4, 14, 30), 4.5),
                ("paused", "customer", datetime(2026, 3, 4, 14, 30), datetime(2026, 3, 5, 9), 2.5),
            ],
        )
        self.assertEqual(self.timer.segment_ids.wait_id, first + second)
        self.assertEvents(self.timer, "paused", "resumed", "paused", "resumed")

    def test_a_question_of_ours_is_no_answer(self):
        with self.at("2026-03-02 10:00:00"):
            self._wait()
        first_response = self.timer_of(self.task, "first_response")
        self.assertEqual(first_response.state, "running")
        self.assertDeadline(first_response, "2026-03-02 13:00:00")

    def test_waits_at_the_same_time_count_once(self):
        with self.at("2026-03-02 10:00:00"):
            first = self._wait()
        with self.at("2026-03-02 12:00:00"):
            second = self._wait("agreed_pause")
        with self.at("2026-03-02 13:00:00"):
            first.action_end()
        self.assertEqual((self.timer.state, self.timer.pause_cause), ("paused", "agreed_pause"))
        with self.at("2026-03-02 15:00:00"):
            second.action_end()
        self.assertDeadline(self.timer, "2026-03-04 14:00:00")
        self.assertEqual(
            [piece[1:] for piece in self._pieces()],
            [
                (False, datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 10), 1),
                ("customer", datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 13), 3),
                ("agreed_pause", datetime(2026, 3, 2, 13), datetime(2026, 3, 2, 15), 2),
            ],
        )

    def test_a_wait_inside_another_changes_nothing(self):
        with self.at("2026-03-02 10:00:00"):
            outer = self._wait()
        with self.at("2026-03-02 11:00:00"):
            inner = self._wait()
        with self.at("2026-03-02 12:00:00"):
            inner.action_end()
        with self.at("2026-03-02 13:00:00"):
            outer.action_end()
        self.assertEqual(len(self.timer.segment_ids), 2)
        self.assertDeadline(self.timer, "2026-03-04 12:00:00")

    def test_stage_and_wait_are_one_pause(self):
        with self.at("2026-03-02 10:00:00"):
            self.task.stage_id = self.stage_parked
        with self.at("2026-03-02 11:00:00"):
            wait = self._wait()
        with self.at("2026-03-02 12:00:00"):
            self.task.stage_id = self.stage_new
        self.assertEqual((self.timer.state, self.timer.pause_cause), ("paused", "customer"))
        with self.at("2026-03-02 13:00:00"):
            wait.action_end()
        self.assertDeadline(self.timer, "2026-03-04 12:00:00")

    def test_third_party_is_ours_unless_the_target_says_otherwise(self):
        with self.at("2026-03-02 10:00:00"):
            self.task.stage_id = self.stage_ordered
        self.assertEqual(self.timer.state, "running")
        self.policy.target_ids.pause_third_party = True
        with self.at("2026-03-02 11:00:00"):
            other = self._create_task(stage_id=self.stage_ordered.id)
        self.assertEqual(set(other.sla_timer_ids.mapped("state")), {"paused"})
        self.assertEqual(self.timer.state, "running")  # editing changes nothing by itself

    def test_a_wait_that_stops_no_clock(self):
        with self.at("2026-03-02 10:00:00"):
            self._wait(stops_clock=False)
        self.assertEqual(self.timer.state, "running")

    def test_stage_clock_begins_and_ends_a_wait(self):
        with self.at("2026-03-02 10:00:00"):
            self.task.with_user(self.employee).stage_id = self.stage_asked
        wait = self.task.service_wait_ids
        self.assertRecordValues(
            wait,
            [
                {
                    "kind": "customer",
                    "started_at": datetime(2026, 3, 2, 10),
                    "ended_at": False,
                    "stage_id": self.stage_asked.id,
                    "user_id": self.employee.id,
                }
            ],
        )
        self.assertEqual(self.timer.pause_user_id, self.employee)
        with self.at("2026-03-02 11:00:00"):
            self.task.stage_id = self.stage_ordered
        self.assertEqual(wait.ended_at, datetime(2026, 3, 2, 11))
        self.assertEqual(self.timer.state, "running")
        self.assertEqual(self.task.service_wait_ids[0].kind, "third_party")
        with self.at("2026-03-02 12:00:00"):
            self.task.stage_id = self.stage_new
        self.assertFalse(self.task.service_wait_ids.filtered(lambda w: not w.ended_at))

    def test_one_wait_over_two_stages_of_a_kind(self):
        more = self.stage_asked.copy({"name": "Asked again"})
        self.project.type_ids |= more
        with self.at("2026-03-02 10:00:00"):
            self.task.stage_id = self.stage_asked
        with self.at("2026-03-02 11:00:00"):
            self.task.stage_id = more
        self.assertEqual(len(self.task.service_wait_ids), 1)
        with self.at("2026-03-02 12:00:00"):
            self.task.stage_id = self.stage_new
        self.assertEqual(self.task.service_wait_ids.ended_at, datetime(2026, 3, 2, 12))

    def test_each_pause_names_who_made_it(self):
        with self.at("2026-03-02 09:00:00"):
            other = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            self.task.with_user(self.employee).stage_id = self.stage_parked
            other.with_user(self.manager).stage_id = self.stage_parked
        self.assertEqual(self.timer.pause_user_id, self.employee)
        self.assertEqual(self.timer_of(other).pause_user_id, self.manager)

    def test_there_and_back_in_one_transaction(self):
        with self.at("2026-03-02 10:00:00"):
            self.task.stage_id = self.stage_asked
            self.task.stage_id = self.stage_new
        self.assertEqual(self.timer.state, "running")
        self.assertFalse(self.timer.segment_ids.filtered(lambda s: s.kind == "paused"))

    def test_created_in_a_stage_that_waits(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task(stage_id=self.stage_asked.id)
        timer = self.timer_of(task)
        self.assertEqual((timer.state, timer.spent_seconds), ("paused", 0))
        with self.at("2026-03-03 09:00:00"):
            task.stage_id = self.stage_new
        self.assertDeadline(timer, "2026-03-04 17:00:00")

    def test_pause_in_closed_hours_moves_nothing(self):
        with self.at("2026-03-02 18:00:00"):
            wait = self._wait()
        with self.at("2026-03-03 08:59:59"):
            wait.action_end()
        self.assertDeadline(self.timer, "2026-03-03 17:00:00")

    def test_pause_over_a_breach_heals_nothing(self):
        with self.at("2026-03-04 10:00:00"):
            wait = self._wait()
        self.assertEqual(self.timer.breached_at, datetime(2026, 3, 3, 17))
        with self.at("2026-03-05 10:00:00"):
            wait.action_end()
            self.assertEqual(self.timer._get_display_state(datetime.now()), "overdue")
        with self.at("2026-03-05 11:00:00"):
            self.task.state = "1_done"
        self.assertEqual(self.timer.state, "missed")
        self.assertEvents(self.timer, "breached", "paused", "resumed", "missed")

    def test_a_paused_timer_does_not_breach(self):
        with self.at("2026-03-02 10:00:00"):
            self._wait()
        with self.at("2026-03-20 10:00:00"):
            self.sweep()
            self.assertFalse(self.timer.breached_at)
            self.assertEqual(self.timer._get_display_state(datetime.now()), "paused")

    def test_stop_straight_out_of_a_pause(self):
        with self.at("2026-03-02 10:00:00"):
            self._wait()
        with self.at("2026-03-20 10:00:00"):
            self.task.state = "1_done"
        self.assertEqual((self.timer.state, self.timer.spent_seconds), ("met", 3600))
        self.assertFalse(self.timer.pause_cause or self.timer.paused_since)
        self.assertEqual([piece[0] for piece in self._pieces()], ["running", "paused"])

    def test_priority_changes_while_paused(self):
        self.policy.target_ids = [
            Command.create({"metric": "resolution", "duration": 8, "unit": "hour", "priority": "3"})
        ]
        with self.at("2026-03-02 12:00:00"):
            wait = self._wait()
        with self.at("2026-03-03 10:00:00"):
            self.task.priority = "3"
        self.assertEqual((self.timer.state, self.timer.target_seconds), ("paused", 8 * 3600))
        with self.at("2026-03-04 09:00:00"):
            wait.action_end()
        self.assertDeadline(self.timer, "2026-03-04 14:00:00")
        self.assertEqual(self.timer.spent_seconds, 3 * 3600)

    def test_new_target_that_does_not_pause_goes_on_at_once(self):
        self.policy.target_ids = [
            Command.create(
                {
                    "metric": "resolution",
                    "duration": 8,
                    "unit": "hour",
                    "priority": "3",
                    "pause_customer": False,
                }
            )
        ]
        with self.at("2026-03-02 12:00:00"):
            self._wait()
        with self.at("2026-03-03 10:00:00"):
            self.task.priority = "3"
        self.assertEqual(self.timer.state, "running")
        self.assertDeadline(self.timer, "2026-03-03 15:00:00")
        with self.at("2026-03-03 11:00:00"):
            self.task.priority = "0"
        self.assertEqual((self.timer.state, self.timer.spent_seconds), ("paused", 4 * 3600))

    def test_wait_recorded_later_than_it_began_by_a_lead(self):
        late = {"task_id": self.task.id, "started_at": "2026-03-02 11:00:00"}
        with self.at("2026-03-02 15:00:00"):
            with self.assertRaisesRegex(UserError, "team lead"):
                self.waits.with_user(self.employee).create({**late, "reason": "Keys"})
            with self.assertRaisesRegex(UserError, "reason"):
                self.waits.with_user(self.manager).create(late)
            self.waits.with_user(self.manager).create({**late, "reason": "Keys"})
        self.assertEqual(self.timer.spent_seconds, 2 * 3600)
        self.assertEqual(self.timer.paused_since, datetime(2026, 3, 2, 11))

    def test_an_older_wait_recorded_afterwards_splits_no_pause(self):
        with self.at("2026-03-02 11:00:00"):
            first = self._wait()
        with self.at("2026-03-02 12:00:00"):
            self._wait(started_at="2026-03-02 10:00:00", reason="Told by phone")
        self.assertEqual(self.timer.paused_since, datetime(2026, 3, 2, 11))
        self.assertEqual(self.timer.pause_wait_id, first)
        self.assertEvents(self.timer, "paused")
        self.assertEqual(len(self.timer.segment_ids), 1)

    def test_a_word_before_the_move_does_not_end_the_pause(self):
        """In one transaction: the stage before the first move is not known."""
        with self.at("2026-03-02 10:00:00"):
            self.task.stage_id = self.stage_parked
        with patch.object(self.env.cr, "flush"), self.at("2026-03-02 11:00:00"):
            self._say(self.task, self.employee.partner_id)
        with self.at("2026-03-02 12:00:00"):
            self.task.stage_id = self.stage_new
        self.assertDeadline(self.timer, "2026-03-04 11:00:00")

    def test_a_wait_is_evidence(self):
        with self.at("2026-03-02 10:00:00"):
            wait = self._wait()
        for user in (self.employee, self.manager, self.env.user):
            for values in ({"ended_at": "2026-03-02 11:00:00"}, {"started_at": "2026-03-01"}):
                with self.assertRaises(UserError):
                    wait.with_user(user).write(values)
        with self.assertRaises(UserError):
            wait.sudo().unlink()
        with self.at("2026-03-02 11:00:00"):
            wait.with_user(self.employee).action_end()
            with self.assertRaisesRegex(UserError, "over already"):
                wait.action_end()
        with self.at("2026-03-02 11:00:00"), self.assertRaisesRegex(ValidationError, "future"):
            self._wait(started_at="2026-03-02 11:00:01")

    def test_what_a_wait_begins_with_is_nobodys_choice(self):
        with self.at("2026-03-02 10:00:00"):
            wait = self._wait(
                user_id=self.manager.id,
                stage_id=self.stage_new.id,
                ended_at="2026-03-01 10:00:00",
            )
        self.assertEqual(wait.user_id, self.env.user)
        self.assertFalse(wait.stage_id or wait.ended_at)

    def test_wait_of_a_stage_ends_with_the_stage(self):
        with self.at("2026-03-02 10:00:00"):
            self.task.stage_id = self.stage_asked
        with self.assertRaisesRegex(UserError, "stage"):
            self.task.service_wait_ids.action_end()

    def test_what_is_remembered_of_pauses_is_of_the_start(self):
        """A stage or target that is changed afterwards changes no timer that runs."""
        self.policy.target_ids.pause_stage_ids = False
        with self.at("2026-03-02 10:00:00"):
            self.task.stage_id = self.stage_parked
        self.assertEqual((self.timer.state, self.timer.pause_cause), ("paused", "stage"))
        self.assertEqual(self.timer.pause_user_id, self.env.user)

    def test_deleting_a_task_that_waits(self):
        with self.at("2026-03-02 10:00:00"):
            wait = self._wait()
        with self.at("2026-03-02 11:00:00"):
            wait.action_end()
        with self.at("2026-03-02 12:00:00"):
            self._wait()
        waits, timers = self.task.service_wait_ids, self.task.sla_timer_ids
        self.task.unlink()
        self.assertFalse(waits.exists() or timers.exists())

    def test_customers_have_no_access_to_waits(self):
        with self.at("2026-03-02 10:00:00"):
            wait = self._wait()
        portal = self.env["res.users"].create(
            {
                "name": "Ada",
                "login": "sla_wait_portal",
                "partner_id": self.contact.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self.task.message_subscribe(self.contact.ids)
        with self.assertRaises(AccessError):
            wait.with_user(portal).read(["kind"])
        with self.assertRaises(AccessError):
            self.waits.with_user(portal).create({"task_id": self.task.id})

    def test_moving_500_tasks_costs_a_bounded_number_of_queries(self):
        with self.at("2026-03-02 09:00:00"):
            tasks = self.env["project.task"].create(
                [{"name": str(i), "project_id": self.project.id} for i in range(500)]
            )
        counts = []
        for count in (50, 450):
            some = tasks[:count] if count == 50 else tasks[50:]
            with self.at("2026-03-02 10:00:00"):
                some.stage_id = self.stage_asked
                self.env.flush_all()
                before = self.env.cr.sql_log_count
                self.env["service.sla.timer"]._sync_pending()
                counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(self._states(some)), {"paused", "running"})
        few, many = counts
        self.assertLessEqual(many, few + 8)
        self.assertLess(many, 40)

    def _states(self, tasks):
        return tasks.sla_timer_ids.mapped("state")
