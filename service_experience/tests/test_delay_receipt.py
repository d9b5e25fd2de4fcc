# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .delay_common import DelayCase


@tagged("post_install", "-at_install")
class TestDelayReceipt(DelayCase):
    """No blame on the customer without a delivered request to show for it."""

    def _tell(self, step=None, at="2026-03-05 17:00:00", reason=None, **values):
        delay = self._confirmed(
            at="2026-03-05 16:00:00",
            reason_id=(reason or self.customer_reason).id,
            step_id=step and step.id,
            **values,
        )
        with self.at(at):
            delay.action_tell()
        return delay

    def test_without_a_request(self):
        with self.assertRaisesRegex(UserError, "needs a request to the customer"):
            self._tell()

    def test_not_delivered(self):
        with self.assertRaisesRegex(UserError, "has not reached the customer"):
            self._tell(self._ask())

    def test_delivered_after_the_old_date(self):
        step = self._ask("2026-03-07 00:00:00")
        with self.assertRaisesRegex(UserError, "only after the old date"):
            self._tell(step, at="2026-03-09 09:00:00")

    def test_delivered_in_time_explains_the_wait_and_no_more(self):
        # Asked from Monday 11 to Wednesday 11: 16 working hours; it comes 40 hours later.
        step = self._ask("2026-03-02 11:00:00", "2026-03-04 11:00:00")
        delay = self._tell(step)
        self.assertEqual(delay.impact_seconds, 40 * 3600)
        self.assertEqual(delay.explained_seconds, 16 * 3600)
        self.assertEqual(delay.explained_hours, 16)

    def test_a_wait_explains_no_more_than_the_delay(self):
        step = self._ask("2026-03-02 11:00:00", "2026-03-04 11:00:00")
        delay = self._tell(step, new_to="2026-03-09")
        self.assertEqual((delay.impact_seconds, delay.explained_seconds), (8 * 3600, 8 * 3600))

    def test_an_open_wait_explains_until_now(self):
        step = self._ask("2026-03-05 15:00:00")
        delay = self._tell(step)
        self.assertEqual(delay.explained_seconds, 2 * 3600)

    def test_returned_answers_keep_their_waits(self):
        step = self._ask("2026-03-02 11:00:00", "2026-03-02 15:00:00")
        with self.at("2026-03-02 16:00:00"):
            step.action_return("The cellar is missing.")
        delay = self._tell(step)
        self.assertEqual(delay.explained_seconds, 4 * 3600)

    def test_a_reason_that_stops_clocks_needs_a_blocking_request(self):
        step = self._ask("2026-03-02 11:00:00", blocking=False)
        with self.assertRaisesRegex(UserError, "did not hold up our work"):
            self._tell(step)

    def test_the_second_reason_needs_a_receipt_too(self):
        with self.assertRaisesRegex(UserError, "needs a request to the customer"):
            self._tell(reason=self.reason, second_reason_id=self.customer_reason.id)

    def test_of_another_service(self):
        other = self.project.copy({"name": "Elsewhere"})
        step = self._ask("2026-03-02 11:00:00", project_id=other.id)
        with self.assertRaisesRegex(UserError, "needs a request to the customer"):
            self._tell(step)

    def test_a_reason_stops_no_clock(self):
        self._create_policy(("resolution", 40, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task(customer_visible=True, customer_label="Repair")
        promise = self._promise(task_id=task.id)
        step = self._ask("2026-03-02 11:00:00", "2026-03-02 12:00:00", task_id=task.id)
        before = self.timer_of(task).deadline
        self._tell(step, promise=promise)
        self.assertEqual(self.timer_of(task).deadline, before)

    def test_of_a_third_party(self):
        step = self._ask(party="third_party", kind="do", third_party_label="The grid operator")
        with self.assertRaisesRegex(UserError, "needs a request to the customer"):
            self._tell(step)

    def test_which_reasons_need_evidence(self):
        for party, needs_evidence in (("force_majeure", False), ("us", True)):
            reason = self.env["service.delay.reason"].create(
                {
                    "name": party,
                    "code": f"X-{party}",
                    "customer_label": "x",
                    "party": party,
                    "needs_evidence": needs_evidence,
                }
            )
            with self.subTest(party), self.assertRaisesRegex(UserError, "needs evidence"):
                self._tell(reason=reason, promise=self._promise(name=party))

    def test_force_majeure_needs_evidence(self):
        with self.assertRaisesRegex(UserError, "needs evidence"):
            self._tell(reason=self.weather, user=self.lead)
        storm = self.env["ir.attachment"].with_user(self.lead).create({"name": "storm.pdf"})
        delay = self._tell(
            reason=self.weather,
            user=self.lead,
            promise=self._promise(name="Other"),
            evidence_ids=[Command.set(storm.ids)],
        )
        self.assertTrue(delay.sent_at)
        self.assertEqual(storm.with_user(self.accountable).name, "storm.pdf")
