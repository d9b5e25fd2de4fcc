# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime

from lxml import html

from odoo.tests import new_test_user, tagged

from odoo.addons.service_experience_portal.controllers.step_words import MAX_TEXT

from .delay_page_common import READ, DelayPageCase

WORDS = "Please come\r\nin the morning."


@tagged("post_install", "-at_install")
class TestDelayAnswer(DelayPageCase):
    """What the customer says to a new date, with nothing but a form."""

    def test_accepted(self):
        delay = self._tell()
        response = self._answer(delay, "accepted")
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(f"{self.url}?answered={delay.id}"))
        self.assertEqual((delay.response, delay.state), ("accepted", "communicated"))
        self.assertEqual(delay.responded_at, datetime.fromisoformat(READ))
        self.assertEqual(delay.revision_id.acknowledgement, "accepted")
        text = self._read(response.headers["Location"])
        self.assertIn("Thank you, we have noted your answer to “Heat pump runs”.", text)
        self.assertIn("You accepted this date on Thu, Mar 5, 8:00 AM.", text)
        self.assertIn("You accepted the new date of “Heat pump runs”.", text)
        self.assertNotIn("This date suits me", text)

    def test_contested(self):
        delay = self._tell()
        response = self._answer(delay, "contested", text=WORDS)
        self.assertEqual((response.status_code, delay.response), (303, "contested"))
        self.assertEqual(delay.revision_id.acknowledgement, "contested")
        text = self._read(response.headers["Location"])
        self.assertIn("your answer to “Heat pump runs”. A colleague calls you.", text)
        self.assertIn(
            "You told us on Thu, Mar 5, 8:00 AM that this does not suit you. A colleague calls "
            "you. Please come in the morning.",
            text,
        )
        calls = self.project.activity_ids.filtered(lambda one: "Call them" in (one.summary or ""))
        self.assertEqual(calls.user_id, self.employee)

    def test_a_question_and_then_yes(self):
        delay = self._tell()
        response = self._answer(delay, "question", text="Is Monday possible?")
        self.assertEqual((response.status_code, delay.response), (303, "question"))
        self.assertEqual(delay.revision_id.acknowledgement, "none")
        text = self._read(response.headers["Location"])
        for words in (
            "we have your question about “Heat pump runs”. We answer it here and by mail.",
            "You asked us on Thu, Mar 5, 8:00 AM. We answer your question here and by mail. Is "
            "Monday possible?",
            "This date suits me",
        ):
            self.assertIn(words, text)
        self.assertEqual(self._answer(delay, "accepted").status_code, 303)
        self.assertEqual(delay.response, "accepted")

    def test_an_option(self):
        delay = self._tell(options=["A loan device", "Come on Saturday"])
        chosen = delay.option_ids[1]
        page = self._get().text
        for words in ("A loan device", "Come on Saturday", "None of these", "This suits me"):
            self.assertIn(words, page)
        self.assertEqual(self._answer(delay, "accepted", option=chosen.id).status_code, 303)
        self.assertEqual(delay.option_id, chosen)
        self.assertIn("You chose: Come on Saturday", self._read())

    def test_an_answer_where_the_date_is_not_known(self):
        delay = self._tell(new_from=False, new_to=False, known_by="2026-03-09")
        self.assertIn("This suits me", self._read())
        self.assertEqual(self._answer(delay, "accepted").status_code, 303)
        self.assertIn("You agreed on Thu, Mar 5", self._read())

    def test_an_answer_that_a_colleague_noted(self):
        delay = self._tell()
        self._post_form(f"{self.url}/seen")
        with self.at(READ):
            delay.revision_id.action_accept()
        self.assertIn("You accepted this date on Thu, Mar 5", self._read())

    def test_silence_is_consent(self):
        delay = self._tell()
        self._post_form(f"{self.url}/seen")
        with self.at("2026-03-12 23:00:00"):
            delay.revision_id._acknowledge("tacit")
        later = "2026-03-13 08:00:00"
        self.assertIn("You did not object, so this date counts.", self._read(moment=later))
        self.assertEqual(self._answer(delay, "contested", text="x").status_code, 409)

    def test_an_answer_is_seen(self):
        delay = self._tell()
        self._answer(delay, "question", text="Why?")
        self.assertEqual((delay.state, delay.told_before), ("communicated", True))
        self.assertEqual(delay.communicated_at, delay.responded_at)

    def test_without_scripts_and_by_keyboard(self):
        delay = self._tell(options=["A loan device"])
        for url in (self.url, self._delay_url(delay)):
            root = html.fromstring(self._get(url).content)
            [form] = root.xpath("//form[contains(@class, 'o_service_delay_form')]")
            self.assertEqual(form.get("action"), self._delay_url(delay))
            self.assertEqual(form.get("method"), "post")
            answers = [(line.get("name"), line.get("value")) for line in form.xpath(".//button")]
            names = ("", "accepted", "contested", "question")  # the first is what Enter presses
            self.assertEqual(answers, [("answer", name) for name in names])
            [area] = form.xpath(".//textarea[@name='text']")
            self.assertTrue(form.xpath(f".//label[@for='{area.get('id')}']"))
            self.assertEqual(len(form.xpath(".//input[@type='radio'][@name='option']")), 2)
            self.assertEqual(len(form.xpath(".//input[@name='csrf_token']")), 1)
            self.assertEqual(len(root.xpath("//h1")), 1)


