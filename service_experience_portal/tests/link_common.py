# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import re

from odoo import http
from odoo.tools import formataddr

from odoo.addons.mail.tests.common import MockEmail
from odoo.addons.service_experience_portal.controllers.guess_limit import LIMIT

from .step_page_common import StepPageCase

SIGNED = re.compile(r"/s/([\w-]{43})")


class LinkCase(StepPageCase, MockEmail):
    """A customer who reads the page of a service by a link, without an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person.email = "ada@nordlicht.example"
        cls.links = cls.env["service.portal.link"]

    def setUp(self):
        super().setUp()
        LIMIT.clear()
        self.addCleanup(LIMIT.clear)

    def _make_link(self, scope="read", path=None, person=None, project=None):
        """Return a link and its token."""
        project = project or self.project
        path = path or f"/my/service/{project.id}"
        token = self.links._make(project, person or self.person, path, scope)
        return self.links._find(token), token

    def _open_link(self, token):
        """Open a link in a browser of its own, and follow it."""
        self._forget_session()
        return self.url_open(f"/s/{token}")

    def _forget_session(self):
        self.authenticate(None, None)

    def _post(self, url, **form):
        return self.url_open(
            url,
            data={"csrf_token": self._csrf(), **form},
            allow_redirects=False,
        )

    def _csrf(self):
        return http.Request.csrf_token(self)

    def _get_code(self, url=None):
        """Ask for a code and return it as the mail has it."""
        with self.mock_mail_gateway():
            response = self._post(f"{url or self.url}/code", page=url or self.url)
        self.assertEqual(response.status_code, 200)
        [mail] = self._mails
        self.assertEqual(mail["email_to"], [formataddr((self.person.name, self.person.email))])
        [code] = re.findall(r">(\d{6})<", mail["body"])
        return code

    def _confirm(self, code, url=None):
        return self._post(f"{self.url}/confirm", page=url or self.url, code=code)
