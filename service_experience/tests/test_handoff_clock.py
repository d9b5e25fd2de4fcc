# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The time to accept: measured, paused, escalated, and what acceptance does to the agreements."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .handoff_common import HandoffCase

GROUP = "service_experience.service_experience_group_"
FRIDAY, OFFER = "2026-03-06 15:00:00", "2026-03-02 10:00:00"


class HandoffClockCase(HandoffCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nobody is asked anything but what the clock needs.
        cls.kind.write({"requires_readback": False, "accept_hours": 8})
        cls.boss = new_test_user(cls.env, "boss", groups=GROUP + "manager", tz="UTC")

    def _offer_at(self, moment, **values):
        with self.at(moment):
            return self._offer(**values)

    def _ask(self, handoff, moment):
        with self.at(moment):
            self.env["service.handoff.item"].with_user(self.receiver).create(
                {"handoff_id": handoff.id, "kind": "question", "name": "Which pump is it?"}
            )
            handoff.with_user(self.receiver).action_ask()

    def _answer(self, handoff, moment):
        with self.at(moment):
            question = handoff.question_ids.with_user(self.sender)
            question.answer = "The one in the cellar."
            question.action_done()
            handoff.with_user(self.sender).action_answer()

    def _accept_at(self, handoff, moment):
        with self.at(moment):
            self._accept(handoff)

    def _sweep_at(self, moment):
        with self.at(moment):
            self.sweep()

    def _timers(self, handoff):
        return self.env["service.sla.timer"].search([("handoff_id", "=", handoff.id)], order="id")

    def assertReplays(self, timers):
        self.assertEqual(timers._get_differences(), [])


@tagged("post_install", "-at_install")
class TestHandoffClock(HandoffClockCase):
    def test_due_to_the_minute(self):
        night = self._create_calendar("Night", hours=((20, 22),), days=range(7))
        cases = [
            # offered, hours, hours of the team, due
            ("2026-03-02 10:00:00", 8, None, "2026-03-03 10:00:00"),
            ("2026-03-06 15:00:00", 8, None, "2026-03-09 15:00:00"),
            ("2026-03-07 12:00:00", 1, None, "2026-03-09 10:00:00"),
            ("2026-03-06 16:30:00", 2, None, "2026-03-09 10:30:00"),
            ("2026-03-06 15:00:00", 3, night, "2026-03-07 21:00:00"),
        ]
        for offered, hours, calendar, due in cases:
            with self.subTest(offered=offered, hours=hours):
                self.kind.accept_hours = hours
                self.team.resource_calendar_id = calendar
                handoff = self._offer_at(offered)
                self.assertEqual(handoff.due, self.instant(due))
                self.assertEqual(handoff.timer_id.team_id, self.team)
                handoff.action_cancel("A test")

    def test_row_of_a_new_timer(self):
        handoff = self._offer_at(OFFER)
        self.assertRecordValues(
            handoff.timer_id.sudo(),
            [
                {
                    "kind": "ola",
                    "metric": "acceptance",
                    "cycle": 1,
                    "state": "running",
                    "task_id": False,
                    "policy_id": False,
                    "handoff_id": handoff.id,
                    "target_seconds": 8 * 3600,
                    # At 80 % it would be 16:24, too late to act before the hours end.
                    "warn_at": self.instant("2026-03-02 16:00:00"),
                }
            ],
        )
        self.assertEqual(handoff.sla_status["timers"][0]["policy"], self.kind.name)
        self.assertIn(handoff.name, handoff.timer_id.sudo().display_name)
        action = handoff.timer_id.with_user(self.receiver).action_open_request()
        self.assertEqual((action["res_model"], action["res_id"]), (handoff._name, handoff.id))

    def test_clarification_pauses(self):
        handoff = self._offer_at(OFFER)
        self._ask(handoff, "2026-03-02 12:00:00")
        timer = handoff.timer_id.sudo()
        self.assertEqual((timer.state, timer.pause_cause), ("paused", "clarification"))
        self.assertFalse(handoff.due)
        self._sweep_at("2026-03-05 10:00:00")
        self.assertFalse(timer.breached_at)
        self._answer(handoff, "2026-03-05 12:00:00")
        self.assertEqual(handoff.due, self.instant("2026-03-06 10:00:00"))
        self._accept_at(handoff, "2026-03-06 10:00:00")
        self.assertEqual((timer.state, timer.spent_seconds), ("met", 8 * 3600))
        self.assertRecordValues(
            timer.segment_ids,
            [
                {"kind": "running", "seconds": 2 * 3600, "team_id": self.team.id},
                {"kind": "paused", "seconds": 24 * 3600, "team_id": self.team.id},
                {"kind": "running", "seconds": 6 * 3600, "team_id": self.team.id},
            ],
        )
        self.assertReplays(timer)

    def test_each_offer_is_a_cycle(self):
        handoff = self._offer_at(OFFER)
        with self.at("2026-03-02 12:00:00"):
            handoff.with_user(self.receiver).action_return("The plan is missing")
            handoff.action_rework()
        with self.at(FRIDAY):
            handoff.action_offer()
        timers = self._timers(handoff)
        self.assertRecordValues(
            timers,
            [
                {"cycle": 1, "state": "cancelled", "stop_cause": "not_applicable"},
                {"cycle": 2, "state": "running", "stop_cause": False},
            ],
        )
        self.assertEqual(handoff.due, self.instant("2026-03-09 15:00:00"))
        with self.at("2026-03-09 09:00:00"):
            handoff.action_cancel("Done by ourselves")
        self.assertEqual(timers[1].state, "cancelled")
        self.assertReplays(timers)

    def test_unreachable_hours_block_nothing(self):
        self.team.resource_calendar_id = self._create_calendar("Rare", hours=((9, 10),), days=[0])
        self.kind.accept_hours = 200
        handoff = self._offer_at(OFFER)
        self.assertEqual(handoff.state, "offered")
        self.assertFalse(handoff.timer_id)
        told = handoff.message_ids.filtered(lambda message: "not measured" in message.body)
        self.assertEqual(told.sudo().notified_partner_ids, self.lead.partner_id)
        self._accept_at(handoff, "2026-03-03 10:00:00")
        self.assertEqual(handoff.state, "accepted")

    def test_hours_change(self):
        handoff = self._offer_at(OFFER)
        with self.at("2026-03-02 11:00:00"):
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Closed",
                    "calendar_id": self.calendar.id,
                    "date_from": "2026-03-03 00:00:00",
                    "date_to": "2026-03-04 00:00:00",
                }
            )
            self.env.cr.flush()
            with self.enter_registry_test_mode():
                self.env.ref(
                    "service_experience.service_calendar_change_cron"
                ).method_direct_trigger()
            self.env.invalidate_all()
        self.assertEqual(handoff.due, self.instant("2026-03-04 10:00:00"))
        self.assertReplays(self._timers(handoff))

    def test_a_timer_has_one_subject(self):
        handoff = self._offer_at(OFFER)
        timer = handoff.timer_id.sudo()
        for column, value in (("task_id", self.task.id), ("handoff_id", None)):
            with (
                self.subTest(column=column),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    f"UPDATE service_sla_timer SET {column} = %s WHERE id = %s",  # noqa: S608
                    [value, timer.id],
                )


