# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import ServiceExperienceCase

HOUR = 3600


@tagged("post_install", "-at_install")
class TestSlaApply(ServiceExperienceCase):
    """The dialog that says what a changed policy would do to open work, and does it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._create_policy(("resolution", 8, "hour"), calendar_id=cls.calendar.id)
        cls.target = cls.policy.target_ids

    def _create_at(self, moment, **values):
        with self.at(moment):
            return self._create_task(**values)

    def _open(self, user=None, policy=None):
        wizards = self.env["service.sla.policy.apply"].with_user(user or self.manager)
        return wizards.create({"policy_id": (policy or self.policy).id})

    def _rows(self, timers):
        """Return what the database holds of the timers and of their evidence."""
        self.env.invalidate_all()
        stored = [
            name for name, field in timers._fields.items() if field.store and field.column_type
        ]
        return timers.read(stored, load=None), timers.event_ids.ids, timers.segment_ids.ids

    def _counts(self, wizard):
        names = ("open", "earlier", "overdue", "later", "unchanged", "cancelled", "new")
        return {name: count for name in names if (count := wizard[f"{name}_count"])}

    def test_it_says_what_would_change_and_changes_nothing(self):
        overdue = self._create_at("2026-03-02 09:00:00", name="Would be overdue")
        earlier = self._create_at("2026-03-02 11:30:00", name="Would be earlier")
        paused = self._create_at("2026-03-02 09:30:00", name="Is paused")
        with self.at("2026-03-02 10:00:00"):
            self.env["service.wait"].create({"task_id": paused.id, "kind": "customer"})
        timers = (overdue + earlier + paused).sla_timer_ids
        before = self._rows(timers)
        with self.at("2026-03-02 12:00:00"):
            self.target.duration = 2
            wizard = self._open()
            self.assertEqual(self._counts(wizard), {"open": 3, "earlier": 3, "overdue": 1})
            self.assertIn("3 open timers: 3 with an earlier deadline", wizard.summary)
            self.assertIn("1 overdue at once", wizard.summary)
        for words in ("Would be overdue", "Mon, Mar 2 at 5:00", "Overdue at once"):
            self.assertIn(words, str(wizard.requests))
        self.assertIn("Paused, 7 h 30 min left", str(wizard.requests))
        self.assertIn("Paused, 1 h 30 min left", str(wizard.requests))
        self.assertLess(
            str(wizard.requests).index("Would be overdue"),
            str(wizard.requests).index("Would be earlier"),
            "what has to be seen comes first",
        )
        self.assertEqual(self._rows(timers), before)

    def test_apply_keeps_start_spent_time_and_pauses(self):
        task = self._create_at("2026-03-02 09:00:00")
        with self.at("2026-03-02 11:00:00"):
            wait = self.env["service.wait"].create({"task_id": task.id, "kind": "customer"})
        with self.at("2026-03-02 13:00:00"):
            wait.action_end()
        timer = task.sla_timer_ids
        self.assertDeadline(timer, "2026-03-03 11:00:00")
        with self.at("2026-03-02 14:00:00"):
            self.target.duration = 4
            wizard = self._open()
            action = wizard.action_apply()
        self.assertEqual(action["params"]["next"]["type"], "ir.actions.act_window_close")
        self.assertDeadline(timer, "2026-03-02 15:00:00")
        self.assertEqual(timer.started_at, datetime(2026, 3, 2, 9))
        self.assertEqual((timer.spent_seconds, timer.target_seconds), (3 * HOUR, 4 * HOUR))
        self.assertEqual(
            timer.segment_ids.sorted("from_at").mapped(lambda piece: (piece.kind, piece.seconds)),
            [("running", 2 * HOUR), ("paused", 2 * HOUR), ("running", HOUR)],
        )
        event = timer.event_ids.filtered(lambda event: event.kind == "recalculated")
        self.assertRecordValues(
            event,
            [
                {
                    "at": datetime(2026, 3, 2, 14),
                    "deadline_before": datetime(2026, 3, 3, 11),
                    "deadline_after": datetime(2026, 3, 2, 15),
                    "cause": "policy_changed",
                    "user_id": self.manager.id,
                }
            ],
        )

    def test_applying_twice_changes_nothing_more(self):
        task = self._create_at("2026-03-02 09:00:00")
        with self.at("2026-03-02 10:00:00"):
            self.target.duration = 4
            self._open().action_apply()
        events = task.sla_timer_ids.event_ids
        with self.at("2026-03-02 11:00:00"):
            wizard = self._open()
            self.assertEqual(self._counts(wizard), {"open": 1, "unchanged": 1})
            self.assertEqual(wizard.summary, "1 open timers: no deadline changes.")
            self.assertFalse(wizard.requests)
            wizard.action_apply()
        self.assertEqual(task.sla_timer_ids.event_ids, events)

    def test_finished_cycles_never_change(self):
        done = self._create_at("2026-03-02 09:00:00")
        self._create_at("2026-03-02 09:00:00")
        with self.at("2026-03-02 10:00:00"):
            done.state = "1_done"
        timer = done.sla_timer_ids
        before = self._rows(timer)
        with self.at("2026-03-02 12:00:00"):
            self.target.duration = 1
            wizard = self._open()
            self.assertEqual(wizard.open_count, 1)
            wizard.action_apply()
        self.assertEqual(self._rows(timer), before)
        self.assertEqual(timer.state, "met")

    def test_a_breach_on_record_stays_and_is_not_overdue_again(self):
        task = self._create_at("2026-03-02 09:00:00")
        with self.at("2026-03-03 09:30:00"):
            self.sweep()
            self.target.duration = 2
            wizard = self._open()
            self.assertEqual(self._counts(wizard), {"open": 1, "earlier": 1})
            wizard.action_apply()
        self.assertEqual(task.sla_timer_ids.breached_at, datetime(2026, 3, 2, 17))

    def test_overdue_at_once_is_a_breach_at_the_new_deadline(self):
        task = self._create_at("2026-03-02 09:00:00")
        with self.at("2026-03-02 12:00:00"):
            self.target.duration = 2
            self._open().action_apply()
            self.sweep()
        self.assertEqual(task.sla_timer_ids.breached_at, datetime(2026, 3, 2, 11))

    def test_a_later_deadline_and_an_agreed_one(self):
        self._create_at("2026-03-02 09:00:00")
        agreed = self._create_at("2026-03-02 09:00:00").sla_timer_ids
        with self.at("2026-03-02 10:00:00"):
            agreed._agree_deadline(datetime(2026, 3, 5, 12), "They are away")
            self.target.duration = 16
            wizard = self._open()
            self.assertEqual(self._counts(wizard), {"open": 2, "later": 1, "unchanged": 1})

    def test_what_no_longer_applies_and_what_is_new(self):
        tag = self.env["project.tags"].create({"name": "Gold"})
        kept = self._create_at("2026-03-02 09:00:00", name="Kept", tag_ids=[Command.set(tag.ids)])
        lost = self._create_at("2026-03-02 09:00:00", name="Lost")
        with self.at("2026-03-02 15:00:00"):
            self.policy.write(
                {
                    "tag_ids": [Command.set(tag.ids)],
                    "target_ids": [
                        Command.create({"metric": "update", "duration": 4, "unit": "hour"})
                    ],
                }
            )
            wizard = self._open()
            self.assertEqual(
                self._counts(wizard),
                {"open": 2, "unchanged": 1, "cancelled": 1, "new": 1, "overdue": 1},
            )
            for words in ("No longer measured", "Not measured", "New"):
                self.assertIn(words, str(wizard.requests))
            wizard.action_apply()
        self.assertEqual(lost.sla_timer_ids.state, "cancelled")
        self.assertEqual(self.timer_of(kept, "update").started_at, datetime(2026, 3, 2, 9))

    def test_timers_of_other_policies_are_not_counted(self):
        self._create_policy(("resolution", 3, "hour"), kind="ola", calendar_id=self.calendar.id)
        self._create_at("2026-03-02 09:00:00")
        with self.at("2026-03-02 10:00:00"):
            self.target.duration = 4
            self.assertEqual(self._counts(self._open()), {"open": 1, "earlier": 1})

    def test_it_plans_again_when_it_is_applied(self):
        task = self._create_at("2026-03-02 09:00:00")
        with self.at("2026-03-02 10:00:00"):
            self.target.duration = 4
            wizard = self._open()
        with self.at("2026-03-02 10:30:00"):
            task.state = "1_done"
        with self.at("2026-03-02 11:00:00"):
            action = wizard.action_apply()
        self.assertIn("0 open timers: no deadline", action["params"]["message"])
        self.assertEqual(task.sla_timer_ids.target_seconds, 8 * HOUR)

    def test_many_requests_are_told_in_short(self):
        for number in range(12):
            self._create_at("2026-03-02 09:00:00", name=f"Request {number}")
        with self.at("2026-03-02 10:00:00"):
            self.target.duration = 4
            wizard = self._open()
            self.assertEqual(str(wizard.requests).count("/odoo/project.task/"), 10)
            self.assertIn("2 more timers would change", str(wizard.requests))

    def test_names_are_text(self):
        self._create_at("2026-03-02 09:00:00", name="<script>alert(1)</script>")
        with self.at("2026-03-02 10:00:00"):
            self.target.duration = 4
            self.assertNotIn("<script>", str(self._open().requests))

    def _count_queries(self, policy):
        self.env["service.sla.timer"]._sync_pending()  # what the test itself has done
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertTrue(self._open(policy=policy).requests)
        return self.env.cr.sql_log_count - before

    def _assert_same_queries(self, change):
        """Compare the dialog for 5 and for 50 requests of which the policy was changed."""
        counts = []
        for number in (5, 50):
            project = self.project.copy({"name": f"{number} requests"})
            policy = self._create_policy(
                ("resolution", 8, "hour"),
                calendar_id=self.calendar.id,
                project_ids=[Command.set(project.ids)],
                sequence=1,
            )
            tasks = self.env["project.task"].union(
                *(self._create_task(project_id=project.id) for _ in range(number))
            )
            self.assertEqual(tasks.sla_timer_ids.policy_id, policy)
            change(policy, tasks)
            self._count_queries(policy)  # what is asked once and then remembered
            counts.append(self._count_queries(policy))
            self.assertEqual(self._open(policy=policy).open_count, number)
        self.assertEqual(*counts)

    def test_queries_do_not_grow_with_the_timers(self):
        def change(policy, tasks):
            policy.target_ids.duration = 4

        with self.at("2026-03-02 09:00:00"):
            self._assert_same_queries(change)

    def test_queries_do_not_grow_with_the_histories(self):
        """A new target makes the dialog play the history of each request."""

        def change(policy, tasks):
            for task in tasks:
                task.message_post(
                    body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
                )
            values = {"metric": "first_response", "duration": 4, "unit": "hour"}
            policy.target_ids = [Command.create(values)]

        with self.at("2026-03-02 09:00:00"):
            self._assert_same_queries(change)

    def test_only_managers_open_it(self):
        lead = new_test_user(
            self.env, "apply_lead", groups="service_experience.service_experience_group_lead"
        )
        portal = new_test_user(self.env, "apply_portal", groups="base.group_portal")
        for user in (self.employee, lead, portal):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self._open(user)
                with self.assertRaises(AccessError):
                    self.policy.with_user(user).action_apply_to_open()

    def test_a_manager_of_another_company_learns_nothing(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "apply_stranger",
            groups="service_experience.service_experience_group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.policy.company_id = self.env.company
        self._create_at("2026-03-02 09:00:00")
        with self.assertRaises(AccessError):
            self._open(stranger).read(["summary"])
        with self.assertRaises(AccessError):
            self._open(stranger).action_apply()

    def test_requests_that_the_manager_may_not_see_are_counted_and_not_named(self):
        self._create_at("2026-03-02 09:00:00", name="Secret")
        self.project.privacy_visibility = "followers"
        self.project.message_unsubscribe(self.manager.partner_id.ids)
        with self.at("2026-03-02 10:00:00"):
            self.target.duration = 4
            wizard = self._open()
            self.assertEqual(wizard.earlier_count, 1)
            self.assertNotIn("Secret", str(wizard.requests))

    def test_the_button_opens_the_dialog(self):
        self._create_at("2026-03-02 09:00:00")
        action = self.policy.with_user(self.manager).action_apply_to_open()
        with self.at("2026-03-02 10:00:00"):
            self.target.duration = 4
            wizards = self.env[action["res_model"]].with_user(self.manager)
            form = Form(wizards.with_context(**action["context"]))
            self.assertEqual((form.open_count, form.earlier_count), (1, 1))
