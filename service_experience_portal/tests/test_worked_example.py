# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .step_page_common import StepPageCase

NINE_TO_FIVE = [
    {"name": "Day", "dayofweek": str(day), "hour_from": 9, "hour_to": 17} for day in range(5)
]


@tagged("post_install", "-at_install")
class TestWorkedExample(StepPageCase):
    """Two days of work, promised on Monday at nine, and twice the customer has the ball.

    All is done as people do it: the employee by the buttons, the customer on the page.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person.tz = "UTC"
        calendar = cls.env["resource.calendar"].create(
            {
                "name": "Nine to five",
                "tz": "UTC",
                "attendance_ids": [Command.clear(), *map(Command.create, NINE_TO_FIVE)],
            }
        )
        cls.env["service.sla.policy"].create(
            {
                "name": "Standard",
                "calendar_id": calendar.id,
                "target_ids": [
                    Command.create({"metric": "resolution", "duration": 16, "unit": "hour"})
                ],
            }
        )

    @contextmanager
    def at(self, moment):
        """Run the block at a moment (ISO, UTC) for all clocks, then flush."""
        moment = datetime.fromisoformat(moment)
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: moment):
            yield
            self.env.cr.flush()
        self.env.invalidate_all()

    def _answer_at(self, moment, step):
        with self.at(moment):
            response = self._send(step, files=self._file())
        self.assertEqual(response.status_code, 303)

    def _deliver_at(self, moment, step):
        with self.at(moment):
            step.sudo().message_id.notification_ids.write({"notification_status": "sent"})

    def test_from_the_click_to_the_deadline(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_internal(
                "project.task",
                "Radiator",
                project_id=self.project.id,
                user_ids=self.employee.ids,
                customer_visible=True,
                customer_label="New radiator",
            )
        timer = task.sla_timer_ids
        with self.at("2026-03-02 15:00:00"):
            step = self._ask(task_id=task.id, due="2026-03-06").with_user(self.employee)
        self._deliver_at("2026-03-02 15:00:00", step)
        self.assertEqual((timer.state, timer.spent_seconds), ("paused", 6 * 3600))
        self._answer_at("2026-03-04 10:00:00", step)
        self.assertEqual(timer.state, "running")
        with self.at("2026-03-04 14:00:00"):
            step.action_return("The upper floor is missing.")
        self._deliver_at("2026-03-04 14:30:00", step)
        self.assertEqual((timer.state, timer.spent_seconds), ("paused", 37800))
        self._answer_at("2026-03-05 09:00:00", step)
        self.assertEqual(timer.deadline, datetime(2026, 3, 5, 14, 30))
        self._check_screen(timer)
        self._check_page(task)

    def _check_screen(self, timer):
        pieces = timer.segment_ids.sorted("from_at")
        self.assertEqual(
            [(piece.kind, piece.from_at.day, piece.from_at.hour) for piece in pieces],
            [("running", 2, 9), ("paused", 2, 15), ("running", 4, 10), ("paused", 4, 14)],
        )

    def _check_page(self, task):
        with self.at("2026-03-05 09:00:00"):
            text = self._text(self._page("page_customer"))
        self.assertIn("Promised for Thu, Mar 5, 2:30", text)
        first = "We waited for “Send us the floor plan” from Mon, Mar 2, 3:00"
        self.assertIn(first, text)
        second = "We waited for “Send us the floor plan” from Wed, Mar 4, 2:30"
        self.assertIn(second, text)
        self.assertEqual(text.count("The promised date moved by the working hours"), 2)
