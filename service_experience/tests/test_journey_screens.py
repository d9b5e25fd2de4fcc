# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .journey_common import JourneyCase

MODELS = (
    "service.step",
    "service.commitment",
    "service.fact",
    "service.topic",
    "service.timeline.entry",
)
ACTIONS = (
    "project_project_service_action",
    "service_step_action",
    "service_step_action_project",
    "service_commitment_action",
    "service_commitment_action_reliability",
    "service_fact_action",
    "service_topic_action",
    "service_timeline_entry_action",
)


class JourneyScreensCase(JourneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = new_test_user(
            cls.env, "journey_lead", groups="service_experience.service_experience_group_lead"
        )

    def _open(self, action):
        """Open the dialog of an action as the client does."""
        model = self.env[action["res_model"]].with_user(self.employee)
        views = action.get("views") or [(False, "form")]
        return Form(
            model.with_context(**action["context"]),
            view=views[0][0] and self.env["ir.ui.view"].browse(views[0][0]),
        )

    def _quick(self, name, record=None):
        """Press a quick action of a service or request as an ordinary user of the service."""
        record = record or self.project
        return self._open(getattr(record.with_user(self.employee), name)())


@tagged("post_install", "-at_install")
class TestJourneyQuickActions(JourneyScreensCase):
    """What takes two clicks: open the dialog, confirm."""

    def test_ask_the_customer(self):
        with self.at("2026-03-02 10:00:00"):
            form = self._quick("action_service_ask")
            self.assertEqual(form.party, "customer")
            self.assertEqual(fields.Date.to_string(form.due), "2026-03-05")
            self.assertEqual(form.owner_user_id, self.employee)
            form.title, form.why = "How old is the house?", "The pipes depend on it."
            step = form.save()
            self.assertFalse(step.action_ask())
        self.assertEqual(step.state, "requested")
        self.assertEqual(step.project_id, self.project)
        self.assertFalse(step.task_id)

    def test_ask_the_customer_about_a_request(self):
        task = self._create_task()
        form = self._quick("action_service_ask", task)
        form.title, form.why = "Is it loud at night?", "We look for the cause."
        step = form.save()
        self.assertEqual((step.task_id, step.project_id), (task, self.project))

    def test_the_dialog_to_ask_needs_the_words_for_the_customer(self):
        form = self._quick("action_service_ask")
        form.title = "How old is the house?"
        with self.assertRaisesRegex(AssertionError, "why"):
            form.save()

    def test_asking_what_is_known_shows_what_was_said(self):
        fact = self.env["service.fact"].create(
            {
                "topic_id": self.topic.id,
                "project_id": self.project.id,
                "question": "Send us the floor plan",
                "answer": "plan.pdf",
                "said_by_id": self.contact.id,
            }
        )
        with self._quick("action_service_ask") as form:
            form.title, form.why = "The floor plan, please", "We plan on it."
            form.topic_id = self.topic
        step = form.record
        action = step.action_ask()
        dialog = self._open(action)
        self.assertEqual((dialog.fact_ids[:], dialog.fact_id, dialog.choice), (fact, fact, "use"))
        dialog.choice = "ask"
        with self.assertRaisesRegex(AssertionError, "reason"):
            dialog.save()
        dialog.choice = "use"
        dialog.save().action_apply()
        self.assertRecordValues(step, [{"state": "done", "response": "plan.pdf"}])

    def test_record_a_promise(self):
        form = self._quick("action_service_commitment")
        self.assertEqual(form.confidence, "firm")
        form.name, form.current_to = "Heat pump installed", "2026-03-20"
        commitment = form.save()
        self.assertRecordValues(
            commitment,
            [{"state": "active", "owner_user_id": self.employee.id, "confidence": "firm"}],
        )
        self.assertEqual(commitment.project_id, self.project)
        commitment.action_make_main()
        self.assertTrue(commitment.is_main)
        self.assertEqual(fields.Date.to_string(self.project.service_promised_day), "2026-03-20")

    def test_a_promise_needs_its_day_or_when_it_is_told(self):
        form = self._quick("action_service_commitment")
        form.name = "Heat pump installed"
        with self.assertRaisesRegex(AssertionError, "current_to"):
            form.save()
        form.known_by = "2026-03-05"
        self.assertFalse(form.save().current_to)

    def test_move_a_promise(self):
        with self.assertRaisesRegex(UserError, "Nothing is promised"):
            self._quick("action_service_move")
        first, main = self.env["service.commitment"].create(
            [
                {"name": name, "project_id": self.project.id, "current_to": f"2026-04-{day}"}
                for name, day in (("Plan", "10"), ("Heat pump installed", "20"))
            ]
        )
        self.project.primary_commitment_id = main
        form = self._quick("action_service_move")
        self.assertEqual(form.commitment_id, main)
        form.date_to, form.text = "2026-04-24", "The pump comes later."
        with self.assertRaisesRegex(UserError, "is a delay"):
            form.save().action_confirm()
        form.date_to, form.text = "2026-04-16", "The pump comes earlier."
        form.save().action_confirm()
        self.assertEqual(main.current_to, fields.Date.to_date("2026-04-16"))
        self.assertEqual(main.date_history, "04/20/2026 → 04/16/2026")
        self.assertEqual(len(first.revision_ids), 1)

    def test_note_a_fact(self):
        form = self._quick("action_service_note_fact", self._create_task())
        form.question, form.answer = "How old is the house?", "Built in 1954"
        fact = form.save()
        self.assertEqual((fact.project_id, fact.partner_id), (self.project, self.customer))
        self.assertEqual(fact.said_by_id, self.contact)

    def test_add_a_step_of_ours(self):
        form = self._quick("action_service_add_step")
        self.assertEqual(form.party, "us")
        form.title = "Order the pump"
        step = form.save()
        self.assertIn(step, self.project.service_our_step_ids)

    def test_a_template_counts_days(self):
        template = self.env["project.project"].create({"name": "Template", "is_template": True})
        form = self._quick("action_service_add_step", template)
        form.title, form.due_days = "Order the pump", 4
        self.assertFalse(form.due)
        with self.assertRaisesRegex(AssertionError, "invisible"):
            form.due = "2026-03-04"
        form.save()
        commitment = self._quick("action_service_commitment", template)
        commitment.name, commitment.due_days = "Installed", 20
        self.assertEqual(commitment.save().state, "draft")

    def test_portal_users_open_no_dialog(self):
        portal = new_test_user(self.env, "journey_portal", groups="base.group_portal")
        for name in ("action_service_ask", "action_service_move", "action_service_note_fact"):
            with self.subTest(name), self.assertRaises(UserError):
                action = getattr(self.project.with_user(portal), name)()
                self.env[action["res_model"]].with_user(portal).create({})


@tagged("post_install", "-at_install")
class TestJourneyDialogs(JourneyScreensCase):
    """The dialogs of steps, commitments and facts."""

    def test_note_an_answer_and_return_it(self):
        step = self._create_step(kind="answer").with_user(self.employee)
        step.action_request()
        dialog = self._open(step.action_open_answer())
        dialog.source = "Phone call"
        with self.assertRaisesRegex(AssertionError, "response"):
            dialog.save()
        dialog.response = "1954"
        dialog.save().action_confirm()
        self.assertEqual(step.state, "submitted")
        dialog = self._open(step.action_open_return())
        dialog.reason = "We need the year of the roof."
        dialog.save().action_confirm()
        self.assertEqual(step.state, "returned")

    def test_waive_and_cancel_a_step(self):
        for name, state in (("action_open_waive", "waived"), ("action_open_cancel", "cancelled")):
            with self.subTest(name):
                step = self._create_step().with_user(self.employee)
                step.action_request()
                dialog = self._open(getattr(step, name)())
                dialog.reason = "We found it in the land register."
                dialog.save().action_confirm()
                self.assertEqual(step.state, state)

    def test_risk_and_withdraw(self):
        commitment = self.env["service.commitment"].create(
            {"name": "Installed", "project_id": self.project.id, "current_to": "2999-03-20"}
        )
        commitment = commitment.with_user(self.employee)
        for name, state in (("action_open_risk", "at_risk"), ("action_open_withdraw", "withdrawn")):
            dialog = self._open(getattr(commitment, name)())
            dialog.reason = "The permit is not here yet."
            dialog.save().action_confirm()
            self.assertEqual(commitment.state, state)

    def test_correct_a_fact(self):
        fact = self.env["service.fact"].create(
            {
                "project_id": self.project.id,
                "question": "How old is the house?",
                "answer": "1954",
                "said_by_id": self.contact.id,
            }
        )
        dialog = self._open(fact.with_user(self.employee).action_open_correct())
        self.assertEqual((dialog.said_before, dialog.said_by_id), ("1954", self.contact))
        dialog.answer, dialog.source_ref = "1956", "Phone call"
        dialog.save().action_confirm()
        self.assertEqual(fact.superseded_by_id.answer, "1956")
        self.assertEqual(self.project.service_known_fact_ids, fact.superseded_by_id)

    def test_only_leads_open_personal_facts(self):
        action = self.project.with_user(self.lead).action_service_open_personal()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self._open(action)
        wizard = self.env[action["res_model"]].with_user(self.lead)
        form = Form(wizard.with_context(**action["context"]))
        form.reason = "I stand in for Lena."
        self.assertEqual(form.save().action_open()["target"], "new")


@tagged("post_install", "-at_install")
class TestServicePage(JourneyScreensCase):
    """The page of a service, and the lists around it."""

    def _create_services(self, count):
        services = self.env["project.project"].create(
            [
                {"name": f"Service {number}", "partner_id": self.customer.id}
                for number in range(count)
            ]
        )
        for service in services:
            service.primary_commitment_id = self.env["service.commitment"].create(
                {"name": "Done", "project_id": service.id, "current_to": "2999-03-20"}
            )
        return services

    def _load(self, action, user):
        """Load the views of an action as its client does; return the parsed arch by type."""
        env = self.env(user=user)
        views = env["ir.actions.act_window"].browse(action.id).sudo()
        loaded = env[action.res_model].get_views(
            [*views.views, (action.search_view_id.id, "search")]
        )
        return {kind: etree.fromstring(view["arch"]) for kind, view in loaded["views"].items()}

    def test_all_screens_load_for_all_roles(self):
        for user in (self.employee, self.lead, self.manager):
            for name in ACTIONS:
                with self.subTest(name, user=user.login):
                    self._load(self.env.ref(f"service_experience.{name}"), user)
            for record in (self.project, self._create_task()):
                with self.subTest(record._name, user=user.login):
                    Form(record.with_user(user))

    def test_the_page_opens_for_an_ordinary_user(self):
        self._create_step()
        action = self.project.with_user(self.employee).action_open_service()
        view = self.env["ir.ui.view"].browse(action["views"][0][0])
        form = Form(self.project.with_user(self.employee), view=view)
        self.assertEqual(len(form.service_customer_step_ids), 1)
        arch = self.env["project.project"].with_user(self.employee).get_view(view.id)["arch"]
        names = {node.get("name") for node in etree.fromstring(arch).iter("button")}
        self.assertIn("action_service_ask", names)
        self.assertNotIn("action_service_open_personal", names)

    def test_missing_facts(self):
        other = self.env["service.topic"].create({"name": "Age of the house"})
        self.project.service_topic_ids = self.topic + other
        self.assertEqual(self.project.service_missing_topic_ids, self.topic + other)
        fact = self.env["service.fact"].create(
            {
                "topic_id": self.topic.id,
                "partner_id": self.customer.id,
                "question": "Floor plan",
                "answer": "plan.pdf",
            }
        )
        self.env.invalidate_all()
        self.assertEqual(self.project.service_missing_topic_ids, other)
        self.assertEqual(self.project.service_known_fact_ids, fact)

    def test_personal_facts_of_another_service_are_not_known_here(self):
        [elsewhere] = self._create_services(1)
        self.project.service_topic_ids = self.topic
        self.env["service.fact"].create(
            {
                "topic_id": self.topic.id,
                "project_id": elsewhere.id,
                "question": "Floor plan",
                "answer": "plan.pdf",
                "sensitivity": "personal",
            }
        )
        self.assertFalse(self.project.service_known_fact_ids)
        self.assertEqual(self.project.service_missing_topic_ids, self.topic)

    def test_the_kanban_groups_services_by_health(self):
        services = self._create_services(2)
        services[0].primary_commitment_id.action_at_risk("The permit is missing.")
        groups = self._kanban(services)
        found = {
            group["service_health"]: [row["id"] for row in group["__records"]] for group in groups
        }
        self.assertEqual(found["at_risk"], services[0].ids)
        self.assertEqual(found["on_track"], services[1].ids)

    def test_the_kanban_costs_the_same_for_many_services(self):
        few, many = self._create_services(2), self._create_services(20)
        self._kanban(few)
        counts = []
        for services in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._kanban(services)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def _kanban(self, services):
        """Read the kanban as its client does."""
        action = self.env.ref("service_experience.project_project_service_action")
        arch = self._load(action, self.employee)["kanban"]
        names = {node.get("name") for node in arch.iter("field")}
        specification = {
            name: {"fields": {"display_name": {}}} if name.endswith("_id") else {} for name in names
        }
        return (
            self.env["project.project"]
            .with_user(self.employee)
            .web_read_group(
                [("id", "in", services.ids)],
                ["service_health"],
                auto_unfold=True,
                unfold_read_specification=specification,
            )["groups"]
        )

    def test_reliability_is_the_share_that_was_kept(self):
        with self.at("2026-03-02 10:00:00"):
            commitments = self.env["service.commitment"].create(
                [
                    {
                        "name": name,
                        "project_id": self.project.id,
                        "current_to": "2026-03-03",
                        "owner_user_id": self.employee.id,
                        "kind": "date",
                    }
                    for name in ("Kept", "Broken")
                ]
            )
            commitments[0].action_customer_accepted()
        with self.at("2026-03-05 10:00:00"):
            commitments._break_overdue(fields.Datetime.now())
        action = self.env.ref("service_experience.service_commitment_action_reliability")
        domain = [*safe_eval(action.domain), ("project_id", "=", self.project.id)]
        rows = self.env["service.commitment"].formatted_read_group(
            domain, ["owner_user_id"], ["on_time_rate:avg", "__count"]
        )
        self.assertEqual([(row["on_time_rate:avg"], row["__count"]) for row in rows], [(0.5, 2)])

    def test_the_filters_of_the_lists_find(self):
        step = self._create_step()
        step.action_request()
        for model in ("project.project", "project.task", *MODELS):
            with self.subTest(model):
                self._check_filters(model)

    def _check_filters(self, model):
        views = {
            "project.project": "service_experience.project_project_view_search_service",
            "project.task": "project.view_task_search_form",
        }
        view = views.get(model) and self.env.ref(views[model]).id
        arch = etree.fromstring(self.env[model].get_view(view, "search")["arch"])
        env = self.env(user=self.employee)
        for node in arch.iter("filter"):
            if domain := node.get("domain"):
                env[model].search(safe_eval(domain, {"uid": env.uid}), limit=1)


@tagged("post_install", "-at_install")
class TestJourneyImport(JourneyScreensCase):
    """Steps and commitments from a table."""

    def _load(self, model, names, rows):
        result = self.env[model].with_user(self.employee).load(names, rows)
        self.assertFalse(result["messages"])
        return self.env[model].browse(result["ids"])

    def test_steps(self):
        steps = self._load(
            "service.step",
            ["title", "project_id", "party", "kind", "due", "why"],
            [
                ["Floor plan", "Heat pump", "The customer", "Upload a file", "2026-03-10", "So"],
                ["Order it", "Heat pump", "us", "do", "2026-03-12", ""],
            ],
        )
        self.assertRecordValues(
            steps,
            [
                {"party": "customer", "kind": "upload", "state": "ready"},
                {"party": "us", "kind": "do", "state": "ready"},
            ],
        )
        self.assertEqual(steps.project_id, self.project)
        self.assertEqual(steps.mapped("customer_visible"), [True, False])

    def test_promises(self):
        commitment = self._load(
            "service.commitment",
            ["name", "project_id", "current_to", "confidence"],
            [["Installed", "Heat pump", "2026-03-20", "Likely"]],
        )
        self.assertRecordValues(
            commitment,
            [
                {
                    "project_id": self.project.id,
                    "current_to": fields.Date.to_date("2026-03-20"),
                    "confidence": "likely",
                    "state": "active",
                }
            ],
        )
        self.assertEqual(len(commitment.revision_ids), 1)
