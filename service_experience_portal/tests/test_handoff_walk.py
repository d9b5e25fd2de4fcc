# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.service_experience.tests.handoff_common import HandoffCase


@tagged("post_install", "-at_install")
class TestHandoffWalk(HandoffCase, HttpCase):
    """The whole way of a handoff in a browser: sender, receiver, and the customer's page."""

    def test_the_customer_reads_who_took_over(self):
        new_test_user(self.env, "ada_crumb", groups="base.group_portal", partner_id=self.contact.id)
        # As the walk needs something to take over; far away, so that it never breaks.
        self.env["service.commitment"].create(
            {
                "name": "Warm water by Friday",
                "project_id": self.project.id,
                "current_to": "2999-03-20",
            }
        )
        self._hand_over_in_browser()
        self.start_tour(
            f"/my/service/{self.project.id}",
            "service_experience_portal.read_who_took_over",
            login="ada_crumb",
        )
