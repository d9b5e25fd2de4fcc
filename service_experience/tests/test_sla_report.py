# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ServiceExperienceCase


@tagged("post_install", "-at_install")
class TestSlaReport(ServiceExperienceCase):
    """Figures that can be checked by hand: eight working hours per request, from 9 to 17.

    kept    Monday 9 to 15                                         6 h
    waited  Monday 9 to Tuesday 12, 8 h of it for the customer     3 h, paused 8 h
    late    Monday 9 to Tuesday 12                                11 h, 3 h too late
    old     broken on Friday 27 February, done on Monday 10        9 h, 1 h too late
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._create_policy(("resolution", 8, "hour"), name="Gold")
        cls.lead = new_test_user(
            cls.env, "sla_lead", groups="service_experience.service_experience_group_lead"
        )
        cls.project.user_id = cls.lead
        cls.report = cls.env["service.sla.report"]

    def setUp(self):
        super().setUp()
        # Tasks get their moment of creation from the clock of the cursor.
        with self.at("2026-02-27 09:00:00"):
            self.old = self._create_task(partner_id=self.contact.id)
        with self.at("2026-03-02 09:00:00"):
            self.kept, self.waited, self.late = (
                self._create_task(name=name, partner_id=self.contact.id)
                for name in ("kept", "waited", "late")
            )
        with self.at("2026-03-02 10:00:00"):
            self.old.state = "1_done"
            self.wait = self.env["service.wait"].create(
                {"task_id": self.waited.id, "kind": "customer"}
            )
        with self.at("2026-03-02 15:00:00"):
            self.kept.state = "1_done"
        with self.at("2026-03-03 10:00:00"):
            self.wait.action_end()
        with self.at("2026-03-03 12:00:00"):
            (self.waited + self.late).state = "1_done"
        self.env.invalidate_all()

    def _row(self, task):
        return self.report.search([("task_id", "=", task.id)])

    def _group(self, groupby, *aggregates, tasks=None):
        """Return ``{group: aggregates}`` of the rows of these tasks."""
        tasks = tasks or self.old + self.kept + self.waited + self.late
        rows = self.report._read_group([("task_id", "in", tasks.ids)], [groupby], aggregates)
        return {group: values for group, *values in rows}

    def assertHours(self, row, **hours):
        for field, expected in hours.items():
            self.assertAlmostEqual(row[field], expected, msg=field)

    def test_one_row_per_result(self):
        row = self._row(self.late)
        self.assertRecordValues(
            row,
            [
                {
                    "timer_id": self.late.sla_timer_ids.id,
                    "policy_id": self.policy.id,
                    "kind": "sla",
                    "metric": "resolution",
                    "state": "missed",
                    "project_id": self.project.id,
                    "project_manager_id": self.lead.id,
                    "partner_id": self.customer.id,  # the company of the contact
                    "started_at": datetime(2026, 3, 2, 9),
                    "decided_at": datetime(2026, 3, 2, 17),  # the deadline, not the end
                    "attained": 0,
                    "breach_count": 1,
                }
            ],
        )
        self.assertHours(row, spent_hours=11, paused_hours=0, overrun_hours=3)
        row = self._row(self.waited)
        self.assertEqual((row.state, row.attained, row.breach_count), ("met", 1, 0))
        self.assertHours(row, spent_hours=3, paused_hours=8, paused_share=8 / 11, overrun_hours=0)

    def test_attainment_raw_and_excused(self):
        figures = ("attained:avg", "attained_excused:avg", "breach_count:sum", "excused_count:sum")
        self.assertEqual(self._group("policy_id", *figures)[self.policy], [0.5, 0.5, 2, 0])
        self.late.sla_timer_ids._excuse("The road was closed")
        self.assertEqual(self._group("policy_id", *figures)[self.policy], [0.5, 0.75, 2, 1])
        self.late.sla_timer_ids._withdraw_excuse("It was open")
        self.assertEqual(self._group("policy_id", *figures)[self.policy], [0.5, 0.5, 2, 0])

    def test_overrun_is_the_mean_of_the_breaches(self):
        [[overrun]] = self._group("policy_id", "overrun_hours:avg").values()
        self.assertAlmostEqual(overrun, 2)  # 3 h and 1 h

    def test_a_promise_counts_in_the_month_in_which_it_was_decided(self):
        months = self._group("decided_at:month", "__count", "attained:avg")
        february, march = datetime(2026, 2, 1), datetime(2026, 3, 1)
        self.assertEqual(months[february], [1, 0])
        self.assertEqual(months[march][0], 3)
        self.assertAlmostEqual(months[march][1], 2 / 3)

    def test_paused_share_of_a_group_is_weighted(self):
        """The share of the hours: 8 of 8 + 6 + 3, not the mean of 8/11 and 0."""
        tasks = self.kept + self.waited
        [[share]] = self._group("policy_id", "paused_share:avg", tasks=tasks).values()
        self.assertAlmostEqual(share, 8 / 17)
        # As pivot tables ask for it, with the total of all.
        [[total], groups] = self.report.formatted_read_grouping_sets(
            [("task_id", "in", tasks.ids)],
            [[], ["task_id"]],
            ["paused_share:avg"],
        )
        self.assertAlmostEqual(total["paused_share:avg"], 8 / 17)
        shares = {group["task_id"][0]: group["paused_share:avg"] for group in groups}
        self.assertAlmostEqual(shares[self.waited.id], 8 / 11)
        self.assertEqual(shares[self.kept.id], 0)

    def test_closed_time_of_a_reopened_request_is_no_pause(self):
        with self.at("2026-03-04 09:00:00"):
            self.kept.state = "01_in_progress"
        with self.at("2026-03-04 10:00:00"):
            self.kept.state = "1_done"
        self.env.invalidate_all()
        causes = self.kept.sla_timer_ids.segment_ids.mapped("cause")
        self.assertEqual(causes, [False, "closed", False])
        self.assertHours(self._row(self.kept), spent_hours=7, paused_hours=0, paused_share=0)

    def test_what_is_open_appears_with_its_breach(self):
        with self.at("2026-03-04 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-04 16:59:59"):
            self.sweep()
            self.assertFalse(self._row(task))
        with self.at("2026-03-04 17:00:01"):
            self.sweep()
            row = self._row(task)
            self.assertEqual((row.state, row.breach_count, row.attained), ("running", 1, 0))
            self.assertEqual(row.decided_at, datetime(2026, 3, 4, 17))
            self.assertFalse(row.overrun_hours)

    def test_cancelled_promises_count_when_they_were_broken(self):
        other = self.project.copy({"name": "Without promises"})
        self.policy.project_ids = self.project
        with self.at("2026-03-04 09:00:00"):
            early, late = self._create_task(), self._create_task()
        with self.at("2026-03-04 10:00:00"):
            early.project_id = other
        with self.at("2026-03-05 10:00:00"):
            late.project_id = other
        self.env.invalidate_all()
        self.assertEqual((early + late).sla_timer_ids.mapped("state"), ["cancelled"] * 2)
        self.assertFalse(self._row(early))
        self.assertEqual(self._row(late).breach_count, 1)

    def test_report_reads_what_is_not_saved_yet(self):
        """A change of this very transaction is in the figures."""
        with self.at("2026-03-04 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-04 10:00:00"):
            task.state = "1_done"
            self.assertEqual(self._row(task).attained, 1)
            self.report.invalidate_model()
            self.project.user_id = self.manager
            self.assertEqual(self._row(task).project_manager_id, self.manager)

    def test_row_opens_its_timer(self):
        row = self._row(self.late).with_user(self.lead)
        action = row.action_open_timer()
        self.assertEqual(action["res_model"], "service.sla.timer")
        self.assertEqual(action["res_id"], self.late.sla_timer_ids.id)

    def test_paused_time_by_person_and_cause(self):
        domain = [("kind", "=", "paused"), ("task_id", "in", (self.waited + self.late).ids)]
        segments = self.env["service.sla.segment"].with_user(self.lead)
        rows = segments._read_group(domain, ["user_id", "cause"], ["hours:sum", "__count"])
        self.assertEqual(rows, [(self.env.user, "customer", 8.0, 1)])
        segment = segments.search(domain)
        self.assertEqual(segment.hours, 8)
        for field, value in {
            "policy_id": self.policy,
            "project_id": self.project,
            "partner_id": self.customer,
            "project_manager_id": self.lead,
            "metric": "resolution",
            "timer_kind": "sla",
        }.items():
            with self.subTest(field):
                self.assertEqual(segments._read_group(domain, [field]), [(value,)])
        months = segments._read_group(domain, ["from_at:month"], ["hours:sum"])
        self.assertEqual(months, [(datetime(2026, 3, 1), 8.0)])

    # Access

    def test_only_leads_and_managers_read_it(self):
        row = self._row(self.late)
        for user in (self.lead, self.manager):
            self.assertEqual(row.with_user(user).attained, 0)
        groups = ("base.group_portal", "base.group_public", "project.group_project_manager")
        for group in groups:
            user = new_test_user(self.env, group.replace(".", "_"), groups=group)
            with self.subTest(group), self.assertRaises(AccessError):
                row.with_user(user).search([])
        with self.assertRaises(AccessError):
            row.with_user(self.employee)._read_group([], [], ["attained:avg"])
        for operation in ("write", "create", "unlink"):
            self.assertFalse(row.with_user(self.manager).has_access(operation))

    def test_report_follows_the_project_rules(self):
        report = self.report.with_user(self.lead)
        domain = [("task_id", "=", self.late.id)]
        self.assertTrue(report.search(domain))
        self.project.privacy_visibility = "followers"
        self.project.message_unsubscribe(self.lead.partner_id.ids)
        self.late.message_unsubscribe(self.lead.partner_id.ids)
        self.env.invalidate_all()
        self.assertFalse(report.search(domain))
        self.assertEqual(report._read_group(domain, [], ["__count"]), [(0,)])
        self.late.user_ids = self.lead
        self.assertTrue(report.search(domain))

    def test_another_company_is_not_in_the_figures(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "sla_stranger",
            groups="service_experience.service_experience_group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        domain = [("task_id", "=", self.late.id)]
        self.assertTrue(self.report.with_user(stranger).search(domain))  # of all companies
        self.project.company_id = self.env.company
        self.env.flush_all()
        self.assertFalse(self.report.with_user(stranger).search(domain))
        self.assertTrue(self.report.with_user(self.lead).search(domain))
