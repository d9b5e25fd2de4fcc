# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import random
from ast import literal_eval
from datetime import datetime, timedelta
from unittest.mock import patch

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models.delay import service_forecast_back_test
from .forecast_common import DAY, GROUP, HOUR, MONDAY, ForecastCase


@tagged("post_install", "-at_install")
class TestForecastLearning(ForecastCase):
    def test_one_case_per_stage_from_its_first_entry(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task(tag_ids=[Command.set((self.other_tag + self.tag).ids)])
        for moment, stage in (
            ("2026-03-02 11:00:00", self.stage_repair),
            ("2026-03-02 13:00:00", self.stage_new),
            ("2026-03-02 15:00:00", self.stage_repair),
            ("2026-03-03 09:00:00", self.stage_check),
        ):
            with self.at(moment):
                task.stage_id = stage
        with self.at("2026-03-03 10:00:00"):
            task.state = "1_done"
        with self.at("2026-03-03 12:00:00"):
            task.stage_id = self.stage_done  # later than the end: no case
            task.active = False
        self.cases._learn(task)
        common = {
            "project_id": self.project.id,
            "company_id": False,
            "tag_id": self.tag.id,
            "closed_at": datetime(2026, 3, 3, 10),
            "forecast_count": 0,
        }
        expected = [
            (self.stage_new, MONDAY, 9),
            (self.stage_repair, datetime(2026, 3, 2, 11), 7),
            (self.stage_check, datetime(2026, 3, 3, 9), 1),
        ]
        self.assertRecordValues(
            self._get_cases(task),
            [
                {"stage_id": stage.id, "entered_at": at, "seconds": hours * HOUR, **common}
                for stage, at, hours in expected
            ],
        )

    def test_only_what_was_done_is_a_case(self):
        plans = [(MONDAY, [(self.stage_new, HOUR)])]
        [done, cancelled, opened, template, ancestor] = (
            self._create_history(plans) for _ in range(5)
        )
        cancelled.state, opened.state = "1_canceled", "02_changes_requested"
        template.is_template = True
        child = self._create_history(plans)
        child.parent_id, ancestor.is_template = ancestor, True
        private = self._create_history(plans)
        private.project_id = False
        other = self.project.copy({"is_template": True})
        of_template = self._create_history(plans)
        of_template.write({"project_id": other.id, "state": "1_done"})
        gone = self._create_history(plans)
        everything = done + cancelled + opened + template + child + private + of_template + gone
        gone.unlink()
        self.cases._learn(everything)
        self.assertEqual(self._get_cases(everything).task_id, done)

    def test_without_tracking_the_dates_of_the_request_say_it(self):
        dates = {"date_end": datetime(2026, 3, 3, 10), "date_last_stage_update": MONDAY}
        with self.at("2026-03-02 08:30:00"):
            task = self._create_tasks(1, stage_id=self.stage_new.id, state="1_done")
        for name, seconds in (("date_end", 9 * HOUR), ("date_last_stage_update", 0)):
            task.write({"date_end": False, name: dates[name]})
            with self.subTest(name):
                self.cases._learn(task)
                self.assertEqual(self._get_cases(task).mapped("seconds"), [seconds])

    def test_no_working_time_at_all_is_a_case(self):
        saturday = datetime(2026, 3, 7, 9)
        tasks = self._create_history([(saturday, [(self.stage_new, 0), (self.stage_check, 0)])])
        self.cases._learn(tasks)
        self.assertEqual(self._get_cases(tasks).mapped("seconds"), [0, 0])

    def test_the_company_of_the_request_or_of_its_service(self):
        company = self.env["res.company"].create({"name": "Other"})
        tasks = self._create_history([(MONDAY, [(self.stage_new, HOUR)])])
        self.project.company_id = company
        tasks.company_id = False
        self.cases._learn(tasks)
        self.assertEqual(self._get_cases(tasks).company_id, company)

    def test_a_reopened_request_is_learned_anew_when_it_is_done_again(self):
        tasks = self._create_history([(MONDAY, [(self.stage_new, 2 * HOUR)])] * 2)
        self.cases._learn(tasks)
        with self.at("2026-03-03 09:00:00"):
            tasks[0].state = "01_in_progress"
        self.cases._learn(tasks[0])
        self.assertEqual(self._get_cases(tasks).task_id, tasks[1])
        with self.at("2026-03-03 10:00:00"):
            tasks[0].state = "1_done"
        self.cases._learn(tasks)
        self.assertEqual(self._get_cases(tasks[0]).seconds, 9 * HOUR)
        self.assertEqual(self._get_cases(tasks[1]).seconds, 2 * HOUR)

    def test_a_deleted_stage_is_forgotten(self):
        steps = [(stage, HOUR) for stage in self.stages]
        tasks = self._create_history([(MONDAY, steps)])
        self.cases._learn(tasks)
        self.assertEqual(self._get_cases(tasks).stage_id, self.stages)
        self.stage_repair.unlink()
        for _ in range(2):
            self.assertEqual(self._get_cases(tasks).stage_id, self.stage_new + self.stage_check)
            self.cases._learn(tasks)

    def test_learning_again_gives_the_same(self):
        tasks = self._create_history([(MONDAY, [(self.stage_new, HOUR)])] * 12)
        self.cases._learn(tasks)
        facts = self._get_facts(tasks)
        self.cases._learn(tasks)
        self.assertEqual(self._get_facts(tasks), facts)
        self.assertEqual(len(facts), 12)

    def test_the_number_of_requests_does_not_change_the_number_of_queries(self):
        steps = [(stage, HOUR) for stage in self.stages]
        counts = []
        for size in (5, 5, 50):  # the first fills the caches
            tasks = self._create_history([(MONDAY, steps)] * size)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.cases._learn(tasks)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self._get_cases(tasks)), 3 * size)
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2], 20)