@tagged("post_install", "-at_install")
class TestHandoffEscalation(HandoffClockCase):
    def _get_called(self, handoff):
        calls = handoff.sudo().activity_ids.filtered(
            lambda call: "overdue" in call.summary or "twice" in call.summary
        )
        return calls.user_id

    def test_breach_and_both_escalations_once(self):
        handoff = self._offer_at(OFFER)
        timer = handoff.timer_id.sudo()
        self._sweep_at("2026-03-02 16:30:00")
        self.assertEvents(timer, "warned")
        self.assertFalse(self._get_called(handoff))
        for _again in range(2):
            self._sweep_at("2026-03-03 10:01:00")
        self.assertEvents(timer, "warned", "escalated", "breached")
        self.assertEqual(timer.breached_at, self.instant("2026-03-03 10:00:00"))
        overdue = self.receiver | self.lead | self.sender
        self.assertEqual(self._get_called(handoff), overdue)
        self.assertEqual(timer.display_state, "overdue")
        for _again in range(2):
            self._sweep_at("2026-03-04 10:01:00")
        self.assertEvents(timer, "warned", "escalated", "breached", "escalated")
        self.assertEqual(len(self._get_called(handoff) - overdue), 1)
        self.assertEqual(len(handoff.sudo().activity_ids), 1 + 3 + 1)
        self.assertReplays(timer)

    def test_the_manager_of_the_service_decides(self):
        self.project.user_id = self.boss
        handoff = self._offer_at(OFFER)
        self._sweep_at("2026-03-04 10:01:00")
        calls = handoff.sudo().activity_ids.filtered(lambda call: "twice" in call.summary)
        self.assertEqual(calls.user_id, self.boss)

    def test_nothing_is_called_after_acceptance(self):
        handoff = self._offer_at(OFFER)
        self._accept_at(handoff, "2026-03-02 11:00:00")
        self._sweep_at("2026-03-10 10:00:00")
        self.assertFalse(handoff.sudo().activity_ids)
        self.assertEqual(handoff.timer_id.sudo().state, "met")

    def test_a_late_acceptance_is_missed(self):
        handoff = self._offer_at(OFFER)
        self._sweep_at("2026-03-03 10:01:00")
        with self.at("2026-03-03 11:00:00"):
            self.assertTrue(handoff.is_overdue)
            self.assertIn(handoff, handoff.search([("is_overdue", "=", True)]))
            self._accept(handoff)
        timer = handoff.timer_id.sudo()
        self.assertEqual((timer.state, timer.spent_seconds), ("missed", 9 * 3600))
        with self.at("2026-03-03 11:01:00"):
            self.assertFalse(handoff.is_overdue)
            self.assertNotIn(handoff, handoff.search([("is_overdue", "=", True)]))
            row = self.env["service.sla.report"].search([("handoff_id", "=", handoff.id)])
        self.assertRecordValues(
            row,
            [
                {
                    "team_id": self.team.id,
                    "project_id": self.project.id,
                    "partner_id": self.customer.id,
                    "breach_count": 1,
                    "overrun_hours": 1.0,
                }
            ],
        )

    def test_overdue_while_the_sender_answers(self):
        handoff = self._offer_at(OFFER)
        self._sweep_at("2026-03-03 10:01:00")
        self._ask(handoff, "2026-03-03 11:00:00")
        with self.at("2026-03-03 12:00:00"):
            self.assertTrue(handoff.is_overdue)
            self.assertIn(handoff, handoff.search([("is_overdue", "=", True)]))

    def test_a_failing_call_stops_nothing(self):
        handoff, other = self._offer_at(OFFER), None
        with self.at(OFFER):
            other = self._offer(task_ids=[Command.set(self._create_task(user_ids=self.sender).ids)])
        broken = handoff.id
        call = type(handoff)._call_overdue

        def fail(record, point):
            if record.id == broken:
                raise ValueError("A test")
            return call(record, point)

        self.patch(type(handoff), "_call_overdue", fail)
        with mute_logger("odoo.addons.service_experience.models.handoff.service_handoff_clock"):
            self._sweep_at("2026-03-03 10:01:00")
        self.assertTrue(handoff.timer_id.sudo().breached_at)
        self.assertFalse(self._get_called(handoff))
        self.assertTrue(self._get_called(other))


