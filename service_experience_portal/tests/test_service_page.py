# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date, datetime

from lxml import html

from odoo.tests import HttpCase, new_test_user, tagged

MARKER = "INTERNAL-MARKER"


class ServicePageCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.other_customer = cls.env["res.partner"].create(
            [{"name": "Nordlicht Bakery"}, {"name": "Seven Lamps Hotel"}]
        )
        cls.project = cls.env["project.project"].create(
            {
                "name": MARKER,
                "description": MARKER,
                "customer_label": "Your heat pump",
                "partner_id": cls.customer.id,
                "privacy_visibility": "portal",
                "date_start": date(2026, 1, 5),
                "date": date(2099, 1, 5),
            }
        )
        cls._create_portal_user("page_customer", cls.customer)
        cls._create_portal_user("page_colleague", cls.customer)
        cls._create_portal_user("page_stranger", cls.other_customer)
        cls.url = f"/my/service/{cls.project.id}"

    @classmethod
    def _create_portal_user(cls, login, company):
        user = new_test_user(cls.env, login, groups="base.group_portal", tz="UTC")
        user.partner_id.parent_id = company
        return user

    @classmethod
    def _create_internal(cls, model, label, **values):
        """Create a record whose internal words are all the marker."""
        words = {
            name: MARKER
            for name, field in cls.env[model]._fields.items()
            if field.type in ("char", "text", "html")
            and field.store
            and not (field.readonly or field.related or field.compute)
            and name != "customer_note"
        }
        return cls.env[model].create(
            {**words, "customer_label": label, "customer_visible": True, **values}
        )

    def _page(self, login, url=None):
        self.authenticate(login, login)
        response = self.url_open(url or self.url)
        self.assertEqual(response.status_code, 200)
        return response

    def _text(self, response):
        root = html.fromstring(response.content)
        article = root.xpath("//*[contains(concat(' ', @class, ' '), ' o_service_page ')]")[0]
        return " ".join(article.text_content().split())


