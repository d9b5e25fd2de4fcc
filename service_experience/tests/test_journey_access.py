# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .journey_common import JourneyCase

MODELS = (
    "service.step",
    "service.wait",
    "service.commitment",
    "service.commitment.revision",
    "service.fact",
    "service.timeline.entry",
)


@tagged("post_install", "-at_install")
class TestJourneyAccess(JourneyCase):
    """Who sees what of a service: what the rules of projects let them see, and no customer."""

    def _fill(self, project):
        """Let something of everything happen in a service; return the records by model."""
        step = self._create_step(project_id=project.id)
        step.action_request()
        step._see()
        promise = self.env["service.commitment"].create(
            {"name": "Done", "project_id": project.id, "current_to": "2026-03-06"}
        )
        fact = self.env["service.fact"].create(
            {"project_id": project.id, "question": "Year", "answer": "1987"}
        )
        return {
            "service.step": step,
            "service.wait": step.wait_ids,
            "service.commitment": promise,
            "service.commitment.revision": promise.revision_ids,
            "service.fact": fact,
            "service.timeline.entry": self.env["service.timeline.entry"].search(
                [("project_id", "=", project.id)]
            ),
        }

    def _check(self, user, records, is_visible):
        for model in MODELS:
            with self.subTest(user=user.login, model=model):
                rows = records[model]
                self.assertTrue(rows)
                found = self.env[model].with_user(user).search([("id", "in", rows.ids)])
                self.assertEqual(found, rows if is_visible else rows.browse())
                if not is_visible:
                    with self.assertRaises(AccessError):
                        rows.with_user(user).read(["create_date"])

    def test_employees_see_open_services(self):
        self._check(self.employee, self._fill(self.project), True)

    def test_invited_employees_see_closed_services(self):
        self.project.privacy_visibility = "followers"
        records = self._fill(self.project)
        stranger = new_test_user(
            self.env, "stranger", groups="service_experience.service_experience_group_lead"
        )
        self._check(stranger, records, False)
        self.project.message_subscribe(stranger.partner_id.ids)
        self._check(stranger, records, True)

    def test_other_companies_do_not_exist(self):
        company = self.env["res.company"].create({"name": "Far Away Ltd."})
        project = self.env["project.project"].create(
            {
                "name": "Theirs",
                "company_id": company.id,
                "partner_id": self.contact.id,
                "privacy_visibility": "portal",
            }
        )
        records = self._fill(project)
        self._check(self.employee, records, False)
        self._check(self.manager, records, False)

    def test_customers_and_the_public_have_no_access(self):
        records = self._fill(self.project)
        portal = self.env["res.users"].create(
            {
                "name": "Ada",
                "login": "ada_portal",
                "partner_id": self.contact.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self.project.message_subscribe(portal.partner_id.ids)
        for user in (portal, self.env.ref("base.public_user")):
            for model in (*MODELS, "service.topic", "service.step.answer", "service.fact.override"):
                with self.subTest(user=user.login, model=model):
                    for mode in ("read", "write", "create", "unlink"):
                        self.assertFalse(self.env[model].with_user(user).has_access(mode))
        with self.assertRaises(AccessError):
            records["service.step"].with_user(portal).action_waive("I would rather not.")

    def test_users_outside_service_experience_work_as_before(self):
        records = self._fill(self.project)
        user = new_test_user(self.env, "project_only", groups="project.group_project_user")
        task = self._create_task()
        task.with_user(user).write({"name": "Still works", "state": "1_done"})
        self.assertTrue(task.with_user(user).service_health)
        with self.assertRaises(AccessError):
            records["service.step"].with_user(user).read(["title"])

    def test_transitions_need_the_right_to_write(self):
        step = self._fill(self.project)["service.step"]
        self.project.privacy_visibility = "followers"
        for deed in ("action_waive", "action_cancel", "action_return"):
            with self.subTest(deed), self.assertRaises(AccessError):
                getattr(step.with_user(self.employee), deed)("Mine now")
        with self.assertRaises(AccessError):
            step.with_user(self.employee).action_submit_for_customer("Call", "x")

    def test_employees_run_a_service(self):
        """Everything that belongs to the day's work needs no more than the user's role."""
        env = self.env(user=self.employee)
        step = env["service.step"].create(
            {
                "title": "How old is the house?",
                "project_id": self.project.id,
                "party": "customer",
                "kind": "answer",
                "why": "It decides the pipes.",
                "due": "2026-03-10",
                "blocking": True,
            }
        )
        step.action_ask()
        step._see()
        step.action_submit_for_customer("Phone call", "1987")
        step.action_return("Before or after the war?")
        step._see()
        step.action_submit_for_customer("Phone call", "After, 1987")
        step.action_done()
        self.assertEqual(self.project.service_fact_ids.answer, "After, 1987")
        with self.at("2026-03-02 10:00:00"):
            promise = env["service.commitment"].create(
                {"name": "Pipes", "project_id": self.project.id, "current_to": "2026-03-20"}
            )
            promise.action_move("2026-03-27", "The pipes come later.").action_accept()
            promise.action_at_risk("Storm")
            promise.action_back_on_track()
            promise.action_customer_accepted()
        self.assertEqual(promise.state, "kept")
        self.assertTrue(self.project.with_user(self.employee).service_health_why)
