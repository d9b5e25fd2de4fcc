# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import timedelta
from random import Random

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import ServiceExperienceCase

CORRUPTIONS = {
    "spent_seconds": "spent_seconds + 60",
    "deadline": "deadline + interval '1 minute'",
    "state": "'met'",
    "breached_at": "NULL",
    "target_seconds": "target_seconds - 60",
    "warn_at": "warn_at - interval '1 second'",
    "running_since": "running_since - interval '1 second'",
    "excused": "NOT coalesce(excused, false)",
}


@tagged("post_install", "-at_install")
class TestSlaCheck(ServiceExperienceCase):
    """A timer is what its evidence says, whatever has happened to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage_asked = cls.env["project.task.type"].create(
            {
                "name": "Asked",
                "clock": "pause_customer",
                "project_ids": [Command.link(cls.project.id)],
            }
        )
        cls.policy = cls._create_policy(
            ("first_response", 4, "hour"),
            ("next_response", 4, "hour"),
            ("update", 3, "day"),
            ("resolution", 16, "hour"),
            ("resolution", 8, "hour", {"priority": "3"}),
            calendar_id=cls.calendar.id,
        )

    def test_a_full_life(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        timer = self.timer_of(task)
        with self.at("2026-03-02 11:00:00"):
            task.stage_id = self.stage_asked
        with self.at("2026-03-02 12:00:00"):
            timer._agree_deadline(fields.Datetime.to_datetime("2026-03-04 12:00:00"), "Agreed")
        with self.at("2026-03-02 13:00:00"):
            task.stage_id = self.stage_new
        with self.at("2026-03-02 14:00:00"):
            task.priority = "3"
        with self.at("2026-03-02 15:00:00"):
            timer._agree_deadline(None, "Sooner after all")
        with self.at("2026-03-04 10:00:00"):
            self.sweep()
        with self.at("2026-03-04 11:00:00"):
            timer._excuse("Power cut in the whole town")
        with self.at("2026-03-04 12:00:00"):
            task.state = "1_done"
        self.assertEqual((timer.state, timer.excused), ("missed", True))
        self.assertEqual(timer._get_differences(), [])
        self.assertGreater(len(timer.event_ids), 8)

    def test_corruption_is_reported(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-03 10:00:00"):
            task.stage_id = self.stage_asked
        with self.at("2026-03-03 11:00:00"):
            task.stage_id = self.stage_new
        with self.at("2026-03-05 11:00:00"):
            self.sweep()
            timer = self.timer_of(task)
            self.assertEqual(timer._get_differences(), [])
            for column, value in CORRUPTIONS.items():
                with self.subTest(column), self.env.cr.savepoint() as savepoint:
                    self.env.cr.execute(
                        SQL(
                            "UPDATE service_sla_timer SET %s = %s WHERE id = %s",
                            SQL.identifier(column),
                            SQL(value),
                            timer.id,
                        )
                    )
                    timer.invalidate_recordset()
                    differences = timer._get_differences()
                    names = [name for _timer, name, *_values in differences]
                    # The target is what the clock is measured by: its deadline betrays it.
                    self.assertIn("deadline" if column == "target_seconds" else column, names)
                    savepoint.rollback()
                timer.invalidate_recordset()

    def test_a_changed_segment_is_reported(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-03 10:00:00"):
            task.state = "1_done"
        timer = self.timer_of(task)
        for change in (
            "UPDATE service_sla_segment SET seconds = 1",
            "DELETE FROM service_sla_segment",
        ):
            with self.subTest(change), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(SQL(change + " WHERE timer_id = %s", timer.id))
                self.env.invalidate_all()
                self.assertEqual([row[1] for row in timer._get_differences()], ["pieces"])
                savepoint.rollback()

    def test_action(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        timers = task.sla_timer_ids.with_user(self.manager)
        action = timers.action_check()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("3", action["params"]["message"])
        self.env.cr.execute(
            SQL("UPDATE service_sla_timer SET spent_seconds = 7 WHERE id = %s", timers[0].id)
        )
        self.env.invalidate_all()
        action = timers.action_check()
        lines = self.env[action["res_model"]].with_user(self.manager).search(action["domain"])
        self.assertEqual((lines[0].timer_id, lines[0].stored), (timers[0], "7"))

    def test_queries_do_not_grow_with_the_timers(self):
        counts = []
        for number in (2, 20):
            with self.at("2026-03-02 09:00:00"):
                tasks = self.env["project.task"].create(
                    [{"name": str(i), "project_id": self.project.id} for i in range(number)]
                )
            with self.at("2026-03-02 10:00:00"):
                tasks.stage_id = self.stage_asked
            with self.at("2026-03-02 11:00:00"):
                tasks.stage_id = self.stage_new
            timers = self.env["service.sla.timer"].browse(tasks.sla_timer_ids.ids)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(timers._get_differences(), [])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_random_lives(self):
        """Whatever people do, in whatever order: the evidence says the same as the row."""
        deeds = self._get_deeds()
        for seed in range(12):
            random = Random(seed)  # noqa: S311 (the same lives each time, no secret)
            moment = fields.Datetime.to_datetime("2026-03-02 09:00:00")
            with self.at(str(moment)):
                task = self._create_task()
            for _step in range(25):
                moment += timedelta(seconds=random.choice((0, 1, 600, 7200, 30000, 90000)))
                with self.at(str(moment)):
                    random.choice(deeds)(task)
            with self.subTest(seed):
                self._check_evidence(
                    self.env["service.sla.timer"].search([("task_id", "=", task.id)])
                )

    def _get_deeds(self):
        """Return what people do to a request."""
        ours = self.employee.partner_id
        pause = {"kind": "agreed_pause"}
        return [
            lambda task: task.write({"stage_id": self.stage_asked.id}),
            lambda task: task.write({"stage_id": self.stage_new.id}),
            lambda task: task.write({"priority": "3"}),
            lambda task: task.write({"priority": "0"}),
            lambda task: task.write({"state": "1_done"}),
            lambda task: task.write({"state": "01_in_progress"}),
            lambda task: task.write({"active": not task.active}),
            lambda task: self._say(task, self.contact),
            lambda task: self._say(task, ours),
            lambda task: self.env["service.wait"].create({"task_id": task.id, **pause}),
            lambda task: task.service_wait_ids.filtered(
                lambda wait: not wait.ended_at and not wait.stage_id
            ).action_end(),
            lambda task: self.sweep(),
            lambda task: self.policy._plan_apply().save(),
            lambda task: task.write({"partner_id": self.other_customer.id}),
        ]

    def _check_evidence(self, timers):
        self.assertTrue(timers)
        self.assertEqual(timers._get_differences(), [])
        for timer in timers:
            pieces = timer.segment_ids.sorted("id")
            self.assertEqual(pieces[1:].mapped("from_at"), pieces[:-1].mapped("to_at"))
            running = pieces.filtered(lambda piece: piece.kind == "running")
            self.assertEqual(timer.spent_seconds, sum(running.mapped("seconds")))
