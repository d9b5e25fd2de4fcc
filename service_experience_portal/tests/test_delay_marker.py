# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .delay_page_common import NOTICED, READ, TOLD, DelayPageCase
from .test_service_page import MARKER

# What the customer reads, by model; every other text is for colleagues.
SHOWN = {
    "service.delay": {"customer_explanation", "doing", "means_for_you", "response_text"},
    "service.delay.option": {"name"},
    "service.delay.reason": {"customer_label"},
    "service.commitment": {"name"},
    "service.commitment.revision": {"text"},
}
GROUP = "service_experience.service_experience_group_%s"


@tagged("post_install", "-at_install")
class TestDelayWordsStayInside(DelayPageCase):
    """Every internal word of a delay is a marker: whatever reaches the customer has none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = new_test_user(cls.env, "page_lead", groups=GROUP % "lead", name=f"{MARKER} Lead")
        cls.team = cls.env["service.team"].create(
            {"name": f"{MARKER} team", "lead_user_id": cls.lead.id}
        )
        cls.project.service_team_id = cls.team
        cls.noticer = new_test_user(
            cls.env, "page_noticer", groups=GROUP % "user", name=f"{MARKER} Noticer"
        )
        cls.second = cls.reason.copy(
            {"name": f"{MARKER} second", "code": "T-2", "customer_label": f"{MARKER} second label"}
        )

    def _mark(self, records):
        """Write the marker past all guards into every internal text of records."""
        self.env.flush_all()
        for name, field in records._fields.items():
            is_words = field.type in ("char", "text", "html", "json") and field.store
            if is_words and not field.related and name not in SHOWN[records._name]:
                words = SQL("%s || id", f"{MARKER} {name} ")  # some have to differ
                if field.type == "json" or field.translate:
                    words = SQL("jsonb_build_object('en_US', %s)", words)
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s WHERE id IN %s",
                        SQL.identifier(records._table),
                        SQL.identifier(name),
                        words,
                        tuple(records.ids),
                    )
                )
        self.env.invalidate_all()

    def _tell_marked(self):
        """Notice, approve and tell a delay by several people, with an internal note of each."""
        promise = self._promise()
        files = self.env["ir.attachment"].with_user(self.employee)
        evidence = files.create({"name": f"{MARKER}.pdf", "raw": b"%PDF-1.4"})
        with self.at(NOTICED):
            noticed = self.env["service.delay"].with_user(self.noticer)
            delay = noticed.create(
                {"project_id": self.project.id, "commitment_id": promise.id}
            ).with_user(self.employee)
            delay.write(
                {
                    "reason_id": self.reason.id,
                    "second_reason_id": self.second.id,
                    "new_to": "2026-03-13",
                    "customer_explanation": "The pump arrived damaged.",
                    "doing": "A new one is on its way.",
                    "next_update_due": "2026-03-10 15:00:00",
                    "internal_cause": f"{MARKER} cause",
                    "lesson": f"{MARKER} lesson",
                    "personal_contact": f"{MARKER} contact",
                    "evidence_ids": [Command.link(evidence.id)],
                    "option_ids": [Command.create({"name": "A loan device"})],
                }
            )
            delay.action_confirm()
            delay.action_ask_approval()
            delay.with_user(self.lead).action_approve()
        for records in (delay, self.reason | self.second, promise, promise.revision_ids):
            self._mark(records.sudo())
        with self.at(TOLD):
            delay.action_tell()
        self._mark(delay.sudo())
        return delay.sudo()

    def test_nothing_but_the_words_for_the_customer(self):
        delay = self._tell_marked()
        self.assertEqual(delay.internal_cause, f"{MARKER} internal_cause {delay.id}")
        self.assertEqual(delay.signal, {"en_US": f"{MARKER} signal {delay.id}"})
        self.assertEqual(delay.reason_id.name, f"{MARKER} name {delay.reason_id.id}")
        self._assertClean(delay)
        self._answer(delay, "question", text="Why?")
        self._mark(delay)
        self._assertClean(delay)

    def test_keys_are_the_whitelist(self):
        self._tell(options=["A loan device"])
        with self.at(READ):
            snapshot = self.project._service_customer_snapshot(self.person)
        [delay], [promise] = snapshot["delays"], snapshot["promises"]
        about = {"id", "request_id", "revision_id", "name", "reason", "explanation", "doing"}
        dates = {"old_to", "from", "to", "known_by", "confidence", "next_update", "told_at"}
        answers = {"response", "response_text", "responded_at", "option", "options"}
        states = {"means", "is_open", "is_told", "unseen", "can_answer"}
        self.assertEqual(set(delay), about | dates | answers | states)
        self.assertEqual([set(option) for option in delay["options"]], [{"id", "name"}])
        [move] = promise["moves"]
        self.assertEqual(
            set(move),
            {"from", "to", "known_by", "text", "told_at", "acknowledgement", "reason", "answer_id"},
        )

    def _assertClean(self, delay):
        with self.at(READ):
            snapshot = repr(self.project._service_customer_snapshot(self.person))
        note = delay.message_id.notification_ids
        self.assertEqual(note.res_partner_id, self.person)
        refused = self._post_form(self._delay_url(delay), text="x", option="0")
        self.assertEqual(refused.status_code, 422)
        seen = {
            "snapshot": snapshot,
            "page": self._get().text,
            "page of the delay": self._get(self._delay_url(delay)).text,
            "refusal": refused.text,
            "message": f"{delay.message_id.subject} {delay.message_id.body}",
            "mail": f"{note.mail_mail_id.subject} {note.mail_mail_id.body_html}",
        }
        for place, words in seen.items():
            with self.subTest(place):
                self.assertNotIn(MARKER.lower(), words.lower())
                self.assertIn("new date" if place == "mail" else "damaged", words.lower())

    def test_nothing_of_what_was_dismissed_or_is_suspected(self):
        promise = self._promise()
        with self.at(NOTICED):
            values = {"project_id": self.project.id, "commitment_id": promise.id}
            dismissed = self.env["service.delay"].create(values)
            dismissed.action_dismiss("Nothing of it.")
            suspected = self.env["service.delay"].create(values)
        self._mark(dismissed | suspected)
        self.assertIn(MARKER, dismissed.dismiss_reason)
        for url in (self.url, *map(self._delay_url, dismissed | suspected)):
            with self.at(READ):
                self.authenticate("page_customer", "page_customer")
                response = self.url_open(url)
            self.assertEqual(response.status_code, 200 if url == self.url else 404)
            self.assertNotIn(MARKER, response.text)

    def test_nothing_of_another_customer(self):
        task = self._create_internal(
            "project.task", "Lamp", project_id=self.project.id, partner_id=self.other_customer.id
        )
        foreign = self._tell(
            self._promise("Foreign lamp", task_id=task.id), customer_explanation="Foreign words."
        )
        self._tell()
        for viewer, shown, hidden in (
            (self.person, "Heat pump runs", "Foreign"),
            (self.other_customer, "Foreign words.", "Heat pump runs"),
        ):
            with self.at(READ):
                snapshot = repr(self.project._service_customer_snapshot(viewer))
            self.assertIn(shown, snapshot)
            self.assertNotIn(hidden, snapshot)
        self.assertNotIn("Foreign", self._read())
        self._post_form(f"{self.url}/seen")
        self.assertEqual(foreign.state, "confirmed")


@tagged("post_install", "-at_install")
class TestEveryHealth(DelayPageCase):
    """The page has its words for every health, with and without something to explain."""

    HEALTHS = (
        ("not_started", "Not started yet"),
        ("on_track", "On track"),
        ("at_risk", "At risk"),
        ("late", "Late"),
        ("waiting_customer", "Waiting for you"),
        ("paused", "Paused"),
        ("done", "Done"),
        ("cancelled", "Cancelled"),
    )
    TITLE = "Why it takes longer and what we do"

    def _texts(self):
        """Return the texts of the page by health; not every one of them can be brought about."""
        Project = self.env.registry["project.project"]
        prepare = Project._prepare_service_header
        for health, words in self.HEALTHS:
            with patch.object(
                Project,
                "_prepare_service_header",
                lambda *args, health=health: prepare(*args) | {"health": health},
            ):
                yield health, words, self._read()

    def test_nothing_told(self):
        for health, words, text in self._texts():
            with self.subTest(health):
                self.assertIn(f" {words} ", text)
                self.assertEqual(self.TITLE in text, health in ("at_risk", "late"))

    def test_something_told(self):
        self._tell()
        for health, words, text in self._texts():
            with self.subTest(health):
                self.assertIn(words, text)
                self.assertIn(f"{self.TITLE} Heat pump runs A part came late", text)
                self.assertNotIn("have not told you the reason", text)
