# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ServiceExperienceCase

CLOCK_MODELS = (
    "service.sla.backlog",
    "service.calendar.version",
    "service.sla.policy",
    "service.sla.target",
    "service.sla.timer",
    "service.sla.segment",
    "service.sla.event",
)


@tagged("post_install", "-at_install")
class TestSlaAccess(ServiceExperienceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._create_policy(("resolution", 8, "hour"))
        cls.task = cls.env["project.task"].create({"name": "Leak", "project_id": cls.project.id})
        cls.timer = cls.task.sla_timer_ids
        cls.task.state = "1_done"

    def _allowed(self, user, model):
        return {
            operation
            for operation in ("read", "write", "create", "unlink")
            if self.env[model].with_user(user).has_access(operation)
        }

    def test_nobody_has_access_by_default(self):
        outsiders = {
            "portal": "base.group_portal",
            "public": "base.group_public",
            "internal": "base.group_user",
            "project": "project.group_project_user",
        }
        for name, group in outsiders.items():
            user = new_test_user(self.env, f"outsider_{name}", groups=group)
            for model in CLOCK_MODELS:
                with self.subTest(f"{name} {model}"):
                    self.assertFalse(self._allowed(user, model))

    def test_matrix_of_the_groups(self):
        lead = new_test_user(
            self.env, "sla_lead", groups="service_experience.service_experience_group_lead"
        )
        everything = {"read", "write", "create", "unlink"}
        for model in CLOCK_MODELS:
            owned = model in ("service.sla.policy", "service.sla.target")
            if model == "service.sla.backlog":
                self.assertFalse(self._allowed(self.manager, model))
                continue
            with self.subTest(model):
                self.assertEqual(self._allowed(self.employee, model), {"read"})
                self.assertEqual(self._allowed(lead, model), {"read"})
                self.assertEqual(
                    self._allowed(self.manager, model), everything if owned else {"read"}
                )

    def test_timers_follow_the_project_rules(self):
        timer = self.timer.with_user(self.employee)
        self.assertEqual(timer.search([("task_id", "=", self.task.id)]), self.timer)
        self.project.privacy_visibility = "followers"
        self.task.message_unsubscribe(self.employee.partner_id.ids)
        self.env.invalidate_all()
        for record in (timer, self.timer.event_ids.with_user(self.employee)):
            with self.subTest(record._name):
                self.assertTrue(record)
                self.assertFalse(record.search([("id", "in", record.ids)]))
                with self.assertRaises(AccessError):
                    record.read(["create_date"])
        self.task.user_ids = self.employee
        self.env.invalidate_all()
        self.assertEqual(timer.search([("task_id", "=", self.task.id)]), self.timer)

    def test_another_company_does_not_exist(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "sla_stranger",
            groups="service_experience.service_experience_group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.policy.company_id = self.env.company
        self.project.company_id = self.env.company
        task = self._create_task()
        timer = task.sla_timer_ids
        task.state = "1_done"
        records = {
            "service.sla.policy": self.policy,
            "service.sla.target": self.policy.target_ids,
            "service.sla.timer": timer,
            "service.sla.event": timer.event_ids,
            "service.calendar.version": timer.calendar_version_id,
        }
        self.calendar.company_id = self.env.company
        self.env.flush_all()
        for model, record in records.items():
            with self.subTest(model):
                self.assertTrue(record)
                foreign = record.with_user(stranger)
                self.assertFalse(foreign.search([("id", "in", record.ids)]))
                with self.assertRaises(AccessError):
                    foreign.read(["create_date"])

    def test_timer_goes_with_its_task_to_another_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "sla_stranger",
            groups="service_experience.service_experience_group_user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.project.company_id = self.env.company
        task = self._create_task()
        timer = task.sla_timer_ids
        timer.flush_recordset()
        self.assertFalse(timer.with_user(stranger).search([("id", "=", timer.id)]))
        self.project.company_id = company
        self.env.flush_all()
        self.assertTrue(timer.with_user(stranger).search([("id", "=", timer.id)]))
        self.assertFalse(timer.with_user(self.employee).search([("id", "=", timer.id)]))

    def test_no_rpc_to_the_machinery(self):
        """What moves timers is private: it cannot be called from outside."""
        for name in ("_note", "_sync_pending", "_sync", "_sweep", "_cron_sweep"):
            self.assertTrue(name.startswith("_") and hasattr(self.timer, name))

    def test_manager_writes_policies_through_the_form(self):
        from odoo.tests import Form

        with Form(self.env["service.sla.policy"].with_user(self.manager)) as form:
            form.name = "Gold"
            form.partner_ids.add(self.customer)
            with form.target_ids.new() as target:
                target.metric = "first_response"
                target.duration = 30
                target.unit = "minute"
        self.assertEqual(form.record.user_id, self.manager)
        self.assertEqual(form.record.target_ids.display_name, "First response: 30 minutes")
