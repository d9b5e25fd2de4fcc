# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from lxml import html

from odoo.tests import tagged

from .section_page_common import SectionPageCase


@tagged("post_install", "-at_install")
class TestListNeeds(SectionPageCase):
    def _groups(self, login="page_customer"):
        root = html.fromstring(self._page(login, "/my/services").content)
        article = root.xpath("//*[contains(@class, 'o_service_list')]")[0]
        return [
            (
                " ".join(section.xpath("string(.//h2)").split()),
                [int(link.rpartition("/")[2]) for link in section.xpath(".//a/@href")],
            )
            for section in article.xpath(".//section")
        ]

    def test_what_is_asked_comes_first(self):
        quiet = self.project.copy({"customer_label": "Quiet", "partner_id": self.person.id})
        late = quiet.copy({"customer_label": "Late", "date": "2026-01-01"})
        late.write({"date_start": "2025-12-01", "partner_id": self.person.id})
        self._ask()
        self.assertEqual(
            self._groups(),
            [
                ("Needs you", [self.project.id]),
                ("Late", [late.id]),
                ("On track", [quiet.id]),
            ],
        )
        words = self._text(self._page("page_customer", "/my/services"))
        self.assertIn("We need something from you.", words)

    def test_who_is_asked(self):
        colleague = self.env["res.users"].search([("login", "=", "page_colleague")]).partner_id
        self._ask(owner_partner_id=colleague.id)
        self._ask(task_id=self.foreign_request.id)
        self.assertNotIn("Needs you", dict(self._groups()))
        self.assertIn("Needs you", dict(self._groups("page_colleague")))
        self._ask(task_id=self.request.id)
        self.assertIn("Needs you", dict(self._groups()))
        self.request.customer_visible = False
        self.assertNotIn("Needs you", dict(self._groups()))

    def test_nothing_is_asked_for_what_was_cancelled(self):
        self._ask(task_id=self.request.id)
        self.assertIn("Needs you", dict(self._groups()))
        self.request.state = "1_canceled"
        self.assertNotIn("Needs you", dict(self._groups()))

    def test_answered_is_not_asked(self):
        step = self._ask(kind="answer")
        self._send(step, response="Yes")
        self.assertNotIn("Needs you", dict(self._groups()))

    def test_one_query_for_all(self):
        services = self.project
        for number in range(5):
            copy = self.project.copy({"name": f"Copy {number}", "partner_id": self.person.id})
            self._ask(project=copy)
            services |= copy
        self.env.flush_all()
        self.env.invalidate_all()
        self.person.commercial_partner_id.fetch(["name"])
        with self.assertQueryCount(1):
            counts = services.sudo()._service_need_counts(self.person)
        self.assertEqual(sorted(counts.values()), [1] * 5)
