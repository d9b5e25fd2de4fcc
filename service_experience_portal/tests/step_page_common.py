# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date, timedelta

from odoo import http
from odoo.tests import new_test_user

from .test_service_page import ServicePageCase

PDF = b"%PDF-1.4 plan"


class StepPageCase(ServicePageCase):
    """A service whose customer was asked for something."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.users"].search([("login", "=", "page_customer")]).partner_id
        cls.project.partner_id = cls.person
        cls.employee = new_test_user(
            cls.env,
            "page_employee",
            groups="service_experience.service_experience_group_user",
            name="Emil Kettle",
        )

    def _ask(self, kind="upload", project=None, **values):
        step = self.env["service.step"].create(
            {
                "title": "Send us the floor plan",
                "project_id": (project or self.project).id,
                "party": "customer",
                "kind": kind,
                "why": "We plan the pipes on it.",
                "due": date.today() + timedelta(days=30),
                "blocking": True,
                "owner_user_id": self.employee.id,
                **values,
            }
        )
        step.action_request()
        return step

    def _step_url(self, step, project=None):
        return f"/my/service/{(project or self.project).id}/step/{step.id}"

    def _send(self, step, login="page_customer", files=None, to="", url=None, **form):
        """Send the form of a step as the browser does, with what it was filled with."""
        self.authenticate(login, login)
        url = url or self._step_url(step)
        return self.url_open(
            url + to,
            data={"csrf_token": http.Request.csrf_token(self), **form},
            files=files,
            allow_redirects=False,
        )

    def _file(self, name="plan.pdf", content=PDF):
        return [("files", (name, content))]
