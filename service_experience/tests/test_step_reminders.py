# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestStepReminders(JourneyCase):
    """Due on Tuesday the 10th; the calendar works Monday to Friday, 9 to 17."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["service.step"].search([]).active = False

    def _ask(self, at="2026-03-02 10:00:00", **values):
        with self.at(at):
            step = self._create_step(**values)
            step.action_request()
            self._deliver(step)
        return step

    def _run(self, at, name="service_step_cron_remind"):
        with self.at(at), self.enter_registry_test_mode():
            self.env.ref(f"service_experience.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _count(self, step, *moments):
        counts = []
        for moment in moments:
            self._run(moment)
            counts.append(step.reminder_count)
        return counts

    def test_before_on_and_after_the_day(self):
        step = self._ask()
        days = {
            "2026-03-05 12:00:00": 0,  # three working days before
            "2026-03-06 08:59:00": 0,  # closed
            "2026-03-06 09:00:00": 1,  # two before: Friday
            "2026-03-06 16:00:00": 1,
            "2026-03-07 12:00:00": 1,  # Saturday
            "2026-03-09 12:00:00": 1,
            "2026-03-10 09:00:00": 2,  # the due morning
            "2026-03-11 12:00:00": 2,
            "2026-03-12 12:00:00": 3,  # two after
            "2026-03-16 12:00:00": 3,
            "2026-03-17 12:00:00": 4,  # five after
            "2026-03-23 12:00:00": 4,
            "2026-03-24 12:00:00": 5,  # and every five
        }
        self.assertEqual(self._count(step, *days), list(days.values()))

    def test_what_was_answered_is_not_reminded_of(self):
        step = self._ask()
        with self.at("2026-03-05 10:00:00"):
            self._answer(step)
        self.assertEqual(self._count(step, "2026-03-06 12:00:00", "2026-03-10 12:00:00"), [0, 0])

    def test_nobody_is_reminded_for_what_is_over(self):
        done, archived = self._create_task(), self._create_task()
        steps = self._ask(task_id=done.id) + self._ask(task_id=archived.id)
        done.state = "1_done"
        archived.active = False
        self._run("2026-03-06 12:00:00")
        self.assertEqual(steps.mapped("reminder_count"), [0, 0])

    def test_who_was_asked_late_is_not_reminded_the_same_day(self):
        step = self._ask(at="2026-03-10 09:00:00")
        self.assertEqual(self._count(step, "2026-03-10 12:00:00", "2026-03-12 12:00:00"), [0, 1])

    def test_one_mail_a_day_for_all_services(self):
        other = self.env["project.project"].create(
            {"name": "Second", "partner_id": self.contact.id}
        )
        first, second = self._ask(), self._ask(project_id=other.id, title="Choose the colour")
        before = self.env["mail.message"].search([("partner_ids", "in", self.contact.ids)])
        self._run("2026-03-06 12:00:00")
        after = self.env["mail.message"].search([("partner_ids", "in", self.contact.ids)])
        mail = after - before
        self.assertEqual(len(mail), 1)
        self.assertIn(first.title, mail.body)
        self.assertIn(second.title, mail.body)

    def test_one_mail_a_day_for_all_people_of_a_customer(self):
        ben = self.env["res.partner"].create({"name": "Ben Crust", "parent_id": self.customer.id})
        steps = self._ask() + self._ask(owner_partner_id=ben.id)
        self._run("2026-03-06 12:00:00")
        self.assertEqual(sorted(steps.mapped("reminder_count")), [0, 1])
        self._run("2026-03-09 12:00:00")
        self.assertEqual(steps.mapped("reminder_count"), [1, 1])

    def test_after_three_somebody_calls(self):
        self.env["res.partner"].create({"name": "Ben Crust", "parent_id": self.customer.id})
        step = self._ask()
        self._run("2026-03-06 12:00:00")
        self._run("2026-03-10 12:00:00")
        self.assertFalse(self.project.activity_ids)
        self._run("2026-03-12 12:00:00")
        activity = self.project.activity_ids
        self.assertEqual(activity.user_id, self.employee)
        self.assertIn("Ada Crumb", activity.summary)
        self.assertIn("Ben Crust", activity.note)
        self._run("2026-03-17 12:00:00")
        self.assertEqual(len(self.project.activity_ids), 1)
        self.assertEqual(step.state, "requested")  # nothing is closed silently

    def test_a_delivery_that_could_not_be_noted_is_noted_later(self):
        with self.at("2026-03-02 10:00:00"):
            step = self._create_step()
            step.action_request()
            broken = patch.object(type(step), "_note_delivery", side_effect=ValueError("A bug"))
            with broken, self.assertLogs("odoo.addons.service_experience", level="ERROR"):
                self._deliver(step)
        self.assertEqual(step.message_id.notification_ids.notification_status, "sent")
        self.assertFalse(step.delivered_at)
        self._run("2026-03-02 11:00:00")
        self.assertEqual(step.delivered_at, self.instant("2026-03-02 11:00:00"))

    def test_leads_look_at_long_and_frequent_waits(self):
        lead = new_test_user(
            self.env, "lead", groups="service_experience.service_experience_group_lead"
        )
        self.project.user_id = lead
        task = self._create_task()
        long = self._ask(task_id=task.id)
        self._run("2026-03-30 09:00:00", "service_wait_cron_review")
        self.assertFalse(task.activity_ids)
        self._run("2026-03-30 10:30:00", "service_wait_cron_review")
        self.assertEqual(task.activity_ids.user_id, lead)
        self._run("2026-03-31 10:30:00", "service_wait_cron_review")
        self.assertEqual(len(task.activity_ids), 1)
        self.assertTrue(long.wait_ids.reviewed_at)
        often = self._create_task()
        for number in range(4):
            self.assertFalse(often.activity_ids, number)
            with self.at("2026-03-02 10:00:00"):
                step = self._create_step(task_id=often.id)
                step.action_request()
                self._deliver(step)
                self._answer(step)
        self.assertEqual(often.activity_ids.user_id, lead)
