# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .delay_common import USER, DelayCase

DECIDING = ("accountable", "lead", "manager")


@tagged("post_install", "-at_install")
class TestDelayTransitions(DelayCase):
    """Who may do what, when, and what follows. Monday is 2026-03-02."""

    def _users(self):
        return {
            "user": self.employee,
            "accountable": self.accountable,
            "lead": self.lead,
            "manager": self.manager,
        }

    def _check_roles(self, make, act, allowed):
        """Let each role try an act on a fresh delay; only the allowed ones succeed."""
        for name, user in self._users().items():
            with self.subTest(role=name), self.env.cr.savepoint():
                delay = make().with_user(user)
                if name in allowed:
                    act(delay)
                else:
                    state = delay.state
                    with self.assertRaisesRegex(AccessError, "It can be done by"):
                        act(delay)
                    self.assertEqual(delay.state, state)

    def test_everybody_may_suspect(self):
        for name, user in self._users().items():
            with self.subTest(role=name):
                delay = self._delay(self._promise(name=name), user=user)
                self.assertEqual(
                    (delay.state, delay.detected_by, delay.rule), ("suspected", "user", "person")
                )
                self.assertEqual(delay.detected_at, self.instant("2026-03-03 09:00:00"))
                self.assertEqual(delay.detected_user_id, user)
                self.assertEqual(delay.user_id, self.accountable)
                self.assertEqual(delay.old_to, date(2026, 3, 6))
                self.assertEqual(delay.old_at, self.instant("2026-03-07 00:00:00"))
                self.assertEqual(delay.triage_due, self.instant("2026-03-03 13:00:00"))

    def test_customers_may_not(self):
        ada = new_test_user(self.env, "ada", groups="base.group_portal", partner_id=self.contact.id)
        delay = self._delay()
        for model in ("service.delay", "service.delay.reason", "service.delay.option"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(ada).search([])
        with self.assertRaises(AccessError):
            delay.with_user(ada).action_confirm()

    def test_who_confirms(self):
        def confirm(delay):
            with self.at("2026-03-03 10:00:00"):
                delay.action_confirm()

        self._check_roles(self._delay, confirm, DECIDING)

    def test_who_dismisses(self):
        self._check_roles(self._delay, lambda delay: delay.action_dismiss("It holds."), DECIDING)

    def test_who_absorbs(self):
        self._check_roles(self._confirmed, lambda delay: delay.action_absorb(), ("lead", "manager"))

    def test_who_tells(self):
        def tell(delay):
            with self.at("2026-03-03 11:00:00"):
                delay.action_tell()

        self._check_roles(self._confirmed, tell, DECIDING)

    def test_who_asks_for_the_approval(self):
        self._check_roles(self._confirmed, lambda delay: delay.action_ask_approval(), DECIDING)

    def test_who_sends_again(self):
        def come_back():
            delay = self._sent()
            self._arrive(delay, "2026-03-03 11:05:00", status="bounce")
            return delay

        self._check_roles(come_back, lambda delay: delay.action_send_again(), DECIDING)

    def test_the_lead_of_the_team_decides(self):
        colleague = new_test_user(self.env, "teamlead", groups=USER)
        delay = self._delay()
        with self.assertRaises(AccessError):
            delay.with_user(colleague).action_confirm()
        self.project.service_team_id = self.env["service.team"].create(
            {"name": "Installation", "lead_user_id": colleague.id}
        )
        with self.at("2026-03-03 10:00:00"):
            delay.with_user(colleague).action_confirm()
            delay.with_user(colleague).action_absorb()
        self.assertEqual(delay.state, "absorbed")

    def test_confirmed_needs_a_reason_and_a_later_date(self):
        for values, words in (
            ({"reason_id": False}, "Choose why"),
            ({"new_to": False}, "Enter the new date"),
            ({"new_to": "2026-03-06"}, "this is no delay"),
            ({"new_to": "2026-03-04"}, "this is no delay"),
            ({"new_to": False, "known_by": "2026-03-02"}, "still to come"),
            ({"reason_id": self.knock_on.id}, "Name the earlier delay"),
        ):
            with self.subTest(**values), self.env.cr.savepoint(), self.at("2026-03-03 09:00:00"):
                delay = self._delay(**values)
                with self.assertRaisesRegex(UserError, words):
                    delay.action_confirm()
                self.assertEqual(delay.state, "suspected")
        with self.assertRaises(ValidationError):
            self._delay(new_from="2026-03-14")

    def test_the_new_date_may_be_today(self):
        delay = self._delay(at="2026-03-09 09:00:00", new_to="2026-03-09")
        with self.at("2026-03-09 10:00:00"):
            delay.action_confirm()
        self.assertEqual(delay.state, "confirmed")

    def test_no_delay_follows_from_itself(self):
        one, two = self._delay(), self._delay(promise=self._promise(name="Two"))
        one.cascaded_from_id = two
        for cause in (one, two):
            with self.subTest(cause=cause.display_name), self.at("2026-03-03 10:00:00"):
                two.cascaded_from_id = one
                one.cascaded_from_id = cause
                with self.assertRaisesRegex(UserError, "cannot follow from itself"):
                    one.action_confirm()

    def test_confirmed(self):
        delay = self._confirmed()
        self.assertEqual(
            (delay.state, delay.confirmed_by_id, delay.confirmed_at),
            ("confirmed", self.accountable, self.instant("2026-03-03 10:00:00")),
        )
        # From the end of Friday to the end of the Friday after: five days of eight hours.
        self.assertEqual(delay.impact_seconds, 40 * 3600)
        self.assertEqual(self.project.service_health, "at_risk")
        # Nothing is told yet.
        self.assertFalse(delay.commitment_id.revision_ids.filtered("delay_id"))
        self.assertEqual(self._history(delay.commitment_id), ["commitment_made"])

    def test_confirmed_with_a_day_by_which_it_is_known(self):
        delay = self._confirmed(new_to=False, known_by="2026-03-10")
        self.assertEqual((delay.state, delay.impact_seconds), ("confirmed", 0))
        with self.at("2026-03-03 11:00:00"):
            delay.action_tell()
        revision = delay.revision_id
        self.assertEqual((revision.date_to, revision.known_by), (False, date(2026, 3, 10)))

    def test_a_suspicion_is_invisible(self):
        self._delay()
        self.assertEqual(self.project.service_health, "on_track")
        with self.at("2026-03-03 10:00:00"):
            snapshot = self.project._service_customer_snapshot(self.contact)
        self.assertEqual(snapshot["delays"], [])
        self.assertNotIn("delay_told", [line["key"] for line in snapshot["timeline"]])

    def test_dismissed_needs_a_reason_and_is_kept(self):
        delay = self._delay()
        with self.assertRaisesRegex(UserError, "Enter a reason"):
            delay.action_dismiss(" ")
        with self.at("2026-03-03 10:00:00"):
            delay.action_dismiss("The part is here.")
        self.assertEqual((delay.state, delay.dismiss_reason), ("dismissed", "The part is here."))
        self.assertEqual(delay.ended_at, self.instant("2026-03-03 10:00:00"))
        for act in (delay.action_confirm, delay.action_tell, delay.action_absorb):
            with self.assertRaises(UserError):  # AccessError is one of them
                act()
        with self.assertRaisesRegex(UserError, "is kept"):
            delay.sudo().unlink()

    def test_absorbed_sends_nothing(self):
        delay = self._confirmed()
        before = self.env["mail.message"].search_count([("res_id", "=", self.project.id)])
        with self.at("2026-03-03 12:00:00"):
            delay.with_user(self.lead).action_absorb()
        self.assertEqual(delay.state, "absorbed")
        after = self.env["mail.message"].search_count([("res_id", "=", self.project.id)])
        self.assertEqual(before, after)
        self.assertEqual(self.project.service_health, "on_track")

    def test_absorbed_only_while_the_promise_stands(self):
        delay = self._confirmed()
        with self.at("2026-03-03 11:00:00"):
            delay.commitment_id.sudo().action_move("2026-03-10", "By somebody else.")
        with self.assertRaisesRegex(UserError, "has moved"):
            delay.with_user(self.lead).action_absorb()
        sent = self._sent(promise=self._promise(name="Other"))
        with self.assertRaisesRegex(UserError, "has left already"):
            sent.with_user(self.lead).action_absorb()

    def test_out_of_order(self):
        suspected, confirmed = self._delay(), self._confirmed(promise=self._promise(name="B"))
        for delay, act in (
            (suspected, "action_tell"),
            (suspected, "action_absorb"),
            (suspected, "action_approve"),
            (confirmed, "action_confirm"),
        ):
            with self.subTest(act=act), self.assertRaisesRegex(UserError, "by now"):
                getattr(delay.with_user(self.manager), act)()
        with self.assertRaisesRegex(UserError, "by now"):
            confirmed.action_dismiss("Too late.")

    def test_states_are_not_written(self):
        delay = self._delay()
        for values in (
            {"state": "communicated"},
            {"told_before": True},
            {"communicated_at": "2026-03-03 09:00:00"},
            {"detected_at": "2026-03-01 09:00:00"},
            {"old_to": "2026-03-30"},
            {"response": "accepted"},
            {"approved_by_id": self.lead.id},
        ):
            for user in (self.accountable, self.manager):
                with self.subTest(**values), self.assertRaisesRegex(UserError, "use its buttons"):
                    delay.with_user(user).write(values)
            with self.subTest(**values), self.assertRaisesRegex(UserError, "begins as a suspicion"):
                self._delay(self._promise(name="Another"), **values)

    def test_never_backdated_by_defaults_of_the_context(self):
        forged = self.env["service.delay"].with_user(self.accountable)
        forged = forged.with_context(
            default_state="communicated", default_told_before=True, default_response="accepted"
        )
        with self.at("2026-03-03 09:00:00"):
            delay = forged.create({"commitment_id": self._promise().id})
        self.assertEqual(
            (delay.state, delay.told_before, delay.response), ("suspected", False, "none")
        )

    def test_a_delay_stays_with_its_promise(self):
        delay, other = self._delay(), self._promise(name="Other")
        with self.assertRaisesRegex(UserError, "stays with its promise"):
            delay.commitment_id = other

    def test_one_open_suspicion_per_promise_and_rule(self):
        promise = self._promise()
        self._delay(promise)
        with self.assertRaisesRegex(UserError, "noted already"):
            self._delay(promise, user=self.employee)

    def test_the_newer_supersedes(self):
        promise = self._promise()
        doubt = promise._doubt(self.contact)
        self.assertTrue(doubt)
        asked = promise.delay_ids
        delay = self._confirmed(promise=promise)
        self.assertEqual((asked.state, asked.superseded_by_id), ("superseded", delay))
        with self.at("2026-03-03 11:00:00"):
            delay.action_tell()
        self._arrive(delay, "2026-03-03 11:05:00")
        newer = self._delay(promise, at="2026-03-10 09:00:00", user=self.lead, new_to="2026-03-20")
        with self.at("2026-03-10 09:30:00"):
            newer = newer.with_user(self.lead)
            newer.next_update_due = "2026-03-16 12:00:00"
            newer.action_confirm()
            newer.action_tell()
        self.assertEqual(delay.state, "communicated")
        self._arrive(newer, "2026-03-10 10:00:00")
        self.assertEqual((delay.state, delay.superseded_by_id), ("superseded", newer))
        self.assertEqual((newer.state, newer.told_before), ("communicated", True))

    def test_resolved_with_the_promise(self):
        delay, other = self._told(), self._delay(promise=self._promise(name="Other"))
        with self.at("2026-03-12 10:00:00"):
            (delay.commitment_id | other.commitment_id).action_customer_accepted()
        self.assertEqual((delay.state, other.state), ("resolved", "dismissed"))
        self.assertIn("fulfilled", other.dismiss_reason)
        self.assertEqual(self.project.service_health, "on_track")

    def test_called_off_with_the_promise(self):
        delay = self._confirmed()
        with self.at("2026-03-04 10:00:00"):
            delay.commitment_id.action_withdraw("The customer wants another pump.")
        self.assertEqual(delay.state, "resolved")
