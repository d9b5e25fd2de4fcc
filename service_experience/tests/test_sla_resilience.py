# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ServiceExperienceCase

CLOCK = "odoo.addons.service_experience.models.clock"
SYNC_LOGGER = f"{CLOCK}.service_sla_timer_sync"
MARK = "not like this"
BACKLOG_LOGGER = f"{CLOCK}.service_sla_backlog"


@tagged("post_install", "-at_install")
class TestSlaResilience(ServiceExperienceCase):
    """Whatever is wrong in the service layer, the task works and the responsible person is told."""

    def _work_on_a_task(self):
        """Do what an employee does to a task, without superuser rights."""
        task = (
            self.env["project.task"]
            .with_user(self.employee)
            .create({"name": "Leak", "project_id": self.project.id})
        )
        self.env.cr.flush()
        task.write({"priority": "2", "partner_id": self.other_customer.id})
        task.message_post(body="Soon", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.env.cr.flush()
        task.state = "1_done"
        self.env.cr.flush()
        self.assertEqual(task.state, "1_done")
        return task.sudo()

    def test_no_policy_no_calendar_no_partner(self):
        self.env["service.sla.policy"].search([]).active = False
        self.env.company.resource_calendar_id = False
        self.project.partner_id = False
        self.assertFalse(self._work_on_a_task().sla_timer_ids)

    def test_works_with_timers(self):
        self._create_policy(("first_response", 4, "hour"), ("resolution", 8, "hour"))
        self.assertEqual(self._work_on_a_task().sla_timer_ids.mapped("state"), ["met", "met"])

    def test_calendar_that_became_empty(self):
        policy = self._create_policy(
            ("resolution", 8, "hour"), calendar_id=self.calendar.id, user_id=self.manager.id
        )
        self.calendar.attendance_ids.unlink()
        for _ in range(3):
            self.assertFalse(self._work_on_a_task().sla_timer_ids)
        self.assertEqual(policy.activity_ids.user_id, self.manager)
        self.assertEqual(len(policy.activity_ids), 1, "told once, not once per request")
        self.assertIn("Office hours", policy.activity_ids.note)

    def test_company_with_flexible_hours(self):
        policy = self._create_policy(("resolution", 8, "hour"), user_id=self.manager.id)
        self.env.company.resource_calendar_id = self._create_calendar(
            "Flexible", hours=(), schedule_type="flexible", flexible_hours=True
        )
        self.env.invalidate_all()
        self.assertFalse(self._work_on_a_task().sla_timer_ids)
        self.assertEqual(policy.activity_ids.user_id, self.manager)

    def test_calendar_emptied_while_a_timer_runs(self):
        self._create_policy(("resolution", 8, "hour"), ("resolution", 4, "hour", {"priority": "3"}))
        task = self._create_task()
        self.env.cr.flush()
        self.calendar.attendance_ids.unlink()
        task.priority = "3"
        self.env.cr.flush()
        self.assertEqual(task.sla_timer_ids.target_seconds, 8 * 3600)

    def test_responsible_person_is_gone(self):
        policy = self._create_policy(("resolution", 8, "hour"), calendar_id=self.calendar.id)
        policy.user_id = False
        self.calendar.attendance_ids.unlink()
        self.assertFalse(self._work_on_a_task().sla_timer_ids)
        self.assertTrue(policy.activity_ids.user_id)

    def test_archived_policy(self):
        policy = self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        policy.active = False
        with self.at("2026-03-02 10:00:00"):
            task.state = "1_done"
        self.assertEqual(task.sla_timer_ids.state, "met")
        self.assertFalse(self._work_on_a_task().sla_timer_ids)

    def _broken(self, model="service.sla.timer", method="_sync"):
        return patch.object(self.env.registry[model], method, side_effect=ValueError("bug"))

    def test_a_bug_of_ours_never_reaches_the_user_and_loses_nothing(self):
        self._create_policy(("first_response", 4, "hour"), ("resolution", 8, "hour"))
        for model, method in (("service.sla.timer", "_sync"), ("service.sla.timer", "_get_plan")):
            with self.subTest(method):
                with (
                    self._broken(model, method),
                    self.assertLogs(SYNC_LOGGER, "WARNING") as logs,
                    self.at("2026-03-02 09:00:00"),
                ):
                    task = self._create_task()
                self.assertIn(str(task.id), logs.output[0])
                self.assertFalse(task.sla_timer_ids)
                with self.at("2026-03-02 12:00:00"):
                    self.sweep()
                self.assertEqual(len(task.sla_timer_ids), 2)
                self.assertEqual(
                    set(task.sla_timer_ids.mapped("started_at")), {datetime(2026, 3, 2, 9)}
                )
                self.assertFalse(self.env["service.sla.backlog"].search([]))

    def test_facts_wait_behind_older_ones_of_their_request(self):
        """A wait that could not reach its timers ends only after it has begun."""
        self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self._broken(), mute_logger(SYNC_LOGGER), self.at("2026-03-02 10:00:00"):
            wait = self.env["service.wait"].create({"task_id": task.id})
        with self.at("2026-03-02 11:00:00"):
            wait.action_end()
        self.assertEqual(len(self.env["service.sla.backlog"].search([])), 2)
        self.assertFalse(task.sla_timer_ids.event_ids)
        with self.at("2026-03-02 12:00:00"):
            self.sweep()
        self.assertFalse(self.env["service.sla.backlog"].search([]))
        self.assertDeadline(task.sla_timer_ids, "2026-03-03 10:00:00")
        self.assertEqual(
            task.sla_timer_ids.segment_ids.sorted("id").mapped("kind"), ["running", "paused"]
        )

    def test_the_sweep_waits_for_facts_that_wait(self):
        """An answer in time may be among them: no breach is recorded before that is known."""
        self._create_policy(("first_response", 1, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with mute_logger(SYNC_LOGGER, BACKLOG_LOGGER):
            with self._broken(), self.at("2026-03-02 09:30:00"):
                self._say(task, self.employee.partner_id)
            with self._broken(), self.at("2026-03-02 10:10:00"):
                self.sweep()
        self.assertFalse(task.sla_timer_ids.event_ids)
        with self.at("2026-03-02 10:15:00"):
            self.sweep()
        self.assertEqual((task.sla_timer_ids.state, task.sla_timer_ids.breached_at), ("met", False))

    def test_a_row_that_is_due_for_nothing_is_put_right(self):
        self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            timer = self._create_task().sla_timer_ids
        timer.next_event_at = datetime(2026, 3, 2, 9, 5)
        self.env.flush_all()
        with self.at("2026-03-02 10:00:00"):
            self.sweep()
            self.assertEqual(timer.next_event_at, timer.warn_at)
            self.assertFalse(self.env["service.sla.timer"]._lock_due(datetime(2026, 3, 2, 10)))

    def test_what_waits_comes_with_the_stage_of_its_time(self):
        parked = self.env["project.task.type"].create(
            {"name": "Parked", "project_ids": [Command.link(self.project.id)]}
        )
        self._create_policy(
            ("resolution", 8, "hour", {"pause_stage_ids": [Command.set(parked.ids)]})
        )
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self._broken(), mute_logger(SYNC_LOGGER):
            with self.at("2026-03-02 10:00:00"):
                task.priority = "1"
            with self.at("2026-03-02 14:00:00"):
                task.stage_id = parked
        with self.at("2026-03-02 15:00:00"):
            self.sweep()
        self.assertEqual(task.sla_timer_ids.paused_since, datetime(2026, 3, 2, 14))

    def test_a_bug_while_facts_are_queued_loses_none(self):
        self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            first, second = self._create_task(), self._create_task()
        with self._broken(), mute_logger(SYNC_LOGGER):
            with self.at("2026-03-02 10:00:00"):
                first.priority = "1"
            with self.at("2026-03-02 11:00:00"):
                (first + second).state = "1_done"
        with self.at("2026-03-02 12:00:00"):
            self.sweep()
        timers = (first + second).sla_timer_ids
        self.assertEqual(set(timers.mapped("stopped_at")), {datetime(2026, 3, 2, 11)})

    def test_other_tasks_do_not_suffer(self):
        """What one task makes impossible is done for the others, each at its true instant."""
        self.project.user_id = self.manager
        self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            good, bad = self._create_task(), self._create_task()
        sync = self.env.registry["service.sla.timer"]._sync

        def broken(timers, pending):
            if bad.id in pending:
                raise ValueError("bug")
            return sync(timers, pending)

        with (
            patch.object(self.env.registry["service.sla.timer"], "_sync", broken),
            mute_logger(SYNC_LOGGER, BACKLOG_LOGGER),
        ):
            with self.at("2026-03-02 10:00:00"):
                (good + bad).state = "1_done"
            with self.at("2026-03-02 12:00:00"):
                for _ in range(4):
                    self.sweep()
        self.assertEqual(good.sla_timer_ids.stopped_at, datetime(2026, 3, 2, 10))
        self.assertEqual(bad.sla_timer_ids.state, "running")
        self.assertEqual(self.env["service.sla.backlog"].search([]).task_id, bad)
        self.assertEqual(bad.activity_ids.user_id, self.manager)
        self.assertIn("bug", bad.activity_ids.note)

    def test_errors_of_others_stay_theirs(self):
        """A hook of another addon that refuses the transaction is heard."""
        self._create_policy(("resolution", 8, "hour"))
        self._create_task()

        def refuse():
            raise UserError(MARK)

        self.env.cr.precommit.add(refuse)
        with self.assertRaisesRegex(UserError, MARK):
            self.env.cr.flush()

    def test_portal_collaborator_and_other_users(self):
        """People without a right on timers make and change tasks that have them."""
        self._create_policy(("first_response", 4, "hour"), ("resolution", 8, "hour"))
        user = new_test_user(self.env, "sla_project", groups="project.group_project_user")
        task = (
            self.env["project.task"]
            .with_user(user)
            .create({"name": "Leak", "project_id": self.project.id})
        )
        self.env.cr.flush()
        self.assertEqual(len(task.sudo().sla_timer_ids), 2)
        self.assertEqual(task.sla_state, "running")
        self.assertEqual(len(task.sla_status["timers"]), 2)
        self.assertIn(task, task.search([("sla_state", "=", "running")]))
        portal = new_test_user(self.env, "sla_portal", groups="base.group_portal")
        self.project._add_collaborators(portal.partner_id)
        self.project.message_subscribe(portal.partner_id.ids)
        shared = (
            self.env["project.task"]
            .with_user(portal)
            .with_context(default_project_id=self.project.id)
            .create({"name": "From the portal"})
        )
        self.env.cr.flush()
        self.assertEqual(len(shared.sudo().sla_timer_ids), 2)
        shared.write({"priority": "3"})
        self.env.cr.flush()
        for name in ("sla_status", "sla_state", "sla_deadline", "sla_timer_ids"):
            with self.subTest(name):
                self.assertFalse(shared._has_field_access(shared._fields[name], "read"))
        for name in ("sla_state", "sla_deadline"):
            with self.subTest(f"search {name}"), self.assertRaises(AccessError):
                shared.search([(name, "!=", False)])
