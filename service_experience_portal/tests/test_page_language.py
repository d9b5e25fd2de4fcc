# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date
from unittest.mock import patch

from lxml import html

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .step_page_common import StepPageCase

LANGUAGES = {
    # code: (of the address, of the page, direction, name of the service, its date)
    "en_US": ("en", "en-US", "ltr", "Your heat pump", "Monday, January 5, 2099"),
    "fa_IR": ("fa", "fa-IR", "rtl", "پمپ حرارتی شما", "دوشنبه ۱۶ دی ۱۴۷۷ (۵ ژانویهٔ ۲۰۹۹)"),
    "hu_HU": ("hu", "hu-HU", "ltr", "Az Ön hőszivattyúja", "2099. január 5., hétfő"),
    "kk_KZ": ("kk", "kk-KZ", "ltr", "Сіздің жылу сорғыңыз", "5 қаңтар, дүйсенбі"),
}
WORDS = {"fa_IR": "خدمات", "hu_HU": "Szolgáltatások", "kk_KZ": "Қызметтер"}


class PageLanguageCase(StepPageCase):
    """Four languages, and readers of each; the default language is English."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        languages = cls.env["res.lang"]
        for code in LANGUAGES:
            languages |= languages._activate_lang(code)
            cls.project.with_context(lang=code).customer_label = LANGUAGES[code][3]
        if "website" in cls.env:
            cls.env["website"].search([]).language_ids = languages
        cls._translate("portal_breadcrumbs", "Services", WORDS)
        cls.reader = cls.env["res.users"].search([("login", "=", "page_customer")])

    @classmethod
    def _translate(cls, template, words, translations):
        view = cls.env.ref(f"service_experience_portal.{template}")
        view.update_field_translations(
            "arch_db", {code: {words: text} for code, text in translations.items()}
        )

    def _get(self, url=None, lang=None, cookie=None, login="page_customer", **options):
        """Open a page as somebody who reads ``lang``, in a browser that remembers ``cookie``."""
        user = self.env["res.users"].search([("login", "=", login)])
        if lang is not None:
            user.lang = lang
        self.authenticate(login, login)
        self.opener.cookies.pop("frontend_lang", None)
        if cookie:
            self.opener.cookies.set("frontend_lang", cookie)
        return self.url_open(url or self.url, **options)

    def _words(self, root):
        """Return what stands on a page, with single spaces."""
        return " ".join(root.xpath("string(//main)").split())

    def _assertLanguage(self, response, code):
        _url_code, lang, direction, label, day = LANGUAGES[code]
        root = html.fromstring(response.content)
        self.assertEqual((root.get("lang"), root.get("dir")), (lang, direction))
        [page] = root.xpath("//*[contains(concat(' ', @class, ' '), ' o_service_page ')]")
        self.assertEqual((page.get("lang"), page.get("dir")), (lang, direction))
        return root, label, day

    def _assertService(self, response, code):
        """The page of the service is in one language from title to dates."""
        self.assertEqual((response.status_code, response.history), (200, []))
        root, label, day = self._assertLanguage(response, code)
        self.assertIn(label, root.findtext(".//title"))
        self.assertEqual(root.xpath("//h1//bdi")[0].text, label)
        self.assertIn(day, self._words(root))
        crumb = root.xpath("//ol[contains(@class, 'breadcrumb')]/li[2]")[0].text_content()
        self.assertEqual(crumb.strip(), WORDS.get(code, "Services"))


@tagged("post_install", "-at_install")
class TestPageLanguage(PageLanguageCase):
    def test_the_reader_has_a_language_of_their_own(self):
        for code in LANGUAGES:
            with self.subTest(code):
                self._assertService(self._get(lang=code), code)

    def test_it_counts_more_than_the_cookie(self):
        for code, cookie in [("fa_IR", "en_US"), ("en_US", "fa_IR"), ("kk_KZ", "hu_HU")]:
            with self.subTest(code, cookie=cookie):
                self._assertService(self._get(lang=code, cookie=cookie), code)

    def test_without_one_the_cookie_counts(self):
        self._assertService(self._get(lang=False, cookie="hu_HU"), "hu_HU")
        self._assertService(self._get(lang=False), "en_US")
        self._assertService(self._get(lang=False, cookie="xx_XX"), "en_US")

    def test_a_language_in_the_address_counts_most(self):
        for code, own in [("fa_IR", "en_US"), ("en_US", "fa_IR"), ("kk_KZ", "hu_HU")]:
            for cookie in (None, own, code):
                with self.subTest(code, own=own, cookie=cookie):
                    url = f"/{LANGUAGES[code][0]}{self.url}"
                    self._assertService(self._get(url, own, cookie), code)

    def test_another_name_of_a_language_in_the_address(self):
        for code in ("fa_IR", "en_US"):
            response = self._get(f"/{code}{self.url}", "hu_HU")
            self.assertEqual(len(response.history), 1)
            self._assertLanguage(response, code)

    def test_an_unknown_language_in_the_address(self):
        for url in (f"/xx{self.url}", f"/fr{self.url}", "/my/my/services"):
            self.assertEqual(self._get(url, "hu_HU").status_code, 404)

    def test_nobody_is_sent_in_circles(self):
        for cookie in (None, "fa_IR", "en_US"):
            for prefix in ("", "/fa", "/en", "/fa_IR"):
                for page in (self.url, "/my/services", f"{self.url}/unknown", "/my/service/x"):
                    with self.subTest(cookie=cookie, url=prefix + page):
                        response = self._get(prefix + page, "kk_KZ", cookie)
                        self.assertLessEqual(len(response.history), 1)

    def test_list(self):
        for code in LANGUAGES:
            with self.subTest(code):
                response = self._get("/my/services", code, "hu_HU")
                root, label, day = self._assertLanguage(response, code)
                self.assertIn(label, self._words(root))
                self.assertIn(day, self._words(root))

    def test_page_of_a_step(self):
        step = self._ask(due=date(2099, 1, 5))
        response = self._get(self._step_url(step), "fa_IR", "en_US")
        root, label, _day = self._assertLanguage(response, "fa_IR")
        self.assertIn(label, root.findtext(".//title"))
        self.assertIn("۱۶ دی ۱۴۷۷", self._words(root))

    def test_numbers_in_the_digits_of_the_reader(self):
        for label, is_reached in [("Visit", True), ("Handover", False)]:
            self._create_internal(
                "project.milestone", label, project_id=self.project.id, is_reached=is_reached
            )
        root = html.fromstring(self._get(lang="fa_IR").content)
        progress = root.xpath("//section[@aria-labelledby='service_steps_title']/div/p")[0]
        self.assertRegex(progress.text_content(), "۱.*۲")
        self.assertNotRegex(progress.text_content(), "[0-9]")

    def test_names_do_not_turn_our_sentences(self):
        step = self._ask(title="Grundriss")
        root = html.fromstring(self._get(lang="fa_IR").content)
        sentences = root.xpath("//li[contains(@class, 'o_service_page_entry')]/p[2]")
        self.assertEqual([name.text for name in sentences[0].xpath("./bdi[@dir]")], [step.title])
        self.assertFalse(root.xpath("//li[contains(@class, 'o_service_page_entry')]/p[2]/@dir"))

    def test_times_for_machines_are_gregorian(self):
        root = html.fromstring(self._get(lang="fa_IR").content)
        moments = root.xpath("//time/@datetime")
        self.assertIn("2099-01-05", moments)
        for moment in moments:
            self.assertRegex(moment, r"^20\d\d-\d\d-\d\d(T\d\d:\d\d[\d:.]*[+-]\d\d:\d\d)?$")

    def test_public_pages_follow_their_address_as_ever(self):
        response = self._get("/my", "en_US", "fa_IR", allow_redirects=False)
        self.assertTrue(response.headers["Location"].endswith("/fa/my"))

    def test_without_login(self):
        self.opener.cookies.set("frontend_lang", "fa_IR")
        for url in (self.url, f"/fa{self.url}"):
            response = self.url_open(url, allow_redirects=False)
            self.assertEqual(response.status_code, 303)
            self.assertIn("/web/login", response.headers["Location"])


@tagged("post_install", "-at_install")
class TestLanguageOfTheAddress(PageLanguageCase):
    """Who chose a language stays in it from page to page."""

    def test_links(self):
        step = self._ask()
        root = html.fromstring(self._get(f"/fa{self.url}", "en_US").content)
        links = root.xpath("//main//a/@href | //main//form/@action | //main//@data-seen-url")
        ours = [link for link in links if "/my/service" in link]
        self.assertIn(f"/fa{self._step_url(step)}", ours)
        self.assertIn("/fa/my/services", ours)
        self.assertTrue(all(link.startswith("/fa/") for link in ours), ours)
        root = html.fromstring(self._get(self.url, "fa_IR", "hu_HU").content)
        self.assertIn(self._step_url(step), root.xpath("//main//a/@href"))

    def test_an_answer(self):
        step = self._ask("confirm")
        self.reader.lang = "en_US"
        page = f"/fa{self._step_url(step)}"
        wrong = self._send(step, url=page, decision="declined")
        self.assertEqual(wrong.status_code, 422)
        root, _label, _day = self._assertLanguage(wrong, "fa_IR")
        [action] = root.xpath("//form[.//textarea]/@action")
        self.assertEqual(action, page)
        answered = self._send(step, url=action)
        self.assertEqual(answered.status_code, 303)
        self.assertTrue(answered.headers["Location"].endswith(f"/fa{self.url}?thanks={step.id}"))

    def test_choosing_another_language(self):
        response = self._get(lang="fa_IR")
        root = html.fromstring(response.content)
        links = root.xpath("//a[contains(@class, 'js_change_lang')]")
        choices = {link.get("data-url_code"): link.get("href") for link in links}
        for code, (url_code, *_rest) in LANGUAGES.items():
            with self.subTest(code):
                self._assertLanguage(self.url_open(choices[url_code]), code)
        active = [link for link in links if "active" in link.get("class").split()]
        self.assertEqual({link.get("data-url_code") for link in active}, {"fa"})


@tagged("post_install", "-at_install")
class TestLanguageOfErrors(PageLanguageCase):
    def _assertError(self, response, status, code):
        self.assertEqual(response.status_code, status)
        _url_code, lang, direction, *_rest = LANGUAGES[code]
        root = html.fromstring(response.content)
        self.assertEqual((root.get("lang"), root.get("dir")), (lang, direction))
        self.assertNotIn(root.findtext(".//title"), (None, "", "Odoo"))

    def test_nothing_there(self):
        for url in (f"{self.url}/step/2147483647", "/my/service/2147483647", "/my/service/x"):
            for code, cookie in [("fa_IR", None), ("en_US", "fa_IR"), ("fa_IR", "hu_HU")]:
                with self.subTest(url, code=code, cookie=cookie):
                    self._assertError(self._get(url, code, cookie), 404, code)
        self._assertError(self._get("/fa/my/service/x", "en_US"), 404, "fa_IR")
        self._assertError(self._get("/en/my/service/x", "fa_IR"), 404, "en_US")

    def test_forms_that_came_too_late(self):
        step = self._ask()
        self._get(lang="fa_IR", cookie="hu_HU")
        response = self.url_open(self._step_url(step), data={"response": "Hi"})
        self._assertError(response, 400, "fa_IR")

    def test_a_database_that_answers_no_more(self):
        def fail(project, _viewer):
            project.env.cr.execute("SELECT 1 / 0")

        broken = patch.object(type(self.project), "_service_customer_snapshot", fail)
        with broken, mute_logger("odoo.http", "odoo.sql_db"):
            response = self._get(lang="fa_IR")
        self.assertEqual(response.status_code, 500)
        self.assertTrue(html.fromstring(response.content).xpath("//*[@id='error_message']"))


@tagged("post_install", "-at_install")
class TestLanguageOfPreview(PageLanguageCase):
    """A colleague sees the page in the customer's language, and notes to them in their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.staff = new_test_user(cls.env, "page_staff", groups="project.group_project_user")
        cls.staff.lang = "hu_HU"
        cls.person.lang = "fa_IR"
        cls._translate("service_preview", "Your customer can open this page.", {"hu_HU": "Igen."})
        note = (
            "<strong>View as customer.</strong> You can read this page; only your customer can "
            "answer."
        )
        cls._translate("service_preview_answer", note, {"hu_HU": "Csak olvasni."})

    def _note(self, root):
        [note] = root.xpath("//*[contains(@class, 'o_service_page_preview')]")
        return note

    def test_page(self):
        for cookie in (None, "en_US"):
            response = self._get(login="page_staff", cookie=cookie)
            self._assertService(response, "fa_IR")
            note = self._note(html.fromstring(response.content))
            self.assertEqual((note.get("lang"), note.get("dir")), ("hu-HU", "ltr"))
            self.assertIn("Igen.", note.text_content())

    def test_a_language_in_the_address(self):
        response = self._get(f"/kk{self.url}", login="page_staff")
        self._assertService(response, "kk_KZ")
        self.assertEqual(self._note(html.fromstring(response.content)).get("lang"), "hu-HU")

    def test_without_a_customer(self):
        self.project.partner_id = False
        self._assertService(self._get(login="page_staff"), "hu_HU")

    def test_page_of_a_step(self):
        step = self._ask()
        response = self._get(self._step_url(step), login="page_staff")
        root, _label, _day = self._assertLanguage(response, "fa_IR")
        self.assertIn("Csak olvasni.", self._note(root).text_content())

    def test_what_only_the_customer_can_do(self):
        step = self._ask()
        response = self._send(step, login="page_staff", response="For you")
        self.assertEqual(response.status_code, 403)
        root, _label, _day = self._assertLanguage(response, "fa_IR")
        [problem] = root.xpath("//*[@role='alert']")
        self.assertEqual(problem.get("lang"), "hu-HU")

    def test_it_changes_no_language_of_the_colleague(self):
        self._get(login="page_staff")
        self.assertEqual(self.opener.cookies.get("frontend_lang"), "hu_HU")
        missing = self.url_open(f"{self.url}/step/2147483647")
        self.assertEqual(missing.status_code, 404)
        self.assertEqual(html.fromstring(missing.content).get("lang"), "hu-HU")
        self.assertEqual(self.opener.cookies.get("frontend_lang"), "hu_HU")
