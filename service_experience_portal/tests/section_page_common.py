# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from lxml import html

from odoo import http

from .step_page_common import StepPageCase

PRIVATE = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


class SectionPageCase(StepPageCase):
    """A service, another customer with a request of their own in it, and readers with a link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person.email = "ada@nordlicht.example"
        cls.project.write({"user_id": cls.employee.id, "contact_user_id": cls.employee.id})
        cls.stranger = cls.env["res.users"].search([("login", "=", "page_stranger")]).partner_id
        cls.request, cls.foreign_request = (
            cls._create_internal(
                "project.task", label, project_id=cls.project.id, partner_id=customer.id
            )
            for label, customer in (
                ("Radiator", cls.person),
                ("Water of the hotel", cls.stranger),
            )
        )

    def _create_file(self, name="plan.pdf", record=None, raw=b"%PDF-1.4 plan", **values):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": raw,
                "res_model": record._name if record else "project.project",
                "res_id": record.id if record else self.project.id,
                **values,
            }
        )

    def _open_link(self, scope="act", person=None):
        """Let a browser without a session open the link of a mail."""
        self.authenticate(None, None)
        link = self.env["service.portal.link"]
        token = link._make(self.project, person or self.person, self.url, scope)
        self.assertEqual(self.url_open(f"/s/{token}", allow_redirects=False).status_code, 303)
        return link._find(token)

    def _confirm(self, link):
        """Show by a code that it is the recipient."""
        self._post(f"{self.url}/confirm", None, code=link._make_code())

    def _post(self, url, login, **form):
        """Send a form as the browser does, as whoever is there if there is no login."""
        if login:
            self.authenticate(login, login)
        data = {"csrf_token": http.Request.csrf_token(self), **form}
        return self.url_open(url, data=data, allow_redirects=False)

    def _status(self, url, login):
        self.authenticate(login, login)
        return self.url_open(url, allow_redirects=False).status_code

    def _section(self, name, login="page_customer", url=None):
        """Return the words of one section of the page."""
        root = html.fromstring(self._page(login, url).content)
        return " ".join(root.xpath(f"//*[@data-section='{name}']")[0].text_content().split())