@tagged("post_install", "-at_install")
class TestDelayAnswerRefusals(DelayPageCase):
    def _assertRefused(self, delay, sentence, answer, status=422, **form):
        response = self._answer(delay, answer, **form)
        self.assertEqual(response.status_code, status)
        self.assertIn(sentence, self._text(response))
        self.assertEqual((delay.response, delay.state), ("none", "confirmed"))
        return html.fromstring(response.content)

    def test_nothing_typed_is_lost(self):
        delay = self._tell(options=["A loan device", "Come on Saturday"])
        chosen = delay.option_ids[1]
        other = self._tell(self._promise("Warm water"), options=["Foreign"]).option_ids
        for answer, sentence, option in (
            ("maybe", "Please choose one of the buttons below.", chosen.id),
            ("", "Please choose one of the buttons below.", chosen.id),
            ("accepted", "Please choose one of the options", other.id),
            ("accepted", "Please choose one of the options", "²"),
            ("accepted", "Please choose one of the options", "9" * 30),
        ):
            with self.subTest(answer, option=option):
                root = self._assertRefused(delay, sentence, answer, text=WORDS, option=option)
                [area] = root.xpath("//textarea[@name='text']")
                self.assertEqual(area.text_content().split(), WORDS.split())
                self.assertEqual(area.get("aria-describedby"), "service_delay_problem")
                self.assertTrue(root.xpath("//details[@open]"))
                kept = root.xpath("//input[@name='option'][@checked]/@value")
                self.assertEqual(kept, [str(option) if option == chosen.id else ""])

    def test_words_that_are_needed(self):
        delay = self._tell()
        for answer, sentence in (
            ("contested", "Please write what would suit you better, then send it."),
            ("question", "Please write your question, then send it."),
        ):
            self._assertRefused(delay, sentence, answer)
            self._assertRefused(delay, sentence, answer, text=" \r\n\x00 ")

    def test_long_words(self):
        delay = self._tell()
        words = "x" * (MAX_TEXT + 1)
        root = self._assertRefused(delay, f"more than {MAX_TEXT}", "question", text=words)
        self.assertEqual(root.xpath("string(//textarea)").strip(), words)
        self.assertEqual(self._answer(delay, "question", text=words[1:]).status_code, 303)
        self.assertEqual(len(delay.response_text), MAX_TEXT)

    def test_signs_that_cannot_be_stored(self):
        delay = self._tell()
        self.assertEqual(self._answer(delay, "question", text="W\x00hy?").status_code, 303)
        self.assertEqual(delay.response_text, "Why?")

    def test_sent_twice(self):
        for answer in ("accepted", "contested"):
            delay = self._tell(self._promise(answer))
            self._answer(delay, answer, text="First")
            evidence = self._get_evidence()
            response = self._answer(delay, "contested", text="Second")
            self.assertEqual(response.status_code, 409)
            self.assertIn("We have your answer. Thank you.", self._text(response))
            self.assertIn(">Second</textarea>", response.text)
            self.assertIn("so that you can copy it", response.text)
            self.assertEqual((delay.response, delay.response_text), (answer, "First"))
            self.assertEqual(self._get_evidence(), evidence)

    def test_a_promise_that_was_kept_meanwhile(self):
        delay = self._tell()
        with self.at(READ):
            delay.commitment_id.action_customer_accepted()
        response = self._answer(delay, "contested", text="Second")
        self.assertEqual((response.status_code, delay.response), (409, "none"))
        self.assertIn("This is over.", self._text(response))
        self.assertIn(">Second</textarea>", response.text)
        self.assertIn("This is over.", self._read(self._delay_url(delay)))

    def test_a_date_that_moved_again(self):
        delay = self._tell()
        later = self._confirm(
            delay.commitment_id,
            at="2026-03-04 11:00:00",
            new_from=False,
            new_to="2026-03-20",
            means_for_you=False,
        )
        with self.at("2026-03-04 12:00:00"):
            later.action_tell()
        self._post_form(f"{self.url}/seen")
        self.assertEqual((delay.state, later.state), ("superseded", "communicated"))
        self.assertEqual(self._answer(delay, "accepted").status_code, 409)
        self.assertEqual(self._answer(later, "accepted").status_code, 303)

    def test_without_token(self):
        delay = self._tell()
        with self.at(READ):
            self.authenticate("page_customer", "page_customer")
            response = self.url_open(self._delay_url(delay), data={"answer": "accepted"})
        self.assertEqual((response.status_code, delay.response), (400, "none"))

    def test_other_methods(self):
        delay = self._tell()
        for url, allowed in ((self._delay_url(delay), True), (f"{self.url}/seen", False)):
            for method in ("PUT", "DELETE", "PATCH"):
                self.assertEqual(self._get_status(url, "page_customer", method=method), 405)
            status = self._get_status(url, "page_customer", method="GET")
            self.assertEqual(status, 200 if allowed else 405)
        self.assertEqual(delay.state, "confirmed")


