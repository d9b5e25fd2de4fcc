# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .delay_common import DelayCase


@tagged("post_install", "-at_install")
class TestDelayAnswers(DelayCase):
    """What the customer says to a new date, and whether something is still on time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada = new_test_user(
            cls.env, "ada", groups="base.group_portal", partner_id=cls.contact.id, name="Ada Crumb"
        )

    def _answer(self, delay, answer, at="2026-03-04 09:00:00", **values):
        with self.at(at):
            found = self.project.with_user(self.ada)._service_find_delay(self.contact, delay.id)
            found._answer(self.contact, answer, **values)

    def test_accepted(self):
        delay = self._told()
        self._answer(delay, "accepted")
        promise = delay.commitment_id
        self.assertEqual(
            (delay.response, delay.responded_at),
            ("accepted", self.instant("2026-03-04 09:00:00")),
        )
        self.assertEqual(delay.revision_id.acknowledgement, "accepted")
        self.assertEqual(
            (promise.state, promise.due_at), ("renegotiated", self.instant("2026-03-14 00:00:00"))
        )
        self.assertEqual(self._history(promise)[-1], "delay_accepted")
        self.assertEqual(self.project.service_health, "on_track")
        self.assertFalse(self._activities(self.project))

    def test_contested_needs_words_and_calls_the_lead(self):
        delay = self._told()
        with self.assertRaisesRegex(UserError, "what would suit you better"):
            self._answer(delay, "contested")
        self._answer(delay, "contested", text="We open on the tenth.")
        self.assertEqual(delay.revision_id.acknowledgement, "contested")
        self.assertEqual(delay.response_text, "We open on the tenth.")
        call = self._activities(self.project)
        self.assertEqual(call.user_id, self.accountable, "who leads a service without a team")
        self.assertIn("does not suit", call.summary)
        self.assertEqual(self.project.service_health, "at_risk")

    def test_a_question_may_be_followed_by_an_answer(self):
        delay = self._told()
        self._answer(delay, "question", text="Do we have warm water?")
        self.assertEqual(delay.revision_id.acknowledgement, "none")
        self.assertIn("asks about", self._activities(self.project).summary)
        self._answer(delay, "accepted", at="2026-03-05 09:00:00")
        self.assertEqual(delay.response, "accepted")
        self.assertEqual(self._history(delay.commitment_id)[-2:], ["delay_asked", "delay_accepted"])

    def test_answered_once(self):
        delay = self._told()
        self._answer(delay, "accepted")
        for answer in ("accepted", "contested", "question"):
            with self.assertRaisesRegex(UserError, "We have your answer already"):
                self._answer(delay, answer, text="x")
        with self.assertRaisesRegex(UserError, "Please choose"):
            self._answer(self._told(promise=self._promise(name="Other")), "maybe")

    def test_answering_is_seeing(self):
        delay = self._sent()
        self._answer(delay, "accepted", at="2026-03-03 12:00:00")
        self.assertEqual(
            (delay.state, delay.communicated_at),
            ("communicated", self.instant("2026-03-03 12:00:00")),
        )

    def test_options(self):
        delay = self._told(option_ids=[Command.create({"name": "We lend you a stove"})])
        with self.assertRaisesRegex(UserError, "one of the options"):
            self._answer(delay, "accepted", option_id=delay.option_ids.id + 1)
        self._answer(delay, "accepted", option_id=delay.option_ids.id)
        self.assertEqual(delay.option_id, delay.option_ids)
        self.assertIn("We lend you a stove", self._activities(self.project).summary)

    def test_what_a_colleague_notes(self):
        delay = self._told()
        with self.at("2026-03-04 09:00:00"):
            delay.revision_id.with_user(self.accountable).action_accept()
        self.assertEqual(delay.response, "accepted")
        self.assertEqual(self._history(delay.commitment_id)[-1], "commitment_accepted")

    def test_silence_is_no_answer(self):
        delay = self._told()
        cron = self.env.ref("service_experience.service_commitment_cron")
        with self.at("2026-03-10 12:00:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((delay.revision_id.acknowledgement, delay.response), ("tacit", "none"))

    def test_only_their_own(self):
        delay = self._told()
        stranger = self.other_customer
        self.assertFalse(self.project._service_find_delay(stranger, delay.id))
        self.assertFalse(self.project._service_find_promise(stranger, delay.commitment_id.id))
        self.assertFalse(self.project._service_unseen_delays(stranger))
        for hidden in (
            self._delay(self._promise(name="A")),
            self._confirmed(promise=self._promise(name="B")),
        ):
            self.assertFalse(self.project._service_find_delay(self.contact, hidden.id))

    def test_is_it_still_on_time(self):
        promise = self._promise()
        with self.at("2026-03-03 09:00:00"):
            found = self.project.with_user(self.ada)._service_find_promise(self.contact, promise.id)
            self.assertTrue(found._doubt(self.contact))
        delay = promise.delay_ids
        self.assertEqual(
            (delay.state, delay.rule, delay.detected_by), ("suspected", "customer", "customer")
        )
        self.assertIn("Ada Crumb asked", delay.why)
        self.assertEqual(self._history(promise)[-1], "delay_doubted")
        with self.at("2026-03-03 10:00:00"):
            self.assertFalse(found._doubt(self.contact), "asked once about this date")
        self.assertEqual(len(promise.delay_ids), 1)
