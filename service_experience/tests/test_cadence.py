# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import psycopg2

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestCadence(JourneyCase):
    """The longest silence, in working days, and who answers for it."""

    def _due(self, record, at):
        record.invalidate_recordset()
        with self.at(at):
            return record.next_update_due

    def test_the_longest_silence_follows_from_the_health(self):
        with self.at("2026-03-02 10:00:00"):
            task = self._create_task(user_ids=self.employee.ids)
            self._say(task, self.employee.partner_id)
        self.assertEqual(task.last_customer_update, self.instant("2026-03-02 10:00:00"))
        due = self._due(task, "2026-03-02 11:00:00")
        self.assertEqual(due, self.instant("2026-03-09 10:00:00"))
        task.date_deadline = "2026-03-03 09:00:00"  # late from then on
        due = self._due(task, "2026-03-03 11:00:00")
        self.assertEqual(due, self.instant("2026-03-03 10:00:00"))
        self.env.company.service_silence_late = 2
        due = self._due(task, "2026-03-03 11:00:00")
        self.assertEqual(due, self.instant("2026-03-04 10:00:00"))
        task.state = "1_done"
        self.assertFalse(self._due(task, "2026-03-03 11:00:00"))

    def test_only_what_colleagues_tell_the_customer_counts(self):
        with self.at("2026-03-02 10:00:00"):
            task = self._create_task(user_ids=self.employee.ids)
        with self.at("2026-03-02 11:00:00"):
            self._say(task, self.contact)
            task.message_post(body="Between us", author_id=self.employee.partner_id.id)
        self.assertFalse(task.last_customer_update)

    def test_what_a_person_promised_comes_first(self):
        with self.at("2026-03-02 10:00:00"):
            self._say(self.project, self.employee.partner_id)
        self.project.next_update_promised = "2026-03-03 12:00:00"
        due = self._due(self.project, "2026-03-02 11:00:00")
        self.assertEqual(due, self.instant("2026-03-03 12:00:00"))
        with self.at("2026-03-03 12:30:00"):
            self._say(self.project, self.employee.partner_id)
        due = self._due(self.project, "2026-03-03 13:00:00")
        self.assertEqual(due, self.instant("2026-03-10 12:30:00"))

    def test_the_promise_of_a_policy_comes_before_the_silence(self):
        self._create_policy(("update", 2, "day"))
        with self.at("2026-03-02 10:00:00"):
            task = self._create_task()
        due = self._due(task, "2026-03-02 11:00:00")
        self.assertEqual(due, self.instant("2026-03-04 10:00:00"))
        self.assertEqual(due, self.timer_of(task, "update").deadline)

    def test_no_silence_shorter_than_a_day(self):
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"):
            self.env.company.service_silence_late = 0
            self.env.flush_all()

    def test_somebody_is_always_accountable(self):
        lead = new_test_user(self.env, "lead", groups="project.group_project_manager")
        task = self._create_task()
        self.assertEqual(task.accountable_user_id, task.create_uid)
        self.project.user_id = lead
        self.assertEqual(task.accountable_user_id, lead)
        task.user_ids = self.employee
        self.assertEqual(task.accountable_user_id, self.employee)
        task.contact_user_id = self.manager
        self.assertEqual(task.accountable_user_id, self.manager)
        self.manager.active = False
        task.invalidate_recordset()
        self.assertEqual(task.accountable_user_id, self.employee)

    def test_many_in_few_queries(self):
        tasks = self.env["project.task"].create(
            [{"name": str(number), "project_id": self.project.id} for number in range(60)]
        )
        few, many = (self._count_queries(records) for records in (tasks[:2], tasks[2:]))
        self.assertLessEqual(many, few)

    def _count_queries(self, tasks):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        tasks.mapped("next_update_due")
        tasks.mapped("service_health_why")
        return self.env.cr.sql_log_count - before
