# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.service_experience.tests.delay_common import DelayCase

WORDS = "The old pipe broke while we changed the valve"


@tagged("post_install", "-at_install")
class TestDelayToldBefore(DelayCase, HttpCase):
    """The whole way of a delay: a request runs late, the lead explains it, the customer accepts.

    Browsers have a clock of their own: the days of this test are counted from today.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer_user = new_test_user(
            cls.env,
            "ada_crumb",
            groups="base.group_portal",
            partner_id=cls.contact.id,
            name="Ada Crumb",
        )
        cls.project.type_ids |= cls.env["project.task.type"].create(
            {"name": "Doing", "sequence": 5}
        )
        cls.stage_new.sequence, cls.stage_done.sequence = 1, 9
        cls.lead.tz = "UTC"

    def test_noticed_explained_accepted_reported(self):
        task = self._run_late()
        self._detect()
        delay = self.env["service.delay"].search([("task_id", "=", task.id)])
        self.assertEqual((delay.state, delay.rule), ("suspected", "promise_near"))
        self.start_tour(
            "/odoo/delays-to-explain", "service_delay_lead_explains", login=self.lead.login
        )
        self.env.invalidate_all()
        self.assertEqual((delay.confirmed_by_id, delay.state), (self.lead, "confirmed"))
        self.assertIn(WORDS, delay.message_id.body)
        self.start_tour(
            f"/my/service/{self.project.id}",
            "service_experience_portal.accept_new_date",
            login=self.customer_user.login,
        )
        self.env.invalidate_all()
        self.assertEqual(
            (delay.state, delay.told_before, delay.response), ("communicated", True, "accepted")
        )
        self.assertEqual(task.primary_commitment_id.state, "renegotiated")
        self.assertEqual(task.service_health, "on_track")
        self._check_report(delay)

    def _run_late(self):
        """Promise a request for the day after the next working day, and do nothing."""
        end = self.project._service_working_time().add_days(fields.Datetime.now(), 1)
        return self._create_task(
            customer_visible=True,
            customer_label="Repair of the hot water",
            user_ids=self.employee.ids,
            date_deadline=end + timedelta(hours=3),
        )

    def _detect(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        with self.enter_registry_test_mode():
            self.env.ref("service_experience.service_delay_cron_detect").method_direct_trigger()
        self.env.invalidate_all()

    def _check_report(self, delay):
        report = self.env["service.delay.report"].with_user(self.lead)
        rows = report.search([("delay_id", "=", delay.id)])
        self.assertEqual(rows.mapped("told_before"), [1.0])
        self.start_tour(
            "/odoo/told-before", "service_delay_report_told_before", login=self.lead.login
        )
