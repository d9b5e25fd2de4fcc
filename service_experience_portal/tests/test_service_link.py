# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import time
from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.service_experience_portal.controllers.guess_limit import GUESSES, LIMIT
from odoo.addons.service_experience_portal.controllers.portal import PRIVATE_HEADERS
from odoo.addons.service_experience_portal.controllers.service_link import (
    LIMITED_REFUSAL_TAKES,
    REFUSAL_TAKES,
)
from odoo.addons.service_experience_portal.models.service_portal_link import CODE_TRIES

from .link_common import SIGNED, LinkCase

ENDED = "This link does not work"


@tagged("post_install", "-at_install")
class TestServiceLink(LinkCase):
    def _words(self, response):
        return " ".join(html.fromstring(response.content).xpath("string(//main)").split())

    def _end(self, how, link):
        now = fields.Datetime.now()
        if how == "expired":
            link.expires_at = now - timedelta(seconds=1)
        elif how == "revoked":
            link.action_revoke()
        elif how == "epoch":
            link.project_id.action_revoke_service_links()
        elif how == "hidden":
            link.project_id.customer_visible = False
        elif how == "other customer":
            link.project_id.partner_id = self.other_customer

    def test_whoever_has_the_link_reads(self):
        link, token = self._make_link()
        response = self._open_link(token)
        self.assertTrue(response.url.endswith(self.url))
        self.assertIn("Your heat pump", self._text(response))
        self.assertNotIn(token, response.text)
        for answer in (*response.history, response):
            for name, value in PRIVATE_HEADERS.items():
                self.assertEqual(answer.headers[name], value)
        other = self.project.copy({"name": "Other", "customer_label": "Your other pump"})
        self.assertIn("/web/login", self.url_open(f"/my/service/{other.id}").url)
        self.assertFalse(link.last_used_at)

    def test_opening_changes_nothing(self):
        """Neither a program that follows links nor HEAD leaves a trace; a browser does."""
        step = self._ask()
        link, token = self._make_link("act", self._step_url(step))
        self._forget_session()
        self.assertEqual(self.url_open(f"/s/{token}", method="HEAD").status_code, 200)
        self.assertEqual(self._open_link(token).status_code, 200)
        self.assertFalse(step.seen_at or link.last_used_at)
        response = self._post(f"{self._step_url(step)}/seen")
        self.assertEqual(response.status_code, 204)
        self.assertTrue(step.seen_at and link.last_used_at)

    def test_what_has_ended_answers_like_what_never_was(self):
        self._forget_session()
        wrong = self.url_open("/s/" + "x" * 43)
        self.assertEqual(wrong.status_code, 404)
        self.assertIn(ENDED, self._words(wrong))
        for how in ("expired", "revoked", "epoch", "hidden", "other customer"):
            with self.subTest(how):
                before = self.project.read(["customer_visible", "partner_id"], load="")[0]
                link, token = self._make_link()
                self._end(how, link)
                response = self._open_link(token)
                self.assertEqual(response.status_code, wrong.status_code)
                self.assertEqual(self._words(response), self._words(wrong))
                before.pop("id")
                self.project.write(before)

    def test_the_time_tells_nothing(self):
        self._check_times(404, REFUSAL_TAKES)
        for _attempt in range(GUESSES - 10):  # ten were made already
            LIMIT.count("127.0.0.1")
        self._check_times(429, LIMITED_REFUSAL_TAKES)

    def _check_times(self, status, least):
        """Check that an ended link and one that never was are refused after the same time."""
        link, token = self._make_link()
        self._end("expired", link)
        self._forget_session()
        times = {token: [], "y" * 43: []}
        for _attempt in range(5):
            for one, seconds in times.items():
                started = time.monotonic()
                self.assertEqual(self.url_open(f"/s/{one}").status_code, status)
                seconds.append(time.monotonic() - started)
        # The quickest answer of each: what else the machine does only adds to it.
        known, unknown = map(min, times.values())
        self.assertGreater(min(known, unknown), least)
        self.assertLess(abs(known - unknown), 0.1)

    def test_revocation_takes_effect_at_the_next_fetch(self):
        for how in ("expired", "revoked", "epoch", "hidden"):
            with self.subTest(how):
                link, token = self._make_link()
                self.assertEqual(self._open_link(token).status_code, 200)
                self.assertEqual(self.url_open(f"{self.url}/version").status_code, 200)
                self._end(how, link)
                self.assertEqual(self.url_open(f"{self.url}/version").status_code, 404)
                self.assertEqual(self.url_open(f"{self.url}/sections").status_code, 404)
                self.assertIn(ENDED, self._words(self.url_open(self.url)))
                self.project.customer_visible = True

    def test_guessing_is_limited(self):
        for number in range(GUESSES):
            self.assertEqual(self.url_open(f"/s/{number}").status_code, 404)
        ended, ended_token = self._make_link()
        self._end("expired", ended)
        answers = [self._open_link(one) for one in ("z", "z" * 43, ended_token)]
        self.assertEqual([answer.status_code for answer in answers], [429] * 3)
        self.assertEqual(len({self._words(answer) for answer in answers}), 1)
        self.assertIn(ENDED, self._words(answers[0]))
        self.assertEqual(self._post("/s/renew", token=ended_token).status_code, 429)

    def test_a_right_link_opens_however_many_were_wrong(self):
        """Others may guess from the same address, such as that of an office."""
        _link, token = self._make_link("act")
        for number in range(GUESSES + 1):
            status = self.url_open(f"/s/{number}").status_code
        self.assertEqual(status, 429)
        response = self._open_link(token)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Your heat pump", self._text(response))
        # A code has six digits: whoever may try it is limited all the same.
        code = self._get_code()
        self.assertEqual(self._confirm(code).status_code, 429)
        self.assertEqual(self.url_open("/s/z").status_code, 429, "it takes none of them back")

    def test_renewal_goes_to_the_recipient(self):
        link, token = self._make_link()
        self._end("expired", link)
        self._forget_session()
        answers = [self._post("/s/renew", token=one) for one in (token, "w" * 43)]
        self.assertEqual([answer.status_code for answer in answers], [200, 200])
        self.assertEqual(*map(self._words, answers))
        cron = self.env.ref("service_experience_portal.service_portal_link_cron_renew")
        with self.mock_mail_gateway():
            cron.method_direct_trigger()
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        [mail] = self._mails
        self.assertIn(self.person.email, mail["email_to"][0])
        [new] = SIGNED.findall(mail["body"])
        self.assertIn("Your heat pump", self._text(self._open_link(new)))

    def test_what_was_revoked_is_not_renewed(self):
        for how in ("revoked", "epoch", "hidden"):
            with self.subTest(how):
                link, token = self._make_link()
                self._end(how, link)
                self._forget_session()
                self._post("/s/renew", token=token)
                self.assertTrue(link.renewal_asked_at)
                with self.mock_mail_gateway():
                    link._renew()
                    self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
                self.assertFalse(self._mails or link.renewal_asked_at)
                self.project.customer_visible = True

    def test_tokens_are_not_stored(self):
        link, token = self._make_link()
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(link)::text FROM service_portal_link link WHERE id = %s", [link.id]
        )
        self.assertNotIn(token, self.env.cr.fetchone()[0])
        staff = new_test_user(
            self.env, "link_user", groups="service_experience.service_experience_group_user"
        )
        for name in ("token_hash", "code_hash", "epoch"):
            with self.assertRaises(AccessError):
                link.with_user(staff).read([name])

    def test_who_sees_and_revokes_links(self):
        link, _token = self._make_link()
        users = {
            name: new_test_user(self.env, f"link_{name}", groups=groups)
            for name, groups in (
                ("reader", "service_experience.service_experience_group_user"),
                (
                    "manager",
                    "service_experience.service_experience_group_user,"
                    "project.group_project_manager",
                ),
                ("portal", "base.group_portal"),
            )
        }
        with self.assertRaises(AccessError):
            link.with_user(users["portal"]).read(["partner_id"])
        self.assertTrue(link.with_user(users["reader"]).is_working)
        with self.assertRaises(AccessError):
            link.with_user(users["reader"]).action_revoke()
        link.with_user(users["manager"]).action_revoke()
        self.assertFalse(link.is_working)


