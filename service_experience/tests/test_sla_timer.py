# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ServiceExperienceCase


@tagged("post_install", "-at_install")
class TestSlaTimer(ServiceExperienceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._create_policy(
            ("first_response", 4, "hour"), ("resolution", 16, "hour"), calendar_id=cls.calendar.id
        )

    def test_start_on_create(self):
        with self.at("2026-03-02 15:00:00"):
            task = self._create_task()
        first, resolution = self.timer_of(task, "first_response"), self.timer_of(task)
        self.assertDeadline(first, "2026-03-03 11:00:00")
        self.assertDeadline(resolution, "2026-03-04 15:00:00")
        self.assertRecordValues(
            first,
            [
                {
                    "state": "running",
                    "kind": "sla",
                    "cycle": 1,
                    "policy_id": self.policy.id,
                    "started_at": datetime(2026, 3, 2, 15),
                    "running_since": datetime(2026, 3, 2, 15),
                    "target_seconds": 4 * 3600,
                    "warn_seconds": 11520,
                    "spent_seconds": 0,
                    "next_event_at": datetime(2026, 3, 3, 10, 12),
                    "next_event_kind": "warning",
                }
            ],
        )
        self.assertEvents(first)

    def test_started_outside_hours(self):
        with self.at("2026-03-07 12:00:00"):  # a Saturday
            task = self._create_task()
        self.assertDeadline(self.timer_of(task, "first_response"), "2026-03-09 13:00:00")

    def test_met_to_the_second(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-03 17:00:00"):
            task.state = "1_done"
        timer = self.timer_of(task)
        self.assertEqual((timer.state, timer.breached_at), ("met", False))
        self.assertEqual(timer.spent_seconds, 16 * 3600)
        self.assertFalse(timer.next_event_at)
        self.assertEvents(timer, "met")
        self.assertRecordValues(
            timer.segment_ids,
            [
                {
                    "from_at": datetime(2026, 3, 2, 9),
                    "to_at": datetime(2026, 3, 3, 17),
                    "seconds": 57600,
                }
            ],
        )

    def test_missed_one_second_later(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-04 09:00:01"):
            task.state = "1_done"
        timer = self.timer_of(task)
        self.assertEqual(timer.state, "missed")
        self.assertEqual(timer.breached_at, datetime(2026, 3, 3, 17))
        self.assertEqual(timer.detected_at, datetime(2026, 3, 4, 9, 0, 1))
        self.assertEvents(timer, "breached", "missed")

    def test_closing_ends_an_unanswered_first_response(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            task.state = "1_done"
        self.assertEqual(self.timer_of(task, "first_response").state, "cancelled")

    def test_cancelled_request_measures_nothing(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            task.state = "1_canceled"
        self.assertEqual(set(task.sla_timer_ids.mapped("state")), {"cancelled"})

    def test_cancelling_keeps_a_breach_on_record(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-05 10:00:00"):
            task.active = False
        self.assertRecordValues(
            self.timer_of(task),
            [{"state": "cancelled", "breached_at": datetime(2026, 3, 3, 17)}],
        )

    def test_state_that_follows_the_stage(self):
        """A closed task keeps its timers' results when a move of stage computes its state."""
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            task.stage_id = self.stage_done
        self.assertEqual(self.timer_of(task).state, "running")

    def test_first_response(self):
        cases = [
            ("note", {"subtype_xmlid": "mail.mt_note"}, self.employee, False),
            ("customer", {"subtype_xmlid": "mail.mt_comment"}, self.contact, False),
            (
                "automatic",
                {"subtype_xmlid": "mail.mt_comment", "message_type": "auto_comment"},
                self.employee,
                False,
            ),
            (
                "robot",
                {"subtype_xmlid": "mail.mt_comment"},
                self.env.ref("base.partner_root"),
                False,
            ),
            ("answer", {"subtype_xmlid": "mail.mt_comment"}, self.employee, True),
            (
                "mail",
                {"subtype_xmlid": "mail.mt_comment", "message_type": "email"},
                self.employee,
                True,
            ),
        ]
        for name, values, author, is_answer in cases:
            with self.subTest(name):
                with self.at("2026-03-02 09:00:00"):
                    task = self._create_task()
                with self.at("2026-03-02 11:30:00"):
                    partner = author if author._name == "res.partner" else author.partner_id
                    task.message_post(
                        **{"message_type": "comment", **values, "body": "x"}, author_id=partner.id
                    )
                timer = self.timer_of(task, "first_response")
                self.assertEqual(timer.state, "met" if is_answer else "running")
                if is_answer:
                    self.assertEqual(timer.stopped_at, datetime(2026, 3, 2, 11, 30))
                    self.assertEqual(timer.spent_seconds, 9000)

    def test_words_of_a_colleague_who_is_the_customer_are_no_answer(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task(partner_id=self.employee.partner_id.id)
        values = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment", "body": "x"}
        with self.at("2026-03-02 09:30:00"):
            task.message_post(**values, author_id=self.employee.partner_id.id)
        self.assertEqual(self.timer_of(task, "first_response").state, "running")
        self.assertEqual(
            [fact.kind for fact in task._get_sla_history()[task.id]], ["created", "asked"]
        )
        with self.at("2026-03-02 10:00:00"):
            task.message_post(**values, author_id=self.manager.partner_id.id)
        self.assertEqual(self.timer_of(task, "first_response").state, "met")
        last = task._get_sla_history()[task.id][-1]
        self.assertEqual((last.kind, last.at), ("answered", datetime(2026, 3, 2, 10)))

    def test_mail_of_a_colleague_that_makes_the_task_is_no_answer(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
            task.message_post(
                body="A customer called",
                message_type="email",
                subtype_xmlid="project.mt_task_new",
                author_id=self.employee.partner_id.id,
            )
        self.assertEqual(self.timer_of(task, "first_response").state, "running")

    def test_evidence_names_who_did_it(self):
        with self.at("2026-03-02 09:00:00"):
            first, second = self._create_task(), self._create_task()
        with self.at("2026-03-02 10:00:00"):
            first.with_user(self.employee).state = "1_done"
            second.with_user(self.manager).state = "1_done"
        self.assertEqual(self.timer_of(first).event_ids.user_id, self.employee)
        self.assertEqual(self.timer_of(second).event_ids.user_id, self.manager)

    def test_promise_of_the_page_is_up_to_date_in_the_same_transaction(self):
        self.policy.target_ids = [
            Command.create({"metric": "resolution", "duration": 2, "unit": "hour", "priority": "3"})
        ]
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
            self.assertEqual(task.service_promised_at, datetime(2026, 3, 3, 17))
            task.priority = "3"
            self.assertEqual(task.service_promised_at, datetime(2026, 3, 2, 11))

    def test_created_and_answered_in_one_transaction(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
            self._say(task, self.employee.partner_id)
        timer = self.timer_of(task, "first_response")
        self.assertEqual((timer.state, timer.spent_seconds), ("met", 0))

    def test_working_days(self):
        self.policy.target_ids.filtered(lambda t: t.metric == "resolution").write(
            {"duration": 2, "unit": "day"}
        )
        with self.at("2026-03-05 15:00:00"):  # a Thursday
            task = self._create_task()
        self.assertDeadline(self.timer_of(task), "2026-03-09 15:00:00")

    def test_no_timers_for(self):
        template = self.env["project.project"].create({"name": "Template", "is_template": True})
        with self.at("2026-03-02 09:00:00"):
            parent = self._create_task()
            cases = {
                "private": self._create_task(project_id=False, stage_id=False),
                "sub-task": self._create_task(parent_id=parent.id),
                "template": self._create_task(is_template=True),
                "of a template project": self._create_task(project_id=template.id, stage_id=False),
                "archived": self._create_task(active=False),
                "done": self._create_task(state="1_done"),
            }
        for name, task in cases.items():
            with self.subTest(name):
                self.assertFalse(task.sla_timer_ids)

    def test_copy_starts_anew(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-03 09:00:00"):
            copy = task.copy()
        self.assertEqual(self.timer_of(copy).started_at, datetime(2026, 3, 3, 9))

    def test_deleting_a_task_takes_its_timers(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        timers = task.sla_timer_ids
        task.unlink()
        self.assertFalse(timers.exists())

    def test_evidence_is_append_only(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            task.state = "1_done"
        timer = self.timer_of(task)
        for record in (timer.event_ids[0], timer.segment_ids[0], timer.calendar_version_id):
            for records in (record, record.sudo(), record.with_user(self.manager).sudo()):
                with self.subTest(record._name), self.assertRaises(UserError):
                    records.write({"create_uid": 1})
                with self.subTest(record._name), self.assertRaises(UserError):
                    records.unlink()
        with self.assertRaises(UserError):
            timer.sudo().unlink()

    def test_tags_decide(self):
        tag = self.env["project.tags"].create({"name": "Outage"})
        self._create_policy(
            ("resolution", 2, "hour"), name="Outage", sequence=1, tag_ids=[Command.set(tag.ids)]
        )
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task(tag_ids=[Command.set(tag.ids)])
        self.assertDeadline(self.timer_of(task), "2026-03-02 11:00:00")
        self.assertDeadline(self.timer_of(task, "first_response"), "2026-03-02 13:00:00")
