# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Requests change hands by handoffs: what else is told, refused, or begins one."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import RecordCapturer, tagged

from .handoff_common import HandoffCase


@tagged("post_install", "-at_install")
class TestReassignedRequests(HandoffCase):
    def _reassign(self, user, people=None, **values):
        people = self.receiver if people is None else people
        self.task.with_user(user).write({"user_ids": [Command.set(people.ids)], **values})

    def _get_warnings(self, change):
        domain = [("message", "like", "Reassigned without a handoff")]
        with RecordCapturer(self.env["bus.bus"], domain) as bus:
            change()
            self.env.cr.precommit.run()
        return len(bus.records)

    def test_told(self):
        """Whoever takes a customer's request from somebody is told; all else is silent."""
        both = self.sender + self.receiver
        cases = {
            "taken over": (lambda: self._reassign(self.sender), 1),
            "added": (lambda: self._reassign(self.sender, both), 0),
            "given up": (lambda: self._reassign(self.sender, self.env["res.users"]), 1),
            "by the system": (lambda: self.task.sudo().write({"user_ids": [Command.clear()]}), 0),
        }
        for name, (change, number) in cases.items():
            self.task.user_ids = self.sender
            with self.subTest(name):
                self.assertEqual(self._get_warnings(change), number)

    def test_internal_requests_are_not_told(self):
        self.task.customer_visible = False
        self.assertEqual(self._get_warnings(lambda: self._reassign(self.sender)), 0)

    def test_a_handoff_is_not_told(self):
        handoff = self._offer()
        self.assertEqual(self._get_warnings(lambda: self._accept(handoff)), 0)
        self.assertEqual(self.task.user_ids, self.receiver)

    def test_refused_where_a_type_says_so(self):
        self.kind.block_stage = True
        for user in (self.sender, self.colleague):
            with self.subTest(user.login), self.assertRaises(UserError) as refused:
                self._reassign(user)
            self.assertIn(self.kind.name, str(refused.exception))
        self.assertEqual(self.task.user_ids, self.sender)
        self._reassign(self.lead)
        self.assertEqual(self.task.user_ids, self.receiver)

    def test_the_lead_of_the_team_is_not_refused(self):
        self.kind.block_stage = True
        self.sending_team.lead_user_id = self.colleague
        self._reassign(self.colleague)
        self.assertEqual(self.task.user_ids, self.receiver)

    def test_refused_in_projects_with_the_stage_only(self):
        stage = self.env["project.task.type"].create({"name": "At the site"})
        self.kind.write({"block_stage": True, "stage_to_id": stage.id})
        self._reassign(self.sender)
        self.project.type_ids += stage
        with self.assertRaises(UserError):
            self._reassign(self.colleague, self.sender)
        with self.assertRaises(UserError):
            self.task.with_user(self.colleague).stage_id = stage
        self.task.with_user(self.colleague).stage_id = self.stage_done
        self.task.with_user(self.lead).stage_id = stage

    def test_archived_type_and_other_company_refuse_nothing(self):
        self.kind.block_stage = True
        self.kind.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self._reassign(self.sender)
        self.kind.company_id = False
        self.kind.active = False
        self._reassign(self.receiver, self.sender)

    def test_accepting_goes_through_where_reassigning_is_refused(self):
        stage = self.env["project.task.type"].create(
            {"name": "At the site", "project_ids": [Command.set(self.project.ids)]}
        )
        self.kind.write({"block_stage": True, "stage_to_id": stage.id})
        self._accept(self._offer())
        self.assertEqual(self.task.stage_id, stage)


@tagged("post_install", "-at_install")
class TestStageHandoffs(HandoffCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage = cls.env["project.task.type"].create(
            {"name": "Ready for the site", "project_ids": [Command.set(cls.project.ids)]}
        )
        cls.kind = cls.env["service.handoff.type"].create(
            {"name": "To the site", "code": "site", "trigger": "stage", "stage_to_id": cls.stage.id}
        )

    def _get_handoffs(self, task=None):
        return self.env["service.handoff"].search([("task_ids", "in", (task or self.task).ids)])

    def test_a_stage_begins_a_handoff(self):
        self.task.with_user(self.sender).stage_id = self.stage
        handoff = self._get_handoffs()
        self.assertRecordValues(
            handoff,
            [
                {
                    "type_id": self.kind.id,
                    "state": "draft",
                    "from_user_id": self.sender.id,
                    "from_team_id": self.sending_team.id,
                    "project_id": self.project.id,
                }
            ],
        )
        self.assertEqual(handoff.activity_ids.user_id, self.sender)

    def test_once(self):
        task = self.task.with_user(self.sender)
        task.stage_id = self.stage
        task.stage_id = self.stage_new
        task.stage_id = self.stage
        self.assertEqual(len(self._get_handoffs()), 1)

    def test_created_in_the_stage(self):
        task = self._create_task(stage_id=self.stage.id, user_ids=[Command.set(self.sender.ids)])
        self.assertEqual(self._get_handoffs(task).from_user_id, self.sender)

    def test_other_stages_begin_nothing(self):
        self.task.with_user(self.sender).stage_id = self.stage_done
        self.assertFalse(self._get_handoffs())

    def test_what_fails_does_not_hold_up_the_request(self):
        """A type nobody can use any more: the request moves all the same."""
        self.env.ref("service_experience.service_handoff_sequence").unlink()
        self.kind.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.task.with_user(self.sender).stage_id = self.stage
        self.assertEqual(self.task.stage_id, self.stage)

    def test_moving_costs_nothing_without_such_types(self):
        self.kind.unlink()
        tasks = self.env["project.task"].create(
            [{"name": str(n), "project_id": self.project.id} for n in range(5)]
        )
        self.env.flush_all()
        self.assertFalse(self.env["service.handoff.type"]._get_stage_ids())
        self.assertFalse(self.env["service.handoff.type"]._get_blocking())
        with self.assertQueryCount(0):
            tasks._begin_stage_handoffs()
            tasks._check_by_handoff(tasks, {})
