# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from odoo.addons.service_experience_portal.controllers import uploaded_files

from .step_page_common import PDF, StepPageCase

ONE_BUTTON = ("confirm", "info", "do", "attend", "give_access")
REFUSED = [
    ("page.pdf", b"<!DOCTYPE html><html><script>alert(1)</script></html>", "not what its name"),
    ("page.txt", b"  <html><body>x</body></html>", "not what its name"),
    ("page.html", b"<html></html>", "cannot take files like"),
    ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot take files like"),
    ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not what its name"),
    ("tool.exe", b"MZ\x90\x00", "cannot take files like"),
    ("tool.pdf", b"MZ\x90\x00", "not what its name"),
    ("plan.pdf.exe", PDF, "cannot take files like"),
    ("run.js", b"alert(1)", "cannot take files like"),
    ("noending", PDF, "cannot take files like"),
    ("empty.pdf", b"", "is empty"),
]
TAKEN = [
    ("plan.PDF", PDF),
    ("photo.jpg", b"\xff\xd8\xff\xe0 x"),
    ("photo.heic", b"\x00\x00\x00\x18ftypheic"),
    ("film.mp4", b"\x00\x00\x00\x18ftypisom"),
    ("list.csv", "Raum;Größe".encode("latin-1")),
    ("list.xlsx", b"PK\x03\x04 x"),
    ("plan.dxf", b"  0\nSECTION\n"),
    ("plan.dwg", b"AC1032 x"),
]


@tagged("post_install", "-at_install")
class TestStepPageKinds(StepPageCase):
    def test_answer(self):
        step = self._ask("answer")
        response = self._send(step, response="Two floors.\r\nNo cellar.")
        self.assertEqual(response.status_code, 303)
        self.assertEqual((step.state, step.submitted_by_id), ("submitted", self.person))
        self.assertIn("Two floors.", step.response)
        text = self._text(self._page("page_customer", response.headers["Location"]))
        self.assertIn("Thank you, we have your answer to “Send us the floor plan”.", text)
        self.assertIn("We have your answer, we look at it by", text)
        self.assertIn("Nothing needed from you right now.", text)

    def test_upload(self):
        step = self._ask()
        response = self._send(
            step, files=self._file() + self._file("../cellar\u202e.pdf"), response="Both floors"
        )
        self.assertEqual(response.status_code, 303)
        files = step.attachment_ids
        self.assertEqual(sorted(files.mapped("name")), ["cellar.pdf", "plan.pdf"])
        self.assertEqual(set(files.mapped("raw")), {PDF})
        self.assertEqual(set(files.mapped("res_model")), {"project.project"})
        self.assertEqual(set(files.mapped("res_id")), {self.project.id})
        self.assertFalse(any(files.mapped("public")))

    def test_approve(self):
        step = self._ask("approve")
        self.assertEqual(self._send(step, decision="approved").status_code, 303)
        self.assertEqual(step.decision, "approved")
        step = self._ask("approve")
        response = self._send(step, decision="declined", response="A darker colour")
        self.assertEqual((response.status_code, step.decision), (303, "declined"))

    def test_one_button(self):
        for kind in ONE_BUTTON:
            with self.subTest(kind):
                step = self._ask(kind)
                self.assertIn("<button", self._page("page_customer", self._step_url(step)).text)
                self.assertEqual(self._send(step, response="").status_code, 303)
                self.assertEqual(step.state, "done" if kind in ONE_BUTTON[:2] else "submitted")

    def test_every_form_has_its_fields(self):
        fields = {"answer": [], "upload": ["files"], "approve": ["decision"], "confirm": []}
        for kind, names in fields.items():
            text = self._page("page_customer", self._step_url(self._ask(kind))).text
            for name in ("response", *names):
                self.assertIn(f'name="{name}"', text)
            self.assertEqual(text.count("<h1"), 1)

    def test_told_already(self):
        step = self._ask()
        response = self._send(step, to="/told")
        self.assertEqual((response.status_code, step.told_already_count), (303, 1))
        self._send(step, to="/told")
        self.assertEqual(step.told_already_count, 1)
        text = self._text(self._page("page_customer", self._step_url(step)))
        self.assertIn("You told us that we know this already.", text)
        step.action_waive("Found it.")
        self.assertEqual(self._send(step, to="/told").status_code, 409)

    def test_the_mail_leads_to_the_page(self):
        step = self._ask()
        url = step._get_page_url()
        self.assertTrue(url.startswith("http") and url.endswith(self._step_url(step)), url)
        self.assertIn(url, step.message_id.body)
        hidden = self.env["project.task"].create({"name": "x", "project_id": self.project.id})
        self.assertFalse(self._ask(task_id=hidden.id)._get_page_url())


