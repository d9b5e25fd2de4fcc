# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime

from lxml import html
from markupsafe import Markup

from odoo.tests import new_test_user, tagged

from .section_page_common import PRIVATE, SectionPageCase
from .test_service_page import MARKER


class MessagePageCase(SectionPageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.messages_url = f"{cls.url}/messages"
        cls.colleague = cls.env["res.users"].search([("login", "=", "page_colleague")]).partner_id

    def _say(self, body, author=None, thread=None, **values):
        return (thread or self.project).message_post(
            body=body,
            **{
                "author_id": (author or self.employee.partner_id).id,
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
                **values,
            },
        )

    def _read(self, login="page_customer", url=None):
        return self._text(self._page(login, url or self.messages_url))


@tagged("post_install", "-at_install")
class TestMessages(MessagePageCase):
    def test_nothing_yet(self):
        self.assertIn("Nothing was written yet.", self._read())

    def test_who_wrote_and_when(self):
        self._say("When do you come?", self.person, date=datetime(2026, 3, 2, 9, 30))
        self._say("On Friday.", date=datetime(2026, 3, 3, 8, 0))
        self._say("Thank you both.", self.colleague, date=datetime(2026, 3, 3, 9, 0))
        words = self._read()
        colleague = self.colleague.name.split()[0]
        shown = [f"{colleague} Tue, Mar 3", "Emil Tue, Mar 3", "You Mon, Mar 2"]
        places = [words.find(text) for text in shown]
        self.assertNotIn(-1, places)
        self.assertEqual(places, sorted(places))
        self.assertNotIn("@", words)

    def test_requests_of_their_own(self):
        self._say("The radiator is warm.", thread=self.request)
        self._say("The hotel has water.", thread=self.foreign_request)
        words = self._read()
        self.assertIn("About “Radiator” The radiator is warm.", words)
        self.assertNotIn("hotel has water", words)
        self.request.customer_visible = False
        self.assertNotIn("The radiator is warm.", self._read())

    def test_what_is_internal(self):
        self._say(MARKER, subtype_xmlid="mail.mt_note")
        self._say(MARKER, message_type="notification")
        self._say(MARKER, is_internal=True)
        self.project.message_post(body=MARKER, author_id=self.employee.partner_id.id)
        self.assertNotIn(MARKER, self._page("page_customer", self.messages_url).text)

    def test_what_was_written_for_others(self):
        supplier = self.env["res.partner"].create({"name": "Grid", "email": "grid@example.com"})
        self._say("To the grid alone", partner_ids=supplier.ids)
        self._say("To the grid and to you", partner_ids=(supplier | self.person).ids)
        self._say("From the grid", supplier, message_type="email")
        self._say("To the customer before", partner_ids=self.stranger.ids)
        self._say("From the customer before", self.stranger)
        # A colleague writes from their own mail program, with our address among the others.
        for name in ("incoming_email_to", "incoming_email_cc", "outgoing_email_to"):
            self._say("To the grid alone", message_type="email", **{name: "new@grid.example"})
        mail = {"message_type": "email", "incoming_email_to": "ada@nordlicht.example"}
        self._say("By mail to you", partner_ids=self.person.ids, **mail)
        self._say("By mail to us", message_type="email", incoming_email_to="")
        self.project.message_subscribe(self.stranger.ids)
        self._say("Reached the customer before as a follower")
        words = self._read()
        for text in ("To the grid and to you", "By mail to you", "By mail to us"):
            self.assertIn(text, words)
        for text in ("To the grid alone", "From the grid", "customer before"):
            self.assertNotIn(text, words)

    def test_bodies_are_clean(self):
        base = self.project.get_base_url()
        body = Markup(
            '<p style="position:fixed" class="modal" id="service_facts">Hello'
            '<img src="https://spy.example/x.gif"/>'
            '<script>alert(1)</script><a href="javascript:alert(1)">press</a>'
            '<a href="https://spy.example/">far</a>'
            '<a href="%(base)s/mail/view?model=project.task&amp;access_token=KEYKEY">View</a>'
            '<a href="/odoo/project/5">backend</a>'
            '<a href="%(page)s/step/5">Answer here</a>'
            "%(base)s/s/SECRETSECRET</p>"
        ) % {"base": base, "page": base + self.url}
        self._say(body, self.person, message_type="email")
        root = html.fromstring(self._page("page_customer", self.messages_url).content)
        body = root.xpath("//*[contains(@class, 'o_service_message_body')]")[0]
        source = html.tostring(body, encoding="unicode")
        for text in ("spy.example/x.gif", "script", "style=", "modal", 'id="', "KEY", "SECRET"):
            self.assertNotIn(text, source)
        self.assertEqual(
            body.xpath(".//a/@href"), ["https://spy.example/", f"{base}{self.url}/step/5"]
        )
        self.assertEqual(body.xpath(".//a/@rel")[0], "noopener noreferrer nofollow")
        self.assertIn("View", body.text_content())

    def test_files_of_messages_only(self):
        file = self._create_file("Photo.pdf")
        hidden = self._create_file("Internal.pdf")
        self._say("Here it is.", attachment_ids=file.ids)
        self._say("Internal", subtype_xmlid="mail.mt_note", attachment_ids=hidden.ids)
        self.assertIn("Photo.pdf under 1 kB", self._read())
        for attachment, login, status in (
            (file, "page_customer", 200),
            (hidden, "page_customer", 404),
            (file, "page_stranger", 404),
        ):
            url = f"{self.url}/document/{attachment.id}"
            self.assertEqual(self._status(url, login), status)

    def test_thirty_at_a_time(self):
        for number in range(65):
            self._say(
                f"number {number:02}", self.person, date=datetime(2026, 3, 1, 10, number // 9)
            )
        seen, url = [], self.messages_url
        while url:
            root = html.fromstring(self._page("page_customer", url).content)
            seen.append(root.xpath("//*[contains(@class, 'o_service_message_body')]"))
            [url] = root.xpath("//a[text()='Earlier messages']/@href") or [None]
        self.assertEqual([len(part) for part in seen], [30, 30, 5])
        texts = [body.text_content().strip() for part in seen for body in part]
        self.assertEqual(texts, [f"number {number:02}" for number in reversed(range(65))])
        self.assertIn("Newest messages", self._read(url=f"{self.messages_url}?before=1"))

    def test_who_may_read(self):
        self._say("On Friday.")
        new_test_user(self.env, "page_staff", groups="project.group_project_user")
        for login, status in (
            ("page_customer", 200),
            ("page_colleague", 200),
            ("page_staff", 200),
            ("page_stranger", 404),
            (None, 303),
        ):
            with self.subTest(login):
                self.assertEqual(self._status(self.messages_url, login), status)
        self._open_link("read")
        response = self.url_open(self.messages_url)
        self.assertIn("On Friday.", self._text(response))
        self.assertIn("This link is for reading.", self._text(response))
        for name, value in PRIVATE.items():
            self.assertEqual(response.headers[name], value)

    def test_preview_of_a_service_without_a_customer(self):
        new_test_user(self.env, "page_staff", groups="project.group_project_user")
        self._say("Not for everybody", self.person)
        self.project.partner_id = False
        self.assertNotIn("Not for everybody", self._read("page_staff"))

    def test_number_of_queries_does_not_grow(self):
        def count(number):
            for index in range(number):
                self._say(f"Words {index}", self.person, thread=self.request)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.project._service_conversation(self.person)
            return self.env.cr.sql_log_count - before

        count(1)
        few = count(1)
        self.assertLessEqual(count(27), few)
        self.assertLessEqual(few, 12)


@tagged("post_install", "-at_install")
class TestQuestion(MessagePageCase):
    def _ask_us(self, text="Is it loud?", login="page_customer", **form):
        return self._post(f"{self.url}/question", login, text=text, **form)

    def _last(self, thread=None):
        return (thread or self.project).message_ids.filtered(
            lambda message: message.subtype_id == self.env.ref("mail.mt_comment")
        )[:1]

    def test_question(self):
        self.project.message_subscribe(self.stranger.ids)
        response = self._ask_us("Is it loud?\n<b>At night</b>")
        self.assertEqual(response.status_code, 303)
        self.assertIn("noted=messages", response.headers["Location"])
        message = self._last()
        self.assertEqual(message.author_id, self.person)
        self.assertIn("&lt;b&gt;At night", message.body)
        self.assertEqual(message.notified_partner_ids, self.employee.partner_id)
        activity = self.project.activity_ids
        self.assertEqual((activity.user_id, len(activity)), (self.employee, 1))
        self.assertIn("Is it loud?", activity.note)
        self.assertNotIn(self.person, self.project.message_partner_ids)
        words = self._section("messages", url=self.url + "?noted=messages")
        self.assertIn("Thank you, we have your question.", words)
        self.assertIn("You", self._read())

    def test_about_a_request(self):
        answer = self._ask_us(request=str(self.request.id))
        self.assertIn(f"/request/{self.request.id}?noted", answer.headers["Location"])
        self.assertEqual(self._last(self.request).author_id, self.person)
        foreign = self._ask_us(request=str(self.foreign_request.id))
        self.assertEqual(foreign.status_code, 404)
        self.assertFalse(self._last(self.foreign_request))

    def test_pressed_twice(self):
        for _number in range(2):
            self.assertEqual(self._ask_us().status_code, 303)
        self.assertEqual(len(self.project.activity_ids), 1)
        self._ask_us("Another one")
        self.assertEqual(len(self.project.activity_ids), 2)

    def test_what_is_not_taken_is_not_lost(self):
        empty = self._ask_us("  ")
        self.assertEqual(empty.status_code, 422)
        self.assertIn("Please write your question", self._text(empty))
        long = self._ask_us("x" * 20_001, page="messages")
        self.assertEqual(long.status_code, 422)
        self.assertIn("x" * 20_001, long.text)
        self.assertIn("What was written so far", long.text)
        self.assertFalse(self._last())

    def test_who_may_ask(self):
        new_test_user(self.env, "page_staff", groups="project.group_project_user")
        self.assertEqual(self._ask_us(login="page_stranger").status_code, 404)
        staff = self._ask_us("Kept words", login="page_staff")
        self.assertEqual(staff.status_code, 403)
        self.assertIn("Kept words", staff.text)
        self._open_link("read")
        self.assertEqual(self._ask_us(login=None).status_code, 403)
        link = self._open_link("act")
        self.assertEqual(self._ask_us(login=None).status_code, 403)
        self.assertFalse(self._last())
        self._confirm(link)
        self.assertEqual(self._ask_us(login=None).status_code, 303)
        self.assertEqual(self._last().author_id, self.person)

    def test_without_a_token(self):
        self.authenticate("page_customer", "page_customer")
        response = self.url_open(f"{self.url}/question", data={"text": "Hello"})
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._last())
