# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ServiceExperienceCase

ESCALATION_LOGGER = "odoo.addons.service_experience.models.clock.service_sla_escalation"


@tagged("post_install", "-at_install")
class TestSlaEscalation(ServiceExperienceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = new_test_user(
            cls.env, "sla_lead", groups="service_experience.service_experience_group_lead"
        )
        cls.project.user_id = cls.lead

    def _escalate(self, *lines, **target):
        """Create a policy of 16 hours with escalations, and a task of Monday 9:00."""
        self.policy = self._create_policy(
            (
                "resolution",
                16,
                "hour",
                {"escalation_ids": [Command.create(line) for line in lines], **target},
            ),
            calendar_id=self.calendar.id,
        )
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task(user_ids=[Command.set(self.employee.ids)])
        self.timer = self.timer_of(task)
        return task

    def _at_and_sweep(self, moment):
        with self.at(moment):
            self.sweep()

    def test_points(self):
        task = self._escalate(
            {"basis": "percent", "percent": 50},
            {"basis": "before", "minutes": 120},
            {"basis": "after", "minutes": 60},
        )
        moments = [
            (moment.at, moment.point)
            for moment in self.timer._get_clock().moments(self.timer._working_time())
        ]
        self.assertEqual(
            [at for at, _point in moments],
            [
                datetime(2026, 3, 2, 17),  # 50 %
                datetime(2026, 3, 3, 13, 48),  # warning
                datetime(2026, 3, 3, 15),
                datetime(2026, 3, 3, 17),  # deadline
                datetime(2026, 3, 4, 10),
            ],
        )
        for moment, count in (
            ("2026-03-02 17:00:00", 0),
            ("2026-03-02 17:00:01", 1),
            ("2026-03-03 14:00:00", 1),
            ("2026-03-03 15:00:01", 2),
            ("2026-03-03 17:00:01", 2),
            ("2026-03-04 10:00:01", 3),
            ("2026-03-09 10:00:01", 3),
        ):
            self._at_and_sweep(moment)
            self.assertEqual(len(task.activity_ids), count, moment)
        self.assertEqual(task.activity_ids.user_id, self.employee)
        self.assertEqual(
            self.timer.event_ids.sorted("id").mapped("kind"),
            ["escalated", "warned", "escalated", "breached", "escalated"],
        )

    def test_once_per_cycle_although_the_target_grows(self):
        task = self._escalate({"basis": "percent", "percent": 50})
        self._at_and_sweep("2026-03-02 17:00:01")
        self.policy.target_ids.duration = 32
        with self.at("2026-03-03 09:00:00"):
            self.policy._plan_apply().save()
        self._at_and_sweep("2026-03-12 09:00:00")
        self.assertEqual(len(task.activity_ids), 1)

    def test_a_new_cycle_escalates_anew(self):
        task = self._escalate({"basis": "percent", "percent": 50}, reopen="new_cycle")
        self._at_and_sweep("2026-03-02 17:00:01")
        with self.at("2026-03-03 09:00:00"):
            task.state = "1_done"
        with self.at("2026-03-03 09:00:00"):
            task.state = "01_in_progress"
        self._at_and_sweep("2026-03-04 09:00:01")
        self.assertEqual(len(task.activity_ids), 2)

    def test_a_paused_timer_escalates_nothing(self):
        task = self._escalate({"basis": "percent", "percent": 50})
        with self.at("2026-03-02 10:00:00"):
            self.env["service.wait"].create({"task_id": task.id})
        self._at_and_sweep("2026-03-20 17:00:01")
        self.assertFalse(task.activity_ids)

    def test_late_job_escalates_and_does_not_warn_any_more(self):
        task = self._escalate(
            {"basis": "percent", "percent": 50},
            {"basis": "percent", "percent": 100},
            {"basis": "before", "minutes": 1},
            {"basis": "after", "minutes": 60},
        )
        self._at_and_sweep("2026-03-09 10:00:00")
        self.assertEqual(len(task.activity_ids), 4)
        events = self.timer.event_ids.sorted("id")
        self.assertEqual(
            events.mapped("kind"),
            ["escalated", "warned", "escalated", "escalated", "breached", "escalated"],
        )
        self.assertEqual(
            events.mapped("cause"), [False, "deadline_passed", False, False, False, False]
        )

    def test_an_escalation_that_closes_the_request_is_the_last(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Close",
                "model_id": self.env["ir.model"]._get_id("project.task"),
                "state": "code",
                "code": "records.write({'state': '1_done'})",
            }
        )
        task = self._escalate(
            {"percent": 40, "action": "server_action", "server_action_id": action.id},
            {"percent": 50, "action": "activity"},
        )
        self._at_and_sweep("2026-03-03 09:00:00")
        self.assertFalse(task.activity_ids)
        self.assertEqual(self.timer.state, "met")

    def test_another_transaction_in_the_way_is_no_failure_of_the_action(self):
        """The sweep repeats the whole batch: nothing is on record before it is done."""
        task = self._escalate({"percent": 50})
        line = self.policy.target_ids.escalation_ids
        with (
            patch.object(
                self.env.registry[line._name], "_do_activity", side_effect=SerializationFailure
            ),
            self.at("2026-03-02 17:00:01"),
            self.assertRaises(SerializationFailure),
        ):
            line._carry_out_one(self.timer)
        self.assertFalse(task.activity_ids or self.policy.activity_ids)

    def test_recipients(self):
        named = self.manager
        cases = [
            ({"recipient": "assignee"}, self.employee),
            ({"recipient": "lead"}, self.lead),
            ({"recipient": "user", "user_id": named.id}, named),
        ]
        for values, user in cases:
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                task = self._escalate({"percent": 50, **values})
                self._at_and_sweep("2026-03-02 17:00:01")
                self.assertEqual(task.activity_ids.user_id, user)
                self.assertIn("Resolution", task.activity_ids.summary)
                self.assertIn("Standard", task.activity_ids.note)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_somebody_is_always_found(self):
        task = self._escalate({"percent": 50})
        task.user_ids = False
        with self.at("2026-03-02 10:00:00"):
            self.env.flush_all()
        self._at_and_sweep("2026-03-02 17:00:01")
        self.assertEqual(task.activity_ids.user_id, self.lead)

    def test_note(self):
        task = self._escalate({"percent": 50, "action": "note", "recipient": "lead"})
        self._at_and_sweep("2026-03-02 17:00:01")
        note = task.message_ids[0]
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertEqual(note.partner_ids, self.lead.partner_id)
        self.assertEqual(self.timer_of(task, "first_response"), self.timer.browse())

    def test_server_action(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Raise the priority",
                "model_id": self.env["ir.model"]._get_id("project.task"),
                "state": "code",
                "code": "records.write({'priority': '2'})",
            }
        )
        task = self._escalate(
            {"percent": 50, "action": "server_action", "server_action_id": action.id}
        )
        self._at_and_sweep("2026-03-02 17:00:01")
        self.assertEqual(task.priority, "2")

    def test_an_action_that_fails_is_told_and_stops_nothing(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Broken",
                "model_id": self.env["ir.model"]._get_id("project.task"),
                "state": "code",
                "code": "raise UserError('out of paper')",
            }
        )
        task = self._escalate(
            {"percent": 50, "action": "server_action", "server_action_id": action.id},
            {"percent": 50, "action": "activity"},
        )
        with mute_logger(ESCALATION_LOGGER, "odoo.addons.base.models.ir_actions"):
            self._at_and_sweep("2026-03-02 17:00:01")
        self.assertEqual(len(task.activity_ids), 1)
        self.assertIn("out of paper", self.policy.activity_ids.note)
        self.assertEqual(self.timer.event_ids.mapped("kind"), ["escalated"] * 2)

    def test_few_at_a_time(self):
        """People who work on these requests wait no longer than for a handful of activities."""
        self._escalate({"percent": 50})
        with self.at("2026-03-02 09:00:00"):
            for number in range(15):
                self._create_task(name=str(number))
        now = datetime(2026, 3, 2, 17, 0, 1)
        timers = self.env["service.sla.timer"]
        sizes = []
        with self.at(str(now)):
            while due := timers._lock_due(now):
                due._sweep(now)
                sizes.append(len(due))
        self.assertEqual(sizes, [10, 6])

    def test_a_deleted_escalation_does_nothing(self):
        task = self._escalate({"percent": 50})
        self.policy.target_ids.escalation_ids.unlink()
        self._at_and_sweep("2026-03-02 17:00:01")
        self.assertFalse(task.activity_ids)
        self.assertEqual(self.timer.event_ids.kind, "escalated")

    def test_last_moment_to_act(self):
        """A warning at closing time for a deadline half an hour after the opening comes earlier."""
        self._create_policy(("resolution", 510, "minute", {"warn_percent": 94}))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        self.assertEqual(self.timer_of(task).warn_at, datetime(2026, 3, 2, 16))

    def test_bad_input(self):
        for values, words in (
            ({"percent": 0}, "from 1 to 1000"),
            ({"basis": "before", "minutes": 0}, "at least one"),
            ({"action": "server_action"}, "server action"),
            ({"recipient": "user"}, "Choose the person"),
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, words):
                self._escalate(values)
