# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import TransactionCase, new_test_user


class ServiceExperienceCase(TransactionCase):
    """A company that works Monday to Friday, 9 to 17 in UTC, with one customer and one project.

    All dates are absolute. Monday is 2026-03-02.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = "UTC"
        cls.calendar = cls._create_calendar("Office hours")
        cls.env.company.resource_calendar_id = cls.calendar
        cls.customer = cls.env["res.partner"].create({"name": "Nordlicht Bakery"})
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ada Crumb", "parent_id": cls.customer.id}
        )
        cls.other_customer = cls.env["res.partner"].create({"name": "Seven Lamps Hotel"})
        cls.stage_new, cls.stage_done = cls.env["project.task.type"].create(
            [{"name": "New"}, {"name": "Done", "fold": True}]
        )
        cls.project = cls.env["project.project"].create(
            {
                "name": "Heat pump",
                "partner_id": cls.customer.id,
                "privacy_visibility": "portal",
                "type_ids": [Command.set((cls.stage_new + cls.stage_done).ids)],
            }
        )
        cls.employee = new_test_user(
            cls.env, "sla_employee", groups="service_experience.service_experience_group_user"
        )
        cls.manager = new_test_user(
            cls.env, "sla_manager", groups="service_experience.service_experience_group_manager"
        )

    @classmethod
    def _create_calendar(cls, name, hours=((9, 17),), days=range(5), **values):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": "UTC",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": name,
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": end,
                            "day_period": "morning",
                        }
                    )
                    for day in days
                    for start, end in hours
                ],
                **values,
            }
        )

    @classmethod
    def _create_policy(cls, *targets, **values):
        """Create a policy; a target is (metric, duration, unit) and optional further values."""
        return cls.env["service.sla.policy"].create(
            {
                "name": "Standard",
                "target_ids": [
                    Command.create(
                        {
                            "metric": metric,
                            "duration": duration,
                            "unit": unit,
                            **(more[0] if more else {}),
                        }
                    )
                    for metric, duration, unit, *more in targets
                ],
                **values,
            }
        )

    def _create_task(self, **values):
        return self.env["project.task"].create(
            {
                "name": "No hot water",
                "project_id": self.project.id,
                "stage_id": self.stage_new.id,
                **values,
            }
        )

    def _say(self, task, author, **values):
        """Post a message that the customer can read, by a partner."""
        task.message_post(
            **{
                "body": "x",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
                "author_id": author.id,
                **values,
            }
        )

    @contextmanager
    def at(self, moment):
        """Run the block at `moment` (ISO, UTC) for Python's clock and the cursor's, then flush."""
        moment = datetime.fromisoformat(moment)
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: moment):
            yield
            self.env.cr.flush()

    def instant(self, moment):
        return datetime.fromisoformat(moment)

    def timer_of(self, task, metric="resolution"):
        return task.sla_timer_ids.filtered(lambda timer: timer.metric == metric)

    def sweep(self):
        """Run the sweep as the scheduler does."""
        cron = self.env.ref("service_experience.service_sla_timer_cron_sweep")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def assertDeadline(self, timer, moment):
        self.assertEqual(timer.deadline, datetime.fromisoformat(moment))

    def assertEvents(self, timer, *kinds):
        events = timer.event_ids.sorted(lambda event: (event.at, event.id))
        self.assertEqual(events.mapped("kind"), list(kinds))