@tagged("post_install", "-at_install")
class TestForecastBackTest(ForecastCase):
    def test_what_was_known_at_the_entry(self):
        """After ten cases of one to ten hours: probably 5.5 hours, very probably 8.8."""
        early = self._create_history(
            [(MONDAY, [(self.stage_new, hours * HOUR)]) for hours in range(1, 11)]
        )
        known_at = datetime(2026, 3, 3, 11)  # when the last of them was done
        plans = [(known_at - timedelta(seconds=1), 8), (known_at, 8), (known_at, 9), (known_at, 0)]
        late = self._create_history([(at, [(self.stage_new, hours * HOUR)]) for at, hours in plans])
        self.cases._learn(early + late)
        names = ("forecast_count", "forecast_p50", "forecast_p80", "held", "held_half")
        forecast = (10, 19_800, 31_680)
        self.assertEqual(
            [tuple(case[name] for name in names) for case in self._get_cases(late)],
            [
                (9, 0, 0, 0, 0),
                (*forecast, 1, 0),
                (*forecast, 0, 0),
                (*forecast, 1, 1),
            ],
        )
        [figures] = self.cases._read_group(
            [("task_id", "in", (early + late).ids)], [], ["held:avg", "held_half:avg", "__count"]
        )
        self.assertEqual(figures, (2 / 3, 1 / 3, 14))
        self.assertEqual(self._filter("forecast"), late[1:])
        self.assertEqual(self._filter("did_not_hold"), late[2])

    def _filter(self, name):
        """Return the requests that a filter of the report shows."""
        arch = self.cases.get_view(view_type="search")["arch"]
        [node] = etree.fromstring(arch).xpath(f"//filter[@name='{name}']")
        return self.cases.search(literal_eval(node.get("domain"))).task_id.sorted("id")

    def test_a_request_that_was_done_at_once_is_no_case_of_its_own(self):
        """With itself there would be ten of its type, of which nine are comparable."""
        self._create_cases([HOUR] * 20)
        self._create_cases([DAY] * 9, tag_id=self.tag.id)
        task = self._create_history(
            [(MONDAY, [(self.stage_new, 0)])], tag_ids=[Command.set(self.tag.ids)]
        )
        self.cases._learn(task)
        self.assertEqual(self._get_cases(task).forecast_count, 29)

    def test_a_stationary_history_holds(self):
        """Three stages of lognormal working time, a request every three working hours."""
        rng = random.Random(19)  # noqa: S311
        hours, at, plans = self.project._service_working_time(), datetime(2025, 1, 6, 9), []
        for _ in range(300):
            steps = [(stage, round(rng.lognormvariate(9, 0.8))) for stage in self.stages]
            plans.append((at, steps))
            at = hours.deadline(at, round(rng.expovariate(1 / (3 * HOUR))))
        tasks = self._create_history(plans, tag_ids=[Command.set(self.tag.ids)])
        self._learn_in_order(tasks)
        truth = [
            [sum(spent for _, spent in steps[number:]) for number in range(3)] for _, steps in plans
        ]
        found = [self._get_cases(task).mapped("seconds") for task in tasks]
        self.assertEqual(found, truth)
        rows = self.cases._read_group(
            [("task_id", "in", tasks.ids)], ["stage_id"], ["held:avg", "held_half:avg", "__count"]
        )
        self.assertEqual([count for *_, count in rows], [300] * 3)
        for stage, most, half, _count in rows:
            with self.subTest(stage.name):
                self.assertTrue(0.75 <= most <= 0.85, most)
                self.assertTrue(0.42 <= half <= 0.58, half)
        facts = self._get_facts(tasks)
        self.assertEqual(self.cases._replay_back_test(), 0)
        self._check_other_order(tasks, facts)

    def _learn_in_order(self, tasks):
        """Learn as the job does: some at a time, in the order in which they were done."""
        closings = tasks._get_closings()
        tasks = tasks.sorted(lambda task: closings[task.id])
        for start in range(0, len(tasks), 70):
            self.cases._learn(tasks[start : start + 70])

    def _check_other_order(self, tasks, facts):
        """Learn the last first: only then the replay has something to correct."""
        self.cases._learn(tasks.browse())
        self.env.cr.execute("DELETE FROM service_forecast_case")
        for start in range(270, -1, -30):
            self.cases._learn(tasks[start : start + 30])
        self.assertNotEqual(self._get_facts(tasks), facts)
        self.assertGreater(self.cases._replay_back_test(), 0)
        self.assertEqual(self._get_facts(tasks), facts)
        self.assertEqual(self.cases._replay_back_test(), 0)

    def test_the_replay_goes_in_chunks_and_by_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        cases = self._create_cases(range(10, 40)) + self._create_cases([5], company_id=company.id)
        own, others = (
            self.cases.with_context(allowed_company_ids=one.ids)
            for one in (self.env.company, company)
        )
        with patch.object(service_forecast_back_test, "CHUNK", 7):
            self.assertEqual(own._replay_back_test(), 30)
            self.assertEqual(own._replay_back_test(), 0)
        self.env.cr.execute(
            "SELECT count(forecast_count) FROM service_forecast_case WHERE id = ANY(%s)",
            [cases.ids],
        )
        self.assertEqual(self.env.cr.fetchall(), [(30,)])
        self.assertEqual(others._replay_back_test(), 1)

    def test_the_button_of_managers(self):
        self._create_cases(range(10))
        cases = self.cases.with_user(self.manager)
        self.assertEqual(cases.action_replay_back_test()["params"]["type"], "warning")
        self.assertEqual(cases.action_replay_back_test()["params"]["type"], "success")
        lead = new_test_user(self.env, "lead", groups=GROUP + "lead")
        with self.assertRaises(AccessError):
            cases.with_user(lead).action_replay_back_test()

    def test_working_hours_of_a_row(self):
        [case] = self._create_cases([DAY])
        self.assertEqual((case.hours, case.half_hours, case.most_hours), (8, 0, 0))
        self.assertEqual(case.action_open_request()["res_id"], case.task_id.id)
