# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from .delay_common import DelayCase


@tagged("post_install", "-at_install")
class TestDelayTelling(DelayCase):
    """Told means delivered or seen; nothing is told twice, and what was told stays."""

    def test_a_message_needs_all_its_parts(self):
        for values, words in (
            ({"customer_explanation": " "}, "Explain to the customer"),
            ({"doing": False}, "what you do about it"),
            ({"next_update_due": False}, "hears from you next"),
            ({"next_update_due": "2026-03-03 11:00:00"}, "still to come"),
        ):
            with self.subTest(**values), self.env.cr.savepoint():
                delay = self._confirmed(promise=self._promise(name=words), **values)
                with self.at("2026-03-03 11:00:00"), self.assertRaisesRegex(UserError, words):
                    delay.action_tell()
                self.assertFalse(delay.sent_at)

    def test_sent_is_not_told(self):
        delay = self._sent()
        promise = delay.commitment_id
        self.assertEqual((delay.state, delay.communicated_at), ("confirmed", False))
        self.assertEqual(delay.sent_at, self.instant("2026-03-03 11:00:00"))
        revision = promise.revision_ids[-1]
        self.assertEqual((revision.delay_id, revision.date_to), (delay, date(2026, 3, 13)))
        self.assertFalse(revision.told_at)
        self.assertEqual(self._history(promise), ["commitment_made", "delay_told"])
        entry = delay.env["service.timeline.entry"].sudo().search([("delay_id", "=", delay.id)])
        self.assertEqual((entry.urgency, entry.message_id), ("urgent", delay.message_id))
        self.assertEqual(self.project.next_update_promised, self.instant("2026-03-09 12:00:00"))

    def test_told_when_it_arrives(self):
        delay = self._told()
        self.assertEqual(
            (delay.state, delay.communicated_at, delay.told_before),
            ("communicated", self.instant("2026-03-03 11:05:00"), True),
        )
        revision = delay.revision_id
        self.assertEqual(revision.told_at, self.instant("2026-03-03 11:05:00"))
        self.assertEqual(revision.tacit_at, self.instant("2026-03-10 11:05:00"))
        self.assertEqual(self.project.service_health, "at_risk")

    def test_told_when_it_is_seen(self):
        delay = self._sent()
        with self.at("2026-03-04 08:00:00"):
            self.project._service_unseen_delays(self.contact)._see()
        self.assertEqual(
            (delay.state, delay.communicated_at),
            ("communicated", self.instant("2026-03-04 08:00:00")),
        )
        self._arrive(delay, "2026-03-04 09:00:00")  # the mail comes later: told once
        self.assertEqual(delay.communicated_at, self.instant("2026-03-04 08:00:00"))

    def test_told_too_late(self):
        delay = self._sent()
        self._arrive(delay, "2026-03-07 00:00:00")
        self.assertEqual((delay.state, delay.told_before), ("communicated", False))

    def test_told_in_the_last_second(self):
        delay = self._sent()
        self._arrive(delay, "2026-03-06 23:59:59")
        self.assertTrue(delay.told_before)

    def test_a_bounce_alarms_and_stays_confirmed(self):
        for status in ("bounce", "exception"):
            with self.subTest(status=status), self.env.cr.savepoint():
                delay = self._sent(promise=self._promise(name=status))
                self._arrive(delay, "2026-03-03 11:10:00", status)
                self.assertEqual((delay.state, delay.communicated_at), ("confirmed", False))
                self.assertEqual(delay.bounced_at, self.instant("2026-03-03 11:10:00"))
                call = delay.sudo().activity_id
                self.assertIn("did not arrive", call.summary)
                self.assertEqual(call.user_id, self.accountable)
                self._arrive(delay, "2026-03-03 11:20:00", status)
                self.assertEqual(delay.activity_id, call, "one alarm is enough")
                self.assertFalse(delay.revision_id.told_at)

    def test_sent_again_after_a_bounce(self):
        delay = self._sent()
        with self.assertRaisesRegex(UserError, "has not come back"):
            delay.action_send_again()
        self._arrive(delay, "2026-03-03 11:10:00", "bounce")
        first = delay.message_id
        with self.at("2026-03-03 12:00:00"):
            delay.action_send_again()
        self.assertNotEqual(delay.message_id, first)
        self.assertEqual(first.sudo().body, delay.sudo().message_id.body)
        self.assertEqual(len(delay.commitment_id.revision_ids), 2)
        self._arrive(delay, "2026-03-03 12:05:00")
        self.assertEqual((delay.state, delay.bounced_at), ("communicated", False))

    def test_nothing_is_told_twice(self):
        delay = self._sent()
        with self.at("2026-03-03 11:01:00"), self.assertRaisesRegex(UserError, "has left already"):
            delay.action_tell()
        self._arrive(delay, "2026-03-03 11:05:00")
        with self.at("2026-03-03 11:06:00"), self.assertRaisesRegex(UserError, "by now"):
            delay.action_tell()
        self.assertEqual(len(delay.commitment_id.revision_ids), 2)

    def test_what_was_told_stays(self):
        delay = self._sent()
        values = {
            "customer_explanation": "Something else.",
            "doing": "Nothing.",
            "means_for_you": "Nothing.",
            "new_to": "2026-03-20",
            "reason_id": self.weather.id,
            "next_update_due": "2026-03-20 12:00:00",
            "option_ids": [Command.create({"name": "Late"})],
        }
        for name, value in values.items():
            for user in (self.accountable, self.manager):
                with self.subTest(name=name), self.assertRaisesRegex(UserError, "stays as it was"):
                    delay.with_user(user).write({name: value})
        delay.write({"lesson": "Look into the cellar first.", "internal_cause": "Nobody looked."})
        with self.assertRaisesRegex(UserError, "stays as it was"):
            self.env["service.delay.option"].with_user(self.manager).create(
                {"delay_id": delay.id, "name": "Late"}
            )

    def test_options_stay(self):
        delay = self._delay(option_ids=[Command.create({"name": "A loan device"})])
        option = delay.option_ids
        with self.at("2026-03-03 10:00:00"):
            delay.action_confirm()
            delay.action_tell()
        for act in (lambda: option.write({"name": "None"}), option.unlink):
            with self.assertRaisesRegex(UserError, "stays as it was"):
                act()

    def test_a_confirmed_delay_is_for_those_who_answer_for_it(self):
        delay = self._confirmed()
        with self.assertRaises(AccessError):
            delay.with_user(self.employee).doing = "Nothing at all."

    def test_what_the_customer_reads(self):
        self.contact.lang = "en_US"
        delay = self._sent(
            new_from="2026-03-11",
            confidence="likely",
            means_for_you="You have warm water all the time.",
            option_ids=[Command.create({"name": "We lend you a stove"})],
            internal_cause="Nobody measured the cellar.",
        )
        message = delay.sudo().message_id
        text = html2plaintext(message.body)
        for part in (
            "We need a second day for the pipes in the cellar.",
            "The new date of “Heat pump runs” is probably Wed, Mar 11 to Fri, Mar 13.",
            "What we do: Two of us come on Monday.",
            "What it means for you: You have warm water all the time.",
            "We lend you a stove",
            "You hear from us again by",
        ):
            self.assertIn(part, text.replace("*", ""))
        self.assertNotIn("cellar.", text.replace("pipes in the cellar.", ""))
        self.assertEqual(
            message.subject, "New date for “Heat pump runs”: Wed, Mar 11 to Fri, Mar 13"
        )
        self.assertEqual(message.sudo().notified_partner_ids, self.contact)

    def test_the_preview_is_the_message(self):
        delay = self._confirmed(new_from="2026-03-11")
        preview = str(delay.preview)
        with self.at("2026-03-03 11:00:00"):
            delay.action_tell()
        self.assertEqual(html2plaintext(preview), html2plaintext(delay.sudo().message_id.body))

    def test_hostile_words_are_words(self):
        delay = self._sent(customer_explanation="<script>alert(1)</script> & <b>bold</b>")
        self.assertNotIn("<script>", delay.sudo().message_id.body)
        self.assertIn("&lt;script&gt;", delay.sudo().message_id.body)

    def test_nobody_to_tell(self):
        hidden = self._confirmed(promise=self._promise(name="Hidden", customer_visible=False))
        with self.at("2026-03-03 11:00:00"), self.assertRaisesRegex(UserError, "Nobody could be"):
            hidden.action_tell()

    def test_the_promise_moved_meanwhile(self):
        delay = self._confirmed()
        with self.at("2026-03-03 11:00:00"):
            delay.commitment_id.sudo().action_move("2026-03-10", "By somebody else.")
            with self.assertRaisesRegex(UserError, "moved meanwhile"):
                delay.action_tell()

    def test_a_failing_note_does_not_lose_the_mail(self):
        delay = self._sent()
        broken = patch.object(type(delay), "_arrive", side_effect=ValueError("A bug"))
        logger = "odoo.addons.service_experience.models.journey.mail_notification"
        with broken, mute_logger(logger):
            self._arrive(delay, "2026-03-03 11:05:00")
        self.assertEqual(delay.state, "confirmed")
        self._run("triage", "2026-03-03 11:15:00")
        self.assertEqual(
            (delay.state, delay.communicated_at),
            ("communicated", self.instant("2026-03-03 11:15:00")),
        )

    def test_a_date_without_a_commitment_becomes_one(self):
        task = self._create_task(
            customer_visible=True,
            customer_label="Repair of the hot water",
            date_deadline="2026-03-05 15:00:00",
        )
        with self.at("2026-03-03 09:00:00"):
            delay = (
                self.env["service.delay"]
                .with_user(self.accountable)
                .create(
                    {
                        "task_id": task.id,
                        "reason_id": self.reason.id,
                        "new_to": "2026-03-10",
                        "customer_explanation": "The part comes on Monday.",
                        "doing": "We fetch it ourselves.",
                        "next_update_due": "2026-03-09 12:00:00",
                    }
                )
            )
            self.assertFalse(delay.commitment_id)
            self.assertEqual(delay.old_at, self.instant("2026-03-05 15:00:00"))
            delay.action_confirm()
            promise = delay.commitment_id
            self.assertEqual(
                (promise.name, promise.current_to, task.primary_commitment_id),
                ("Repair of the hot water", date(2026, 3, 5), promise),
            )
            delay.action_tell()
        self.assertEqual(promise.current_to, date(2026, 3, 10))

    def test_nothing_promised_cannot_be_late(self):
        task = self._create_task()
        with self.assertRaisesRegex(UserError, "record a commitment first"):
            self.env["service.delay"].create({"task_id": task.id})
