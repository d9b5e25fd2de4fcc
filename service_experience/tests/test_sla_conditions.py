# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import ServiceExperienceCase

POLICY_LOGGER = "odoo.addons.service_experience.models.clock.service_sla_policy_matching"


@tagged("post_install", "-at_install")
class TestSlaConditions(ServiceExperienceCase):
    """The further conditions of a policy: a domain on requests."""

    def test_they_decide(self):
        self._create_policy(("resolution", 8, "hour"), domain="[('name', 'ilike', 'water')]")
        with self.at("2026-03-02 09:00:00"):
            water, fire = self._create_task(), self._create_task(name="Fire")
        self.assertTrue(water.sla_timer_ids)
        self.assertFalse(fire.sla_timer_ids)

    def test_a_field_they_name_is_watched(self):
        self._create_policy(("resolution", 8, "hour"), domain="[('name', 'ilike', 'water')]")
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task(name="Fire")
        with self.at("2026-03-02 10:00:00"):
            task.name = "Fire and water"
        self.assertEqual(str(task.sla_timer_ids.started_at), "2026-03-02 09:00:00")
        with self.at("2026-03-02 11:00:00"):
            task.name = "Fire"
        self.assertEqual(task.sla_timer_ids.state, "cancelled")

    def test_bad_conditions_are_refused(self):
        for domain in (
            "[('name', 'ilike'",
            "name",
            "[('no_such_field', '=', 1)]",
            "[('partner_id.no_such_field', '=', 1)]",
            "[('name', 'is like', 'x')]",
            "[('name', '=', open('x'))]",
            "{'name': 1}",
            "7",
        ):
            with self.subTest(domain), self.assertRaisesRegex(ValidationError, "cannot be read"):
                self._create_policy(("resolution", 8, "hour"), domain=domain)

    def test_nobody_asks_what_they_may_not_read(self):
        """Whether a timer starts would tell, field by field."""
        domain = "[('user_ids.partner_id.signup_type', '=', 'reset')]"
        with self.assertRaisesRegex(ValidationError, "cannot be read"):
            self.env["service.sla.policy"].with_user(self.manager).create(
                {"name": "Curious", "domain": domain}
            )

    def test_empty_conditions(self):
        for domain in (False, "", "[]"):
            with self.subTest(domain):
                self._create_policy(("resolution", 8, "hour"), domain=domain)
        with self.at("2026-03-02 09:00:00"):
            self.assertTrue(self._create_task().sla_timer_ids)

    def test_conditions_that_break_later(self):
        """The policy is disabled and its owner told; the task and other policies go on."""
        broken = self._create_policy(
            ("resolution", 2, "hour"), sequence=1, name="Broken", user_id=self.manager.id
        )
        self._create_policy(("resolution", 8, "hour"), sequence=2)
        self.env.cr.execute(
            SQL(
                "UPDATE service_sla_policy SET domain = %s WHERE id = %s",
                "[('gone', '=', 1)]",
                broken.id,
            )
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with mute_logger(POLICY_LOGGER), self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        self.assertDeadline(self.timer_of(task), "2026-03-02 17:00:00")
        self.assertFalse(broken.active)
        self.assertEqual(broken.activity_ids.user_id, self.manager)
        self.assertIn("gone", broken.activity_ids.note)

    def test_one_evaluation_per_policy_and_batch(self):
        self._create_policy(("resolution", 8, "hour"), domain="[('name', '!=', 'x')]")
        counts = []
        for number in (5, 100):
            with self.at("2026-03-02 09:00:00"):
                self.env["project.task"].create(
                    [{"name": str(i), "project_id": self.project.id} for i in range(number)]
                )
                self.env.flush_all()
                before = self.env.cr.sql_log_count
                self.env["service.sla.timer"]._sync_pending()
                counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
