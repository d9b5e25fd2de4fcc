# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import new_test_user, tagged

from .delay_page_common import READ, DelayPageCase


@tagged("post_install", "-at_install")
class TestPromiseAsk(DelayPageCase):
    """“Is this still on time?”: a question of the customer is a suspicion for colleagues."""

    def _ask_url(self, promise):
        return f"{self.url}/promise/{promise.id}/ask"

    def _ask_whether(self, promise, login="page_customer", **values):
        return self._post_form(self._ask_url(promise), login, **values)

    def _get_doubts(self, promise):
        return promise.delay_ids.filtered(lambda one: one.rule == "customer")

    def test_once_for_each_date(self):
        promise = self._promise()
        self.assertIn("Is this still on time?: Heat pump runs", self._read())
        for login in ("page_customer", "page_customer", "page_colleague"):
            response = self._ask_whether(promise, login)
            self.assertEqual(response.status_code, 303)
            text = self._read(response.headers["Location"], login)
            self.assertIn("Thank you. A colleague looks at it and tells you here.", text)
        doubt = self._get_doubts(promise)
        self.assertEqual(len(doubt), 1)
        self.assertEqual((doubt.state, doubt.detected_by), ("suspected", "customer"))
        self.assertEqual(doubt.user_id, self.employee)
        asked = "You asked whether “Heat pump runs” is still on time."
        self.assertEqual(self._read().count(asked), 1)
        with self.at(READ):
            doubt.action_dismiss("It holds.")
        self._ask_whether(promise)
        self.assertEqual(len(self._get_doubts(promise)), 1)
        with self.at(READ):
            promise.action_move(promise.current_to.replace(day=20), "Later.")
        self._ask_whether(promise)
        self.assertEqual(len(self._get_doubts(promise)), 2)

    def test_a_broken_promise(self):
        promise = self._promise()
        later = "2026-03-09 09:00:00"
        with self.at(later):
            promise._break_overdue(self.env.cr.now())
        self.assertIn("How does it stand?: Heat pump runs", self._read(moment=later))
        self.assertEqual(self._ask_whether(promise, moment=later).status_code, 303)

    def test_a_promise_for_a_cancelled_request(self):
        """An old page has the button; nobody is bothered with it."""
        request = self.env["project.task"].create(
            {
                "name": "Valve",
                "customer_label": "Valve",
                "customer_visible": True,
                "project_id": self.project.id,
            }
        )
        promise = self._promise(task_id=request.id)
        with self.at(READ):
            request.state = "1_canceled"
        self.assertNotIn("Is this still on time?", self._read())
        response = self._ask_whether(promise)
        self.assertEqual(response.status_code, 409)
        self.assertIn("This is over already", self._text(response))
        self.assertFalse(self._get_doubts(promise))

    def test_a_promise_that_is_over(self):
        kept, withdrawn = self._promise("Kept"), self._promise("Called off")
        with self.at(READ):
            kept.action_customer_accepted()
            withdrawn.action_withdraw("Not needed.")
        self.assertNotIn("Is this still on time?", self._read())
        for promise in (kept, withdrawn):
            response = self._ask_whether(promise)
            self.assertEqual(response.status_code, 409)
            self.assertIn("This is over already", self._text(response))
            self.assertNotIn("Not needed.", response.text)
            self.assertFalse(promise.delay_ids)

    def test_promises_that_are_not_theirs(self):
        draft = self._promise("Draft", state="draft")
        hidden = self._promise("Hidden", customer_visible=False)
        theirs = self._promise("Theirs", direction="customers")
        task = self._create_internal(
            "project.task", "Lamp", project_id=self.project.id, partner_id=self.other_customer.id
        )
        foreign = self._promise("Foreign", task_id=task.id)
        for promise in (draft, hidden, theirs, foreign):
            with self.subTest(promise.name):
                self.assertEqual(self._ask_whether(promise).status_code, 404)
                self.assertFalse(promise.delay_ids)
        self.assertNotIn("Is this still on time?", self._read())
        for number in ("0", "2147483647", "2147483648", "x"):
            url = f"{self.url}/promise/{number}/ask"
            self.assertEqual(self._post_form(url).status_code, 404)

    def test_nobody_else(self):
        promise = self._promise()
        new_test_user(self.env, "page_clerk", groups="base.group_user")
        self._create_staff()
        evidence = self._get_evidence()
        for login, status in (("page_stranger", 404), ("page_clerk", 404), ("page_staff", 403)):
            response = self._ask_whether(promise, login)
            self.assertEqual(response.status_code, status)
        self.assertIn("Only your customer can answer here.", self._text(response))
        self.assertEqual(self._get_status(self._ask_url(promise), "page_customer"), 405)
        self.assertEqual(self._get_evidence(), evidence)

    def test_without_login_or_token(self):
        promise = self._promise()
        with self.at(READ):
            self.authenticate("page_customer", "page_customer")
            self.assertEqual(self.url_open(self._ask_url(promise), data={"x": 1}).status_code, 400)
            self.authenticate(None, None)
            data = {"csrf_token": "x"}
            response = self.url_open(self._ask_url(promise), data=data, allow_redirects=False)
        self.assertIn(response.status_code, (303, 400))
        self.assertFalse(promise.delay_ids)

    def test_a_thank_you_for_nothing(self):
        foreign = self.env["service.commitment"].search([], order="id desc", limit=1).id + 1
        for query in (f"asked={foreign}", "asked=x", "answered=1", "answered=²", "asked="):
            self.assertNotIn("Thank you", self._read(f"{self.url}?{query}"))
