# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceExperienceCase


@tagged("post_install", "-at_install")
class TestSlaMatching(ServiceExperienceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag, cls.other_tag = cls.env["project.tags"].create(
            [{"name": "Outage"}, {"name": "Question"}]
        )

    def test_scope_table(self):
        """Each row: a policy's scope, a task's facts, and whether they fit."""
        other_project = self.project.copy({"name": "Other", "partner_id": False})
        company = self.env["res.company"].create({"name": "Second"})
        customer, tag = self.customer.id, self.tag.id
        table = [
            ({}, {}, True),
            ({"project_ids": self.project.ids}, {}, True),
            ({"project_ids": self.project.ids}, {"project_id": other_project.id}, False),
            ({"partner_ids": [customer]}, {"partner_id": customer}, True),
            ({"partner_ids": [customer]}, {"partner_id": self.contact.id}, True),
            ({"partner_ids": [customer]}, {"partner_id": self.other_customer.id}, False),
            ({"partner_ids": [customer]}, {"partner_id": False}, False),
            ({"tag_ids": [tag]}, {"tag_ids": [tag, self.other_tag.id]}, True),
            ({"tag_ids": [tag, self.other_tag.id]}, {"tag_ids": [tag]}, True),
            ({"tag_ids": [tag]}, {"tag_ids": self.other_tag.ids}, False),
            ({"tag_ids": [tag]}, {}, False),
            ({"company_id": self.env.company.id}, {}, True),
            ({"company_id": company.id}, {"company_id": self.env.company.id}, False),
            ({"company_id": company.id}, {"company_id": False}, True),
            ({"active": False}, {}, False),
        ]
        for number, (scope, facts, fits) in enumerate(table):
            with self.subTest(number), self.env.cr.savepoint() as savepoint:
                values = {
                    name: [Command.set(value)] if name.endswith("_ids") else value
                    for name, value in scope.items()
                }
                self._create_policy(("resolution", 8, "hour"), **values)
                tags = facts.pop("tag_ids", [])
                with self.at("2026-03-02 09:00:00"):
                    task = self._create_task(
                        **{"partner_id": False, **facts}, tag_ids=[Command.set(tags)]
                    )
                self.assertEqual(bool(task.sla_timer_ids), fits)
                savepoint.rollback()

    def test_first_policy_with_a_target_for_the_priority_wins(self):
        self._create_policy(("resolution", 2, "hour", {"priority": "3"}), name="Urgent", sequence=1)
        self._create_policy(
            ("first_response", 1, "hour"), ("resolution", 8, "hour"), name="All", sequence=2
        )
        self._create_policy(("resolution", 1, "hour"), name="Internal", sequence=3, kind="ola")
        with self.at("2026-03-02 09:00:00"):
            urgent, normal = self._create_task(priority="3"), self._create_task()
        self.assertEqual(
            {(t.kind, t.metric): t.policy_id.name for t in urgent.sla_timer_ids},
            {
                ("sla", "resolution"): "Urgent",
                ("sla", "first_response"): "All",
                ("ola", "resolution"): "Internal",
            },
        )
        self.assertEqual(
            normal.sla_timer_ids.filtered(
                lambda t: (t.kind, t.metric) == ("sla", "resolution")
            ).policy_id.name,
            "All",
        )

    def test_target_for_the_priority_beats_the_one_for_any(self):
        self._create_policy(("resolution", 8, "hour"), ("resolution", 2, "hour", {"priority": "3"}))
        with self.at("2026-03-02 09:00:00"):
            urgent, normal = self._create_task(priority="3"), self._create_task()
        self.assertDeadline(self.timer_of(urgent), "2026-03-02 11:00:00")
        self.assertDeadline(self.timer_of(normal), "2026-03-02 17:00:00")

    def test_calendar_falls_back(self):
        """Policy, else project (its company), else day and night."""
        always = self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 15:00:00"):
            task = self._create_task()
        self.assertDeadline(self.timer_of(task), "2026-03-03 15:00:00")
        self.env.company.resource_calendar_id = False
        self.env.invalidate_all()  # the project reads the company's hours without a dependency
        with self.at("2026-03-02 15:00:00"):
            task = self._create_task()
        self.assertDeadline(self.timer_of(task), "2026-03-02 23:00:00")
        always.calendar_id = self._create_calendar("Mornings", hours=((8, 12),))
        with self.at("2026-03-02 15:00:00"):
            task = self._create_task()
        self.assertDeadline(self.timer_of(task), "2026-03-04 12:00:00")

    def test_change_of_priority_keeps_start_and_spent_time(self):
        self._create_policy(
            ("resolution", 16, "hour"), ("resolution", 10, "hour", {"priority": "3"})
        )
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 15:00:00"):
            task.priority = "3"
        timer = self.timer_of(task)
        self.assertEqual(len(task.sla_timer_ids), 1)
        self.assertDeadline(timer, "2026-03-03 11:00:00")
        self.assertEqual(timer.started_at, datetime(2026, 3, 2, 9))
        self.assertEqual(timer.spent_seconds, 6 * 3600)
        self.assertEvents(timer, "recalculated")
        event = timer.event_ids.filtered(lambda e: e.kind == "recalculated")
        self.assertEqual(event.deadline_before, datetime(2026, 3, 3, 17))
        self.assertEqual(event.deadline_after, datetime(2026, 3, 3, 11))

    def test_change_to_other_hours_keeps_the_past_by_the_old_ones(self):
        self._create_policy(
            ("resolution", 16, "hour"),
            name="24x7",
            sequence=1,
            partner_ids=self.other_customer,
            calendar_id=self._create_calendar("24x7", hours=((0, 24),), days=range(7)).id,
        )
        self._create_policy(("resolution", 16, "hour"), name="Office", sequence=2)
        with self.at("2026-03-02 16:00:00"):
            task = self._create_task(partner_id=self.customer.id)
        with self.at("2026-03-03 10:00:00"):  # 2 working hours later
            task.partner_id = self.other_customer
        self.assertDeadline(self.timer_of(task), "2026-03-04 00:00:00")
        self.assertEqual(self.timer_of(task).segment_ids.seconds, 2 * 3600)

    def test_promise_that_no_longer_applies_and_applies_again(self):
        self._create_policy(("resolution", 8, "hour"), tag_ids=self.tag)
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task(tag_ids=[Command.set(self.tag.ids)])
        with self.at("2026-03-02 10:00:00"):
            task.tag_ids = False
        self.assertEqual(task.sla_timer_ids.mapped("state"), ["cancelled"])
        with self.at("2026-03-02 11:00:00"):
            task.tag_ids = self.tag
        timer = task.sla_timer_ids.filtered(lambda t: t.state == "running")
        self.assertEqual((timer.cycle, timer.started_at), (2, datetime(2026, 3, 2, 9)))

    def test_promise_after_the_fact_counts_answers_given_before(self):
        self._create_policy(
            ("first_response", 1, "hour"), ("resolution", 8, "hour"), tag_ids=self.tag
        )
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 09:40:00"):
            self._say(task, self.employee.partner_id)
        with self.at("2026-03-02 12:00:00"):
            task.tag_ids = self.tag
        timer = self.timer_of(task, "first_response")
        self.assertEqual((timer.state, timer.stopped_at), ("met", datetime(2026, 3, 2, 9, 40)))
        self.assertEqual(self.timer_of(task).started_at, datetime(2026, 3, 2, 9))

    def test_finished_measurement_is_not_repeated(self):
        self._create_policy(("first_response", 4, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            self._say(task, self.employee.partner_id)
        with self.at("2026-03-02 11:00:00"):
            task.priority = "2"
        self.assertEqual(task.sla_timer_ids.mapped("state"), ["met"])

    def test_work_older_than_its_policy_gets_no_timers_by_an_edit(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 11:00:00"):
            task.priority = "2"
        self.assertFalse(task.sla_timer_ids)
        with self.at("2026-03-02 12:00:00"):
            self.env["service.sla.policy"].search([]).with_user(
                self.manager
            ).action_start_existing()
        self.assertEqual(self.timer_of(task).started_at, datetime(2026, 3, 2, 9))
        self.assertDeadline(self.timer_of(task), "2026-03-02 17:00:00")

    def test_existing_work_in_the_scope_of_the_policy_only(self):
        other = self.project.copy({"name": "Other", "partner_id": False})
        values = {"tag_ids": [Command.set(self.tag.ids)], "partner_id": self.contact.id}
        inside = self._create_task(**values)
        outside = (
            self._create_task(**values | {"project_id": other.id})
            + self._create_task(**values | {"partner_id": self.other_customer.id})
            + self._create_task(**values | {"tag_ids": False})
            + self._create_task(**values | {"state": "1_done"})
        )
        policy = self._create_policy(
            ("resolution", 8, "hour"),
            project_ids=self.project,
            partner_ids=self.customer,
            tag_ids=self.tag,
            company_id=self.env.company.id,
        )
        policy.with_user(self.manager).action_start_existing()
        self.assertEqual(len(inside.sla_timer_ids), 1)
        self.assertFalse(outside.sla_timer_ids)
        with self.assertRaises(AccessError):
            policy.with_user(self.employee).action_start_existing()

    def test_readers_in_the_same_transaction_see_what_has_happened(self):
        self._create_policy(("first_response", 4, "hour"), ("resolution", 8, "hour"))
        task = self._create_task()
        timers = self.env["service.sla.timer"].search([("task_id", "=", task.id)])
        self.assertEqual(task.sla_timer_ids, timers)
        self.assertEqual(timers.mapped("state"), ["running", "running"])
        self._say(task, self.employee.partner_id)
        self.assertEqual(self.timer_of(task, "first_response").state, "met")
        self.assertEqual([t["state"] for t in task.sla_status["timers"]], ["running", "met"])
        task.state = "1_done"
        self.assertEqual(timers.mapped("state"), ["met", "met"])
        self.assertEqual(task.sla_state, "met")

    def test_editing_a_policy_changes_nothing_by_itself(self):
        policy = self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        policy.target_ids.duration = 1
        policy.active = False
        with self.at("2026-03-02 10:00:00"):
            task.priority = "2"
        self.assertDeadline(self.timer_of(task), "2026-03-02 17:00:00")

    def test_refused_policies(self):
        flexible = self._create_calendar("Flexible", schedule_type="flexible", flexible_hours=True)
        empty = self._create_calendar("Empty", hours=())
        breaks = self._create_calendar("Only breaks")
        breaks.attendance_ids.day_period = "lunch"
        for calendar, word in (
            (flexible, "flexible"),
            (empty, "no opening"),
            (breaks, "no opening"),
        ):
            with self.subTest(calendar.name), self.assertRaisesRegex(ValidationError, word):
                self._create_policy(("resolution", 8, "hour"), calendar_id=calendar.id)
        for duration in (0, -1):
            with self.subTest(duration), self.assertRaisesRegex(ValidationError, "at least 1"):
                self._create_policy(("resolution", duration, "hour"))
        for duration, unit in ((3_000_000, "minute"), (40_000, "hour"), (2_000, "day")):
            with self.subTest(unit), self.assertRaisesRegex(ValidationError, "three years"):
                self._create_policy(("resolution", duration, unit))
        for percent in (-1, 100):
            with self.subTest(percent), self.assertRaisesRegex(ValidationError, "0 .* to 99"):
                self._create_policy(("resolution", 1, "hour", {"warn_percent": percent}))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._create_policy(("resolution", 1, "hour"), ("resolution", 2, "hour"))

    def test_used_policy_is_archived_not_deleted(self):
        policy = self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            self._create_task()
        with self.assertRaisesRegex(UserError, "Archive"):
            policy.unlink()

    def test_scope_never_widens_by_a_deletion(self):
        """A policy for one project is not one for all because that project is deleted."""
        cases = {
            "project_ids": self.project.copy({"name": "Short-lived"}),
            "tag_ids": self.tag,
            "partner_ids": self.other_customer,
        }
        for scope, record in cases.items():
            with self.subTest(scope):
                policy = self._create_policy(
                    ("resolution", 8, "hour"), user_id=self.manager.id, **{scope: record}
                )
                wider = self._create_policy(("resolution", 8, "hour"), sequence=99)
                record.unlink()
                self.assertFalse(policy.active)
                self.assertEqual(policy.activity_ids.user_id, self.manager)
                self.assertTrue(wider.active)

    def test_contacts_of_one_policy_can_be_merged(self):
        twin = self.env["res.partner"].create({"name": "Nordlicht Bakery Ltd", "is_company": True})
        policy = self._create_policy(
            ("resolution", 8, "hour"), partner_ids=[Command.set((self.customer + twin).ids)]
        )
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.customer + twin).ids, self.customer)
        self.env.invalidate_all()
        self.assertTrue(policy.active)
        self.assertEqual(policy.partner_ids, self.customer)

    def test_contact_that_joins_a_company_keeps_its_promise(self):
        person = self.env["res.partner"].create({"name": "Solo"})
        self._create_policy(("resolution", 8, "hour"), partner_ids=person)
        person.parent_id = self.other_customer
        task = self._create_task(partner_id=person.id)
        self.assertEqual(len(task.sla_timer_ids), 1)

    def test_hours_do_not_depend_on_who_edits(self):
        company = self.env["res.company"].create(
            {
                "name": "Night company",
                "resource_calendar_id": self._create_calendar("Night", hours=((0, 6),)).id,
            }
        )
        self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        deadline = self.timer_of(task).deadline
        with self.at("2026-03-02 10:00:00"):
            task.with_company(company).priority = "1"
        self.assertEqual(self.timer_of(task).deadline, deadline)
        self.assertFalse(self.timer_of(task).event_ids)

    def test_timer_of_an_archived_policy_stays_as_it_is(self):
        policy = self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        policy.active = False
        self._create_policy(("resolution", 1, "hour"), name="Other")
        with self.at("2026-03-02 10:00:00"):
            task.priority = "2"
        self.assertEqual(task.sla_timer_ids.policy_id, policy)
        self.assertDeadline(task.sla_timer_ids, "2026-03-02 17:00:00")

    def test_new_promise_does_not_reach_back_to_older_work_that_has_others(self):
        self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        self._create_policy(("resolution", 1, "hour"), kind="ola")
        with self.at("2026-03-03 10:00:00"):
            task.priority = "2"
        self.assertEqual(task.sla_timer_ids.mapped("kind"), ["sla"])

    def test_customer_that_follows_the_project(self):
        """What changes without a write of the task is noticed as well."""
        self._create_policy(("resolution", 8, "hour"), partner_ids=self.other_customer)
        with self.at("2026-03-02 09:00:00"):
            parent = self._create_task(partner_id=self.customer.id)
            part = self._create_task(parent_id=parent.id, partner_id=self.customer.id)
            part.display_in_project = True
        self.assertFalse(part.sla_timer_ids)
        with self.at("2026-03-02 10:00:00"):
            parent.partner_id = self.other_customer
        self.assertEqual(len(parent.sla_timer_ids), 1)

    def test_retarget_of_many_is_a_bounded_number_of_queries(self):
        self._create_policy(("resolution", 8, "hour"), ("resolution", 4, "hour", {"priority": "3"}))
        values = {"name": "x", "project_id": self.project.id, "stage_id": self.stage_new.id}
        queries = []
        for size in (10, 90):
            with self.at("2026-03-02 09:00:00"):
                tasks = self.env["project.task"].create([values] * size)
            with self.at("2026-03-02 10:00:00"):
                tasks.write({"priority": "3"})
                self.env.flush_all()
                before = self.env.cr.sql_log_count
                self.env["service.sla.timer"]._sync_pending()
                self.env.flush_all()
                queries.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(tasks.sla_timer_ids.mapped("target_seconds")), {4 * 3600})
        self.assertLess(queries[1] - queries[0], 8)

    def test_task_that_becomes_a_request(self):
        self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            template, parent = self._create_task(is_template=True), self._create_task()
            part = self._create_task(parent_id=parent.id)
        with self.at("2026-03-02 10:00:00"):
            template.is_template = False
            part.parent_id = False
        for task in (template, part):
            self.assertEqual(self.timer_of(task).started_at, datetime(2026, 3, 2, 9))

    def test_onchange_touches_nothing(self):
        self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        draft = task.new(origin=task)
        draft.state = "1_done"
        draft.stage_id = self.stage_done
        self.env.cr.flush()
        self.assertEqual(self.timer_of(task).state, "running")

    def test_batch_is_matched_in_a_bounded_number_of_queries(self):
        self._create_policy(("first_response", 4, "hour"), ("resolution", 8, "hour"))
        values = {"name": "x", "project_id": self.project.id, "stage_id": self.stage_new.id}
        queries = []
        for size in (10, 100):
            batch = self.env["project.task"].create([values] * size)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["service.sla.timer"]._sync_pending()
            self.env.flush_all()
            queries.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(batch.sla_timer_ids), size * 2)
        # 100 rows go into one INSERT: 180 more timers and events cost a few statements more.
        self.assertLess(queries[1] - queries[0], 8)

    def test_applying_takes_over_what_else_the_target_says(self):
        policy = self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 10:00:00"):
            policy.target_ids.pause_third_party = True
            policy._plan_apply().save()
        with self.at("2026-03-02 11:00:00"):
            self.env["service.wait"].create({"task_id": task.id, "kind": "third_party"})
        self.assertEqual(task.sla_timer_ids.state, "paused")
        self.assertEqual(task.sla_timer_ids._get_differences(), [])

    def test_applying_twice_leaves_one_trace(self):
        policy = self._create_policy(("resolution", 8, "hour"))
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        policy.target_ids.duration = 4
        for hour in (10, 11):
            with self.at(f"2026-03-02 {hour}:00:00"):
                policy._plan_apply().save()
        self.assertDeadline(self.timer_of(task), "2026-03-02 13:00:00")
        self.assertEvents(self.timer_of(task), "recalculated")

    def test_applying_one_policy_leaves_the_others_alone(self):
        sla = self._create_policy(("resolution", 8, "hour"))
        ola = self._create_policy(("resolution", 8, "hour"), kind="ola")
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        (sla + ola).target_ids.duration = 4
        with self.at("2026-03-02 10:00:00"):
            sla._plan_apply().save()
        deadlines = {timer.kind: timer.deadline for timer in task.sla_timer_ids}
        self.assertEqual(
            deadlines, {"sla": datetime(2026, 3, 2, 13), "ola": datetime(2026, 3, 2, 17)}
        )

    def test_other_hours_of_a_policy_change_nothing_by_themselves(self):
        evenings = self._create_calendar("Evenings", hours=((9, 21),))
        policy = self._create_policy(("resolution", 8, "hour"), calendar_id=evenings.id)
        with self.at("2026-03-02 10:00:00"):
            task = self._create_task()
        policy.calendar_id = self._create_calendar("Mornings", hours=((8, 10),))
        policy.target_ids.duration = 20
        with self.at("2026-03-02 11:00:00"):
            task.tag_ids = self.tag
        self.assertDeadline(self.timer_of(task), "2026-03-02 18:00:00")
        with self.at("2026-03-02 12:00:00"):
            policy._plan_apply().save()
        self.assertDeadline(self.timer_of(task), "2026-03-13 10:00:00")

    def test_moved_to_a_company_with_other_hours(self):
        """The same target, measured by the hours of who does the work now."""
        company = self.env["res.company"].create({"name": "Night shift"})
        company.resource_calendar_id = self._create_calendar(
            "Nights", hours=((0, 4),), days=range(7), company_id=company.id
        )
        other = self.env["project.project"].create({"name": "Nights", "company_id": company.id})
        self._create_policy(("resolution", 8, "hour"))
        self.project.company_id = self.env.company
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task()
        with self.at("2026-03-02 12:00:00"):
            task.write({"project_id": other.id, "partner_id": False})
        self.assertDeadline(self.timer_of(task), "2026-03-04 01:00:00")
