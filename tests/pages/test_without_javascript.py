"""All that a customer can do, done with the forms of the pages alone."""

import re

from plain_browser import PlainBrowser
from rich_service import RichServiceCase

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MockEmail
from odoo.addons.service_experience_portal.controllers.guess_limit import LIMIT
from odoo.addons.service_experience_portal.controllers.page_sections import SECTIONS
from odoo.addons.service_experience_portal.tests.step_page_common import PDF

SEND = "//form[contains(@class, 'o_service_step_form')]//button[not(@value) or @value='approved']"
ASK = "//form[contains(@class, 'o_service_question')]//button"
UNFIT = 422


@tagged("post_install", "-at_install")
class TestWithoutJavaScript(RichServiceCase, MockEmail):
    def setUp(self):
        super().setUp()
        self.authenticate("page_customer", "page_customer")
        self.browser = PlainBrowser(self.url_open)
        self.path = f"/my/service/{self.rich.id}"

    def assertTaken(self, thanks):
        self.assertEqual((self.browser.status, self.browser.get_problem()), (200, ""))
        self.assertIn(thanks, self.browser.get_words())

    def assertRefused(self, problem):
        self.assertEqual(self.browser.status, UNFIT)
        self.assertIn(problem, self.browser.get_problem())

    def _open_step(self, kind):
        self.browser.open(self.path)
        self.browser.follow(f"{self.path}/step/{self.steps[kind].id}")

    def test_everything_can_be_read(self):
        self.browser.open(self.path)
        for name in SECTIONS:
            with self.subTest(name):
                section = f"//*[@data-section='{name}']"
                self.assertTrue(self.browser.get_words(section))
                headings = self.browser.page.xpath(f"{section}//*[self::h1 or self::h2]")
                self.assertEqual(len(headings), 1)

    def test_nothing_is_said_to_be_live_or_on_its_way(self):
        self.browser.open(self.path)
        [chip] = self.browser.page.xpath("//*[contains(@class, 'o_service_live_chip')]")
        self.assertIsNotNone(chip.get("hidden"))
        words = self.browser.get_words("//main")
        self.assertIn("Cold room", words)
        for word in ("Live", "Offline", "New information", "loading", "Loading", "JavaScript"):
            self.assertNotIn(word, words)
        self.assertFalse(self.browser.page.xpath("//main//*[@aria-busy]"))

    def test_files(self):
        self._open_step("upload")
        self.browser.press(SEND)
        self.assertRefused("Please choose")
        self.browser.press(SEND, files=[("files", ("plan.pdf", PDF))], response="See page 2")
        self.assertTaken("Thank you")
        self.assertEqual(self.steps["upload"].state, "submitted")
        self.assertEqual(self.steps["upload"].attachment_ids.mapped("raw"), [PDF])

    def test_an_answer(self):
        self._open_step("answer")
        self.browser.press(SEND, response=" ")
        self.assertRefused("Please")
        self.browser.press(SEND, response="The blue ones")
        self.assertTaken("Thank you")
        self.assertEqual(self.steps["answer"].response, "The blue ones")

    def test_an_approval(self):
        self._open_step("approve")
        self.browser.press(SEND, decision="declined")
        self.assertRefused("Please")
        [declined] = self.browser.page.xpath("//input[@value='declined']")
        self.assertIsNotNone(declined.get("checked"))
        self.browser.press(SEND, decision="approved")
        self.assertTaken("Thank you")
        self.assertEqual(self.steps["approve"].decision, "approved")

    def test_a_confirmation(self):
        self._open_step("confirm")
        self.browser.press("//button[@value='declined']", response="It is number 5")
        self.assertTaken("Thank you")
        self.assertEqual(self.steps["confirm"].decision, "declined")

    def test_what_was_told_already(self):
        self._open_step("answer")
        self.browser.press("//form[contains(@action, '/told')]//button")
        self.assertTaken("You told us that we know this already.")

    def _button(self, answer):
        action = f"{self.path}/delay/{self.open_delay.id}/answer"
        return f"//form[@action='{action}']//button[@value='{answer}']"

    def test_an_option_and_a_new_date(self):
        self.browser.open(self.path)
        option = self.open_delay.option_ids[0]
        self.browser.press(self._button("accepted"), option=str(option.id))
        self.assertTaken("Thank you")
        self.assertEqual(self.open_delay.response, "accepted")
        self.assertEqual(self.open_delay.option_id, option)

    def test_a_date_that_does_not_suit(self):
        self.browser.open(self.path)
        self.browser.press(self._button("contested"))
        self.assertRefused("Please")
        self.browser.press(self._button("contested"), text="Monday would be better")
        self.assertTaken("Thank you")
        self.assertEqual(self.open_delay.response_text, "Monday would be better")

    def test_a_question_about_a_date(self):
        self.browser.open(f"{self.path}/delay/{self.open_delay.id}/answer")
        self.browser.press(self._button("question"), text="Morning or evening?")
        self.assertTaken("Thank you")

    def test_whether_a_promise_is_on_time(self):
        self.browser.open(self.path)
        self.browser.press(f"//button[contains(@formaction, '/promise/{self.promise.id}/ask')]")
        self.assertTaken("Thank you. A colleague looks at it and tells you here.")

    def test_a_fact(self):
        self.browser.open(self.path)
        self.browser.follow(f"{self.path}/facts/{self.fact.id}")
        self.browser.press(SEND, answer="")
        self.assertRefused("Please write what is right")
        self.browser.press(SEND, answer="Built in 1963")
        self.assertTaken("Thank you, we have noted the correction.")
        self.assertIn("Built in 1963", self.browser.get_words("//*[@data-section='facts']"))

    def test_a_question(self):
        request = f"{self.path}/request/{self.requests['open'].id}"
        for page in (self.path, f"{self.path}/messages", request):
            with self.subTest(page):
                self.browser.open(page)
                self.browser.press(ASK, text="  ")
                self.assertRefused("Please write your question")
                self.browser.press(ASK, text="When do you come?")
                self.assertTaken("Thank you, we have your question.")

    def test_preferences(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.browser.open(self.path)
        self.browser.follow(f"{self.path}/preferences")
        self.browser.press(SEND, level="needed", lang="fa_IR")
        self.assertEqual(self.browser.status, 200)
        [article] = self.browser.page.xpath("//article")
        self.assertEqual((article.get("lang"), article.get("dir")), ("fa-IR", "rtl"))
        self.assertTrue(self.browser.get_thanks())

    def test_whole_lists(self):
        self.browser.open(self.path)
        for name in ("promises", "requests", "facts", "documents", "timeline"):
            with self.subTest(name):
                self.browser.open(self.path)
                self.browser.follow(f"{self.path}/all/{name}")
                self.assertEqual(self.browser.status, 200)
                self.browser.follow(self.path)

    def test_a_link_and_its_code(self):
        LIMIT.clear()
        self.addCleanup(LIMIT.clear)
        self.authenticate(None, None)
        links = self.env["service.portal.link"]
        token = links._make(self.rich, self.person, self.path, "act")
        self.browser.open(f"/s/{token}")
        self.browser.follow(f"{self.path}/confirm?page={self.path}")
        with self.mock_mail_gateway():
            self.browser.press("//form[contains(@action, '/code')]//button")
        [code] = re.findall(r">(\d{6})<", self._mails[0]["body"])
        self.browser.press("//form[contains(@action, '/confirm')]//button", code="000")
        self.assertRefused("code")
        self.browser.press("//form[contains(@action, '/confirm')]//button", code=code)
        self.browser.press(ASK, text="Do you read this?")
        self.assertTaken("Thank you, we have your question.")

    def test_a_link_that_ended(self):
        self.authenticate(None, None)
        self.browser.open(f"/s/{'x' * 43}")
        self.browser.press("//form[@action='/s/renew']//button")
        self.assertIn("a new one is on its way", self.browser.get_words())