@tagged("post_install", "-at_install")
class TestHandoffAgreements(HandoffClockCase):
    """Internal agreements follow acceptance; promises to the customer do not."""

    def _agree(self, team, hours, metric="resolution", **values):
        return self._create_policy(
            (metric, hours, "hour"),
            kind="ola",
            team_ids=[Command.set(team.ids)],
            **values,
        )

    def _request(self, moment="2026-03-02 09:00:00"):
        with self.at(moment):
            return self._create_task(
                user_ids=[Command.set(self.sender.ids)], service_team_id=self.sending_team.id
            )

    def _hand_over(self, task, accepted="2026-03-03 11:00:07", **values):
        handoff = self._offer_at("2026-03-03 10:00:00", task_ids=[Command.set(task.ids)], **values)
        self._accept_at(handoff, accepted)
        return handoff

    def _timers_of(self, task, kind="ola"):
        return self.env["service.sla.timer"].search(
            [("task_id", "=", task.id), ("kind", "=", kind)], order="id"
        )

    def test_shares_to_the_second(self):
        self._create_policy(("resolution", 40, "hour"))
        self._agree(self.sending_team, 8)
        own = self._agree(self.team, 4)
        task = self._request()
        self._hand_over(task)
        giving, receiving = self._timers_of(task)
        accepted = self.instant("2026-03-03 11:00:07")
        self.assertRecordValues(
            giving | receiving,
            [
                {
                    "cycle": 1,
                    "state": "missed",
                    "stop_cause": "transferred",
                    "stopped_at": accepted,
                    "spent_seconds": 10 * 3600 + 7,
                    "team_id": self.sending_team.id,
                },
                {
                    "cycle": 2,
                    "state": "running",
                    "stop_cause": False,
                    "stopped_at": False,
                    "spent_seconds": 0,
                    "team_id": self.team.id,
                },
            ],
        )
        self.assertEqual(receiving.started_at, accepted)
        self.assertEqual(receiving.policy_id, own)
        self.assertDeadline(receiving, "2026-03-03 15:00:07")
        self.assertEqual(giving.segment_ids.team_id, self.sending_team)
        promise = self._timers_of(task, "sla")
        self.assertEqual((promise.state, promise.cycle), ("running", 1))
        self.assertEqual(promise.started_at, self.instant("2026-03-02 09:00:00"))
        self.assertReplays(giving | receiving | promise)

    def test_a_share_that_was_kept(self):
        self._agree(self.sending_team, 16)
        task = self._request()
        self._hand_over(task)
        [giving] = self._timers_of(task)
        self.assertEqual((giving.state, giving.stop_cause), ("met", "transferred"))
        with self.at("2026-03-04 10:00:00"):
            task.state = "1_done"
            task.state = "01_in_progress"
        self.assertEqual(self._timers_of(task), giving)
        self.assertEqual(giving.state, "met")
        self.assertReplays(giving)

    def test_only_the_receiving_team_has_an_agreement(self):
        self._agree(self.team, 4)
        task = self._request()
        self.assertFalse(self._timers_of(task))
        self._hand_over(task)
        [receiving] = self._timers_of(task)
        self.assertEqual(receiving.started_at, self.instant("2026-03-03 11:00:07"))
        self.assertReplays(receiving)

    def test_within_a_team_nothing_changes(self):
        everybody = self.sending_team | self.team
        self._agree(everybody, 40)
        task = self._request()
        self.sending_team.member_ids += self.colleague
        self._hand_over_to_colleague(task)
        [timer] = self._timers_of(task)
        self.assertEqual((timer.state, timer.cycle), ("running", 1))
        self.assertEqual(timer.started_at, self.instant("2026-03-02 09:00:00"))
        self.assertFalse(timer.event_ids)

    def _hand_over_to_colleague(self, task):
        handoff = self._offer_at(
            "2026-03-03 10:00:00",
            task_ids=[Command.set(task.ids)],
            to_team_id=self.sending_team.id,
            to_user_id=self.colleague.id,
        )
        with self.at("2026-03-03 11:00:00"):
            self._accept(handoff, self.colleague)

    def test_policies_of_teams(self):
        self._agree(self.team, 4)
        task = self._request()
        self.assertFalse(self._timers_of(task))
        with self.at("2026-03-02 10:00:00"):
            task.service_team_id = self.team
        self.assertTrue(self._timers_of(task))
        with self.at("2026-03-02 11:00:00"):
            task.service_team_id = False
        self.assertEqual(self._timers_of(task).state, "cancelled")

    def test_a_policy_for_a_deleted_team(self):
        team = self.env["service.team"].create({"name": "Short-lived"})
        policy = self._agree(team, 4)
        team.unlink()
        self.assertFalse(policy.active)

    def test_acceptance_of_requests(self):
        policy = self._create_policy(("acceptance", 4, "hour"))
        task = self._request()
        handoff = self._offer_at(OFFER, task_ids=[Command.set(task.ids)])
        with self.at("2026-03-02 11:00:00"):
            handoff.with_user(self.receiver).action_return("The plan is missing")
            handoff.action_rework()
        with self.at("2026-03-02 12:00:00"):
            handoff.action_offer()
        self._accept_at(handoff, "2026-03-02 13:00:00")
        self.assertRecordValues(
            self._timers_of(task, policy.kind),
            [
                {"cycle": 1, "state": "cancelled", "stop_cause": "not_applicable"},
                {"cycle": 2, "state": "met", "stop_cause": False},
            ],
        )


