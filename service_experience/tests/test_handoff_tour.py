# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import HttpCase, tagged

from .handoff_common import HandoffCase


@tagged("post_install", "-at_install")
class TestHandoffTour(HandoffCase, HttpCase):
    """Two people hand a request over in a browser, each on their own screen."""

    def test_offer_ask_answer_accept(self):
        commitment = self.env["service.commitment"].create(
            {
                "name": "Warm water by Friday",
                "project_id": self.project.id,
                "current_to": "2999-03-20",
            }
        )
        self._hand_over_in_browser()
        handoff = self.env["service.handoff"].search([("task_ids", "in", self.task.ids)])
        self.assertRecordValues(
            handoff,
            [
                {
                    "state": "accepted",
                    "urgency": "watch",
                    "accepted_by_id": self.receiver.id,
                    "readback_action": "I call the electrician",
                }
            ],
        )
        self.assertEqual(
            handoff.question_ids.mapped("answer"), ["The one in the cellar, on the left."]
        )
        self.assertEqual(handoff.commitment_item_ids.commitment_id, commitment)
        self.assertEqual(self.task.user_ids, self.receiver)
