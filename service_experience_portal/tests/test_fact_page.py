# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.tests import new_test_user, tagged

from odoo.addons.service_experience.models.project.service_conversation import (
    ASKED_LIMIT,
    ASKED_WITHIN,
)

from .section_page_common import SectionPageCase


@tagged("post_install", "-at_install")
class TestFactPage(SectionPageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fact = cls._note()

    @classmethod
    def _note(cls, **values):
        return cls.env["service.fact"].create(
            {
                "project_id": cls.project.id,
                "question": "When may we drill?",
                "answer": "From ten on.",
                "said_by_id": cls.person.id,
                **values,
            }
        )

    def _fact_url(self, fact=None):
        return f"{self.url}/facts/{(fact or self.fact).id}"

    def _correct(self, answer, fact=None, login="page_customer"):
        return self._post(self._fact_url(fact), login, answer=answer)

    def test_page(self):
        words = self._section("facts")
        self.assertIn("From ten on.", words)
        self.assertIn("Correct this", words)
        response = self._page("page_customer", self._fact_url())
        self.assertIn("When may we drill?", self._text(response))
        self.assertIn(">From ten on.</textarea>", response.text)
        self.assertFalse(self.fact.superseded_by_id)

    def test_correction(self):
        answer = self._correct("From eleven on.\nNot on Sundays.")
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(
            answer.headers["Location"].endswith(f"{self.url}?noted=facts#service_facts")
        )
        successor = self.fact.superseded_by_id
        self.assertEqual(successor.answer, "From eleven on.\nNot on Sundays.")
        self.assertEqual(successor.said_by_id, self.person)
        self.assertEqual(successor.source_ref, "Customer page")
        words = self._section("facts", url=self.url + "?noted=facts")
        self.assertIn("Thank you, we have noted the correction.", words)
        self.assertIn("From eleven on.", words)
        self.assertNotIn("From ten on.", words)
        self.assertIn("You corrected “When may we drill?”.", self._section("timeline"))
        note = self.project.message_ids[0]
        self.assertEqual(note.partner_ids, self.employee.partner_id)
        self.assertEqual(note.author_id, self.person)

    def test_the_other_address(self):
        url = f"{self.url}/facts"
        answer = self._post(url, "page_customer", fact_id=str(self.fact.id), answer="From noon on.")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.fact.superseded_by_id.answer, "From noon on.")
        for fact_id in ("", "x", "2147483647"):
            answer = self._post(url, "page_customer", fact_id=fact_id, answer="No")
            self.assertEqual(answer.status_code, 404)

    def test_what_is_not_taken(self):
        for answer, words in (
            (" ", "Please write what is right"),
            ("From ten  on. ", "This is what we have already"),
            ("x" * 20_001, "Your text has more than 20000 characters"),
        ):
            response = self._correct(answer)
            self.assertEqual(response.status_code, 422)
            self.assertIn(words, self._text(response))
            self.assertIn(f">{answer}</textarea>", response.text)
        self.assertFalse(self.fact.superseded_by_id)

    def test_somebody_else_was_faster(self):
        self.fact._correct("From nine on.", self.person, "A call")
        response = self._correct("From noon on.")
        self.assertEqual(response.status_code, 409)
        words = self._text(response)
        self.assertIn("Somebody corrected this just before you", words)
        self.assertIn("From nine on.", words)
        self.assertIn(">From noon on.</textarea>", response.text)
        self.assertIn(f'action="{self._fact_url(self.fact.superseded_by_id)}"', response.text)
        self.assertEqual(
            self._correct("From noon on.", self.fact.superseded_by_id).status_code, 303
        )

    def test_somebody_else_at_the_same_moment(self):
        fact = type(self.fact)
        with patch.object(fact, "_correct", side_effect=UniqueViolation("at once")):
            response = self._correct("From noon on.")
        self.assertEqual(response.status_code, 409)
        self.assertIn(">From noon on.</textarea>", response.text)

    def test_an_old_page_leads_to_what_holds_now(self):
        successor = self.fact._correct("From nine on.", self.person, "A call")
        self.assertIn("From nine on.", self._text(self._page("page_customer", self._fact_url())))
        successor.customer_visible = False
        self.assertEqual(self._status(self._fact_url(), "page_customer"), 404)

    def test_not_theirs(self):
        personal = self._note(question="Who decides?", sensitivity="personal")
        hidden = self._note(question="Hidden?", customer_visible=False)
        foreign = self._note(partner_id=self.stranger.id, project_id=False)
        old = self._note(valid_until="2020-01-01")
        for fact, login, status in (
            (self.fact, "page_stranger", 404),
            (self.fact, "page_colleague", 200),
            (personal, "page_customer", 200),
            (personal, "page_colleague", 404),
            (hidden, "page_customer", 404),
            (foreign, "page_customer", 404),
            (old, "page_customer", 404),
        ):
            with self.subTest(fact=fact.question, login=login):
                self.assertEqual(self._status(self._fact_url(fact), login), status)
                if status == 404:
                    self.assertEqual(self._correct("No", fact, login).status_code, 404)

    def test_corrections_without_end(self):
        """Each is a message to a colleague: a program of a customer does not send thousands."""
        fact, answers = self.fact, []
        for number in range(ASKED_LIMIT + 1):
            answers.append(self._correct(f"From {number} on.", fact).status_code)
            fact = fact.superseded_by_id or fact
        self.assertEqual(answers, [303] * ASKED_LIMIT + [422])
        response = self._correct("From noon on.", fact)
        self.assertIn("please wait a few minutes", self._text(response))
        self.assertIn(">From noon on.</textarea>", response.text)
        self.assertEqual(self._correct("From one on.", fact, "page_colleague").status_code, 303)
        fact = fact.superseded_by_id
        with freeze_time(fields.Datetime.now() + ASKED_WITHIN):
            self.assertEqual(self._correct("From noon on.", fact).status_code, 303)

    def test_what_we_note_for_them_does_not_count(self):
        fact = self.fact.with_user(self.employee)
        for number in range(ASKED_LIMIT):
            fact = fact._correct(f"From {number} on.", self.person, "A call")
        self.assertEqual(self._correct("From noon on.", fact).status_code, 303)

    def test_what_is_personal_leaves_no_trace(self):
        personal = self._note(question="Who decides?", sensitivity="personal")
        self.assertEqual(self._correct("Ada", personal).status_code, 303)
        self.assertNotIn("Who decides?", self._section("timeline"))

    def test_who_may_correct(self):
        new_test_user(self.env, "page_staff", groups="project.group_project_user")
        staff = self._correct("Kept words", login="page_staff")
        self.assertEqual(staff.status_code, 403)
        self._open_link("read")
        self.assertEqual(self._correct("Kept words", login=None).status_code, 403)
        link = self._open_link("act")
        refused = self._correct("Kept words", login=None)
        self.assertEqual(refused.status_code, 403)
        self.assertIn(f"/confirm?page={self._fact_url()}", refused.text)
        self.assertFalse(self.fact.superseded_by_id)
        self._confirm(link)
        self.assertEqual(self._correct("From noon on.", login=None).status_code, 303)
        self.assertEqual(self.fact.superseded_by_id.said_by_id, self.person)
