# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestTemplates(JourneyCase):
    """The hundredth customer gets what the first one got."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role = cls.env["project.role"].create({"name": "Engineer"})
        cls.template = cls.env["project.project"].create(
            {
                "name": "Heat pump",
                "is_template": True,
                "allow_milestones": True,
                "privacy_visibility": "portal",
                "type_ids": [Command.set(cls.stage_new.ids)],
                "service_topic_ids": [Command.set(cls.topic.ids)],
                "milestone_ids": [
                    Command.create(
                        {
                            "name": "M1",
                            "customer_label": "On site",
                            "customer_visible": True,
                            "expected_from_days": 5,
                            "expected_to_days": 7,
                        }
                    )
                ],
            }
        )
        cls.request = cls.env["project.task"].create(
            {
                "name": "Plan",
                "project_id": cls.template.id,
                "stage_id": cls.stage_new.id,
                "role_ids": [Command.set(cls.role.ids)],
            }
        )
        cls.promise = cls.env["service.commitment"].create(
            {"name": "Runs before winter", "project_id": cls.template.id, "due_days": 20}
        )
        cls.template.primary_commitment_id = cls.promise
        cls.ask, cls.draw = cls.env["service.step"].create(
            [
                {
                    "title": "Send us the floor plan",
                    "project_id": cls.template.id,
                    "party": "customer",
                    "kind": "upload",
                    "why": "We plan on it.",
                    "due_days": 3,
                    "topic_id": cls.topic.id,
                },
                {"title": "Draw", "project_id": cls.template.id, "due_days": 10},
            ]
        )
        cls.draw.depends_on_ids = cls.ask
        cls.draw.commitment_id = cls.promise
        cls.check = cls.env["service.step"].create(
            {"title": "Check the plan", "task_id": cls.request.id, "due_days": 4}
        )

    def _create_from_template(self):
        with self.at("2026-03-02 10:00:00"):
            return self.template.action_create_from_template(
                {"name": "Nordlicht", "partner_id": self.contact.id, "date_start": "2026-03-06"}
            )

    def test_a_service_from_a_template(self):
        project = self._create_from_template()
        steps = {step.title: step for step in project.service_step_ids}
        self.assertEqual(set(steps), {"Send us the floor plan", "Draw", "Check the plan"})
        ask, draw = steps["Send us the floor plan"], steps["Draw"]
        # Three working days after Friday the 6th are over on Wednesday.
        self.assertEqual(ask.due, date(2026, 3, 11))
        self.assertEqual(draw.due, date(2026, 3, 20))
        self.assertEqual((draw.depends_on_ids, draw.state), (ask, "planned"))
        self.assertEqual(
            (ask.why, ask.kind, ask.topic_id), ("We plan on it.", "upload", self.topic)
        )
        self.assertEqual(ask.partner_id, self.customer)
        promise = project.service_commitment_ids
        self.assertEqual(
            (promise.name, promise.current_to, promise.state),
            ("Runs before winter", date(2026, 4, 3), "draft"),
        )
        self.assertEqual(draw.commitment_id, promise)
        self.assertEqual(project.primary_commitment_id, promise)
        milestone = project.milestone_ids
        self.assertEqual(
            (milestone.customer_label, milestone.expected_from, milestone.expected_to),
            ("On site", date(2026, 3, 13), date(2026, 3, 17)),
        )
        self.assertEqual(project.service_topic_ids, self.topic)
        self.assertEqual(steps["Check the plan"].task_id, project.task_ids)
        self.assertEqual(steps["Check the plan"].due, date(2026, 3, 12))

    def test_nothing_is_asked_or_promised_in_a_template(self):
        self.assertEqual(self.promise.state, "draft")
        with self.assertRaisesRegex(UserError, "template"):
            self.ask.action_request()
        with self.assertRaisesRegex(UserError, "template"):
            self.promise.action_promise()
        self.assertFalse(self.template.service_timeline_ids)

    def test_the_template_stays_as_it_is(self):
        self._create_from_template()
        self.assertEqual(len(self.template.service_step_ids), 3)
        self.assertFalse(self.ask.due)

    def test_a_template_from_a_service(self):
        self._create_step(due_days=2)
        action = self.project.action_create_template_from_project()
        template = self.env["project.project"].browse(action["params"]["project_id"])
        step = template.service_step_ids
        self.assertEqual(
            (step.title, step.due_days, step.due), ("Send us the floor plan", 2, False)
        )
        self.assertFalse(step.requested_at)

    def test_an_ordinary_copy_takes_no_steps(self):
        """Who duplicates a service does not ask its customer everything again."""
        self._create_step()
        self.assertFalse(self.project.copy().service_step_ids)

    def test_who_may_make_services_gets_all_of_it(self):
        """Also a project manager who does not work with steps and promises."""
        user = new_test_user(self.env, "host_only", groups="project.group_project_manager")
        team = self.env["service.team"].create({"name": "Installation"})
        self.template.service_team_id = team
        template = self.template.with_user(user)
        project = template.action_create_from_template({"name": "Theirs"})
        self.assertEqual(len(project.sudo().service_step_ids), 3)
        self.assertEqual(len(project.sudo().service_commitment_ids), 1)
        self.assertEqual(project.sudo().service_team_id, team)
