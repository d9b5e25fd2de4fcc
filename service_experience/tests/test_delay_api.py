# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import tagged

from .api_common import ApiCase


@tagged("post_install", "-at_install")
class TestDelayApi(ApiCase):
    """What integrators do with delays, with the key of a user."""

    def _create_promise(self):
        self.contact.email = "ada@nordlicht.example"
        [commitment_id] = self.call(
            "service.commitment/create",
            vals_list=[
                {
                    "project_id": self.project.id,
                    "name": "Warm again",
                    "current_to": "2027-03-12",
                }
            ],
        )
        return commitment_id

    def _create_delay(self, **values):
        [reason] = self.call(
            "service.delay.reason/search_read", domain=[["code", "=", "US-PLAN"]], fields=["party"]
        )
        [delay_id] = self.call(
            "service.delay/create",
            vals_list=[
                {
                    "commitment_id": self._create_promise(),
                    "project_id": self.project.id,
                    "reason_id": reason["id"],
                    "new_from": "2027-03-24",
                    "new_to": "2027-03-26",
                    "customer_explanation": "The pump arrived with a dent, and we sent it back.",
                    "doing": "A second one comes by express.",
                    "next_update_due": "2027-03-22 12:00:00",
                    **values,
                }
            ],
        )
        return delay_id

    def _read(self, delay_id, *names):
        [values] = self.call("service.delay/read", ids=[delay_id], fields=list(names))
        return values

    def test_from_a_suspicion_to_a_message(self):
        self.project.user_id = self.employee
        with self.at("2027-03-01 10:00:00"):
            delay_id = self._create_delay()
            self.assertEqual(self._read(delay_id, "state", "why")["state"], "suspected")
            self.call("service.delay/action_confirm", ids=[delay_id])
            self.call("service.delay/action_tell", ids=[delay_id])
            values = self._read(delay_id, "state", "sent_at")
        self.assertEqual(values["state"], "confirmed")
        self.assertEqual(values["sent_at"], "2027-03-01 10:00:00")

    def test_what_is_missing_is_said(self):
        self.project.user_id = self.employee
        with self.at("2027-03-01 10:00:00"):
            delay_id = self._create_delay(doing=False)
            self.call("service.delay/action_confirm", ids=[delay_id])
            words = self.assertRefused(422, "service.delay/action_tell", ids=[delay_id])
        self.assertIn("what you do about it", words)

    def test_what_is_not_theirs_is_refused(self):
        self.project.user_id = self.manager
        with self.at("2027-03-01 10:00:00"):
            delay_id = self._create_delay()
            words = self.assertRefused(403, "service.delay/action_confirm", ids=[delay_id])
            self.assertIn("It can be done by", words)
            for vals in ({"state": "resolved"}, {"told_before": True}):
                self.assertRefused(
                    422, "service.delay/write", self.manager, ids=[delay_id], vals=vals
                )
        private = self._post(self.manager, "service.delay/_go", ids=[delay_id], state="resolved")
        self.assertEqual(private.status_code, 403)

    def test_key_of_a_portal_user_is_refused(self):
        for model in (
            "service.delay",
            "service.delay.reason",
            "service.delay.option",
            "service.delay.explain",
            "service.delay.dismiss",
            "service.delay.change",
            "service.delay.watch",
            "service.forecast.case",
        ):
            with self.subTest(model):
                self.assertRefused(
                    403, f"{model}/search_read", self.portal, domain=[], fields=["id"]
                )
