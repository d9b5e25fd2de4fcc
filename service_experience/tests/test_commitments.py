# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestCommitments(JourneyCase):
    """Promises and every date they ever had. Monday is 2026-03-02; days are days in UTC."""

    def _promise(self, day="2026-03-06", at="2026-03-02 09:00:00", **values):
        with self.at(at):
            return self.env["service.commitment"].create(
                {
                    "name": "Heat pump runs",
                    "project_id": self.project.id,
                    "current_to": day,
                    "owner_user_id": self.employee.id,
                    **values,
                }
            )

    def _move(self, promise, day, at, **values):
        with self.at(at):
            return promise.action_move(day, "The pump comes later.", **values)

    def _break(self, at):
        cron = self.env.ref("service_experience.service_commitment_cron")
        with self.at(at), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _keys(self, promise):
        entries = self.env["service.timeline.entry"].search([("commitment_id", "=", promise.id)])
        return entries.sorted("id").mapped("key")

    def test_a_promise_has_its_first_date(self):
        promise = self._promise(current_from="2026-03-04", confidence="likely")
        revision = promise.revision_ids
        self.assertEqual(
            (revision.sequence, revision.date_from, revision.date_to, revision.confidence),
            (1, date(2026, 3, 4), date(2026, 3, 6), "likely"),
        )
        self.assertEqual(revision.told_at, self.instant("2026-03-02 09:00:00"))
        self.assertEqual(promise.state, "active")
        self.assertEqual(promise.due_at, self.instant("2026-03-07 00:00:00"))
        self.assertEqual(self._keys(promise), ["commitment_made"])

    def test_a_promise_without_a_day_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Heat pump runs"):
            self._promise(day=False)
        promise = self._promise(day=False, known_by="2026-03-05")
        self.assertEqual(promise.due_at, self.instant("2026-03-06 00:00:00"))

    def test_broken_by_time_alone_and_for_ever(self):
        promise = self._promise()
        self._break("2026-03-06 23:59:00")
        self.assertEqual(promise.state, "active")
        self._break("2026-03-07 08:00:00")
        self.assertEqual(
            (promise.state, promise.broken_at), ("broken", self.instant("2026-03-07 00:00:00"))
        )
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            promise.sudo().unlink()
        with self.assertRaisesRegex(UserError, "by now"):
            promise.action_withdraw("It was embarrassing.")
        with self.at("2026-03-08 10:00:00"):
            promise.action_customer_accepted()
        self.assertEqual(promise.state, "broken")
        self.assertEqual(promise.kept_at, self.instant("2026-03-08 10:00:00"))
        self.assertEqual(self._keys(promise)[1:], ["commitment_broken", "commitment_late"])

    def test_fulfilled_too_late_before_the_job_looked(self):
        promise = self._promise()
        with self.at("2026-03-07 10:00:00"):
            promise.action_customer_accepted()
        self.assertEqual(promise.state, "broken")

    def test_kept_needs_evidence(self):
        promise = self._promise()
        with self.assertRaisesRegex(UserError, "How do we know"):
            promise.action_keep()
        promise.proof_ids = [Command.set(self._create_file("protocol.pdf").ids)]
        with self.at("2026-03-06 22:00:00"):
            promise.action_keep()
        self.assertEqual((promise.state, promise.on_time_rate), ("kept", 1))

    def test_kept_by_its_steps(self):
        promise = self._promise()
        steps = self.env["service.step"].create(
            [
                {"title": title, "project_id": self.project.id, "commitment_id": promise.id}
                for title in ("Deliver", "Install")
            ]
        )
        with self.at("2026-03-04 10:00:00"):
            steps[0].action_done()
        self.assertEqual(promise.state, "active")
        with self.at("2026-03-05 10:00:00"):
            steps[1].action_done()
        self.assertEqual(
            (promise.state, promise.kept_at), ("kept", self.instant("2026-03-05 10:00:00"))
        )

    def test_moved_in_time_and_accepted(self):
        promise = self._promise()
        revision = self._move(promise, "2026-03-13", "2026-03-04 09:00:00")
        self.assertEqual(promise.current_to, date(2026, 3, 13))
        self.assertEqual(promise.state, "active")
        # The customer has not agreed: the first date counts.
        self.assertEqual(promise.due_at, self.instant("2026-03-07 00:00:00"))
        with self.at("2026-03-05 09:00:00"):
            revision.action_accept()
        self.assertEqual(promise.state, "renegotiated")
        self.assertEqual(promise.due_at, self.instant("2026-03-14 00:00:00"))
        self._break("2026-03-14 08:00:00")
        self.assertEqual(promise.state, "broken")

    def test_moved_and_contested(self):
        promise = self._promise()
        revision = self._move(promise, "2026-03-13", "2026-03-03 09:00:00")
        with self.at("2026-03-04 09:00:00"):
            revision.action_contest()
        self.assertEqual((promise.state, revision.acknowledgement), ("active", "contested"))
        self._break("2026-03-07 08:00:00")
        self.assertEqual(promise.state, "broken")
        self.assertEqual(promise.due_at, self.instant("2026-03-07 00:00:00"))

    def test_silence_of_five_working_days_agrees(self):
        promise = self._promise(day="2026-03-13")
        revision = self._move(promise, "2026-03-20", "2026-03-03 09:00:00")
        self.assertEqual(revision.tacit_at, self.instant("2026-03-10 09:00:00"))
        self._break("2026-03-10 08:59:59")
        self.assertEqual(revision.acknowledgement, "none")
        # The reference follows at once, whether or not the job has run.
        at = self.instant("2026-03-10 09:00:00")
        self.assertEqual(promise._get_reference_at(at), self.instant("2026-03-21 00:00:00"))
        self._break("2026-03-11 08:00:00")
        self.assertEqual(
            (revision.acknowledgement, revision.acknowledged_at, promise.state),
            ("tacit", at, "renegotiated"),
        )
        with self.assertRaisesRegex(UserError, "already"):
            revision.action_accept()

    def test_agreed_after_the_old_date_is_broken_all_the_same(self):
        promise = self._promise()
        revision = self._move(promise, "2026-03-13", "2026-03-06 09:00:00")
        with self.at("2026-03-07 09:00:00"):
            revision.action_accept()
        self.assertEqual(promise.state, "broken")
        self.assertEqual(promise.broken_at, self.instant("2026-03-07 00:00:00"))
        self.assertEqual(promise.due_at, self.instant("2026-03-14 00:00:00"))

    def test_moves_need_a_date_and_an_explanation(self):
        promise = self._promise()
        with self.assertRaisesRegex(UserError, "explanation"):
            promise.action_move("2026-03-13", " ")
        with self.assertRaisesRegex(ValidationError, "new date"):
            promise.action_move(None, "Later.")
        with self.assertRaisesRegex(UserError, "already"):
            promise.action_move("2026-03-06", "The same.")
        self.assertEqual(len(promise.revision_ids), 1)

    def test_a_draft_is_planned_until_it_is_promised(self):
        promise = self._promise(state="draft", day=False)
        self.assertFalse(self._keys(promise))
        with self.assertRaisesRegex(UserError, "first"):
            promise.action_promise()
        promise.current_to = "2026-03-10"
        promise.current_to = "2026-03-11"
        with self.at("2026-03-03 09:00:00"):
            promise.action_promise()
        self.assertEqual(promise.due_at, self.instant("2026-03-12 00:00:00"))
        self.assertEqual(promise.revision_ids[-1].told_at, self.instant("2026-03-03 09:00:00"))
        with self.assertRaisesRegex(UserError, "not changed by hand"):
            promise.current_to = "2026-03-30"

    def test_nothing_is_written_by_hand(self):
        promise = self._promise()
        for values in (
            {"state": "kept"},
            {"current_to": "2026-12-24"},
            {"kept_at": "2026-03-02 10:00:00"},
            {"made_at": "2026-01-01 10:00:00"},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                promise.sudo().write(values)
        with self.assertRaises(UserError):
            self._promise(state="kept")

    def test_what_was_promised_is_not_taken_away(self):
        promise, draft = self._promise(), self._promise(state="draft")
        self._break("2026-03-07 08:00:00")
        other = self.env["project.project"].create({"name": "Other"})
        changes = {
            "active": False,
            "customer_visible": False,
            "direction": "customers",
            "project_id": other.id,
        }
        for name, value in changes.items():
            with self.subTest(name):
                with self.assertRaisesRegex(UserError, "stays as it is"):
                    promise.sudo().write({name: value})
                draft.write({name: value})
        promise.write({"customer_visible": True, "internal_note": "Call them"})

    def test_who_noted_what_the_customer_said(self):
        revision = self._move(self._promise(), "2026-03-13", "2026-03-04 09:00:00")
        revision.with_user(self.employee).action_accept()
        self.assertEqual(revision.acknowledged_by_id, self.employee)

    def test_reliability(self):
        kept, broken, _open = (self._promise() for _number in range(3))
        with self.at("2026-03-03 09:00:00"):
            kept.action_customer_accepted()
        with self.at("2026-03-09 09:00:00"):
            broken.action_customer_accepted()
        rows = self.env["service.commitment"]._read_group(
            [("id", "in", (kept + broken).ids)], [], ["on_time_rate:avg"]
        )
        self.assertEqual(rows, [(0.5,)])

    def test_what_the_customer_promised(self):
        promise = self._promise(direction="customers", name="The cellar is empty")
        self._break("2026-03-07 08:00:00")
        self.assertEqual(promise.state, "broken")
        self.assertEqual(self._keys(promise), ["commitment_noted"])  # no blame on their page

    def test_health_follows_the_date_the_customer_agreed_to(self):
        promise = self._promise()
        self.project.primary_commitment_id = promise
        self.assertEqual(self._health("2026-03-06 12:00:00"), "on_track")
        self.assertEqual(self._health("2026-03-07 00:00:01"), "late")
        revision = self._move(promise, "2026-03-13", "2026-03-05 09:00:00")
        self.assertEqual(self._health("2026-03-07 00:00:01"), "late")
        with self.at("2026-03-06 09:00:00"):
            revision.action_accept()
        self.assertEqual(self._health("2026-03-07 00:00:01"), "on_track")

    def test_a_broken_promise_makes_late_until_it_is_fulfilled_or_moved(self):
        promise = self._promise()
        self._break("2026-03-07 08:00:00")
        self.assertEqual(self._health("2026-03-09 09:00:00"), "late")
        revision = self._move(promise, "2026-03-13", "2026-03-09 10:00:00")
        self.assertEqual(self._health("2026-03-09 10:00:01"), "late")
        with self.at("2026-03-09 11:00:00"):
            revision.action_accept()
        self.assertEqual(self._health("2026-03-09 12:00:00"), "on_track")
        self.assertEqual(promise.state, "broken")

    def test_a_risk_is_what_a_person_said(self):
        promise = self._promise()
        with self.assertRaisesRegex(UserError, "reason"):
            promise.action_at_risk("")
        promise.action_at_risk("The pump is not on the ship.")
        self.assertEqual(self._health("2026-03-03 09:00:00"), "at_risk")
        promise.action_back_on_track()
        self.assertEqual((promise.state, promise.risk_reason), ("active", False))
        self.assertEqual(self._health("2026-03-03 09:00:00"), "on_track")

    def _health(self, at):
        self.env.invalidate_all()
        with self.at(at):
            return self.project.service_health
