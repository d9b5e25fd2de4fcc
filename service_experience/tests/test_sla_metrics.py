# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models.clock.engine.ledger import Ledger
from .common import ServiceExperienceCase

MAIL = """From: {sender}
To: heat-pump@example.com
Subject: {subject}
Message-Id: <{number}@example.com>
{more}
Content-Type: text/plain

{subject}
"""


@tagged("post_install", "-at_install")
class TestSlaMetrics(ServiceExperienceCase):
    """What begins and what ends each kind of promise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = "ada@example.com"
        cls.stage_visit = cls.env["project.task.type"].create(
            {"name": "Visit", "project_ids": [Command.link(cls.project.id)]}
        )

    def _cycles(self, task, metric):
        timers = task.sla_timer_ids.filtered(lambda timer: timer.metric == metric)
        return timers.sorted("cycle").mapped(lambda t: (t.cycle, t.state, t.started_at, t.deadline))

    def test_next_response_is_a_cycle_from_question_to_answer(self):
        self._create_policy(("next_response", 4, "hour"))
        ours = self.employee.partner_id
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        self.assertFalse(task.sla_timer_ids)
        with self.at("2026-03-02 10:00:00"):
            self._say(task, self.contact)
        with self.at("2026-03-02 11:00:00"):
            self._say(task, self.contact)  # the first unanswered one counts
        with self.at("2026-03-02 12:00:00"):
            self._say(task, ours)
        with self.at("2026-03-02 12:30:00"):
            self._say(task, ours)  # nothing was asked
        with self.at("2026-03-02 16:00:00"):
            self._say(task, self.contact)
        monday_10, monday_16 = datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 16)
        self.assertEqual(
            self._cycles(task, "next_response"),
            [
                (1, "met", monday_10, datetime(2026, 3, 2, 14)),
                (2, "running", monday_16, datetime(2026, 3, 3, 12)),
            ],
        )

    def test_next_response_table(self):
        """What starts it, and what never ends it."""
        self._create_policy(("next_response", 4, "hour"))
        ours, customer = self.employee.partner_id, self.contact
        starts = [
            ("customer", customer, {}, True),
            ("a stranger", self.other_customer, {}, True),
            ("customer's mail", customer, {"message_type": "email"}, True),
            ("note", customer, {"subtype_xmlid": "mail.mt_note"}, False),
            ("internal message", ours, {"is_internal": True}, False),
            ("automatic", customer, {"message_type": "auto_comment"}, False),
            ("notification", customer, {"message_type": "notification"}, False),
            ("ours", ours, {}, False),
        ]
        for name, author, values, is_start in starts:
            with self.subTest(name):
                with self.at("2026-03-02 09:00:00"):
                    task = self._create_task()
                with self.at("2026-03-02 10:00:00"):
                    self._say(task, author, **values)
                self.assertEqual(bool(task.sla_timer_ids), is_start)
        no_ends = [
            ("note", {"subtype_xmlid": "mail.mt_note"}),
            ("internal", {"is_internal": True}),
            ("automatic", {"message_type": "auto_comment"}),
            ("outgoing mail", {"message_type": "email_outgoing"}),
        ]
        for name, values in no_ends:
            with self.subTest(name):
                with self.at("2026-03-02 09:00:00"):
                    task = self._create_task()
                with self.at("2026-03-02 10:00:00"):
                    self._say(task, customer)
                with self.at("2026-03-02 11:00:00"):
                    self._say(task, ours, **values)
                self.assertEqual(task.sla_timer_ids.state, "running")

    def test_mail_of_the_customer(self):
        """Through the gateway: the mail that makes the request is none that waits for an answer."""
        self._create_policy(("first_response", 4, "hour"), ("next_response", 4, "hour"))
        self.env["mail.alias.domain"].create({"name": "example.com"})
        self.project.write({"alias_name": "heat-pump"})
        thread = self.env["mail.thread"].with_user(self.env.ref("base.user_root"))
        with self.at("2026-03-02 09:00:00"):
            task_id = thread.message_process(
                "project.task",
                MAIL.format(sender="ada@example.com", subject="Cold", number=1, more="X: 1"),
                custom_values={"project_id": self.project.id},
            )
        task = self.env["project.task"].browse(task_id)
        self.assertEqual(task.sla_timer_ids.mapped("metric"), ["first_response"])
        last = task.message_ids[:1]
        for number, sender in ((2, "ada@example.com"), (3, "unknown@example.org")):
            with self.subTest(sender), self.env.cr.savepoint() as savepoint:
                with self.at("2026-03-02 10:00:00"):
                    thread.message_process(
                        "project.task",
                        MAIL.format(
                            sender=sender,
                            subject="Re: Cold",
                            number=number,
                            more=f"In-Reply-To: {last.message_id}",
                        ),
                    )
                self.assertEqual(
                    self._cycles(task, "next_response"),
                    [(1, "running", datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 14))],
                )
                savepoint.rollback()
            self.env.invalidate_all()

    def test_closed_request_waits_for_no_answer(self):
        self._create_policy(("next_response", 4, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            self._say(task, self.contact)
        with self.at("2026-03-02 11:00:00"):
            task.state = "1_done"
        self.assertEqual(task.sla_timer_ids.state, "cancelled")
        with self.at("2026-03-02 12:00:00"):
            self._say(task, self.contact, body="Thank you")
        self.assertEqual(len(task.sla_timer_ids), 1)

    def test_what_was_asked_of_a_closed_request_counts_when_it_is_opened_again(self):
        self._create_policy(("next_response", 4, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            self._say(task, self.contact)
        with self.at("2026-03-02 11:00:00"):
            self._say(task, self.employee.partner_id)
            task.state = "1_done"
        with self.at("2026-03-02 13:00:00"):
            self._say(task, self.contact, body="It is cold again")
        self.assertEqual(len(task.sla_timer_ids), 1)
        with self.at("2026-03-02 14:00:00"):
            task.state = "01_in_progress"
        self.assertEqual(
            [cycle[1:3] for cycle in self._cycles(task, "next_response")],
            [("met", datetime(2026, 3, 2, 10)), ("running", datetime(2026, 3, 2, 13))],
        )

    def test_update_is_the_longest_silence(self):
        self._create_policy(("update", 2, "day"))
        ours = self.employee.partner_id
        with self.at("2026-03-02 10:00:00"):
            task = self._create_task()
        with self.at("2026-03-03 11:00:00"):
            self._say(task, ours)
        with self.at("2026-03-03 12:00:00"):
            self._say(task, self.contact)  # their word is none of ours
        with self.at("2026-03-09 09:30:00"):
            self._say(task, ours)
        self.assertEqual(
            self._cycles(task, "update"),
            [
                (1, "met", datetime(2026, 3, 2, 10), datetime(2026, 3, 4, 10)),
                (2, "missed", datetime(2026, 3, 3, 11), datetime(2026, 3, 5, 11)),
                (3, "running", datetime(2026, 3, 9, 9, 30), datetime(2026, 3, 11, 9, 30)),
            ],
        )
        with self.at("2026-03-09 10:00:00"):
            task.state = "1_done"
        self.assertEqual(self._cycles(task, "update")[-1][1], "cancelled")

    def test_late_starts_cost_what_they_measure(self):
        """Cycles of the past are forgotten one by one, without looking at all the others."""
        ledger = Ledger(self.env)
        looked = []

        class Draft:
            def __eq__(self, other):
                looked.append(other)
                return self is other

            __hash__ = object.__hash__

        drafts = [Draft() for _number in range(300)]
        for draft in drafts:
            ledger.add(draft)
            ledger.event(draft, "met", datetime(2026, 3, 2))
        for draft in drafts[1:]:
            ledger.drop(draft)
        self.assertEqual(ledger.drafts, drafts[:1])
        self.assertLess(len(looked), 10)

    def test_stage(self):
        self._create_policy(
            ("stage", 8, "hour", {"stage_ids": [Command.set(self.stage_visit.ids)]})
        )
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
            reached = self._create_task(stage_id=self.stage_visit.id)
        self.assertFalse(reached.sla_timer_ids)
        with self.at("2026-03-02 10:00:00"):
            task.stage_id = self.stage_done
        self.assertEqual(self.timer_of(task, "stage").state, "running")
        with self.at("2026-03-02 12:00:00"):
            task.stage_id = self.stage_visit
        timer = self.timer_of(task, "stage")
        self.assertEqual((timer.state, timer.spent_seconds), ("met", 3 * 3600))
        with self.at("2026-03-02 13:00:00"):
            task.stage_id = self.stage_new
        self.assertEqual(len(task.sla_timer_ids), 1)

    def test_stage_needs_a_stage(self):
        with self.assertRaisesRegex(ValidationError, "at least one stage"):
            self._create_policy(("stage", 8, "hour"))

    def test_acceptance_measures_what_is_handed_over(self):
        self._create_policy(("acceptance", 8, "hour"), kind="ola")
        timers = self.env["service.sla.timer"]
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        self.assertFalse(task.sla_timer_ids)
        for day, hour, state in ((2, 10, "met"), (4, 9, "missed")):
            with self.at(f"2026-03-0{day} {hour:02}:00:00"):
                timers._note(task, "offered")
            with self.at(
                f"2026-03-0{day + 1} {hour:02}:00:00" if state == "met" else "2026-03-05 10:00:00"
            ):
                timers._note(task, "accepted")
        self.assertEqual(
            [cycle[1] for cycle in self._cycles(task, "acceptance")], ["met", "missed"]
        )

    def test_closing_the_request_accepts_nothing(self):
        self._create_policy(("acceptance", 8, "hour"), kind="ola")
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            self.env["service.sla.timer"]._note(task, "offered")
        with self.at("2026-03-02 11:00:00"):
            task.state = "1_done"
        self.assertEqual(task.sla_timer_ids.state, "running")

    def test_an_answer_that_comes_late_ends_nothing_that_began_after_it(self):
        self._create_policy(("next_response", 4, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:10"):
            self._say(task, self.contact)
        with self.at("2026-03-02 10:01:00"):
            self.env["service.sla.timer"]._note(task, "answered", at=datetime(2026, 3, 2, 10))
        self.assertEqual(task.sla_timer_ids.state, "running")

    def test_the_words_of_a_colleague_who_has_left_stay_ours(self):
        policy = self._create_policy(("first_response", 4, "hour"))
        policy.last_task_id = 0
        tag = self.env["project.tags"].create({"name": "Gold"})
        policy.tag_ids = tag
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            self._say(task, self.employee.partner_id)
        self.employee.active = False
        self.assertTrue(self.employee.partner_id.partner_share)
        with self.at("2026-03-03 10:00:00"):
            task.tag_ids = tag
        self.assertEqual(task.sla_timer_ids.state, "met")

    def test_stage_that_is_deleted(self):
        policy = self._create_policy(
            ("stage", 8, "hour", {"stage_ids": [Command.set(self.stage_visit.ids)]}),
            user_id=self.manager.id,
        )
        self.stage_visit.unlink()
        self.assertIn("Stage reached", policy.activity_ids.note)
        with self.at("2026-03-02 09:00:00"):
            self.assertFalse(self._create_task().sla_timer_ids)

    def test_project_that_is_no_template_any_more(self):
        self._create_policy(("resolution", 8, "hour"))
        self.project.is_template = True
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        self.assertFalse(task.sla_timer_ids)
        with self.at("2026-03-02 10:00:00"):
            self.project.is_template = False
        self.assertEqual(task.sla_timer_ids.started_at, datetime(2026, 3, 2, 9))

    def test_many_facts_in_one_transaction_keep_their_order(self):
        self._create_policy(("next_response", 4, "hour"), ("resolution", 8, "hour"))
        moments = ["09", "10", "11", "12", "13"]
        with patch.object(self.env.cr, "flush"):
            for hour, deed in zip(
                moments,
                [
                    lambda: setattr(self, "task", self._create_task()),
                    lambda: self._say(self.task, self.contact),
                    lambda: self._say(self.task, self.employee.partner_id),
                    lambda: self._say(self.task, self.contact),
                    lambda: self.task.write({"state": "1_done"}),
                ],
                strict=True,
            ):
                with self.at(f"2026-03-02 {hour}:00:00"):
                    deed()
        self.assertEqual(
            [cycle[1:3] for cycle in self._cycles(self.task, "next_response")],
            [("met", datetime(2026, 3, 2, 10)), ("cancelled", datetime(2026, 3, 2, 12))],
        )
        self.assertEqual(self.timer_of(self.task).spent_seconds, 4 * 3600)

    def test_a_metric_added_later_starts_from_its_true_start(self):
        """The history is played again: answers, waits, moves and all."""
        tag = self.env["project.tags"].create({"name": "Gold"})
        pause = {"pause_stage_ids": [Command.set(self.stage_visit.ids)]}
        self._create_policy(
            ("first_response", 2, "hour"),
            ("next_response", 4, "hour"),
            ("update", 8, "hour"),
            ("resolution", 16, "hour", pause),
            tag_ids=[Command.set(tag.ids)],
        )
        ours = self.employee.partner_id
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            self._say(task, ours)
            task.stage_id = self.stage_visit
            self.env.flush_all()
        with self.at("2026-03-02 11:00:00"):
            self._say(task, self.contact)
            task.stage_id = self.stage_new
        with self.at("2026-03-02 12:00:00"):
            self._say(task, self.contact)
        self.assertFalse(task.sla_timer_ids)
        with self.at("2026-03-03 09:00:00"):
            task.tag_ids = tag
        states = {timer.metric: (timer.state, timer.started_at) for timer in task.sla_timer_ids}
        self.assertEqual(
            states,
            {
                "first_response": ("met", datetime(2026, 3, 2, 9)),
                "next_response": ("running", datetime(2026, 3, 2, 11)),
                "update": ("running", datetime(2026, 3, 2, 10)),
                "resolution": ("running", datetime(2026, 3, 2, 9)),
            },
        )
        self.assertEqual(self.timer_of(task, "update").cycle, 1)
        # An hour in the stage did not count.
        self.assertDeadline(self.timer_of(task), "2026-03-04 10:00:00")
