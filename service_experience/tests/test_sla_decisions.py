# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import ServiceExperienceCase

LEAD = "service_experience.service_experience_group_lead"
EXCUSE = "service.sla.timer.excuse"
DEADLINE = "service.sla.timer.deadline"


class DecisionsCase(ServiceExperienceCase):
    """A missed and a running timer, and who may decide about them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = new_test_user(cls.env, "decisions_lead", groups=LEAD)
        cls.portal = new_test_user(cls.env, "decisions_portal", groups="base.group_portal")
        cls.policy = cls._create_policy(("resolution", 8, "hour"), calendar_id=cls.calendar.id)

    def setUp(self):
        super().setUp()
        with self.at("2026-03-02 09:00:00"):
            self.missed = self._create_task(name="Missed").sla_timer_ids
        with self.at("2026-03-03 10:00:00"):
            self.running = self._create_task(name="Running").sla_timer_ids
            self.sweep()

    def _open(self, model, timers, user=None, **values):
        """Open a dialog as the client does from a form or from a list."""
        context = {
            "active_model": "service.sla.timer",
            "active_id": timers[:1].id,
            "active_ids": timers.ids,
            **{f"default_{name}": value for name, value in values.items()},
        }
        return Form(self.env[model].with_user(user or self.lead).with_context(**context))

    def _excuse(self, timers, reason="The street had no power", user=None, **values):
        form = self._open(EXCUSE, timers, user, **values)
        form.reason = reason
        return form.save().action_confirm()


@tagged("post_install", "-at_install")
class TestSlaExcuse(DecisionsCase):
    def test_a_lead_excuses_with_a_reason_and_a_name(self):
        with self.at("2026-03-03 11:00:00"):
            self._excuse(self.missed)
        self.assertRecordValues(
            self.missed,
            [
                {
                    "excused": True,
                    "excused_reason": "The street had no power",
                    "excused_user_id": self.lead.id,
                    "breached_at": datetime(2026, 3, 2, 17),
                }
            ],
        )
        event = self.missed.event_ids.filtered(lambda event: event.kind == "excused")
        self.assertRecordValues(
            event, [{"user_id": self.lead.id, "reason": "The street had no power"}]
        )

    def test_an_excuse_is_withdrawn_and_both_stay_on_record(self):
        with self.at("2026-03-03 11:00:00"):
            self._excuse(self.missed)
        with self.at("2026-03-03 12:00:00"):
            self._excuse(self.missed, "It was our fuse", decision="withdraw")
        self.assertFalse(self.missed.excused or self.missed.excused_reason)
        reasons = self.missed.event_ids.filtered("reason").sorted("id").mapped("reason")
        self.assertEqual(reasons, ["The street had no power", "It was our fuse"])

    def test_several_at_once_leave_alone_what_has_no_breach(self):
        with self.at("2026-03-03 11:00:00"):
            form = self._open(EXCUSE, self.missed + self.running)
            self.assertEqual((form.meant_count, form.other_count), (1, 1))
            self._excuse(self.missed + self.running)
        self.assertEqual((self.missed + self.running).mapped("excused"), [True, False])

    def test_a_breach_that_the_sweep_has_not_seen_yet(self):
        with self.at("2026-03-04 10:30:00"):
            self._excuse(self.running)
        self.assertTrue(self.running.excused)
        self.assertEqual(self.running.breached_at, datetime(2026, 3, 4, 10))

    def test_nothing_to_excuse_or_to_withdraw(self):
        with self.at("2026-03-03 11:00:00"):
            wizards = self.env[EXCUSE].with_user(self.lead)
            for decision in ("excuse", "withdraw"):
                values = {"timer_ids": self.running.ids, "decision": decision, "reason": "Why"}
                with self.subTest(decision), self.assertRaisesRegex(UserError, "None of these"):
                    wizards.create(values).action_confirm()

    def test_a_reason_of_blanks_is_none(self):
        with self.assertRaisesRegex(UserError, "Enter a reason"):
            self._excuse(self.missed, "   ")
        form = self._open(EXCUSE, self.missed)
        with self.assertRaises(AssertionError):
            form.save()

    def test_only_leads_decide(self):
        for user in (self.employee, self.portal):
            for model in (EXCUSE, DEADLINE):
                with self.subTest(f"{user.login} {model}"):
                    with self.assertRaises(AccessError):
                        self._open(model, self.missed, user)
                    with self.assertRaises(AccessError):
                        self.env[model].with_user(user).create({"reason": "Why"})
        with self.at("2026-03-03 11:00:00"):
            self._excuse(self.missed, user=self.manager)
        self.assertEqual(self.missed.excused_user_id, self.manager)

    def test_nobody_uses_the_dialog_of_a_lead(self):
        with self.at("2026-03-03 11:00:00"):
            form = self._open(EXCUSE, self.missed)
            form.reason = "Why"
            wizard = form.save()
        with self.assertRaises(AccessError):
            wizard.with_user(self.employee).action_confirm()
        self.assertFalse(self.missed.excused)

    def test_a_lead_decides_only_about_what_they_see(self):
        self.project.privacy_visibility = "followers"
        self.project.message_unsubscribe(self.lead.partner_id.ids)
        self.env.flush_all()
        self.env.invalidate_all()
        values = {"timer_ids": self.missed.ids, "reason": "Why"}
        with self.assertRaises(AccessError):
            self.env[EXCUSE].with_user(self.lead).create(values).action_confirm()
        values = {"timer_id": self.running.id, "reason": "Why", "at": "2026-03-09 12:00:00"}
        with self.at("2026-03-03 11:00:00"), self.assertRaises(AccessError):
            self.env[DEADLINE].with_user(self.lead).create(values)  # it shows what it is about
        self.assertFalse(self.missed.excused or self.running.manual_deadline)

    def test_queries_do_not_grow_with_the_timers(self):
        with self.at("2026-03-02 09:00:00"):
            tasks = self.env["project.task"].union(*(self._create_task() for _ in range(60)))
            timers = tasks.sla_timer_ids
        with self.at("2026-03-03 10:00:00"):
            self.sweep()
        counts = []
        with self.at("2026-03-03 11:00:00"):
            for some in (timers[:5], timers[5:10], timers[10:]):  # the first five fill the caches
                wizard = (
                    self.env[EXCUSE]
                    .with_user(self.lead)
                    .create({"timer_ids": some.ids, "reason": "The street had no power"})
                )
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                wizard.action_confirm()
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
        self.assertTrue(all(timers.mapped("excused")))
        self.assertEqual(counts[1], counts[2])

    def test_the_list_offers_it_to_leads(self):
        def offered(user):
            actions = self.env["ir.actions.actions"].with_user(user)
            bindings = actions.get_bindings("service.sla.timer")
            return [action["name"] for action in bindings.get("action", ())]

        self.assertIn("Excuse Breach", offered(self.lead))
        self.assertNotIn("Withdraw Excuse", offered(self.lead))
        self.assertNotIn("Excuse Breach", offered(self.employee))


@tagged("post_install", "-at_install")
class TestSlaAgreedDeadline(DecisionsCase):
    def _agree(self, at="2026-03-09 12:00:00", reason="They are away"):
        form = self._open(DEADLINE, self.running)
        form.at = at
        form.reason = reason
        return form.save()

    def test_it_takes_the_place_of_the_computed_one_and_goes(self):
        with self.at("2026-03-03 11:00:00"):
            self._agree().action_agree()
        self.assertRecordValues(
            self.running,
            [
                {
                    "deadline": datetime(2026, 3, 9, 12),
                    "manual_deadline": datetime(2026, 3, 9, 12),
                    "manual_reason": "They are away",
                    "computed_deadline": datetime(2026, 3, 4, 10),
                }
            ],
        )
        with self.at("2026-03-03 12:00:00"):
            form = self._open(DEADLINE, self.running)
            self.assertEqual(form.at, datetime(2026, 3, 9, 12))
            form.reason = "They are back"
            form.save().action_compute()
        self.assertDeadline(self.running, "2026-03-04 10:00:00")
        self.assertFalse(self.running.manual_reason)
        events = self.running.event_ids.filtered("reason").sorted("id")
        self.assertEqual(events.mapped("reason"), ["They are away", "They are back"])
        self.assertEqual(events.user_id, self.lead)

    def test_the_dialog_begins_with_the_deadline_and_says_when_nobody_works(self):
        with self.at("2026-03-03 11:00:00"):
            form = self._open(DEADLINE, self.running)
            self.assertEqual(form.at, datetime(2026, 3, 4, 10))
            self.assertFalse(form.is_closed_then)
            form.at = "2026-03-08 12:00:00"
            self.assertTrue(form.is_closed_then)
            form.at = "2026-03-09 17:00:00"  # closing time is as good as a deadline can be
            self.assertFalse(form.is_closed_then)
            form.at = False
            self.assertFalse(form.is_closed_then)

    def test_what_cannot_be_agreed(self):
        with self.at("2026-03-03 11:00:00"):
            with self.assertRaisesRegex(UserError, "that you agreed on"):
                self._agree(at=False).action_agree()
            with self.assertRaisesRegex(UserError, "later date"):
                self._agree(at="2026-03-03 10:30:00").action_agree()
            with self.assertRaisesRegex(UserError, "Enter a reason"):
                self._agree(reason=" ").action_agree()
            with self.assertRaisesRegex(UserError, "computed one already"):
                self._agree().action_compute()
        self.assertFalse(self.running.manual_deadline)

    def test_a_paused_timer_is_agreed_on_too(self):
        with self.at("2026-03-03 11:00:00"):
            self.env["service.wait"].create(
                {"task_id": self.running.task_id.id, "kind": "customer"}
            )
        self.assertEqual(self.running.state, "paused")
        with self.at("2026-03-03 12:00:00"):
            form = self._open(DEADLINE, self.running)
            self.assertFalse(form.at)
            self._agree().action_agree()
        self.assertEqual(self.running.manual_deadline, datetime(2026, 3, 9, 12))

    def test_warning_of_a_deadline_agreed_on_in_a_pause(self):
        with self.at("2026-03-03 11:00:00"):
            wait = self.env["service.wait"].create({"task_id": self.running.task_id.id})
        with self.at("2026-03-05 10:00:00"):
            self.running._agree_deadline(datetime(2026, 3, 6, 10), "x")
        with self.at("2026-03-05 10:00:01"):
            wait.action_end()
        self.assertEqual(self.running.deadline, datetime(2026, 3, 6, 10, 0, 1))
        self.assertLess(self.running.warn_at, self.running.deadline)
