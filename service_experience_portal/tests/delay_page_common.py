# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, http
from odoo.tests import new_test_user
from odoo.tools import SQL

from .step_page_common import StepPageCase

PROMISED = "2026-03-02 09:00:00"
NOTICED = "2026-03-04 09:00:00"
TOLD = "2026-03-04 10:00:00"
READ = "2026-03-05 08:00:00"
EVIDENCE = (
    "mail_activity",
    "mail_message",
    "mail_notification",
    "project_project",
    "service_commitment",
    "service_commitment_revision",
    "service_delay",
    "service_step",
    "service_timeline_entry",
    "service_wait",
)


class DelayPageCase(StepPageCase):
    """A service with a promise for Friday, 2026-03-06, that moves; all dates are absolute."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person.email = "ada@nordlicht.example"
        cls.project.write({"user_id": cls.employee.id, "date": False})
        cls.reason = cls.env["service.delay.reason"].create(
            {
                "name": "Part out of stock",
                "code": "T-PART",
                "customer_label": "A part came late",
                "party": "third_party",
            }
        )

    def _create_staff(self):
        """Create a colleague who may look at services and does no service work."""
        return new_test_user(self.env, "page_staff", groups="project.group_project_user")

    @contextmanager
    def at(self, moment):
        """Run the block at a moment (ISO, UTC) for all clocks, then flush."""
        moment = datetime.fromisoformat(moment)
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: moment):
            yield
            self.env.cr.flush()
        self.env.invalidate_all()

    def _promise(self, name="Heat pump runs", **values):
        with self.at(PROMISED):
            return self.env["service.commitment"].create(
                {
                    "name": name,
                    "project_id": self.project.id,
                    "current_to": "2026-03-06",
                    **values,
                }
            )

    def _confirm(self, promise=None, options=(), at=NOTICED, **values):
        promise = promise or self._promise()
        with self.at(at):
            delay = self.env["service.delay"].create(
                {
                    "project_id": self.project.id,
                    "commitment_id": promise.id,
                    "reason_id": self.reason.id,
                    "new_from": "2026-03-12",
                    "new_to": "2026-03-13",
                    "customer_explanation": "The pump arrived damaged.\nWe sent it back.",
                    "doing": "A new one is on its way.",
                    "means_for_you": "Your old boiler keeps running.",
                    "next_update_due": "2026-03-10 15:00:00",
                    "option_ids": [Command.create({"name": name}) for name in options],
                    **values,
                }
            )
            delay.action_confirm()
        return delay

    def _tell(self, promise=None, **values):
        """Tell the customer of a delay; the mail has left and has not arrived."""
        delay = self._confirm(promise, **values)
        with self.at(TOLD):
            delay.action_tell()
        return delay

    def _delay_url(self, delay):
        return f"{self.url}/delay/{delay.id}/answer"

    def _post_form(self, url, login="page_customer", moment=READ, **form):
        """Send a form as the browser does, and follow no redirection."""
        with self.at(moment):
            self.authenticate(login, login)
            return self.url_open(
                url,
                data={"csrf_token": http.Request.csrf_token(self), **form},
                allow_redirects=False,
            )

    def _answer(self, delay, answer, login="page_customer", **form):
        return self._post_form(self._delay_url(delay), login, answer=answer, **form)

    def _get(self, url=None, login="page_customer", moment=READ):
        with self.at(moment):
            return self._page(login, url)

    def _read(self, url=None, login="page_customer", moment=READ):
        return self._text(self._get(url, login, moment))

    def _get_status(self, url, login, **options):
        with self.at(READ):
            self.authenticate(login, login)
            return self.url_open(url, allow_redirects=False, **options).status_code

    def _get_evidence(self):
        """Return a trace of all that a look at a page must not change."""
        self.env.flush_all()
        traces = []
        for table in EVIDENCE:
            name = SQL.identifier(table)
            self.env.cr.execute(
                SQL("SELECT md5(array_agg(line ORDER BY id)::text) FROM %s AS line", name)
            )
            traces.append((table, self.env.cr.fetchone()[0]))
        return traces
