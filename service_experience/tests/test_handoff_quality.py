# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .handoff_common import HandoffCase

LOGGER = "odoo.addons.service_experience.models.handoff.service_handoff_quality"


@tagged("post_install", "-at_install")
class TestHandoffQuality(HandoffCase):
    """Fourteen days after a handoff was accepted, whoever accepted it says what was missing."""

    def setUp(self):
        super().setUp()
        with self.at("2026-03-02 10:00:00"):
            self.handoff = self._accept(self._offer())

    def _run_at(self, moment):
        cron = self.env.ref("service_experience.service_handoff_cron_ask_quality")
        with self.at(moment), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _get_questions(self, handoff=None):
        kind = self.env.ref("service_experience.mail_activity_type_handoff_quality")
        activities = (handoff or self.handoff).sudo().activity_ids
        return activities.filtered(lambda one: one.activity_type_id == kind)

    def test_asked_once_and_in_time(self):
        self.assertEqual(self.handoff.quality_due_at, datetime(2026, 3, 16, 10))
        self._run_at("2026-03-16 09:59:59")
        self.assertFalse(self._get_questions())
        self._run_at("2026-03-16 10:00:00")
        question = self._get_questions()
        self.assertEqual(question.user_id, self.receiver)
        self.assertEqual(question.summary, f"What was missing in {self.handoff.name}?")
        self.assertEqual(self.handoff.quality_asked_at, datetime(2026, 3, 16, 10))
        self._run_at("2026-03-17 10:00:00")
        self.assertEqual(self._get_questions(), question)
        question.unlink()
        self._run_at("2026-03-18 10:00:00")
        self.assertFalse(self._get_questions())

    def test_never_asked(self):
        self.kind.quality_after_days = 0
        task = self.task.copy({"user_ids": [Command.set(self.sender.ids)]})
        handoff = self._accept(self._offer(task_ids=[Command.set(task.ids)]))
        self.assertFalse(handoff.quality_due_at)
        self.handoff.action_judge()
        self._run_at("2027-03-16 10:00:00")
        self.assertFalse(self._get_questions() | self._get_questions(handoff))

    def test_somebody_answers_for_those_who_left(self):
        self.receiver.active = False
        self._run_at("2026-03-16 10:00:00")
        self.assertEqual(self._get_questions().user_id, self.lead)
        self.handoff.with_user(self.lead).action_judge(missing="The key")
        self.assertFalse(self._get_questions())

    def test_one_who_cannot_be_asked_keeps_nobody_from_being_asked(self):
        task = self.task.copy({"user_ids": [Command.set(self.sender.ids)]})
        with self.at("2026-03-02 11:00:00"):
            other = self._accept(self._offer(task_ids=[Command.set(task.ids)]))
        model, ask = self.env.registry["service.handoff"], type(self.handoff)._ask_quality

        def fail_for_one(handoff):
            if handoff == self.handoff:
                raise ValueError("No")
            ask(handoff)

        with patch.object(model, "_ask_quality", fail_for_one), self.assertLogs(LOGGER, "WARNING"):
            self._run_at("2026-03-16 11:00:00")
        self.assertTrue(self._get_questions(other))
        self.assertFalse(self._get_questions())

    def test_dialog(self):
        self._run_at("2026-03-16 10:00:00")
        action = self.handoff.action_open_quality()
        model = self.env[action["res_model"]].with_user(self.receiver)
        item = self.handoff.check_ids[0]
        with Form(model.with_context(**action["context"])) as dialog:
            dialog.missing_ids.add(item)
            dialog.missing = "Nobody said that the cellar is locked."
            dialog.cost_minutes = 45
            dialog.asked_again = True
        with self.at("2026-03-16 12:00:00"):
            dialog.record.action_confirm()
        self.assertRecordValues(
            self.handoff,
            [
                {
                    "quality_at": datetime(2026, 3, 16, 12),
                    "quality_missing_ids": item.ids,
                    "quality_missing": "Nobody said that the cellar is locked.",
                    "quality_cost_minutes": 45,
                    "asked_again": True,
                }
            ],
        )
        self.assertFalse(self._get_questions())
        with self.assertRaisesRegex(UserError, "judged already"):
            dialog.record.action_confirm()

    def test_answering_ends_no_other_activity(self):
        self._run_at("2026-03-16 10:00:00")
        other = self.handoff.sudo().activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.receiver.id
        )
        self.handoff.action_judge()
        self.assertEqual(self.handoff.sudo().activity_ids, other)

    def test_only_whoever_accepted_judges(self):
        for user in (self.sender, self.colleague, self.lead, self.employee, self.manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.handoff.with_user(user).action_judge()
        self.assertFalse(self.handoff.quality_at)

    def test_refusals(self):
        task = self.task.copy({"user_ids": [Command.set(self.sender.ids)]})
        other = self._offer(task_ids=[Command.set(task.ids)])
        with self.assertRaises(UserError):
            other.with_user(self.receiver).action_judge()
        for values, words in (
            ({"missing_ids": other.item_ids[:1].ids}, "Choose from the items"),
            ({"cost_minutes": -1}, "Enter the lost time"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.handoff.action_judge(**values)

    def test_nobody_writes_it_by_hand(self):
        for values in (
            {"quality_due_at": False},
            {"quality_asked_at": False},
            {"quality_missing": "x"},
            {"quality_missing_ids": [Command.clear()]},
            {"quality_cost_minutes": 1},
            {"asked_again": True},
        ):
            with self.subTest(**values), self.assertRaises(UserError):
                self.handoff.sudo().write(values)
        with self.assertRaises(UserError):
            self._create_handoff(asked_again=True)

    def test_dialogs_are_read_by_whoever_fills_them_in(self):
        dialog = (
            self.env["service.handoff.quality"]
            .with_user(self.receiver)
            .create({"handoff_id": self.handoff.id, "missing": "x"})
        )
        with self.assertRaises(AccessError):
            dialog.with_user(self.colleague).read(["missing"])
