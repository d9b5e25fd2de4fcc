# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from lxml import etree

from odoo import Command, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import ServiceExperienceCase


@tagged("post_install", "-at_install")
class TestSlaScreens(ServiceExperienceCase):
    """The forms as the roles get them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = new_test_user(
            cls.env, "screens_lead", groups="service_experience.service_experience_group_lead"
        )
        cls.portal = new_test_user(cls.env, "screens_portal", groups="base.group_portal")

    def _arch(self, model, user, view_type="form", view_id=None):
        view = self.env[model].with_user(user).get_view(view_id, view_type)
        return etree.fromstring(view["arch"])

    def _names(self, arch, tag):
        return {node.get("name") for node in arch.iter(tag)}

    # Policies and targets

    def test_a_manager_writes_down_every_promise(self):
        with Form(self.env["service.sla.policy"].with_user(self.manager)) as form:
            form.name = "Gold"
            form.domain = "[('name', 'ilike', 'pump')]"
            with form.target_ids.new() as target:
                target.metric = "stage"
                target.stage_ids.add(self.stage_done)
                target.duration = 2
                target.unit = "day"
                self.assertTrue(target.pause_customer)
                target.pause_third_party = True
                target.pause_stage_ids.add(self.stage_new)
                target.reopen = "new_cycle"
                with target.escalation_ids.new() as line:
                    line.basis = "before"
                    line.minutes = 30
                    line.recipient = "user"
                    line.user_id = self.lead
        target = form.record.target_ids
        self.assertRecordValues(
            target,
            [
                {
                    "metric": "stage",
                    "stage_ids": self.stage_done.ids,
                    "pause_third_party": True,
                    "pause_stage_ids": self.stage_new.ids,
                    "reopen": "new_cycle",
                }
            ],
        )
        self.assertEqual(target.escalation_ids.display_name, "30 min before the deadline: Activity")

    def test_a_target_for_a_stage_needs_its_stages(self):
        form = Form(self.env["service.sla.policy"].with_user(self.manager))
        form.name = "Gold"
        with form.target_ids.new() as target:
            target.metric = "stage"
        with self.assertRaisesRegex(ValidationError, "at least one stage"):
            form.save()
        [field] = self._arch("service.sla.target", self.manager).xpath("//field[@name='stage_ids']")
        self.assertEqual(field.get("required"), "metric == 'stage'")
        self.assertEqual(field.get("invisible"), "metric != 'stage'")

    def test_an_escalation_asks_for_what_its_action_needs(self):
        form = Form(self.env["service.sla.policy"].with_user(self.manager))
        form.name = "Gold"
        with (
            self.assertRaisesRegex(AssertionError, "user_id"),
            form.target_ids.new() as target,
            target.escalation_ids.new() as line,
        ):
            line.recipient = "user"

    def test_what_a_target_can_say_is_on_its_form(self):
        fields = self._names(self._arch("service.sla.target", self.manager), "field")
        wanted = {
            name
            for name, field in self.env["service.sla.target"]._fields.items()
            if field.store and name not in {*models.MAGIC_COLUMNS, "policy_id"}
        }
        self.assertFalse(wanted - fields)

    def test_only_managers_change_policies(self):
        policy = self._create_policy(("resolution", 8, "hour"))
        for user in (self.employee, self.lead, self.portal):
            policies = self.env["service.sla.policy"].with_user(user)
            with self.subTest(user.login):
                with self.assertRaises(AccessError), Form(policies) as form:
                    form.name = "Mine"
                with self.assertRaises(AccessError):
                    policies.browse(policy.id).name = "Mine"

    def test_buttons_of_the_policy_are_for_managers(self):
        buttons = {"action_apply_to_open", "action_start_existing"}
        arch = self._arch("service.sla.policy", self.manager)
        self.assertLessEqual(buttons, self._names(arch, "button"))
        [button] = arch.xpath("//button[@name='action_apply_to_open']")
        self.assertIn("not open_timer_count", button.get("invisible"))
        arch = self._arch("service.sla.policy", self.employee)
        self.assertFalse(buttons & self._names(arch, "button"))

    # Timers

    def test_decisions_are_on_the_form_of_leads_only(self):
        for user, count in ((self.lead, 3), (self.manager, 3), (self.employee, 0)):
            buttons = self._arch("service.sla.timer", user).xpath("//header/button[@type='action']")
            with self.subTest(user.login):
                self.assertEqual(len(buttons), count)

    def test_the_form_of_a_timer_opens_for_everybody_who_may_read_it(self):
        self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            timer = self._create_task().sla_timer_ids
        for user in (self.employee, self.lead, self.manager):
            with self.subTest(user.login):
                self.assertEqual(Form(timer.with_user(user)).state, "running")
        with self.assertRaises(AccessError):
            Form(timer.with_user(self.portal))

    # Stages and waits

    def test_a_stage_says_what_it_means_for_the_clock(self):
        with Form(self.stage_new) as form:
            form.clock = "pause_customer"
        self.assertEqual(self.stage_new.clock, "pause_customer")
        for view_type in ("form", "list"):
            fields = self._names(self._arch("project.task.type", self.manager, view_type), "field")
            self.assertIn("clock", fields)

    def _start_wait(self, task, user, **values):
        action = self.env.ref("service_experience.service_wait_start_action")
        waits = self.env["service.wait"].with_user(user).with_context(default_task_id=task.id)
        form = Form(waits, view=action.view_id)
        for name, value in values.items():
            form[name] = value
        return form.save()

    def test_a_user_starts_a_wait_and_ends_it(self):
        self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            wait = self._start_wait(task, self.employee, kind="customer", reason="A photo")
        self.assertRecordValues(
            wait, [{"task_id": task.id, "user_id": self.employee.id, "ended_at": False}]
        )
        timer = task.sla_timer_ids
        self.assertEqual((timer.state, timer.pause_wait_id), ("paused", wait))
        with self.at("2026-03-02 11:00:00"):
            wait.with_user(self.employee).action_end()
        self.assertEqual(timer.state, "running")

    def test_a_dialog_that_stays_open_is_no_backdating(self):
        task = self._create_task()
        form_view = self.env.ref("service_experience.service_wait_view_form_start")
        for user, is_offered in ((self.employee, False), (self.lead, True)):
            arch = self._arch("service.wait", user, view_id=form_view.id)
            with self.subTest(user.login):
                self.assertEqual("started_at" in self._names(arch, "field"), is_offered)
        waits = self.env["service.wait"].with_user(self.employee)
        with self.at("2026-03-02 10:00:00"):
            form = Form(waits.with_context(default_task_id=task.id), view=form_view)
        with self.at("2026-03-02 10:20:00"):
            wait = form.save()
        self.assertEqual(str(wait.started_at), "2026-03-02 10:20:00")

    def test_a_wait_begun_by_a_stage_is_shown_and_not_ended_by_hand(self):
        self._create_policy(("resolution", 8, "hour"))
        stage = self.env["project.task.type"].create(
            {
                "name": "Asked",
                "clock": "pause_customer",
                "project_ids": [Command.set(self.project.ids)],
            }
        )
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            task.stage_id = stage
        form = Form(task.with_user(self.manager))
        self.assertEqual(len(form.service_wait_ids), 1)
        self.assertEqual(task.service_wait_ids.stage_id, stage)
        with self.assertRaises(UserError):
            task.service_wait_ids.with_user(self.manager).action_end()
        arch = self._arch("project.task", self.manager)
        [button] = arch.xpath("//page[@name='service_waits']//button[@name='action_end']")
        self.assertEqual(button.get("invisible"), "ended_at or stage_id")

    def test_who_may_not_write_the_request_starts_no_wait(self):
        task = self._create_task()
        self.project.privacy_visibility = "followers"
        self.project.message_unsubscribe(self.employee.partner_id.ids)
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (self.employee, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._start_wait(task, user, kind="customer")

    def test_waits_are_for_those_who_work_with_promises(self):
        project_user = new_test_user(
            self.env, "screens_project", groups="project.group_project_user"
        )
        for user, is_shown in ((self.employee, True), (project_user, False)):
            pages = self._names(self._arch("project.task", user), "page")
            with self.subTest(user.login):
                self.assertEqual("service_waits" in pages, is_shown)
