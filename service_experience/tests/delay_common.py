# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import Form, new_test_user

from .journey_common import JourneyCase

LEAD = "service_experience.service_experience_group_lead"
USER = "service_experience.service_experience_group_user"


class DelayCase(JourneyCase):
    """A service with a promise for Friday, 2026-03-06; Monday is 2026-03-02, 9 to 17 in UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountable = new_test_user(cls.env, "accountable", groups=USER)
        cls.lead = new_test_user(cls.env, "lead", groups=LEAD)
        cls.project.user_id = cls.accountable
        cls.reason, cls.customer_reason, cls.weather, cls.unknown, cls.knock_on = (
            cls.env.ref(f"service_experience.delay_reason_{code}")
            for code in ("us_plan", "cu_info", "fm_wea", "unk", "rx_prev")
        )

    def _promise(self, day="2026-03-06", at="2026-03-02 09:00:00", **values):
        with self.at(at):
            return self.env["service.commitment"].create(
                {
                    "name": "Heat pump runs",
                    "project_id": self.project.id,
                    "current_to": day,
                    "owner_user_id": self.employee.id,
                    **values,
                }
            )

    def _request(self, at="2026-03-02 09:00:00", **values):
        """Create a request that the customer sees."""
        with self.at(at):
            return self._create_task(
                **{
                    "customer_visible": True,
                    "customer_label": "Repair of the hot water",
                    "user_ids": self.employee.ids,
                    **values,
                }
            )

    def _ask(self, delivered_at=None, answered_at=None, **values):
        """Ask the customer for something on Monday at ten; it arrives and is answered, or not."""
        with self.at("2026-03-02 10:00:00"):
            step = self._create_step(**values)
            step.action_request()
        if delivered_at:
            with self.at(delivered_at):
                self._deliver(step)
        if answered_at:
            with self.at(answered_at):
                self._answer(step)
        return step

    def _delay(self, promise=None, at="2026-03-03 09:00:00", user=None, **values):
        """Note a delay as a colleague does, with all that is needed to tell the customer."""
        promise = promise or self._promise()
        with self.at(at):
            return (
                self.env["service.delay"]
                .with_user(user or self.accountable)
                .create(
                    {
                        "project_id": promise.project_id.id,
                        "task_id": promise.task_id.id,
                        "commitment_id": promise.id,
                        "reason_id": self.reason.id,
                        "new_to": "2026-03-13",
                        "customer_explanation": "We need a second day for the pipes in the cellar.",
                        "doing": "Two of us come on Monday.",
                        "next_update_due": "2026-03-09 12:00:00",
                        **values,
                    }
                )
            )

    def _explain(self, user, **values):
        """Return the dialog about a delay, a promise or a place, as it was saved."""
        return self.env["service.delay.explain"].with_user(user).create(values)

    def _explain_again(self, delay):
        """Open the dialog about a delay as a screen does."""
        action = delay.action_open_explain()
        dialogs = self.env["service.delay.explain"].with_user(self.accountable)
        return Form(dialogs.with_context(**action["context"]))

    def _evidence(self, **values):
        """Upload a file as whoever answers for the promise does."""
        files = self.env["ir.attachment"].with_user(self.accountable)
        return files.create({"name": "storm.pdf", "raw": b"storm", **values})

    def _confirmed(self, at="2026-03-03 10:00:00", **values):
        delay = self._delay(**values)
        with self.at(at):
            delay.action_confirm()
        return delay

    def _sent(self, at="2026-03-03 11:00:00", **values):
        delay = self._confirmed(**values)
        with self.at(at):
            delay.action_tell()
        return delay

    def _told(self, at="2026-03-03 11:05:00", **values):
        delay = self._sent(**values)
        self._arrive(delay, at)
        return delay

    def _arrive(self, delay, at, status="sent"):
        """Let the mail arrive, or come back, as the mail server says."""
        with self.at(at):
            notifications = delay.sudo().message_id.notification_ids
            self.assertTrue(notifications)
            notifications.write({"notification_status": status})

    def _suspect(self, promise, rule="promise_near", signal=None, at="2026-03-03 09:00:00"):
        """Suspect a promise as the detection does."""
        with self.at(at):
            return self.env["service.delay"]._suspect(
                [
                    {
                        "project_id": promise.project_id.id,
                        "task_id": promise.task_id.id,
                        "commitment_id": promise.id,
                        "rule": rule,
                        "detected_by": "rule",
                        "fingerprint": f"{rule}:commitment{promise.id}:x",
                        "signal": signal or {},
                    }
                ]
            )

    def _run(self, name, at):
        """Run a job as the scheduler does."""
        cron = self.env.ref(f"service_experience.service_delay_cron_{name}")
        with self.at(at), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _activities(self, record):
        return self.env["mail.activity"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="id"
        )

    def _history(self, promise):
        entries = self.env["service.timeline.entry"].search([("commitment_id", "=", promise.id)])
        return entries.sorted("id").mapped("key")
