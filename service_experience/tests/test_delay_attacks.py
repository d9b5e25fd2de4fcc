# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command, models
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .delay_common import DelayCase


@tagged("post_install", "-at_install")
class TestDelayAttacks(DelayCase):
    """Ways around the approval, the receipts and what was told; none of them leads anywhere."""

    def _tell(self, delay, at="2026-03-03 11:00:00"):
        with self.at(at):
            delay.action_tell()

    # Approval

    def test_the_second_reason_may_need_a_lead(self):
        second = self.env.ref("service_experience.delay_reason_us_prio")
        self.assertTrue(second.needs_approval)
        delay = self._confirmed(second_reason_id=second.id)
        self.assertEqual(delay.approval, "lead")
        with self.assertRaisesRegex(UserError, "A team lead has to approve"):
            self._tell(delay)

    def test_what_a_lead_approved_is_not_told_as_the_third_move(self):
        promise = self._told().commitment_id
        values = {"promise": promise, "next_update_due": "2026-03-09 12:00:00"}
        with self.at("2026-03-03 12:00:00"):
            waiting = self._delay(
                at="2026-03-03 12:00:00", new_to="2026-03-20", personal_contact="x", **values
            )
            waiting.action_confirm()
            waiting.with_user(self.lead).action_approve()
        with self.at("2026-03-03 12:10:00"):
            newer = self._delay(
                at="2026-03-03 12:10:00", new_to=False, known_by="2026-03-13", **values
            )
            newer.action_confirm()
            newer.with_user(self.lead).action_approve()
            newer.action_tell()
        self._arrive(newer, "2026-03-03 12:20:00")
        self.assertEqual((waiting.state, waiting.superseded_by_id), ("superseded", newer))
        with self.assertRaisesRegex(UserError, "by now"):
            self._tell(waiting, "2026-03-03 12:30:00")

    def test_a_date_suspected_twice_is_one_promise_told_once(self):
        task = self._request(user_ids=self.accountable.ids, date_deadline="2026-03-06 17:00:00")
        base = {"project_id": self.project.id, "task_id": task.id, "commitment_id": False}
        with self.at("2026-03-03 09:00:00"):
            both = self.env["service.delay"]._suspect(
                [
                    {
                        **base,
                        "rule": rule,
                        "detected_by": "rule",
                        "fingerprint": f"{rule}:task{task.id}:x",
                        "signal": {},
                    }
                    for rule in ("deadline_near", "stale")
                ]
            )
            one, two = both.with_user(self.accountable)
            one.write(
                {
                    "reason_id": self.reason.id,
                    "new_to": "2026-03-13",
                    "doing": "x",
                    "customer_explanation": "x",
                    "next_update_due": "2026-03-09 12:00:00",
                }
            )
            one.action_confirm()
        promise = self.env["service.commitment"].search([("task_id", "=", task.id)])
        self.assertEqual((len(promise), both.commitment_id), (1, promise))
        self.assertEqual((two.state, two.superseded_by_id), ("superseded", one))

    def test_whoever_noted_it_changes_it_until_it_is_confirmed(self):
        delay = self._delay(user=self.employee)
        delay.doing = "Three of us come."
        with self.at("2026-03-03 10:00:00"):
            delay.with_user(self.accountable).action_confirm()
        with self.assertRaisesRegex(AccessError, "It can be done by"):
            delay.doing = "Nobody comes."

    def test_a_date_that_the_customer_does_not_see_becomes_no_promise(self):
        task = self._request(
            customer_visible=False,
            user_ids=self.accountable.ids,
            date_deadline="2026-03-06 17:00:00",
        )
        delays = self.env["service.delay"].with_user(self.accountable)
        with self.at("2026-03-03 09:00:00"):
            delay = delays.create(
                {"task_id": task.id, "reason_id": self.reason.id, "new_to": "2026-03-13"}
            )
            with self.assertRaisesRegex(UserError, "The customer does not see"):
                delay.action_confirm()
        self.assertFalse(self.env["service.commitment"].search([("task_id", "=", task.id)]))

    def test_withdrawing_what_is_late_is_for_those_who_answer_for_it(self):
        delay = self._told()
        with self.assertRaisesRegex(AccessError, "It can be done by"):
            delay.commitment_id.with_user(self.employee).action_withdraw("A new one is better.")
        self.assertEqual(delay.state, "communicated")

    def test_an_unknown_reason_holds_from_the_confirmation_on(self):
        for name in ("reason_id", "second_reason_id"):
            with self.subTest(name):
                delay = self._confirmed(promise=self._promise(name=name))
                self.assertFalse(delay.reason_due_at)
                with self.at("2026-03-04 16:00:00"):
                    delay.write({name: self.unknown.id})
                self.assertEqual(delay.reason_due_at, self.instant("2026-03-05 10:00:00"))
                with self.at("2026-03-05 09:00:00"):
                    delay.write({name: self.weather.id})
                self.assertFalse(delay.reason_due_at)
                with self.at("2026-03-05 09:30:00"):
                    delay.write({name: self.unknown.id})
                self.assertEqual(delay.reason_due_at, self.instant("2026-03-05 10:00:00"))
                with self.assertRaisesRegex(UserError, "no longer holds"):
                    self._tell(delay, "2026-03-05 10:00:00")

    def test_of_two_reasons_the_shorter_one_counts(self):
        other = self.env["service.delay.reason"].create(
            {"name": "Waits", "code": "X-WAITS", "customer_label": "x", "valid_days": 5}
        )
        delay = self._confirmed(reason_id=other.id, second_reason_id=self.unknown.id)
        self.assertEqual(delay.reason_due_at, self.instant("2026-03-05 10:00:00"))

    # Receipts

    def _tell_for_the_customer(self, step, promise=None):
        delay = self._confirmed(promise=promise, reason_id=self.customer_reason.id, step_id=step.id)
        self._tell(delay)
        return delay

    def test_a_receipt_of_somebody_else(self):
        self.other_customer.email = "lamps@example.com"
        self.accountable.notification_type = "inbox"
        foreign = self._request(partner_id=self.other_customer.id)
        for values in (
            {"task_id": foreign.id},
            {"task_id": foreign.id, "owner_partner_id": self.contact.id},
            {"owner_partner_id": self.accountable.partner_id.id},
            {"owner_partner_id": self.other_customer.id},
        ):
            with self.subTest(**values):
                step = self._ask("2026-03-02 11:00:00", **values)
                self.assertTrue(step.delivered_at)
                promise = self._promise(name=str(values))
                with self.assertRaisesRegex(UserError, "needs a request to the customer"):
                    self._tell_for_the_customer(step, promise)

    def test_a_wait_that_was_over_before_the_promise_explains_nothing(self):
        step = self._ask("2026-03-02 11:00:00", "2026-03-02 15:00:00")
        promise = self._promise(at="2026-03-02 16:00:00")
        delay = self._tell_for_the_customer(step, promise)
        self.assertEqual((delay.impact_seconds, delay.explained_seconds), (40 * 3600, 0))

    def test_no_wait_explains_two_moves(self):
        step = self._ask("2026-03-02 10:00:00")
        promise = self._promise()
        first = self._tell_for_the_customer(step, promise)
        self._arrive(first, "2026-03-03 11:05:00")
        with self.at("2026-03-03 12:30:00"):
            self._answer(step)
        second = self._delay(
            promise=promise,
            at="2026-03-04 09:00:00",
            new_to="2026-03-20",
            user=self.lead,
            reason_id=self.customer_reason.id,
            step_id=step.id,
        )
        with self.at("2026-03-04 09:30:00"):
            second.action_confirm()
        # Waited from Monday 10:00 to Tuesday 12:30; told first on Tuesday 11:00.
        self.assertEqual(first.explained_seconds, 9 * 3600)
        self.assertEqual(second.explained_seconds, 1.5 * 3600)

    # What was told stays

    def test_the_message_stays(self):
        delay = self._told()
        message = delay.sudo().message_id
        for vals in (
            {"body": "We never said so."},
            {"subject": "Nothing"},
            {"attachment_ids": [Command.link(self._evidence().id)]},
        ):
            for user in (self.accountable, self.manager):
                with self.subTest(**vals), self.assertRaisesRegex(UserError, "stays as it is"):
                    message.with_user(user).write(vals)

    def test_the_evidence_stays(self):
        file = self._evidence()
        delay = self._confirmed(reason_id=self.weather.id, evidence_ids=[Command.set(file.ids)])
        with self.at("2026-03-03 11:00:00"):
            delay.with_user(self.lead).action_approve()
            delay.action_tell()
        for user in (self.employee, self.manager):
            mine = file.with_user(user)
            for act in (mine.unlink, lambda mine=mine: mine.write({"raw": b"sunshine"})):
                with self.subTest(user=user.login), self.assertRaisesRegex(UserError, "proves"):
                    act()
        self.assertEqual((delay.evidence_ids, file.raw), (file, b"storm"))

    def test_the_evidence_of_the_dialog_does_not_go_with_it(self):
        delay = self._confirmed()
        with self.at("2026-03-03 10:30:00"):
            dialog = self._explain(self.accountable, delay_id=delay.id)
            file = self._evidence(res_model=dialog._name, res_id=dialog.id)
            dialog.write({"reason_id": self.weather.id, "evidence_ids": [Command.set(file.ids)]})
            dialog.action_confirm()
        self.assertEqual((file.res_model, file.res_id), (delay._name, delay.id))
        dialog.sudo().unlink()  # as the vacuum does
        self.env.invalidate_all()
        self.assertEqual(delay.evidence_ids, file)

    def test_an_option_stays_with_what_was_told(self):
        option = [Command.create({"name": "A loan device"})]
        told = self._sent(option_ids=option)
        other = self._delay(promise=self._promise(name="Other"))
        with self.assertRaisesRegex(UserError, "stays as it was told"):
            told.option_ids.delay_id = other

    def test_the_reason_stays(self):
        self._told()
        for vals in ({"party": "customer"}, {"code": "CU"}):
            with self.subTest(**vals), self.assertRaisesRegex(UserError, "Customers were told"):
                self.reason.with_user(self.manager).write(vals)

    # Forged fields

    def test_what_happens_to_a_delay_is_not_entered(self):
        delay, other = self._delay(), self._promise(name="Other")
        names = {
            name
            for name, field in delay._fields.items()
            if field.store and field.readonly and name not in models.MAGIC_COLUMNS
        }
        self.assertGreaterEqual(names, {"state", "message_id", "reason_due_at", "importance"})
        for name in sorted(names):
            for user in (self.accountable, self.manager):
                with self.subTest(name), self.assertRaises(UserError):
                    delay.with_user(user).write({name: False})
        for vals in ({"rule": "stale"}, {"detected_by": "system"}):
            with self.subTest(**vals), self.assertRaisesRegex(UserError, "begins as a suspicion"):
                self._delay(other, **vals)

    def test_forged_importance(self):
        self.customer.service_importance = "2"
        delay = self._delay()
        self.assertEqual(delay.importance, "2")
        with self.assertRaisesRegex(UserError, "use its buttons"):
            delay.with_user(self.employee).importance = "0"
