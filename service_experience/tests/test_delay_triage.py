# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .delay_common import DelayCase


@tagged("post_install", "-at_install")
class TestDelayTriage(DelayCase):
    """What lies goes to the lead; what follows from a delay is suspected, too."""

    def _set_lead(self):
        self.project.service_team_id = self.env["service.team"].create(
            {"name": "Installation", "lead_user_id": self.lead.id}
        )

    def test_four_working_hours_then_the_lead(self):
        self._set_lead()
        delay = self._delay(at="2026-03-03 15:00:00")
        first = delay.sudo().activity_id
        self.assertEqual((delay.user_id, first.user_id), (self.accountable, self.accountable))
        self.assertEqual(delay.triage_due, self.instant("2026-03-04 11:00:00"))
        self._run("triage", "2026-03-04 10:59:59")
        self.assertEqual(delay.user_id, self.accountable)
        self._run("triage", "2026-03-04 11:00:00")
        self.assertEqual((delay.user_id, delay.state), (self.lead, "suspected"))
        self.assertEqual(delay.sudo().activity_id.user_id, self.lead)
        self.assertFalse(first.exists())
        self._run("triage", "2026-03-05 11:00:00")
        self.assertEqual(len(self._activities(self.project)), 1, "the lead is called once")

    def test_deciding_ends_the_call(self):
        for act in ("action_confirm", "action_dismiss"):
            with self.subTest(act=act), self.at("2026-03-03 10:00:00"):
                delay = self._delay(self._promise(name=act))
                getattr(delay, act)(*(["It holds."] if act == "action_dismiss" else []))
                self.assertFalse(delay.sudo().activity_id)

    def test_the_list_of_the_lead(self):
        important = self.env["res.partner"].create(
            {"name": "Tannenhof", "is_company": True, "service_importance": "2"}
        )
        other = self.project.copy({"name": "Elsewhere", "partner_id": important.id})
        normal = self._delay(at="2026-03-03 09:00:00")
        key = self._delay(self._promise(project_id=other.id), at="2026-03-03 12:00:00")
        listed = self.env["service.delay"].search([("id", "in", (normal | key).ids)])
        self.assertEqual(listed[0], key, "the more important customer comes first")
        with self.at("2026-03-04 10:00:00"):
            self.assertEqual((normal.age_hours, key.age_hours), (9, 6))
            overdue = self.env["service.delay"].search([("is_triage_overdue", "=", True)])
            self.assertEqual(overdue & (normal | key), normal | key)
        important.service_importance = "0"
        self.assertEqual(key.importance, "0")

    def test_my_day(self):
        delay = self._delay(at="2026-03-03 09:00:00")
        with self.at("2026-03-03 10:00:00"):
            sections = self.env["service.my.day"].with_user(self.accountable).get_day()["sections"]
        [section] = [one for one in sections if one["key"] == "delays"]
        self.assertEqual(section["count"], 1)
        self.assertEqual(section["lines"][0]["title"], "Heat pump runs")
        self.assertEqual(section["lines"][0]["id"], delay.id)

    # A reason that is not known yet

    def test_an_unknown_reason_holds_for_two_days(self):
        delay = self._confirmed(reason_id=self.unknown.id)
        self.assertEqual(delay.reason_due_at, self.instant("2026-03-05 10:00:00"))
        self._run("triage", "2026-03-05 10:00:00")
        self._run("triage", "2026-03-05 10:15:00")
        calls = self._activities(self.project).filtered(lambda one: "Find out why" in one.summary)
        self.assertEqual(len(calls), 1, "asked once")
        with self.at("2026-03-05 11:00:00"):
            with self.assertRaisesRegex(UserError, "no longer holds"):
                delay.action_tell()
            delay.reason_id = self.reason
            delay.action_tell()
        self.assertTrue(delay.sent_at)

    def test_an_unknown_reason_that_was_told_is_suspected_again(self):
        delay = self._told(reason_id=self.unknown.id)
        self._run("triage", "2026-03-05 10:00:00")
        self._run("triage", "2026-03-05 10:15:00")
        newer = self.env["service.delay"].search(
            [("commitment_id", "=", delay.commitment_id.id), ("id", "!=", delay.id)]
        )
        self.assertEqual((newer.rule, newer.state), ("reason_unknown", "suspected"))
        self.assertEqual(newer.old_to, date(2026, 3, 13))
        self.assertIn("Tell them now", newer.why)

    # Knock-on

    def test_requests_that_wait_for_this_one(self):
        self.project.allow_task_dependencies = True
        first = self._create_task()
        second = self._create_task(depend_on_ids=[Command.set(first.ids)])
        other = self._create_task()
        follower = self._promise(task_id=second.id, day="2026-03-20", name="Second")
        self._promise(task_id=other.id, day="2026-03-20", name="Other")
        main = self._promise(day="2026-03-10", name="All of it")
        self.project.primary_commitment_id = main
        delay = self._confirmed(promise=self._promise(task_id=first.id, name="First"))
        followers = delay.cascade_ids
        self.assertEqual(followers.commitment_id, follower | main)
        self.assertEqual(set(followers.mapped("state")), {"suspected"})
        self.assertEqual(set(followers.mapped("rule")), {"cascade"})
        self.assertEqual(followers.reason_id, self.knock_on)
        self.assertIn("It depends on “First”", followers[0].why)

    def test_promises_of_steps_that_come_after(self):
        first, second = self._promise(name="First"), self._promise(name="Second", day="2026-03-20")
        step = self.env["service.step"].create(
            {"title": "Deliver", "project_id": self.project.id, "commitment_id": first.id}
        )
        self.env["service.step"].create(
            {
                "title": "Install",
                "project_id": self.project.id,
                "commitment_id": second.id,
                "depends_on_ids": [Command.set(step.ids)],
            }
        )
        delay = self._confirmed(promise=first)
        self.assertEqual(delay.cascade_ids.commitment_id, second)

    def test_a_service_that_has_time_is_left_alone(self):
        task = self._create_task()
        self.project.primary_commitment_id = self._promise(day="2026-03-13", name="All of it")
        delay = self._confirmed(promise=self._promise(task_id=task.id), new_to="2026-03-13")
        self.assertFalse(delay.cascade_ids)

    def _follow(self, first, **values):
        """Let a promise depend on another one by their steps."""
        before, after = self.env["service.step"].create(
            [
                {"title": promise.name, "project_id": self.project.id, "commitment_id": promise.id}
                for promise in (first, self._promise(name="Second", day="2026-03-20", **values))
            ]
        )
        after.depends_on_ids = before

    def test_what_the_customer_does_not_see_is_no_knock_on(self):
        first = self._promise(name="First")
        self._follow(first, customer_visible=False)
        self.assertFalse(self._confirmed(promise=first).cascade_ids)

    def test_an_unknown_date_has_no_knock_on_yet(self):
        first = self._promise(name="First")
        self._follow(first)
        delay = self._confirmed(promise=first, new_to=False, known_by="2026-03-10")
        self.assertFalse(delay.cascade_ids)

    def test_a_circle_ends(self):
        one, two = self._promise(name="One"), self._promise(name="Two", day="2026-03-10")
        steps = self.env["service.step"].create(
            [
                {"title": name, "project_id": self.project.id, "commitment_id": promise.id}
                for name, promise in (("A", one), ("B", two), ("C", one))
            ]
        )
        steps[1].depends_on_ids, steps[2].depends_on_ids = steps[0], steps[1]
        delay = self._confirmed(promise=one)
        follower = delay.cascade_ids
        with self.at("2026-03-03 11:00:00"):
            follower.with_user(self.accountable).new_to = "2026-03-17"
            follower.with_user(self.accountable).action_confirm()
        self.assertEqual(follower.state, "confirmed")
        self.assertEqual(len(delay.cascade_ids), 1)
