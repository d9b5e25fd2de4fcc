# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import html2plaintext

from .delay_common import USER, DelayCase

DEEDS = (
    "action_confirm",
    "action_tell",
    "action_send_again",
    "action_absorb",
    "action_approve",
    "action_ask_approval",
    "action_open_place",
    "read",
)


@tagged("post_install", "-at_install")
class TestDelayStrangers(DelayCase):
    """Another customer reads nothing of it, nor a colleague who may not see it."""

    def _own_request(self, **values):
        return self._request(
            **{"user_ids": self.accountable.ids, "partner_id": self.contact.id, **values}
        )

    def _get_told(self, delay):
        return delay.sudo().message_id.notified_partner_ids

    # Another customer

    def test_only_the_customer_of_the_promise_is_told(self):
        self.other_customer.email = "lamps@example.com"
        (self.accountable | self.employee).notification_type = "inbox"
        for partner in (
            self.other_customer,
            self.accountable.partner_id,
            self.employee.partner_id,
        ):
            with self.subTest(partner=partner.name):
                task = self._own_request()
                delay = self._confirmed(promise=self._promise(task_id=task.id, name=partner.name))
                with self.at("2026-03-03 11:00:00"):
                    task.with_user(self.accountable).partner_id = partner
                    self.env.invalidate_all()
                    delay.action_tell()
                self.assertEqual(self._get_told(delay), self.contact)
                self.assertEqual((delay.state, delay.told_before), ("confirmed", False))

    def test_followers_are_not_told(self):
        self.other_customer.email = "lamps@example.com"
        delay = self._confirmed()
        self.project.message_subscribe(self.other_customer.ids)
        with self.at("2026-03-03 11:00:00"):
            delay.action_tell()
        self.assertEqual(self._get_told(delay), self.contact)

    def test_a_request_that_went_to_another_customer(self):
        self.other_customer.email = "lamps@example.com"
        other = self.project.copy({"name": "Hotel", "partner_id": self.other_customer.id})
        other.user_id = self.accountable
        task = self._own_request(partner_id=False)
        delay = self._confirmed(promise=self._promise(task_id=task.id))
        with self.at("2026-03-03 11:00:00"):
            task.with_user(self.accountable).project_id = other
            self.env.invalidate_all()
            delay.action_tell()
        self.assertEqual(delay.project_id, self.project)
        self.assertEqual(self._get_told(delay), self.contact)

    def test_no_name_of_ours_is_in_the_mail(self):
        self.stage_new.name = "SECRET stage"
        self.project.write({"name": "SECRET project", "customer_label": "Your heat pump"})
        for label in (False, "Hot water"):
            with self.subTest(label=label):
                task = self._own_request(name="SECRET title", customer_label=label)
                promise = self._promise(task_id=task.id, name=label or "Heat pump runs")
                delay = self._sent(promise=promise)
                mail = self.env["mail.mail"].search([("mail_message_id", "=", delay.message_id.id)])
                self.assertIn("second day for the pipes", mail.body_html)
                self.assertNotIn("SECRET", html2plaintext(mail.body_html))
                self.assertNotIn("SECRET", mail.subject)

    def test_a_line_break_in_a_name_adds_no_header(self):
        delay = self._sent(promise=self._promise(name="Heat pump\nBcc: evil@example.com"))
        subject = delay.sudo().message_id.subject
        self.assertIn("Heat pump", subject)
        mail = self.env["ir.mail_server"]._build_email__(
            "a@example.com", ["b@example.com"], subject, "x"
        )
        self.assertFalse(mail["Bcc"])

    def test_the_context_of_a_call_changes_nothing(self):
        delay = self._confirmed().with_context(
            mail_notify_skip=True,
            mail_activity_automation_skip=True,
            mail_create_nosubscribe=True,
            tracking_disable=True,
            mail_notify_noemail=True,
        )
        with self.at("2026-03-03 11:00:00"):
            delay.action_tell()
        self.assertEqual(self._get_told(delay), self.contact)

    def test_customers_do_nothing_with_a_delay(self):
        portal = new_test_user(self.env, "ada", groups="base.group_portal")
        delay = self._told()
        for name in DEEDS:
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(delay.with_user(portal), name)()

    # A colleague who may not see it

    def _foreign(self):
        """Return a delay of a service that a colleague may not see, the colleague, their own."""
        self.project.privacy_visibility = "followers"
        delay = self._delay(promise=self._promise(name="SECRET name"))
        stranger = new_test_user(self.env, "stranger", groups=USER)
        mine = self.env["project.project"].create(
            {
                "name": "Mine",
                "privacy_visibility": "employees",
                "user_id": stranger.id,
                "partner_id": self.other_customer.id,
            }
        )
        self.env.flush_all()
        with self.assertRaises(AccessError):
            delay.with_user(stranger).read(["why"])
        return delay, stranger, mine

    def test_the_dialog_opens_nothing_foreign(self):
        delay, stranger, mine = self._foreign()
        for values in (
            {"delay_id": delay.id},
            {"commitment_id": delay.commitment_id.id},
            {"project_id": mine.id, "commitment_id": delay.commitment_id.id},
            {"project_id": mine.id, "cascaded_from_id": delay.id},
        ):
            with self.subTest(**values), self.assertRaises(AccessError):
                self._explain(stranger, **values)
        dialog = self._explain(stranger, project_id=mine.id)
        with self.assertRaises(AccessError):
            dialog.commitment_id = delay.commitment_id

    def test_the_dialog_previews_nothing_foreign(self):
        delay, stranger, mine = self._foreign()
        values = {
            "project_id": mine.id,
            "commitment_id": delay.commitment_id.id,
            "new_to": "2026-03-13",
        }
        wanted = {name: {} for name in ("preview_subject", "project_id", "commitment_id")}
        with self.assertRaises(AccessError):
            self.env["service.delay.explain"].with_user(stranger).onchange(values, [], wanted)

    def test_nothing_foreign_is_named(self):
        delay, stranger, mine = self._foreign()
        delays = self.env["service.delay"].with_user(stranger)
        for values in (
            {"project_id": self.project.id, "commitment_id": delay.commitment_id.id},
            {"project_id": self.project.id},
        ):
            with self.subTest(**values), self.assertRaises(AccessError):
                delays.create(values)
        with self.assertRaises(AccessError):
            delays.create({"project_id": mine.id, "cascaded_from_id": delay.id})
        own = self._delay(promise=self._promise(project_id=mine.id), user=stranger)
        with self.assertRaises(AccessError):
            own.write({"cascaded_from_id": delay.id, "reason_id": self.knock_on.id})

    def test_foreign_files_are_no_evidence(self):
        hidden = self.env["project.project"].create(
            {"name": "Hidden", "privacy_visibility": "followers"}
        )
        delay = self._delay()
        for place in ({"res_model": hidden._name, "res_id": hidden.id}, {}):
            file = self.env["ir.attachment"].create({"name": "x.pdf", "raw": b"x", **place})
            with self.subTest(**place), self.assertRaises(AccessError):
                delay.evidence_ids = [Command.link(file.id)]
                self.env.invalidate_all()
                delay.evidence_ids.read(["name", "raw"])

    # Hostile input

    def test_a_colleague_without_a_name_keeps_the_dialog_open(self):
        new_test_user(self.env, "blank", groups=USER).name = "\u00a0"
        delay = self._delay(customer_explanation="The tank leaks.")
        with self.at("2026-03-03 09:30:00"):
            dialog = self._explain(
                self.accountable, delay_id=delay.id, customer_explanation="The tank leaks."
            )
            self.assertIn("very short", dialog.warnings)

    def test_days_after_which_no_calendar_goes_on(self):
        with self.at("2026-03-03 09:00:00"):
            for number, values in enumerate(
                ({"known_by": "9999-12-31", "new_to": False}, {"new_to": "9999-12-31"})
            ):
                promise = self._promise(name=f"Promise {number}")
                with self.subTest(**values), self.assertRaisesRegex(ValidationError, "live to see"):
                    self._delay(promise=promise, **values)
            for day, known_by in ((None, "9999-12-31"), ("9999-12-31", None)):
                with self.subTest(day=day), self.assertRaisesRegex(ValidationError, "live to see"):
                    self._promise().action_move(day, "x", known_by=known_by)

    def test_more_options_than_anybody_reads(self):
        delay = self._delay()
        with self.assertRaisesRegex(ValidationError, "Nobody chooses from more"):
            delay.option_ids = [Command.create({"name": "x"})] * 11