@tagged("post_install", "-at_install")
class TestStepPageRefusals(StepPageCase):
    def _assertRefused(self, step, sentence, status=422, **sent):
        response = self._send(step, response="My words", **sent)
        self.assertEqual(response.status_code, status)
        self.assertIn(sentence, self._text(response))
        self.assertIn(">My words</textarea>", response.text)
        self.assertNotIn(step.state, ("submitted", "done"))
        self.assertFalse(step.attachment_ids)

    def test_files(self):
        step = self._ask()
        for name, content, sentence in REFUSED:
            with self.subTest(name):
                self._assertRefused(step, sentence, files=self._file(name, content))
        self._assertRefused(step, "Please choose a file")
        self._assertRefused(step, "more than 10 files", files=self._file() * 11)
        self._assertRefused(step, "is empty", files=self._file() + self._file("b.pdf", b""))

    def test_large_files(self):
        step = self._ask()
        with patch.object(uploaded_files, "MAX_BYTES", 10):
            self._assertRefused(step, "is larger than 25 MB", files=self._file())
        path = "odoo.addons.service_experience_portal.controllers.service_step.MAX_REQUEST_BYTES"
        with patch(path, 10):
            response = self._send(step, files=self._file())
        self.assertEqual(response.status_code, 303)
        text = self._text(self._page("page_customer", response.headers["Location"]))
        self.assertIn("at most 10 files of 25 MB each", text)
        self.assertEqual(step.state, "requested")

    def test_files_that_are_taken(self):
        for name, content in TAKEN:
            with self.subTest(name):
                step = self._ask()
                response = self._send(step, files=self._file(name, content))
                self.assertEqual((response.status_code, step.state), (303, "submitted"))

    def test_words(self):
        step = self._ask("answer")
        for words, sentence in ((" \n", "Please write your answer"), ("x" * 20001, "20000")):
            response = self._send(step, response=words)
            self.assertEqual((response.status_code, step.state), (422, "requested"))
            self.assertIn(sentence, self._text(response))
            self.assertIn(words.strip(), response.text)
        self.assertEqual(self._send(step, response="a\x00b").status_code, 303)
        self.assertEqual(step.response, "ab")

    def test_decisions(self):
        step = self._ask("approve")
        self._assertRefused(step, "Please choose whether you approve")
        self._assertRefused(step, "Please choose whether you approve", decision="maybe")
        response = self._send(step, decision="declined", response="")
        self.assertEqual(response.status_code, 422)
        self.assertIn("Please write what should be different", self._text(response))

    def test_closed_steps_show_the_words_back(self):
        for deed, sentence in (
            ("action_waive", "We no longer need this from you."),
            ("action_cancel", "We no longer need this from you."),
        ):
            step = self._ask("answer")
            getattr(step, deed)("Not needed.")
            response = self._send(step, response="My words")
            self.assertEqual(response.status_code, 409)
            self.assertIn(sentence, self._text(response))
            self.assertIn(">My words</textarea>", response.text)
            self.assertFalse(step.response)
        self.assertNotIn("Not needed.", response.text)

    def test_a_step_of_a_cancelled_request(self):
        request = self.env["project.task"].create(
            {
                "name": "Valve",
                "customer_label": "Valve",
                "customer_visible": True,
                "project_id": self.project.id,
            }
        )
        step = self._ask("answer", task_id=request.id)
        request.state = "1_canceled"
        page = self._page("page_customer", self._step_url(step))
        self.assertIn("We no longer need this from you.", self._text(page))
        for to in ("", "/told"):
            response = self._send(step, to=to, response="Two floors.")
            self.assertEqual(response.status_code, 409)
        self.assertEqual(step.state, "requested")
        self.assertFalse(step.told_already_at)
        request.state = "01_in_progress"
        self.assertEqual(self._send(step, response="Two floors.").status_code, 303)

    def test_sent_twice(self):
        step = self._ask()
        self._send(step, files=self._file(), response="First")
        response = self._send(step, files=self._file(), response="Second")
        self.assertEqual(response.status_code, 409)
        self.assertIn("We have your answer already.", self._text(response))
        self.assertIn(">Second</textarea>", response.text)
        self.assertEqual((len(step.attachment_ids), step.response), (1, "First"))

    def test_without_token(self):
        step = self._ask("answer")
        self.authenticate("page_customer", "page_customer")
        response = self.url_open(self._step_url(step), data={"response": "x"})
        self.assertEqual((response.status_code, step.state), (400, "requested"))


