# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.tests import tagged

from .delay_page_common import TOLD, DelayPageCase
from .link_common import LinkCase
from .test_service_page_handoff import HandoffPageCase


@tagged("post_install", "-at_install")
class TestMailDirection(DelayPageCase, HandoffPageCase, LinkCase):
    """Whatever we write to a customer says in which language and direction it is read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("fa_IR", "hu_HU", "kk_KZ"):
            cls.env["res.lang"]._activate_lang(code)
        cls.person.lang = "fa_IR"
        cls.project.user_id = cls.sender

    def _send_all(self, send):
        """Call something that writes to the customer, and return the mail as it leaves."""
        with self.mock_mail_gateway():
            send()
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        mails = [mail for mail in self._mails if self.person.email in mail["email_to"][0]]
        return html.fromstring(mails[-1]["body"])

    def _assertDirection(self, mail, words, lang="fa-IR", direction="rtl"):
        [around] = mail.xpath("descendant-or-self::div[@lang]")
        self.assertEqual((around.get("lang"), around.get("dir")), (lang, direction))
        self.assertIn(words, around.text_content())

    def test_a_request(self):
        self._assertDirection(self._send_all(self._ask), "Send us the floor plan")

    def test_a_reminder(self):
        step, now = self._ask(), fields.Datetime.now()
        with self.mock_mail_gateway():
            self.env["mail.mail"].search([]).send()
        mail = self._send_all(lambda: step._remind(self.person, now))
        self.assertTrue(mail.xpath("//ul"))
        self._assertDirection(mail, "Send us the floor plan")

    def test_a_moved_promise(self):
        promise = self._promise()
        with self.at(TOLD):
            mail = self._send_all(lambda: promise.action_move("2026-03-04", "We come earlier."))
        self._assertDirection(mail, "We come earlier.")

    def test_a_delay(self):
        self._assertDirection(self._send_all(self._tell), "The pump arrived damaged.")

    def test_who_took_over(self):
        handoff = self._offer()
        self._assertDirection(self._send_all(lambda: self._accept(handoff)), "Nora comes on")

    def test_a_new_link(self):
        link, _token = self._make_link()
        link.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self._assertDirection(self._send_all(link._renew), "Your heat pump")

    def test_a_code(self):
        link, _token = self._make_link("act")
        mail = self._send_all(link._send_code)
        self._assertDirection(mail, mail.xpath("string(//strong)"))

    def test_other_languages(self):
        for code, lang in (("hu_HU", "hu-HU"), ("kk_KZ", "kk-KZ"), (False, "en-US")):
            with self.subTest(code):
                self.person.lang = code
                mail = self._send_all(self._ask)
                self._assertDirection(mail, "Send us the floor plan", lang, "ltr")

    def test_the_page_shows_it_in_that_direction(self):
        self._ask()
        page = html.fromstring(self._page("page_customer", f"{self.url}/messages").content)
        [body] = page.xpath("//*[contains(@class, 'o_service_message_body')]")
        self._assertDirection(body, "Send us the floor plan")
