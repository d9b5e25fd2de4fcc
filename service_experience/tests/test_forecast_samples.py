# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models.delay import service_forecast_known
from .forecast_common import GROUP, HOUR, MONDAY, ForecastCase


@tagged("post_install", "-at_install")
class TestForecastSamples(ForecastCase):
    def setUp(self):
        super().setUp()
        with self.at("2026-03-02 09:00:00"):
            self.task = self._create_task(tag_ids=[Command.set(self.tag.ids)])

    def test_cases_of_the_type_come_first(self):
        self._create_cases(range(100, 120))
        self._create_cases(range(9), tag_id=self.tag.id)
        self.assertEqual(self._sample_of(self.task).values, (*range(9), *range(100, 120)))
        self._create_cases([9], tag_id=self.tag.id)
        self.assertEqual(self._sample_of(self.task).values, tuple(range(10)))
        self._create_cases([50] * 10, tag_id=self.other_tag.id)
        self.task.tag_ids += self.other_tag
        self.assertEqual(self._sample_of(self.task).values, tuple(range(10)))
        self.task.tag_ids = self.other_tag
        self.assertEqual(self._sample_of(self.task).values, (50,) * 10)
        self.task.tag_ids = False
        self.assertEqual(len(self._sample_of(self.task).values), 40)

    def test_too_few_cases_are_none(self):
        self._create_cases(range(9))
        self.assertEqual(self._sample_of(self.task).values, ())
        self._create_cases([9])
        self.assertEqual(self._sample_of(self.task).values, tuple(range(10)))

    def test_only_the_latest_cases_count(self):
        cases = self._create_cases(range(30, 0, -1))
        self._create_cases(range(50, 62), tag_id=self.other_tag.id)
        with patch.object(service_forecast_known, "MAX_CASES", 12):
            self.assertEqual(self._sample_of(self.task).values, tuple(range(1, 13)))
            # Of those that were closed in the same second the requests decide.
            self.env.cr.execute("UPDATE service_forecast_case SET closed_at = %s", [MONDAY])
            cases.filtered(lambda case: case.seconds > 20).sudo().unlink()
            self.assertEqual(self._sample_of(self.task).values, tuple(range(50, 62)))
            self.task.tag_ids = self.other_tag
            self.assertEqual(self._sample_of(self.task).values, tuple(range(50, 62)))

    def test_cases_of_other_stages_and_companies_are_no_cases(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._create_cases(range(10), company_id=company.id)
        self._create_cases(range(10), stage=self.stage_repair)
        self.assertEqual(self._sample_of(self.task).values, ())
        self.project.company_id = company
        self.assertEqual(len(self._sample_of(self.task).values), 10)

    def test_open_requests_of_services_only(self):
        done, cancelled, archived, private, template = (self._create_task() for _ in range(5))
        done.state, cancelled.state, archived.active = "1_done", "1_canceled", False
        private.project_id, template.is_template = False, True
        tasks = done + cancelled + archived + private + template + self.task
        self.assertEqual([*self.cases._get_samples(tasks)], [self.task.id])
        self.assertEqual(self.cases._get_samples(self.env["project.task"]), {})

    def test_when_the_present_stage_was_entered(self):
        entered = [MONDAY, datetime(2026, 3, 2, 11), datetime(2026, 3, 2, 11), MONDAY]
        self.assertEqual(self._sample_of(self.task).entered_at, entered[0])
        with self.at("2026-03-02 11:00:00"):
            self.task.stage_id = self.stage_repair
            # Odoo tracks it at the end of the transaction.
            self.assertEqual(self._sample_of(self.task).entered_at, entered[1])
        self.assertEqual(self._sample_of(self.task).entered_at, entered[1])
        with self.at("2026-03-02 13:00:00"):
            self.task.state = "02_changes_requested"  # moves date_last_stage_update, too
        self.assertEqual(self._sample_of(self.task).entered_at, entered[2])
        with self.at("2026-03-02 15:00:00"):
            self.task.stage_id = self.stage_new
        self.assertEqual(self._sample_of(self.task).entered_at, entered[3])
        with self.at("2026-03-02 16:00:00"):
            self.task.with_context(tracking_disable=True).stage_id = self.stage_check
        self.assertEqual(self._sample_of(self.task).entered_at, datetime(2026, 3, 2, 16))

    def test_three_queries_for_any_number_of_requests(self):
        self._create_cases(range(20))
        self._create_cases(range(20), tag_id=self.tag.id)
        self.cases._get_samples(self.task)  # fills the caches
        for count in (5, 50):
            tasks = self._create_tasks(count) + self._create_tasks(
                count, tag_ids=[Command.set(self.tag.ids)]
            )
            self.env.invalidate_all()
            with self.subTest(count), self.assertQueryCount(3):
                samples = self.cases._get_samples(tasks)
            self.assertEqual({len(one.values) for one in samples.values()}, {20, 40})


@tagged("post_install", "-at_install")
class TestForecastAccess(ForecastCase):
    def setUp(self):
        super().setUp()
        self.case = self._create_cases([HOUR])
        self.lead = new_test_user(self.env, "lead", groups=GROUP + "lead")

    def test_only_leads_read_cases_and_nobody_writes_them(self):
        groups = ("base.group_portal", "base.group_public", "project.group_project_manager")
        outsiders = [
            new_test_user(self.env, name.replace(".", "_"), groups=name) for name in groups
        ]
        for user in (*outsiders, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.case.with_user(user).read(["seconds"])
        for user in (self.lead, self.manager):
            case = self.case.with_user(user)
            self.assertEqual(case.seconds, HOUR)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(case.has_access(operation))

    def test_leads_see_those_of_the_requests_they_see(self):
        self.assertTrue(self.cases.with_user(self.lead).search([("id", "=", self.case.id)]))
        self.project.privacy_visibility = "followers"
        self.project.message_unsubscribe(self.lead.partner_id.ids)
        self.env.invalidate_all()
        self.assertFalse(self.cases.with_user(self.lead).search([("id", "=", self.case.id)]))
        self.case.task_id.user_ids = self.lead
        self.env.invalidate_all()
        self.assertTrue(self.cases.with_user(self.lead).search([("id", "=", self.case.id)]))

    def test_another_company_does_not_exist(self):
        company = self.env["res.company"].create({"name": "Other"})
        [foreign] = self._create_cases([HOUR], company_id=company.id)
        with self.assertRaises(AccessError):
            foreign.with_user(self.lead).read(["seconds"])

    def test_views(self):
        action = self.env.ref("service_experience.service_forecast_case_action")
        views = self.cases.with_user(self.lead).get_views(
            [(False, mode) for mode in (*action.view_mode.split(","), "search")]
        )["views"]
        self.assertNotIn("action_replay_back_test", views["list"]["arch"])
        views = self.cases.with_user(self.manager).get_views([(False, "list")])["views"]
        self.assertIn("action_replay_back_test", views["list"]["arch"])