@tagged("post_install", "-at_install")
class TestDelayAccess(DelayPageCase):
    """Who may read the page of a delay, and who may answer: for every role."""

    def _get_statuses(self, delay, login, url=None):
        url = url or self._delay_url(delay)
        read = self._get_status(url, login)
        return read, self._post_form(url, login, answer="accepted").status_code

    def test_the_customer_and_their_colleagues(self):
        for login in ("page_customer", "page_colleague"):
            self.assertEqual(
                self._get_statuses(self._tell(self._promise(login)), login), (200, 303)
            )

    def test_nobody_else(self):
        delay = self._tell()
        new_test_user(self.env, "page_clerk", groups="base.group_user")
        self.project.message_subscribe(self.other_customer.ids)
        for login in ("page_stranger", "page_clerk"):
            self.assertEqual(self._get_statuses(delay, login), (404, 404))
        self.assertEqual(delay.response, "none")

    def test_staff_look_and_do_not_act(self):
        delay = self._tell()
        self._create_staff()
        evidence = self._get_evidence()
        self.assertEqual(self._get_statuses(delay, "page_staff"), (200, 403))
        response = self._answer(delay, "question", "page_staff", text="Mine")
        self.assertIn("Only your customer can answer here.", self._text(response))
        self.assertIn("Mine</textarea>", response.text)
        for url in (self.url, self._delay_url(delay)):
            self.assertNotIn("data-seen-url", self._get(url, "page_staff").text)
        self.assertEqual(self._get_evidence(), evidence)

    def test_without_login(self):
        delay = self._tell()
        with self.at(READ):
            self.authenticate(None, None)
            url = self._delay_url(delay)
            read = self.url_open(url, allow_redirects=False)
            token = {"csrf_token": "x"}
            sent = self.url_open(url, data={"answer": "accepted", **token}, allow_redirects=False)
        self.assertEqual(read.status_code, 303)
        self.assertIn("/web/login", read.headers["Location"])
        self.assertIn(sent.status_code, (303, 400))
        self.assertEqual((delay.response, delay.state), ("none", "confirmed"))

    def test_delays_that_are_not_theirs(self):
        confirmed = self._confirm()
        foreign = self._create_foreign()
        for delay in (confirmed, foreign):
            self.assertEqual(self._get_statuses(delay, "page_customer"), (404, 404))
        for number in ("0", "2147483647"):
            url = f"{self.url}/delay/{number}/answer"
            self.assertEqual(self._get_statuses(foreign, "page_customer", url), (404, 404))
        for number in ("2147483648", "9" * 30, "x"):
            url = f"{self.url}/delay/{number}/answer"
            self.assertEqual(self._get_status(url, "page_customer"), 404)
        self.assertEqual(foreign.response, "none")

    def _create_foreign(self):
        """Tell another customer of a delay in the same service, on a request of theirs."""
        task = self._create_internal(
            "project.task",
            "Lamp",
            project_id=self.project.id,
            partner_id=self.other_customer.id,
        )
        foreign = self._tell(self._promise("Foreign lamp", task_id=task.id))
        self.assertEqual(foreign.partner_id, self.other_customer)
        self.assertNotIn("Foreign lamp", self._get().text)
        return foreign

    def test_a_service_without_a_page(self):
        delay = self._tell()
        self.project.customer_visible = False
        self.assertEqual(self._get_statuses(delay, "page_customer"), (404, 404))
