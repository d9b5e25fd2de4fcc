# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceExperienceCase


@tagged("post_install", "-at_install")
class TestSlaSweep(ServiceExperienceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_policy(("resolution", 10, "hour"), calendar_id=cls.calendar.id)

    def test_warning_then_breach(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        timer = self.timer_of(task)
        with self.at("2026-03-02 16:59:59"):
            self.sweep()
            self.assertEqual(task.sla_state, "running")
        self.assertEvents(timer)
        with self.at("2026-03-02 17:00:01"):
            self.sweep()
            self.assertEqual(task.sla_state, "at_risk")
        self.assertEvents(timer, "warned")
        self.assertEqual(timer.next_event_at, datetime(2026, 3, 3, 11))
        with self.at("2026-03-03 11:00:00"):
            self.sweep()
        self.assertFalse(timer.breached_at, "exactly at the deadline nothing is broken yet")
        with self.at("2026-03-03 11:00:30"):
            self.sweep()
        self.assertEvents(timer, "warned", "breached")
        self.assertEqual(timer.breached_at, datetime(2026, 3, 3, 11))
        self.assertEqual(timer.detected_at, datetime(2026, 3, 3, 11, 0, 30))
        self.assertEqual((timer.state, timer.next_event_at), ("running", False))

    def test_first_looked_at_in_the_instant_of_the_deadline(self):
        with self.at("2026-03-02 09:00:00"):
            timer = self.timer_of(self._create_task())
        with self.at("2026-03-03 11:00:00"):
            self.sweep()
        self.assertEvents(timer, "warned")
        self.assertFalse(timer.breached_at)

    def test_a_cycle_warns_once_although_the_target_grows(self):
        self._create_policy(
            ("resolution", 20, "hour", {"priority": "1"}), sequence=1, calendar_id=self.calendar.id
        )
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 17:30:00"):
            self.sweep()
        timer = self.timer_of(task)
        with self.at("2026-03-03 09:00:00"):
            task.priority = "1"
            self.assertEqual(task.sla_state, "running")
        self.assertEqual(timer.next_event_kind, "deadline")
        with self.at("2026-03-04 10:00:00"):
            self.sweep()
            self.assertEqual(task.sla_state, "at_risk")
        self.assertEqual(timer.next_event_kind, "deadline")
        self.assertEvents(timer, "warned", "recalculated")

    def test_late_sweep_says_that_the_warning_was_not_sent(self):
        with self.at("2026-03-02 09:00:00"):
            timer = self.timer_of(self._create_task())
        with self.at("2026-03-09 09:00:00"):
            self.sweep()
        self.assertEvents(timer, "warned", "breached")
        self.assertEqual(
            timer.event_ids.filtered(lambda e: e.kind == "warned").cause, "deadline_passed"
        )
        self.assertEqual(timer.breached_at, datetime(2026, 3, 3, 11))
        self.assertEqual(timer.detected_at, datetime(2026, 3, 9, 9))

    def test_sweep_twice_records_once(self):
        with self.at("2026-03-02 09:00:00"):
            timer = self.timer_of(self._create_task())
        for _ in range(3):
            with self.at("2026-03-09 09:00:00"):
                self.sweep()
        self.assertEvents(timer, "warned", "breached")

    def test_stopped_after_the_sweep_is_missed_with_one_breach(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-03 12:00:00"):
            self.sweep()
        with self.at("2026-03-03 13:00:00"):
            task.state = "1_done"
        timer = self.timer_of(task)
        self.assertEqual((timer.state, timer.breached_at), ("missed", datetime(2026, 3, 3, 11)))
        self.assertEvents(timer, "warned", "breached", "missed")

    def test_search_agrees_with_what_is_shown(self):
        with self.at("2026-03-02 09:00:00"):
            early = self._create_task()
        with self.at("2026-03-02 16:00:00"):
            late = self._create_task()
        tasks = early + late
        for moment, states in (
            ("2026-03-02 16:30:00", ["running", "running"]),
            ("2026-03-03 10:00:00", ["at_risk", "running"]),
            ("2026-03-03 11:00:00", ["at_risk", "running"]),
            ("2026-03-03 11:00:01", ["overdue", "running"]),
            ("2026-03-05 11:00:00", ["overdue", "overdue"]),
        ):
            with self.subTest(moment), self.at(moment):
                self.sweep()
                self.assertEqual(tasks.mapped("sla_state"), states)
                for state in ("running", "at_risk", "overdue"):
                    found = tasks.search([("id", "in", tasks.ids), ("sla_state", "=", state)])
                    self.assertEqual(found, tasks.filtered(lambda t, s=state: t.sla_state == s))
        self.assertEqual(
            tasks.search([("id", "in", tasks.ids), ("sla_deadline", "<", "2026-03-03 12:00:00")]),
            early,
        )

    def test_search_by_the_most_urgent_promise(self):
        self._create_policy(("first_response", 4, "hour"), calendar_id=self.calendar.id)
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 14:00:00"):
            self.sweep()
            self.assertEqual(task.sla_state, "overdue")
            self.assertEqual(task.sla_deadline, datetime(2026, 3, 2, 13))
            for domain, expected in (
                ([("sla_state", "=", "overdue")], True),
                ([("sla_state", "=", "running")], False),
                ([("sla_state", "!=", "running")], True),
                ([("sla_state", "=", False)], False),
                ([("sla_state", "!=", False)], True),
                ([("sla_state", "in", ["running", "overdue"])], True),
                # One promise is overdue, the other due tomorrow: none is due in the afternoon.
                (
                    [
                        ("sla_deadline", ">=", "2026-03-02 14:00:00"),
                        ("sla_deadline", "<", "2026-03-02 18:00:00"),
                    ],
                    False,
                ),
                ([("sla_deadline", ">", "2026-03-02 13:00:00")], False),
                ([("sla_deadline", ">=", "2026-03-02 13:00:00")], True),
                ([("sla_deadline", "<=", "2026-03-02 13:00:00")], True),
                ([("sla_deadline", "<", "2026-03-02 13:00:00")], False),
                ([("sla_deadline", "=", False)], False),
            ):
                with self.subTest(domain):
                    found = task.search([("id", "=", task.id), *domain])
                    self.assertEqual(bool(found), expected)
        with self.at("2026-03-02 15:00:00"):
            task.state = "1_canceled"
            self.assertFalse(task.sla_state)
            self.assertTrue(task.search([("id", "=", task.id), ("sla_state", "=", False)]))
            self.assertTrue(task.search([("id", "=", task.id), ("sla_deadline", "=", False)]))

    def test_a_breach_stays_overdue_although_the_target_grows(self):
        self._create_policy(
            ("resolution", 50, "hour", {"priority": "1"}), sequence=1, calendar_id=self.calendar.id
        )
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-04 09:00:00"):
            task.priority = "1"
            self.assertEqual(task.sla_state, "overdue")
            overdue = [("id", "=", task.id), ("sla_state", "=", "overdue")]
            self.assertEqual(task.search(overdue), task)

    def test_one_timer_that_fails_does_not_hold_up_the_others(self):
        with self.at("2026-03-02 09:00:00"):
            tasks = self._create_task() + self._create_task()
        first, second = tasks.sla_timer_ids.sorted("id")
        sweep = type(first)._sweep

        def broken(timers, now):
            if first in timers:
                raise ValueError("bug")
            return sweep(timers, now)

        logger = "odoo.addons.service_experience.models.clock.service_sla_timer_sweep"
        with (
            self.at("2026-03-09 09:00:00"),
            patch.object(type(first), "_sweep", broken),
            patch.object(self.env.cr, "rollback", lambda: None),
            mute_logger(logger),
        ):
            self.env["service.sla.timer"]._sweep_batch()
        self.assertFalse(first.breached_at)
        self.assertEqual(first.next_event_at, datetime(2026, 3, 9, 10))
        self.assertEqual(second.breached_at, datetime(2026, 3, 3, 11))

    def test_a_start_orders_the_run_for_its_first_event(self):
        cron = self.env.ref("service_experience.service_sla_timer_cron_sweep")
        self._create_policy(("resolution", 2, "minute", {"warn_percent": 0}), sequence=1)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        with self.at("2026-03-02 09:00:00"):
            self._create_task()
        triggers = triggers.search([("cron_id", "=", cron.id)])
        self.assertEqual(triggers.mapped("call_at"), [datetime(2026, 3, 2, 9, 3)])

    def test_next_run_is_ordered_once(self):
        cron = self.env.ref("service_experience.service_sla_timer_cron_sweep")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        self._create_policy(("resolution", 2, "minute"), sequence=1)
        with self.at("2026-03-02 09:00:00"):
            self._create_task()
            self._create_task()
        with self.at("2026-03-02 09:00:10"):
            self._create_task()
            self.sweep()
        triggers = triggers.search([("cron_id", "=", cron.id)])
        self.assertEqual(triggers.mapped("call_at"), [datetime(2026, 3, 2, 9, 2)])

    def test_status_for_the_screen(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 16:00:00"):
            status = task.with_user(self.employee).sla_status
        [timer] = status["timers"]
        self.assertEqual(status["now"], 1772467200)
        self.assertEqual(timer["remaining"], 3 * 3600)
        self.assertEqual(timer["deadline"], 1772467200 + 19 * 3600)
        self.assertEqual(timer["windows"][:2], [[1772467200, 1772470800], [1772528400, 1772557200]])
        with self.at("2026-03-03 12:00:00"):
            task.invalidate_recordset()
            [timer] = task.sla_status["timers"]
        self.assertEqual((timer["remaining"], timer["breached"]), (-3600, True))

    def test_at_risk_from_the_very_instant_of_the_warning(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        timer = self.timer_of(task)
        for second, state in ((-1, "running"), (0, "at_risk")):
            with self.at(str(timer.warn_at + timedelta(seconds=second))):
                now = timer.warn_at + timedelta(seconds=second)
                task.invalidate_recordset(["sla_state"])  # as a new request would find it
                self.assertEqual(timer._get_display_state(now), state)
                self.assertEqual(task.sla_state, state)
