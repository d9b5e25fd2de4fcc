# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .step_page_common import StepPageCase


@tagged("post_install", "-at_install")
class TestStepWalk(StepPageCase):
    def test_the_customer_sends_the_floor_plan(self):
        """An employee asks, the customer sends it on the page, and the wait ends at once."""
        task, step = self._ask_for_the_plan()
        timer = task.sla_timer_ids.filtered(lambda one: one.metric == "resolution")
        self.assertEqual((timer.state, len(step.wait_ids)), ("paused", 1))
        self.start_tour(
            self.url, "service_experience_portal.send_floor_plan", login="page_customer"
        )
        self.env.invalidate_all()
        wait = step.wait_ids
        self.assertEqual((step.state, step.attachment_ids.name), ("submitted", "plan.pdf"))
        self.assertEqual(wait.ended_at, step.submitted_at)
        self.assertGreater(wait.ended_at, wait.started_at)
        self.assertEqual(timer.state, "running")
        self.assertEqual(step.attachment_ids.res_id, task.id)
        text = self._text(self._page("page_customer"))
        self.assertIn("We have your answer, we look at it by", text)
        self.assertIn("You answered: Send us the floor plan", text)

    def _ask_for_the_plan(self):
        """Ask as an employee does, an hour ago, and let the mail arrive."""
        self.env["service.sla.policy"].create(
            {
                "name": "Standard",
                "target_ids": [
                    Command.create({"metric": "resolution", "duration": 16, "unit": "hour"})
                ],
            }
        )
        ago = datetime.now().replace(microsecond=0) - timedelta(hours=1)
        with freeze_time(ago), patch.object(self.env.cr, "now", lambda: ago):
            task = self._create_internal("project.task", "Radiator", project_id=self.project.id)
            step = self._ask(task_id=task.id)
            step.message_id.notification_ids.write({"notification_status": "sent"})
            self.env.cr.flush()
        return task, step