@tagged("post_install", "-at_install")
class TestServicePageAccess(ServicePageCase):
    def _assertNotFound(self, login):
        self.authenticate(login, login)
        unknown = self.url_open("/my/service/2147483647")
        response = self.url_open(self.url)
        self.assertEqual((response.status_code, unknown.status_code), (404, 404))
        answers = {
            " ".join(html.fromstring(answer.content).xpath("string(//main)").split())
            for answer in (unknown, response)
        }
        self.assertEqual(len(answers), 1)
        self.assertNotIn("heat pump", response.text)

    def test_customer_and_colleagues(self):
        self.assertIn("Your heat pump", self._text(self._page("page_customer")))
        self.assertIn("Your heat pump", self._text(self._page("page_colleague")))

    def test_strangers(self):
        self._assertNotFound("page_stranger")
        self.project.message_subscribe(self.other_customer.ids)
        self._assertNotFound("page_stranger")

    def test_without_login(self):
        response = self.url_open(self.url, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_services_without_a_page(self):
        for values in (
            {"active": False},
            {"is_template": True},
            {"customer_visible": False},
            {"privacy_visibility": "employees"},
            {"partner_id": self.other_customer.id},
        ):
            with self.subTest(**values):
                before = self.project.read(list(values), load="")[0]
                self.project.write(values)
                self._assertNotFound("page_customer")
                self.project.write({name: before[name] for name in values})

    def test_service_of_another_company(self):
        company = self.env["res.company"].create({"name": "Second company"})
        self.project.company_id = company
        self._assertNotFound("page_customer")

    def test_numbers_that_are_no_service(self):
        self.authenticate("page_customer", "page_customer")
        for number in ("0", "2147483648", "99999999999999999999", "9" * 5000):
            self.assertEqual(self.url_open(f"/my/service/{number}").status_code, 404)

    def test_view_as_customer(self):
        new_test_user(self.env, "page_staff", groups="project.group_project_user")
        self.assertIn("Your customer can open this page.", self._text(self._page("page_staff")))
        self.project.customer_visible = False
        self.assertIn("Your customer cannot open it", self._text(self._page("page_staff")))
        self.project.privacy_visibility = "followers"
        self._assertNotFound("page_staff")

    def test_staff_without_projects(self):
        new_test_user(self.env, "page_clerk", groups="base.group_user")
        self._assertNotFound("page_clerk")
        self.project.privacy_visibility = "followers"
        self._assertNotFound("page_clerk")


@tagged("post_install", "-at_install")
class TestServicePage(ServicePageCase):
    def test_headers(self):
        for url in (self.url, "/my/services"):
            headers = self._page("page_customer", url).headers
            self.assertEqual(headers["Cache-Control"], "private, no-store")
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertEqual(headers["X-Robots-Tag"], "noindex")

    def test_shape(self):
        root = html.fromstring(self._page("page_customer").content)
        self.assertEqual(len(root.xpath("//h1")), 1)
        article = root.xpath("//article")[0]
        self.assertEqual((article.get("lang"), article.get("dir")), ("en-US", "ltr"))
        self.assertEqual(root.get("lang"), "en-US")
        self.assertIn("Your heat pump", root.xpath("//title")[0].text)
        for section in article.xpath(".//section"):
            heading = section.xpath(".//h2")
            self.assertEqual(
                [title.get("id") for title in heading], [section.get("aria-labelledby")]
            )
            self.assertTrue(section.text_content().split(heading[0].text_content())[1].strip())
        self.assertFalse(article.xpath(".//script"))

    def test_internal_words_stay_inside(self):
        stage = self._create_internal("project.task.type", "Being repaired", user_id=False)
        self.project.type_ids = stage
        self._create_internal(
            "project.task", "Radiator", project_id=self.project.id, stage_id=stage.id
        )
        self._create_internal("project.milestone", "Visit", project_id=self.project.id)
        response = self._page("page_customer")
        text = self._text(response)
        for word in ("Radiator", "Being repaired", "Visit"):
            self.assertIn(word, text)
        self.assertNotIn(MARKER, response.text)
        self.assertNotIn(MARKER, self._page("page_customer", "/my/services").text)

    def test_on_track(self):
        self._create_internal(
            "project.milestone", "Visit", project_id=self.project.id, is_reached=True
        )
        self._create_internal(
            "project.milestone",
            "Handover",
            project_id=self.project.id,
            expected_from=date(2098, 3, 2),
            expected_to=date(2098, 3, 6),
        )
        text = self._text(self._page("page_customer"))
        for words in (
            "On track Work is going on as promised.",
            "Promised for Monday, January 5, 2099",
            "Nothing needed from you right now.",
            "1 of 2 steps",
            "Expected between Sun, Mar 2, 2098 and Thu, Mar 6, 2098",
        ):
            self.assertIn(words, text)

    def test_late_says_since_when_and_whose_fault(self):
        self._create_internal(
            "project.task",
            "Radiator",
            project_id=self.project.id,
            date_deadline=datetime(2026, 1, 7, 16, 30),
        )
        text = self._text(self._page("page_customer"))
        self.assertIn("We are late with “Radiator”, and that is our fault.", text)
        self.assertIn("Wed, Jan 7", text)
        self.project.date = date(2026, 1, 9)
        text = self._text(self._page("page_customer"))
        self.assertIn("We have not kept the promised date, and that is our fault.", text)
        self.assertIn("Was promised for Friday, January 9, 2026", text)

    def test_every_health_has_its_sentence(self):
        for status, sentence in [
            ("at_risk", "At risk Something takes longer than we planned"),
            ("on_hold", "Paused Work on this service is at rest for the moment."),
            ("done", "Done All work on this service is finished."),
        ]:
            self.project.last_update_status = status
            self.assertIn(sentence, self._text(self._page("page_customer")))

    def test_list(self):
        self.env["project.project"].create(
            {"name": "Foreign", "partner_id": self.other_customer.id}
        )
        text = self._text(self._page("page_customer", "/my/services"))
        self.assertIn(f"On track S-{self.project.id} Your heat pump", text)
        self.assertNotIn("Foreign", text)
        self.project.active = False
        text = self._text(self._page("page_customer", "/my/services"))
        self.assertIn("You have no services yet.", text)

    def test_card_counts_only_when_asked(self):
        self.authenticate("page_customer", "page_customer")
        self.assertIn('data-placeholder_count="service_count"', self.url_open("/my").text)
        self.assertEqual(self._counters(["service_count"]), {"service_count": 1})
        self.assertNotIn("service_count", self._counters([]))

    def _counters(self, counters):
        return self.make_jsonrpc_request("/my/counters", {"counters": counters})
