# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import http

from .delay_page_common import READ, DelayPageCase


class LiveCase(DelayPageCase):
    """An open page: what it asks for, and what it is answered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._commit()

    @classmethod
    def _commit(cls):
        """End a transaction as far as its hooks can tell; nothing is sent."""
        cls.env.cr.flush()
        cls.env.cr.postcommit.clear()

    def _ask_for(self, what, login="page_customer", moment=READ, **options):
        """Send a request as an open page does, and follow no redirection."""
        self._commit()
        with self.at(moment):
            if login != self.session_of:
                self.authenticate(login, login)
                self.session_of = login
            return self.url_open(f"{self.url}/{what}", allow_redirects=False, **options)

    def setUp(self):
        super().setUp()
        self.session_of = False

    def _open_by_link(self, scope="read"):
        """Open the page by a link, as somebody who is not signed in; return the link."""
        token = self.env["service.portal.link"]._make(self.project, self.person, self.url, scope)
        self.authenticate(None, None)
        self.session_of = None
        self._commit()
        self.url_open(f"/s/{token}", allow_redirects=False)
        return self.env["service.portal.link"]._find(token)

    def _get_session(self):
        """Return the session file as it is now."""
        return dict(http.root.session_store.get(self.session.sid))

    def _get_json(self, what, **options):
        response = self._ask_for(what, **options)
        self.assertEqual(response.status_code, 200, response.text[:500])
        return response.json()