@tagged("post_install", "-at_install")
class TestHandoffClockAccess(HandoffClockCase):
    def test_who_may_read_a_handoff_reads_its_timer(self):
        self.project.privacy_visibility = "followers"
        stranger = new_test_user(self.env, "stranger", groups=GROUP + "user")
        portal = new_test_user(self.env, "customer", groups="base.group_portal")
        elsewhere = self.env["res.company"].create({"name": "Fictional Works"})
        foreign = new_test_user(
            self.env,
            "foreign",
            groups=GROUP + "manager",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        handoff = self._offer_at(OFFER)
        self._ask(handoff, "2026-03-02 12:00:00")
        timer = handoff.timer_id.sudo()
        records = (handoff, timer, timer.segment_ids, timer.event_ids)
        for user, may_read in [
            (self.sender, True),
            (self.receiver, True),
            (self.colleague, True),
            (self.lead, True),
            (stranger, False),
            (foreign, False),
            (portal, False),
        ]:
            for record in records:
                with self.subTest(user=user.login, model=record._name):
                    self.assertTrue(record)
                    seen = record.with_user(user).sudo(False)
                    self.assertEqual(seen.has_access("read"), may_read)
        found = self.env["service.sla.timer"].with_user(self.receiver).search([])
        self.assertIn(timer, found)
        # What the screens of timers show of it.
        found.read(["display_name", "status", "history", "handoff_id", "team_id", "user_ids"])
