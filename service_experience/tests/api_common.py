# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import HttpCase, new_test_user
from odoo.tools import mute_logger

from .common import ServiceExperienceCase


class ApiCase(ServiceExperienceCase, HttpCase):
    """Calls of Odoo's JSON-2 API with the keys of real users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._create_policy(("first_response", 2, "hour"), ("resolution", 8, "hour"))
        cls.lead = new_test_user(
            cls.env, "sla_lead", groups="service_experience.service_experience_group_lead"
        )
        cls.portal = new_test_user(
            cls.env, "sla_portal", groups="base.group_portal", partner_id=cls.contact.id
        )
        # The customer may work on the tasks of the project: even so, no promise is told.
        cls.project.collaborator_ids = [Command.create({"partner_id": cls.contact.id})]
        cls.project.message_subscribe(cls.contact.ids)
        cls.keys = {
            user: cls._create_key(user)
            for user in (cls.employee, cls.lead, cls.manager, cls.portal)
        }

    @classmethod
    def _create_key(cls, user):
        keys = cls.env["res.users.apikeys"].with_user(user)
        return keys._generate("rpc", "test", datetime.now() + timedelta(days=0.5))

    def _post(self, user, path, **body):
        return self.url_open(
            f"/json/2/{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.keys.get(user, 'wrong')}"},
        )

    def call(self, path, user=None, **body):
        """Return the answer to a call that is expected to succeed."""
        response = self._post(user or self.employee, path, **body)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def assertRefused(self, status, path, user=None, **body):
        """Return the message of a call that is expected to fail.

        :param status: the HTTP status, or the statuses that will do
        """
        with mute_logger("odoo.http"):
            response = self._post(user or self.employee, path, **body)
        statuses = status if isinstance(status, tuple) else (status,)
        self.assertIn(response.status_code, statuses, f"{path}: {response.text}")
        self.assertEqual(
            list(response.json()), ["name", "message", "arguments", "context", "debug"]
        )
        return response.json()["message"]

    def _create_request(self):
        [task_id] = self.call(
            "project.task/create",
            vals_list=[
                {
                    "name": "No hot water",
                    "project_id": self.project.id,
                    "partner_id": self.contact.id,
                }
            ],
        )
        return task_id
