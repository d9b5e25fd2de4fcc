# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command
from odoo.tests import tagged

from .step_page_common import StepPageCase


@tagged("post_install", "-at_install")
class TestDelayWalk(StepPageCase):
    """The customer's way through a delay in a browser: read it, and say that the date suits."""

    def test_the_customer_accepts_the_new_date(self):
        delay = self._tell()
        self.assertEqual(delay.state, "confirmed")
        self.start_tour(
            self.url, "service_experience_portal.accept_new_date", login="page_customer"
        )
        self.env.invalidate_all()
        self.assertEqual((delay.state, delay.told_before), ("communicated", True))
        self.assertEqual((delay.response, delay.option_id.name), ("accepted", False))
        self.assertEqual(delay.revision_id.acknowledgement, "accepted")
        self.assertEqual(self.project.service_health, "on_track")

    def _tell(self):
        """Tell of a delay as an employee does; far away, so that nothing breaks meanwhile."""
        promise = self.env["service.commitment"].create(
            {
                "name": "Heat pump runs",
                "project_id": self.project.id,
                "current_to": "2998-03-06",
            }
        )
        self.project.user_id = self.employee
        delay = (
            self.env["service.delay"]
            .with_user(self.employee)
            .create({"project_id": self.project.id, "commitment_id": promise.id})
        )
        delay.write(
            {
                "reason_id": self.env.ref("service_experience.delay_reason_tp_sup").id,
                "new_to": "2998-03-13",
                "customer_explanation": "The pump arrived damaged.\nWe sent it back.",
                "doing": "A new one is on its way.",
                "next_update_due": "2998-03-10 15:00:00",
                "option_ids": [Command.create({"name": "A loan device until then"})],
            }
        )
        delay.action_confirm()
        delay.action_tell()
        return delay