@tagged("post_install", "-at_install")
class TestStepPageAccess(StepPageCase):
    def _statuses(self, login, step, url=None):
        self.authenticate(login, login)
        url = url or self._step_url(step)
        read = self.url_open(url).status_code
        sent = self._send(step, login, url=url, response="x").status_code
        return read, sent, self._send(step, login, url=url, to="/told").status_code

    def test_owner_and_colleague(self):
        for login in ("page_customer", "page_colleague"):
            self.assertEqual(self._statuses(login, self._ask("answer")), (200, 303, 409))

    def test_strangers(self):
        self.assertEqual(self._statuses("page_stranger", self._ask("answer")), (404, 404, 404))
        self.project.message_subscribe(self.other_customer.ids)
        self.assertEqual(self._statuses("page_stranger", self._ask("answer")), (404, 404, 404))

    def test_step_of_another_service(self):
        other = self.env["project.project"].create(
            {"name": "Other", "partner_id": self.other_customer.id}
        )
        own = self.env["project.project"].create(
            {"name": "Own", "partner_id": self.person.id, "privacy_visibility": "portal"}
        )
        for project in (other, own):
            step = self._ask("answer", project=project)
            self.assertEqual(self._statuses("page_customer", step), (404, 404, 404))

    def test_steps_that_are_not_the_customers(self):
        planned = self._ask("answer").copy({"title": "Not asked yet"})
        hidden_task = self.env["project.task"].create({"name": "x", "project_id": self.project.id})
        hidden = self._ask("answer", task_id=hidden_task.id)
        ours = self.env["service.step"].create(
            {"title": "Ours", "project_id": self.project.id, "customer_visible": True}
        )
        for step in (planned, hidden, ours):
            self.assertEqual(self._statuses("page_customer", step), (404, 404, 404))

    def test_service_without_a_page(self):
        step = self._ask("answer")
        self.project.customer_visible = False
        self.assertEqual(self._statuses("page_customer", step), (404, 404, 404))

    def test_staff_look_and_do_not_act(self):
        new_test_user(self.env, "page_staff", groups="project.group_project_user")
        step = self._ask("answer")
        self.assertEqual(self._statuses("page_staff", step), (200, 403, 403))
        self._send(step, "page_staff", url=self.url, to="/seen")
        self.assertEqual((step.state, step.seen_at), ("requested", False))
        self.assertFalse(step.told_already_at)

    def test_without_login(self):
        step = self._ask("answer")
        response = self.url_open(self._step_url(step), allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])

    def test_reading_changes_nothing(self):
        step = self._ask()
        for url in (self.url, f"{self.url}?thanks={step.id}", self._step_url(step)):
            self._page("page_customer", url)
        self.assertEqual((step.delivered_at, step.seen_at), (False, False))
        self.assertFalse(step.wait_ids)
        self.assertEqual(self.url_open(self.url + "/seen").status_code, 405)
        response = self._send(step, url=self.url, to="/seen")
        self.assertEqual(response.status_code, 204)
        self.assertTrue(step.seen_at and step.delivered_at and step.wait_ids)
