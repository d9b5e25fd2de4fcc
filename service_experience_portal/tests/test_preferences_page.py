# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .section_page_common import SectionPageCase
from .test_service_page_handoff import MESSAGE, HandoffPageCase


@tagged("post_install", "-at_install")
class TestPreferencesPage(SectionPageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("hu_HU")
        cls.preferences_url = f"{cls.url}/preferences"
        cls.Preference = cls.env["service.contact.preference"]

    def _choose(self, login="page_customer", level="needed", lang="en_US"):
        return self._post(self.preferences_url, login, level=level, lang=lang)

    def test_as_long_as_nothing_was_chosen(self):
        self.assertIn("about everything that happens", self._section("preferences"))
        page = self._page("page_customer", self.preferences_url)
        self.assertIn("Magyar", self._text(page))
        self.assertFalse(self.Preference.search([]))

    def test_choice(self):
        answer = self._choose()
        self.assertEqual(answer.status_code, 303)
        words = self._section("preferences", url=self.url + "?noted=preferences")
        self.assertIn("Thank you, we have noted your choice.", words)
        self.assertIn("only when we need something from you, or a date moves", words)
        self.assertIn("about everything", self._section("preferences", "page_colleague"))
        self._choose(level="all")
        self.assertEqual(self.Preference.search([]).mapped("level"), ["all"])

    def test_language(self):
        answer = self._choose(lang="hu_HU")
        self.assertEqual(answer.cookies.get("frontend_lang"), "hu_HU")
        self.assertEqual(self.person.lang, "hu_HU")
        self.assertIn('lang="hu-HU"', self.url_open(self.url).text)

    def test_what_is_not_taken(self):
        for values in ({"level": "none"}, {"lang": "fr_FR"}, {"lang": ""}, {"level": ""}):
            self.assertEqual(self._choose(**values).status_code, 422)
        self.assertFalse(self.Preference.search([]))
        self.assertEqual(self.person.lang, "en_US")

    def test_who_may_choose(self):
        new_test_user(self.env, "page_staff", groups="project.group_project_user")
        self.assertEqual(self._choose("page_stranger").status_code, 404)
        self.assertEqual(self._choose("page_staff").status_code, 403)
        self._open_link("read")
        self.assertEqual(self.url_open(self.preferences_url).status_code, 200)
        self.assertEqual(self._choose(None).status_code, 403)
        link = self._open_link("act")
        self.assertEqual(self._choose(None).status_code, 403)
        self.assertFalse(self.Preference.search([]))
        self._confirm(link)
        self.assertEqual(self._choose(None).status_code, 303)
        self.assertEqual(self.Preference.search([]).partner_id, self.person)

    def test_customers_cannot_read_the_model(self):
        for login in ("page_customer", None):
            user = login and self.env["res.users"].search([("login", "=", login)])
            with self.assertRaises(AccessError):
                self.Preference.with_user(user or self.env.ref("base.public_user")).search([])


@tagged("post_install", "-at_install")
class TestPreferencesInMails(HandoffPageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.users"].search([("login", "=", "page_customer")]).partner_id
        cls.project.partner_id = cls.person
        cls.step = cls.env["service.step"].create(
            {
                "title": "Floor plan",
                "project_id": cls.project.id,
                "party": "customer",
                "due": "2099-01-01",
                "why": "We plan the pipes on it.",
            }
        )

    def _get_told(self, key):
        """Return to whom the last message went that was written about one kind of event."""
        entry = self.env["service.timeline.entry"].search([("key", "=", key)], limit=1)
        return entry.message_id.partner_ids, entry

    def test_whoever_wants_to_know_everything(self):
        self._accept(self._offer())
        people, entry = self._get_told("handoff_accepted")
        self.assertEqual(people, self.person)
        self.assertTrue(entry.notified_at)

    def test_whoever_wants_to_know_what_they_are_needed_for(self):
        self.project._service_choose_level(self.person, "needed")
        self._accept(self._offer())
        people, entry = self._get_told("handoff_accepted")
        self.assertFalse(people)
        self.assertFalse(entry.notified_at)
        self.assertIn("Nora", self._page_text())
        self.assertIn(MESSAGE, self._text(self._page("page_customer", f"{self.url}/messages")))

    def test_what_they_are_needed_for_is_always_sent(self):
        self.project._service_choose_level(self.person, "needed")
        self.step.action_request()
        self.assertEqual(self._get_told("step_requested")[0], self.person)

    def test_a_choice_holds_for_one_person_and_one_service(self):
        colleague = self.env["res.users"].search([("login", "=", "page_colleague")]).partner_id
        self.project._service_choose_level(colleague, "needed")
        other = self.project.copy()
        other._service_choose_level(self.person, "needed")
        self._accept(self._offer())
        self.assertEqual(self._get_told("handoff_accepted")[0], self.person)
