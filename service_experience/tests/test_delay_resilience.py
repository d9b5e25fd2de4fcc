# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .delay_detection_common import DelayDetectionCase

TRIAGE = "odoo.addons.service_experience.models.delay.service_delay_triage"


@tagged("post_install", "-at_install")
class TestDelayResilience(DelayDetectionCase):
    """What happens around a delay meanwhile: requests move, contacts change, mails get lost."""

    def _other_service(self):
        return self.env["project.project"].create(
            {"name": "Other", "partner_id": self.other_customer.id, "privacy_visibility": "portal"}
        )

    def _move_away(self, task, at):
        with self.at(at):
            task.write(
                {"project_id": self._other_service().id, "partner_id": self.other_customer.id}
            )

    # Requests that move

    def test_a_suspicion_keeps_no_request_from_moving(self):
        task = self._request()
        promise = self._promise(task_id=task.id)
        self._detect("2026-03-05 10:00:00")
        delay = self._found(task_id=task)
        self.assertEqual(delay.commitment_id, promise)
        self._move_away(task, "2026-03-05 11:00:00")
        self.assertEqual((delay.project_id, delay.partner_id), (self.project, self.customer))

    def test_a_moved_request_is_looked_at_without_an_error(self):
        task = self._request()
        self._promise(task_id=task.id)
        self._move_away(task, "2026-03-03 11:00:00")
        logger = "odoo.addons.service_experience.models.delay.service_delay_detection"
        with self.assertNoLogs(logger, "ERROR"):
            self._detect("2026-03-05 10:00:00")
            self._detect("2026-03-07 10:00:00")
        self.assertFalse(self._found(task_id=task), "its promise is of another service")

    def test_a_moved_request_keeps_nobody_from_asking_for_reasons(self):
        task = self._request(user_ids=self.accountable.ids)
        moved = self._told(promise=self._promise(task_id=task.id), reason_id=self.unknown.id)
        other = self._told(promise=self._promise(name="Other"), reason_id=self.unknown.id)
        self._move_away(task, "2026-03-04 09:00:00")
        self._run("triage", "2026-03-06 12:00:00")
        for delay in (moved, other):
            asked = delay.commitment_id.delay_ids - delay
            self.assertEqual(asked.mapped("rule"), ["reason_unknown"])

    def test_one_that_fails_keeps_the_job_from_no_other(self):
        bad, good = self._delay(), self._delay(promise=self._promise(name="Other"))
        original = type(bad)._escalate

        def fail(delays):
            original(delays)
            if bad in delays:
                raise ValueError("A bug")

        with patch.object(type(bad), "_escalate", fail), mute_logger(TRIAGE):
            self._run("triage", "2026-03-04 12:00:00")
        self.assertFalse(bad.escalated_at)
        self.assertTrue(good.escalated_at)
        self._run("triage", "2026-03-04 12:15:00")
        self.assertTrue(bad.escalated_at)

    def test_a_known_fact_is_left_out_of_what_is_noted(self):
        promise, other = self._promise(), self._promise(name="Other")
        self._suspect(promise).action_dismiss("It holds.")
        self.assertFalse(self._suspect(promise, at="2026-03-03 10:00:00"))
        self.assertTrue(self._suspect(other, at="2026-03-03 10:00:00"))

    # Messages that get lost

    def test_a_deleted_message_alarms(self):
        delay = self._sent()
        delay.sudo().message_id.unlink()
        self._run("triage", "2026-03-03 12:00:00")
        self.assertEqual((delay.state, delay.communicated_at), ("confirmed", False))
        self.assertEqual(delay.bounced_at, self.instant("2026-03-03 12:00:00"))
        self.assertIn("did not arrive", delay.sudo().activity_id.summary)

    def test_a_cancelled_mail_alarms(self):
        delay = self._sent()
        self._arrive(delay, "2026-03-03 11:05:00", status="canceled")
        self.assertTrue(delay.bounced_at)

    def test_the_contact_changed_before_it_arrived(self):
        for status, state in (("sent", "communicated"), ("bounce", "confirmed")):
            with self.subTest(status=status):
                delay = self._sent(promise=self._promise(name=status))
                with self.at("2026-03-03 11:02:00"):
                    self.project.partner_id = self.env["res.partner"].create(
                        {"name": "Bob", "parent_id": self.customer.id, "email": "bob@n.example"}
                    )
                self._arrive(delay, "2026-03-03 11:05:00", status=status)
                self.assertEqual(delay.state, state)
                self.assertEqual(bool(delay.bounced_at), status == "bounce")

    def test_it_comes_back_after_it_was_delivered(self):
        delay = self._told()
        self._arrive(delay, "2026-03-03 12:00:00", status="bounce")
        self.assertEqual((delay.state, delay.communicated_at), ("confirmed", False))
        self.assertFalse(delay.told_before)
        self.assertEqual(delay.bounced_at, self.instant("2026-03-03 12:00:00"))
        self.assertFalse(delay.revision_id.told_at)
        with self.assertRaisesRegex(UserError, "does not know of this date yet"):
            delay.revision_id.with_user(self.employee).action_accept()
        self.assertEqual((delay.state, delay.response), ("confirmed", "none"))

    def test_it_comes_back_after_they_looked(self):
        delay = self._sent()
        with self.at("2026-03-03 11:30:00"):
            delay._see()
        self._arrive(delay, "2026-03-03 12:00:00", status="bounce")
        self.assertEqual((delay.state, delay.bounced_at), ("communicated", False))
        self._run("triage", "2026-03-03 13:00:00")
        self.assertEqual((delay.state, delay.bounced_at), ("communicated", False))

    def test_a_newer_message_replaces_one_that_came_back(self):
        old = self._sent()
        self._arrive(old, "2026-03-03 11:05:00", status="bounce")
        new = self._delay(
            promise=old.commitment_id, at="2026-03-04 09:00:00", new_to="2026-03-20", user=self.lead
        )
        with self.at("2026-03-04 10:00:00"):
            new.action_confirm()
            new.action_tell()
            with self.assertRaisesRegex(UserError, "would be wrong"):
                old.action_send_again()
        self._arrive(new, "2026-03-04 11:00:00")
        self.assertEqual((new.state, old.state), ("communicated", "superseded"))
        self.assertEqual(old.superseded_by_id, new)

    def test_an_obsolete_message_is_not_sent_again(self):
        delay = self._sent()
        self._arrive(delay, "2026-03-03 11:05:00", status="bounce")
        message = delay.message_id
        with self.at("2026-03-03 11:06:00"):
            delay.commitment_id.sudo().action_move("2026-03-11", "Meanwhile.")
            with self.assertRaisesRegex(UserError, "this message would be wrong"):
                delay.action_send_again()
        self.assertEqual(delay.message_id, message)

    # Promises that change meanwhile

    def test_a_promise_that_moved_lets_its_delay_be_dismissed(self):
        delay = self._confirmed()
        with self.at("2026-03-03 11:00:00"):
            delay.commitment_id.with_user(self.lead).action_move("2026-03-10", "By the lead.")
        with self.at("2026-03-03 12:00:00"):
            delay.action_dismiss("It has moved.")
        self.assertEqual(delay.state, "dismissed")

    def test_a_promise_that_moved_away_and_back(self):
        delay = self._confirmed()
        with self.at("2026-03-03 11:00:00"):
            for day in ("2026-03-10", "2026-03-06"):
                delay.commitment_id.sudo().action_move(day, "By somebody else.")
            with self.assertRaisesRegex(UserError, "has moved meanwhile"):
                delay.action_tell()

    def test_the_first_answer_to_an_earlier_move_changes_the_date(self):
        promise = self._promise()
        with self.at("2026-03-02 10:00:00"):
            promise.sudo().action_move("2026-03-09", "Before.")
        delay = self._confirmed(promise=promise, user=self.lead)
        with self.at("2026-03-03 10:30:00"):
            promise.revision_ids[-1].with_user(self.employee).action_contest()
        with self.at("2026-03-03 11:00:00"), self.assertRaisesRegex(UserError, "moved meanwhile"):
            delay.action_tell()

    def test_told_before_counts_the_date_they_accepted(self):
        promise = self._promise()
        with self.at("2026-03-05 09:00:00"):
            promise.with_user(self.employee).action_move("2026-03-20", "x", date_from="2026-03-18")
            promise.revision_ids[-1].with_user(self.employee).action_contest()
        delay = self._delay(
            promise=promise,
            at="2026-03-09 10:00:00",
            new_to="2026-03-27",
            next_update_due="2026-03-12 12:00:00",
        )
        self.assertEqual((delay.old_from, str(delay.old_to)), (False, "2026-03-06"))
        with self.at("2026-03-09 11:00:00"):
            delay.action_confirm()
            delay.with_user(self.lead).action_approve()
            delay.action_tell()
        self._arrive(delay, "2026-03-09 11:05:00")
        self.assertEqual((delay.state, delay.told_before), ("communicated", False))

    def test_the_dialog_keeps_the_approval(self):
        promise = self._promise()
        with self.at("2026-03-02 10:00:00"):
            promise.action_move("2026-03-07", "Before.")
        delay = self._confirmed(promise=promise)
        with self.at("2026-03-03 10:30:00"):
            delay.with_user(self.lead).action_approve()
            self._explain_again(delay).save().action_tell()
        self.assertEqual((bool(delay.sent_at), delay.approved_by_id), (True, self.lead))

    def test_what_a_rule_said_without_numbers_breaks_no_health(self):
        promise = self._promise()
        self._suspect(promise, "forecast", {"cases": 12, "p50": None, "p80": None})
        self.project.invalidate_recordset()
        with self.at("2026-03-05 09:00:00"):
            self.assertEqual(self.project.service_health, "on_track")

    def test_a_service_goes_with_all_that_was_late(self):
        delay = self._told()
        task = self._request()
        self._delay(promise=self._promise(task_id=task.id))
        task.unlink()
        copy = self.project.copy()
        self.assertFalse(self._found(project_id=copy))
        self.project.unlink()
        self.assertFalse(delay.sudo().exists())
