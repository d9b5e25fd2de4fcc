# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .test_service_page import MARKER, ServicePageCase

GROUP = "service_experience.service_experience_group_user"
MESSAGE = "Nora comes on Thursday at eight. She has your photos."
NOTHING_TWICE = "You need not repeat anything: what you told us was handed over."


class HandoffPageCase(ServicePageCase):
    """A service whose customer is told who takes over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "office@nordlicht.example"
        cls.sender = new_test_user(cls.env, "page_sender", groups=GROUP, name="Emil Kettle")
        cls.receiver = new_test_user(cls.env, "page_receiver", groups=GROUP, name="Nora Vidal")
        cls.project.user_id = cls.sender
        cls.kind = cls.env.ref("service_experience.handoff_type_person")
        cls.task = cls._create_internal(
            "project.task",
            "Radiator",
            project_id=cls.project.id,
            user_ids=[Command.set(cls.sender.ids)],
        )

    def _offer(self, tasks=None, **values):
        handoff = (
            self.env["service.handoff"]
            .with_user(self.sender)
            .create(
                {
                    "type_id": self.kind.id,
                    "project_id": self.project.id,
                    "task_ids": [Command.set(tasks.ids if tasks else [])],
                    "to_user_id": self.receiver.id,
                    "urgency": "watch",
                    "situation": f"{MARKER} situation",
                    "has_no_steps": True,
                    "customer_message": MESSAGE,
                    **values,
                }
            )
        )
        for item in handoff.check_ids:
            item.answer = f"{MARKER} answer"
            item.action_done()
        handoff.action_offer()
        return handoff

    def _accept(self, handoff):
        handoff = handoff.with_user(self.receiver)
        handoff.commitment_item_ids.filtered(lambda item: item.state == "open").action_done()
        handoff.action_accept(f"{MARKER} goal", f"{MARKER} action", f"{MARKER} risk")
        self.env.flush_all()
        return handoff

    def _page_text(self, login="page_customer"):
        return self._text(self._page(login))

    def assertNothingShown(self, login="page_customer"):
        text = self._page_text(login)
        for words in ("took over on", "Nora", NOTHING_TWICE, MESSAGE):
            self.assertNotIn(words, text)


@tagged("post_install", "-at_install")
class TestServicePageHandoff(HandoffPageCase):
    def test_who_took_over_the_service(self):
        self._accept(self._offer())
        day = fields.Datetime.now().strftime("%b %-d")
        text = self._page_text()
        self.assertIn("Who took over Nora Vidal took over on", text)
        self.assertIn(f"{day}. {NOTHING_TWICE} {MESSAGE} What you told us", text)
        self.assertIn(f"Nora Vidal takes care of this from now on. {MESSAGE}", text)
        self.assertIn("Your contact Nora Vidal", text)

    def test_who_took_over_a_request(self):
        self._accept(self._offer(self.task))
        self.assertIn("Nora Vidal took over “Radiator” on", self._page_text())
        self.assertIn("Nora Vidal took over “Radiator” on", self._page_text("page_colleague"))

    def test_nothing_before_it_is_accepted(self):
        self._offer()
        self.assertNothingShown()

    def test_nothing_where_the_type_tells_nobody(self):
        self.kind.customer_notice = "none"
        self._accept(self._offer(self.task))
        text = self._page_text()
        self.assertNotIn("took over on", text)
        self.assertNotIn(MESSAGE, text)

    def test_nothing_of_hidden_requests(self):
        other = self.task.copy({"customer_visible": False, "customer_label": "Cellar"})
        self.task.customer_visible = False
        for tasks in (self.task, self.task + other):
            with self.subTest(tasks):
                self._accept(self._offer(tasks))
                self.assertNotIn("took over on", self._page_text())
                self.assertFalse(self.env["mail.notification"].search(self._to_customer()))

    def test_nothing_of_a_request_that_is_hidden_later(self):
        self._accept(self._offer(self.task))
        self.task.customer_visible = False
        self.assertNotIn("took over on", self._page_text())

    def test_nothing_of_the_request_of_another_customer(self):
        self.task.partner_id = self.other_customer
        handoff = self._accept(self._offer(self.task))
        self.assertTrue(handoff._is_customer_told())
        self.assertNothingShown()

    def test_the_latest_of_the_last_month(self):
        start = fields.Datetime.now()
        with freeze_time(start - timedelta(days=31)):
            self._accept(self._offer())
        self.assertNotIn("took over on", self._page_text())
        self.assertIn("Nora Vidal takes care of this from now on.", self._page_text())
        self.task.user_ids = self.sender
        with freeze_time(start - timedelta(days=20)):
            self._accept(self._offer(self.task, customer_message=False))
        self.assertIn("Nora Vidal took over “Radiator” on", self._page_text())
        self.sender, self.receiver = self.receiver, self.sender
        with freeze_time(start - timedelta(days=10)):
            self._accept(self._offer())
        self.assertIn("Who took over Emil Kettle took over on", self._page_text())

    def test_words_of_people_are_text(self):
        self._accept(self._offer(customer_message="<script>alert(1)</script>"))
        self.assertNotIn("<script>alert(1)", self._page("page_customer").text)

    def _to_customer(self):
        company = self.customer
        return [("res_partner_id.commercial_partner_id", "=", company.id)]


@tagged("post_install", "-at_install")
class TestHandoffWordsStayInside(HandoffPageCase):
    """Every internal word of a handoff is a marker: whatever reaches the customer has none."""

    SHOWN = ("customer_message",)

    def _mark(self, records):
        """Write the marker past all guards into every text of records."""
        self.env.flush_all()
        for name, field in records._fields.items():
            is_words = field.type in ("char", "text", "html") and field.store
            if is_words and not field.translate and name not in self.SHOWN:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s WHERE id IN %s",
                        SQL.identifier(records._table),
                        SQL.identifier(name),
                        f"{MARKER} {name}",
                        tuple(records.ids),
                    )
                )
        self.env.invalidate_all()

    def _offer_marked(self):
        """Offer a handoff that was returned once, with a question, a flag and a waived item."""
        self.kind.write({"name": f"{MARKER} type", "description": f"{MARKER} description"})
        self.kind.item_ids.write({"name": f"{MARKER} item", "hint": f"{MARKER} hint"})
        self.env["service.commitment"].create(
            {
                "name": "Warm water",
                "project_id": self.project.id,
                "current_to": "2099-03-20",
                "internal_note": f"{MARKER} note",
            }
        )
        handoff = self._offer(
            history=f"{MARKER} history",
            tried=f"{MARKER} tried",
            contingency=f"{MARKER} contingency",
            customer_mood="upset",
        )
        received = handoff.with_user(self.receiver)
        received.item_ids.create({"handoff_id": handoff.id, "name": f"{MARKER} question"})
        received.action_ask()
        handoff.question_ids.answer = f"{MARKER} answer"
        handoff.question_ids.action_done()
        handoff.action_answer()
        received.action_return(f"{MARKER} return")
        handoff.action_rework()
        handoff.check_ids.filtered(lambda item: not item.required).action_reopen()
        handoff.check_ids.filtered(lambda item: item.state == "open").action_waive(f"{MARKER} w")
        handoff.action_offer()
        received.commitment_item_ids.action_flag(f"{MARKER} doubt")
        return handoff

    def test_nothing_but_the_words_for_the_customer(self):
        handoff = self._offer_marked()
        self._mark(handoff)
        self._mark(handoff.item_ids)
        before = self.env["mail.message"].search([], order="id desc", limit=1)
        self._accept(handoff)
        self._mark(handoff)
        self.assertEqual(handoff.readback_goal, f"{MARKER} readback_goal")
        self.assertEqual(handoff.item_ids[0].answer, f"{MARKER} answer")
        snapshot = self.project._service_customer_snapshot(self.customer)
        page = self._page("page_customer").text
        seen = {"snapshot": repr(snapshot), "page": page, **self._get_mails(before)}
        for place, words in seen.items():
            with self.subTest(place):
                self.assertNotIn(MARKER, words)
                self.assertNotIn("upset", words)
                self.assertIn(MESSAGE, words)

    def _get_mails(self, before):
        """Return what reached the customer since: the conversation and the mails."""
        company = self.customer
        told = self.env["mail.notification"].search(
            [
                ("res_partner_id.commercial_partner_id", "=", company.id),
                ("mail_message_id", ">", before.id),
            ]
        )
        message, mail = told.mail_message_id, told.mail_mail_id
        self.assertEqual((len(message), message.model), (1, "project.project"))
        self.assertEqual(mail.recipient_ids, company)
        shown = self.env["mail.message"].search(
            [
                ("model", "=", "project.project"),
                ("res_id", "=", self.project.id),
                ("subtype_id.internal", "=", False),
                ("is_internal", "=", False),
                ("id", ">", before.id),
                ("message_type", "!=", "user_notification"),
            ]
        )
        self.assertIn(message, shown)
        return {
            "conversation": " ".join(shown.mapped("body")),
            "mail": f"{message.subject} {mail.subject} {mail.body_html}",
        }