@tagged("post_install", "-at_install")
class TestServiceLinkActs(LinkCase):
    def _send_answer(self, step):
        return self._post(self._step_url(step), response="Two floors.")

    def test_a_code_is_needed_to_answer(self):
        step = self._ask("answer")
        _link, token = self._make_link("act", self._step_url(step))
        text = self._text(self._open_link(token))
        self.assertIn("confirm that it is you", text)
        response = self._send_answer(step)
        self.assertEqual((response.status_code, step.state), (403, "requested"))
        self.assertIn("Two floors.", response.text)
        code = self._get_code()
        response = self._confirm(code, self._step_url(step))
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(self._step_url(step)))
        self.assertEqual(self._send_answer(step).status_code, 303)
        self.assertEqual((step.state, step.submitted_by_id), ("submitted", self.person))

    def test_reading_links_never_answer(self):
        step = self._ask("answer")
        _link, token = self._make_link("read", self._step_url(step))
        self.assertIn("This link is for reading.", self._text(self._open_link(token)))
        self.assertEqual(self._send_answer(step).status_code, 403)
        with self.mock_mail_gateway():
            self._post(f"{self.url}/code")
        self.assertFalse(self._mails)
        self.assertEqual(step.state, "requested")

    def test_another_mail_takes_nothing_away(self):
        """A customer opens a second mail, or the same again, while they write their answer."""
        step = self._ask("answer")
        acting, act = self._make_link("act")
        _reading, read = self._make_link("read")
        self._open_link(act)
        self.url_open(f"/s/{read}")
        self.assertEqual(self._confirm(self._get_code()).status_code, 303)
        for token in (read, act):
            self.assertEqual(self.url_open(f"/s/{token}").status_code, 200)
        self.assertEqual(self._send_answer(step).status_code, 303)
        # What ended, and what is somebody else's, gives nothing.
        colleague = self.env["res.users"].search([("login", "=", "page_colleague")]).partner_id
        step = self._ask("answer")
        _link, other = self._make_link("act", person=colleague)
        self.url_open(f"/s/{other}")
        self.assertEqual(self._send_answer(step).status_code, 403)
        self.url_open(f"/s/{act}")
        acting.code_expires_at = False
        self.assertEqual(self._confirm(self._get_code()).status_code, 303)
        acting.action_revoke()
        self.url_open(f"/s/{read}")
        self.assertEqual(self._send_answer(step).status_code, 403)

    def test_wrong_codes(self):
        link, token = self._make_link("act")
        self._open_link(token)
        code = self._get_code()
        wrong = "000000" if code != "000000" else "111111"
        for _attempt in range(CODE_TRIES):
            self.assertEqual(self._confirm(wrong).status_code, 422)
        self.assertEqual(self._confirm(code).status_code, 422)
        self.assertEqual(link.code_tries, CODE_TRIES)

    def test_a_code_works_once_and_not_for_long(self):
        link, token = self._make_link("act")
        self._open_link(token)
        code = self._get_code()
        link.code_expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self._confirm(code).status_code, 422)
        code = self._get_code()
        self.assertEqual(self._confirm(f" {code[:3]} {code[3:]} ").status_code, 303)
        self._open_link(token)
        self.assertEqual(self._confirm(code).status_code, 422)

    def test_codes_are_not_sent_too_often(self):
        link, token = self._make_link("act")
        self._open_link(token)
        self._get_code()
        with self.mock_mail_gateway():
            self.assertIn("Please wait", self._post(f"{self.url}/code").text)
        self.assertFalse(self._mails)
        self.assertEqual(link.code_count, 1)

    def test_a_code_of_another_link(self):
        _link, token = self._make_link("act")
        self._open_link(token)
        code = self._get_code()
        _other, other_token = self._make_link("act")
        self._open_link(other_token)
        self.assertEqual(self._confirm(code).status_code, 422)

    def test_it_leads_to_pages_of_this_service_only(self):
        _link, token = self._make_link("act")
        self._open_link(token)
        code = self._get_code()
        for page in ("https://evil.example/", "//evil.example", "/my/service/1", "/web", "x"):
            response = self.url_open(f"{self.url}/confirm?page={page}")
            [field] = html.fromstring(response.content).xpath("(//input[@name='page'])[1]")
            self.assertEqual(field.get("value"), self.url)
        response = self._confirm(code, "//evil.example")
        self.assertTrue(response.headers["Location"].endswith(self.url))


