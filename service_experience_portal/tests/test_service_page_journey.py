# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .step_page_common import StepPageCase


@tagged("post_install", "-at_install")
class TestServicePageJourney(StepPageCase):
    """The sections of the page about needs, promises, facts and history."""

    def _promise_late(self):
        with freeze_time(datetime.now() - timedelta(days=9)):
            promise = self.env["service.commitment"].create(
                {
                    "name": "Heat pump runs",
                    "project_id": self.project.id,
                    "current_to": date.today() + timedelta(days=7),
                }
            )
        self.project.primary_commitment_id = promise
        return promise

    def _customer_text(self):
        self.env.flush_all()
        return self._text(self._page("page_customer"))

    def test_a_late_service_names_its_new_date_and_why(self):
        promise = self._promise_late()
        text = self._customer_text()
        self.assertIn("We have not set a new date yet.", text)
        promise.action_move(date(2099, 3, 2), "The pump arrived damaged.")
        text = self._customer_text()
        for words in (
            "and that is our fault. The new date is Mon, Mar 2, 2099.",
            "Why it moved: The pump arrived damaged.",
            "New date Monday, March 2, 2099",
            "First promised for",
            "Moved to Mon, Mar 2, 2099 The pump arrived damaged. We told you on",
        ):
            self.assertIn(words, text)
        self.assertNotIn("We have not set a new date yet.", text)

    def test_a_date_that_is_not_known_yet(self):
        promise = self._promise_late()
        promise.action_move(None, "The pump arrived damaged.", known_by=date(2099, 3, 2))
        text = self._customer_text()
        self.assertIn("We tell you the new date by Mon, Mar 2, 2099.", text)
        self.assertIn("Promised date We tell you by Mon, Mar 2, 2099", text)

    def test_nothing_yet_in_every_health(self):
        titles = ["Dates and promises", "What you told us", "What has happened"]
        for status in ("on_track", "at_risk", "on_hold", "done"):
            self.project.last_update_status = status
            text = self._customer_text()
            for title in titles:
                self.assertIn(title, text)
            done = status == "done"
            self.assertEqual("Nothing needed from you any more." in text, done)
            self.assertEqual("Nothing needed from you right now." in text, not done)

    def test_needs_with_one_button_each(self):
        step = self._ask(effort_minutes=5, effect_if_late="the visit moves")
        text = self._customer_text()
        for words in (
            "What we need from you Send us the floor plan We plan the pipes on it.",
            "Takes about 5 minutes.",
            "If it comes later: the visit moves",
            "We asked you: Send us the floor plan",
        ):
            self.assertIn(words, text)
        page = self._page("page_customer").text
        self.assertIn(f'href="{self._step_url(step)}"', page)
        self.assertIn(f'data-seen-url="{self.url}/seen"', page)

    def test_what_you_told_us(self):
        step = self._ask("answer", title="How old is the house?")
        self._send(step, response="From 1963")
        step.action_done()
        text = self._customer_text()
        self.assertIn("How old is the house? From 1963 page_customer", text)
        self.assertIn("Done: How old is the house?", text)

    def test_words_of_people_are_text(self):
        self._ask(title="<b>Plan</b>", why="<script>alert(1)</script>")
        page = self._page("page_customer").text
        self.assertNotIn("<script>alert(1)", page)
        self.assertNotIn("<b>Plan</b>", page)
