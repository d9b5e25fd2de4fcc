# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command
from odoo.tests import new_test_user, tagged

from .section_page_common import PRIVATE, SectionPageCase


@tagged("post_install", "-at_install")
class TestDocuments(SectionPageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env["ir.attachment"].create(
            {
                "name": "Plan of the pipes.pdf",
                "raw": b"%PDF-1.4" + b"x" * 300_000,
                "res_model": "project.project",
                "res_id": cls.project.id,
            }
        )
        cls.project.customer_document_ids = cls.plan

    def _document_url(self, file):
        return f"{self.url}/document/{file.id}"

    def test_nothing_yet(self):
        self.project.customer_document_ids = False
        self.assertIn("Nothing yet. What we share with you", self._section("documents"))
        self.project.last_update_status = "done"
        self.assertIn("No documents were shared here.", self._section("documents"))

    def test_what_was_put_there_for_the_customer(self):
        offer = self._create_file("Offer.pdf", self.request)
        self.request.customer_document_ids = offer
        words = self._section("documents")
        self.assertIn("Plan of the pipes.pdf 293 kB, from us", words)
        self.assertIn("Offer.pdf under 1 kB, from us", words)
        self.assertIn("Plan of the pipes.pdf", self._section("documents", "page_colleague"))

    def test_no_other_file_of_the_record(self):
        note = self._create_file("Margins.xlsx")
        foreign = self._create_file("Hotel.pdf", self.foreign_request)
        self.foreign_request.customer_document_ids = foreign
        hidden = self._create_file("Hidden.pdf", self.request)
        self.request.write({"customer_document_ids": hidden, "customer_visible": False})
        page = self._page("page_customer").text
        for file in (note, foreign, hidden):
            with self.subTest(file.name):
                self.assertNotIn(file.name, page)
                self.assertEqual(self._status(self._document_url(file), "page_customer"), 404)

    def test_what_the_customer_sent(self):
        step = self._ask()
        self._send(step, files=self._file("floor.pdf"))
        sent = step.attachment_ids
        self.assertIn(
            f"floor.pdf under 1 kB, sent by {self.person.name}", self._section("documents")
        )
        self.authenticate("page_customer", "page_customer")
        response = self.url_open(self._document_url(sent))
        self.assertEqual(response.content, b"%PDF-1.4 plan")

    def test_what_colleagues_of_ours_add_to_an_answer_is_not_theirs(self):
        step = self._ask()
        self._send(step, files=self._file("floor.pdf"))
        added = self._create_file("Remarks.pdf")
        step.with_user(self.employee).action_return("It is blurred")
        step.with_user(self.employee)._submit(
            self.person, {"attachment_ids": added.ids, "submitted_source": "A call"}
        )
        self.assertIn(added, step.attachment_ids)
        words = self._section("documents")
        self.assertIn("floor.pdf", words)
        self.assertNotIn("Remarks.pdf", words)
        self.assertEqual(self._status(self._document_url(added), "page_customer"), 404)

    def test_download(self):
        self.authenticate("page_customer", "page_customer")
        response = self.url_open(self._document_url(self.plan))
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.content, self.plan.raw)
        headers = response.headers
        self.assertTrue(headers["Content-Disposition"].startswith("attachment; "))
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        for name, value in PRIVATE.items():
            self.assertEqual(headers[name], value)

    def test_a_page_in_a_file_is_never_shown_in_place(self):
        page = self._create_file("x.html", raw=b"<script>alert(1)</script>", mimetype="text/html")
        self.project.customer_document_ids = page
        self.authenticate("page_customer", "page_customer")
        headers = self.url_open(self._document_url(page)).headers
        self.assertTrue(headers["Content-Disposition"].startswith("attachment; "))
        self.assertEqual(headers["Content-Security-Policy"], "default-src 'none'")

    def test_an_address_is_no_file(self):
        address = self._create_file("x", type="url", url="https://evil.example", raw=False)
        self.project.customer_document_ids = address
        self.assertIn("Nothing yet", self._section("documents"))
        self.assertEqual(self._status(self._document_url(address), "page_customer"), 404)

    def test_who_may_download(self):
        new_test_user(self.env, "page_staff", groups="project.group_project_user")
        url = self._document_url(self.plan)
        for login, status in (
            ("page_customer", 200),
            ("page_colleague", 200),
            ("page_stranger", 404),
            ("page_staff", 200),
            (None, 303),
        ):
            with self.subTest(login):
                self.assertEqual(self._status(url, login), status)
        self._open_link("read")
        self.assertEqual(self.url_open(url).status_code, 200)

    def test_not_through_another_service(self):
        other = self.project.copy({"customer_label": "Another", "partner_id": self.person.id})
        self.assertFalse(other.customer_document_ids)
        url = f"/my/service/{other.id}/document/{self.plan.id}"
        self.assertEqual(self._status(url, "page_customer"), 404)

    def test_documents_stay_with_the_customer_for_whom_they_were_chosen(self):
        self.project.partner_id = self.stranger
        self.assertNotIn("Plan of the pipes", self._page("page_stranger").text)
        self.assertEqual(self._status(self._document_url(self.plan), "page_stranger"), 404)
        self.project.customer_document_ids = [Command.set(self.plan.ids)]
        self.assertIn("Plan of the pipes", self._page("page_stranger").text)

    def test_choosing_raises_the_version(self):
        for subject in (self.project, self.request):
            self.env.cr.flush()
            self.env.cr.postcommit.clear()  # the end of a transaction, for its hooks
            before = self.project._service_page_version()
            subject.customer_document_ids = [Command.create({"name": "New.pdf", "raw": b"%PDF"})]
            self.env.cr.flush()
            self.env.invalidate_all()
            self.assertEqual(self.project._service_page_version(), before + 1)

    def test_no_more_than_the_page_can_hold(self):
        files = self.env["ir.attachment"].create(
            [{"name": f"file-{number}.pdf", "raw": b"x"} for number in range(103)]
        )
        self.project.customer_document_ids = files
        words = self._section("documents")
        self.assertEqual(words.count(".pdf"), 8)
        self.assertIn("There are 3 older files.", words)
        self.assertIn("Show 92 more", words)
        words = self._text(self._page("page_customer", f"{self.url}/all/documents"))
        self.assertEqual(words.count(".pdf"), 100)