@tagged("post_install", "-at_install")
class TestServiceLinkMails(LinkCase):
    def test_each_recipient_gets_a_link_when_the_mail_leaves(self):
        with self.mock_mail_gateway():
            step = self._ask()
        [mail] = self._mails
        [token] = SIGNED.findall(mail["body"])
        self.assertNotIn(self._step_url(step), mail["body"])
        self.assertNotIn("/s/", step.message_id.body)
        link = self.links._find(token)
        self.assertRecordValues(
            link,
            [{"partner_id": self.person.id, "scope": "act", "path": self._step_url(step)}],
        )
        self.assertAlmostEqual(
            link.expires_at, fields.Datetime.now() + timedelta(days=14), delta=timedelta(minutes=1)
        )
        self.assertIn("Send us the floor plan", self._text(self._open_link(token)))

    def test_reading_links_last_longer(self):
        link, _token = self._make_link()
        self.assertAlmostEqual(
            link.expires_at, fields.Datetime.now() + timedelta(days=90), delta=timedelta(minutes=1)
        )

    def test_others_get_the_plain_address(self):
        """A colleague, and a customer who cannot open the page, get no link."""
        stranger = self.env["res.users"].search([("login", "=", "page_stranger")]).partner_id
        stranger.email = "eve@lamps.example"
        with self.mock_mail_gateway():
            self.project.message_notify(
                body=f"See {self.project.get_base_url()}{self.url}",
                partner_ids=(stranger | self.employee.partner_id).ids,
            )
        self.assertEqual(len(self._mails), 2)
        for mail in self._mails:
            self.assertFalse(SIGNED.findall(mail["body"]))
            self.assertIn(self.url, mail["body"])

    def test_the_button_of_odoo_leads_to_the_page(self):
        """Odoo's own button opens the whole project to whoever has the mail."""
        request = self.env["project.task"].create(
            {
                "name": "T-1",
                "customer_label": "Repair",
                "customer_visible": True,
                "project_id": self.project.id,
                "partner_id": self.person.id,
            }
        )
        for record, path in (
            (self.project, self.url),
            (request, f"{self.url}/request/{request.id}"),
        ):
            with self.subTest(path), self.mock_mail_gateway():
                record.message_post(
                    body="We start on Monday.",
                    partner_ids=self.person.ids,
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                )
                [mail] = self._mails
                self.assertNotIn("access_token", mail["body"])
                [token] = set(SIGNED.findall(mail["body"]))
                self.assertEqual(self.links._find(token).path, path)
