# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .handoff_common import HandoffCase

ACTIONS = (
    "service_handoff_action",
    "service_handoff_action_inbox",
    "service_handoff_action_sent",
    "service_handoff_type_action",
    "service_team_action",
)
WIZARDS = ("accept", "accept.line", "reason", "item.reason", "route")


class HandoffScreensCase(HandoffCase):
    def _open(self, action, user):
        """Open the dialog of an action as the client does."""
        [(view, _kind)] = action.get("views") or [(False, "form")]
        model = self.env[action["res_model"]].with_user(user).with_context(**action["context"])
        return Form(model, view=view and self.env["ir.ui.view"].browse(view))

    def _get_buttons(self, handoff, user):
        """Return the buttons that a user sees at the top of the form of a handoff."""
        record = handoff.with_user(user)
        arch = etree.fromstring(record.get_view(False, "form")["arch"])
        buttons = arch.findall(".//header/button")
        names = {
            name
            for button in buttons
            for name in record._fields
            if name in (button.get("invisible") or "")
        }
        values = {name: record[name] for name in names}
        values["offered_by_id"] = record.offered_by_id.id
        known = {**values, "uid": user.id, "id": handoff.id}
        return {
            button.get("name")
            for button in buttons
            if not safe_eval(button.get("invisible"), known)
        }

    def _promise(self, name="Warm water by Friday"):
        return self.env["service.commitment"].create(
            {"name": name, "project_id": self.project.id, "current_to": "2999-03-20"}
        )


@tagged("post_install", "-at_install")
class TestHandoffForm(HandoffScreensCase):
    def test_buttons_by_state_and_role(self):
        draft = self._create_handoff()
        offered = self._offer(task_ids=[Command.set(self._create_task().ids)])
        asked = self._offer(task_ids=[Command.set(self._create_task().ids)])
        asked.with_user(self.receiver).question_ids = [Command.create({"name": "Which pump?"})]
        asked.with_user(self.receiver).action_ask()
        back = self._offer(task_ids=[Command.set(self._create_task().ids)])
        back.with_user(self.receiver).action_return("The key is missing.")
        sender, receiver, lead = self.sender, self.receiver, self.lead
        accept = {"action_open_accept", "action_ask", "action_open_return"}
        for handoff, user, names in (
            (draft, sender, {"action_offer", "action_open_cancel"}),
            (draft, receiver, set()),
            (draft, lead, {"action_offer", "action_open_cancel"}),
            (offered, sender, {"action_open_cancel"}),
            (offered, receiver, accept),
            (offered, self.colleague, set()),
            (offered, lead, {"action_open_allow", "action_open_cancel"}),
            (asked, sender, {"action_answer", "action_open_cancel"}),
            (asked, receiver, {"action_open_return"}),
            (back, sender, {"action_rework", "action_open_cancel"}),
            (back, receiver, set()),
        ):
            with self.subTest(handoff.state, user=user.login):
                self.assertEqual(self._get_buttons(handoff, user), names)

    def test_everybody_of_the_team_may_accept_what_is_for_the_team(self):
        handoff = self._offer(to_user_id=False)
        for user in (self.receiver, self.colleague, self.lead):
            with self.subTest(user.login):
                self.assertIn("action_open_accept", self._get_buttons(handoff, user))

    def test_the_sender_fills_in_the_form(self):
        with Form(self._create_handoff()) as form:
            form.urgency = "critical"
            form.situation = "The pump waits for the electrician."
            form.has_no_steps = True
            for number in range(len(form.check_ids)):
                with form.check_ids.edit(number) as item:
                    item.answer = "Everything is in the folder."
        handoff = form.record
        self.assertEqual(handoff.completeness, 0)
        handoff.action_done_answered()
        self.assertEqual((handoff.completeness_percent, handoff.missing_count), (100, 0))
        handoff.action_offer()
        self.assertEqual(handoff.state, "offered")

    def test_what_was_offered_is_not_edited_any_more(self):
        for user in (self.sender, self.receiver):
            form = Form(
                self._offer(task_ids=[Command.set(self._create_task().ids)]).with_user(user)
            )
            for name in ("situation", "contingency", "project_id"):
                with (
                    self.subTest(name, user=user.login),
                    self.assertRaisesRegex(AssertionError, "readonly"),
                ):
                    setattr(form, name, form._record[name])

    def test_what_lacks_is_said_without_the_commitments(self):
        self._promise()
        handoff = self._create_handoff()
        self._complete(handoff)
        item = handoff.check_ids[-1]
        item.action_reopen()
        handoff.check_ids.filtered("required").filtered(
            lambda one: one.state == "open"
        ).action_done()
        handoff.action_offer()
        missing = handoff.check_ids.filtered(lambda one: one.state == "open")
        self.assertEqual(handoff.missing_words or "", "\n".join(missing.mapped("name")))
        self.assertEqual((handoff.missing_count, handoff.undecided_count), (len(missing), 1))

    def test_the_sender_sees_what_the_customer_will_read(self):
        handoff = self._create_handoff(customer_message="She has your photos.")
        for words in (self.receiver.name, "She has your photos."):
            self.assertIn(words, handoff.customer_preview)
        self.task.customer_visible = False
        self.env.invalidate_all()
        self.assertFalse(handoff.customer_preview)

    def test_how_long_ago_it_was_offered(self):
        with self.at("2026-03-02 10:00:00"):
            handoff = self._offer()
        with self.at("2026-03-02 13:05:00"):
            handoff.invalidate_recordset()
            self.assertEqual(handoff.offered_ago, "3 hours ago")

    def test_the_inbox_begins_with_what_waits(self):
        self._accept(self._offer())
        groups = (
            self.env["service.handoff"]
            .with_user(self.receiver)
            .with_context(read_group_expand=True)
            .web_read_group([("task_ids", "in", self.task.ids)], ["state"], [])["groups"]
        )
        self.assertEqual(
            [group["state"] for group in groups],
            ["offered", "clarification", "returned", "draft", "accepted"],
        )


@tagged("post_install", "-at_install")
class TestHandoffDialogs(HandoffScreensCase):
    def _read_back(self, dialog):
        dialog.goal = "Warm water before the weekend"
        dialog.first_action = "I call the electrician"
        dialog.risk = "Nobody is at home"
        return dialog

    def test_accept_and_take_over_or_flag_each_commitment(self):
        kept, doubted = self._promise(), self._promise("Garden cleared")
        handoff = self._offer().with_user(self.receiver)
        dialog = self._open(handoff.action_open_accept(), self.receiver)
        self.assertEqual(dialog.situation, handoff.situation)
        self.assertEqual(dialog.completeness_percent, 100)
        decisions = {kept: ("take", False), doubted: ("flag", "The digger is broken.")}
        for number, item in enumerate(handoff.commitment_item_ids):
            with dialog.line_ids.edit(number) as line:
                line.decision, reason = decisions[item.commitment_id]
                if reason:
                    line.reason = reason
        self._read_back(dialog).save().action_accept()
        self.assertRecordValues(
            handoff, [{"state": "accepted", "readback_risk": "Nobody is at home"}]
        )
        self.assertEqual((kept.state, doubted.state), ("active", "at_risk"))

    def test_accept_needs_the_readback_and_a_word_on_each_commitment(self):
        self._promise()
        handoff = self._offer().with_user(self.receiver)
        dialog = self._open(handoff.action_open_accept(), self.receiver)
        with self.assertRaisesRegex(AssertionError, "decision"), dialog.line_ids.edit(0):
            pass
        with dialog.line_ids.edit(0) as line:
            line.decision = "take"
        with self.assertRaisesRegex(AssertionError, "goal"):
            dialog.save()

    def test_only_leads_accept_what_is_incomplete(self):
        handoff = self._create_handoff(to_user_id=False)
        self._complete(handoff)
        handoff.type_id.sudo().min_completeness = 1
        handoff.check_ids.filtered(lambda item: not item.required)[0].action_reopen()
        handoff.action_offer()
        for user, can_lead in ((self.receiver, False), (self.lead, True)):
            dialog = self._open(handoff.with_user(user).action_open_accept(), user)
            self.assertEqual((dialog.is_below, dialog.can_lead), (True, can_lead))
        with self.assertRaisesRegex(AssertionError, "override_reason"):
            self._read_back(dialog).save()
        dialog.override_reason = "The ovens stand still."
        dialog.save().action_accept()
        self.assertEqual(handoff.override_reason, "The ovens stand still.")

    def test_the_sender_opens_no_dialog_to_accept(self):
        handoff = self._offer()
        with self.assertRaisesRegex(UserError, "yourself"):
            handoff.action_open_accept()

    def test_return_cancel_and_allow_with_a_reason(self):
        for name, user, values in (
            ("action_open_return", self.receiver, {"state": "returned", "return_reason": "Why"}),
            ("action_open_cancel", self.sender, {"state": "cancelled", "cancel_reason": "Why"}),
            ("action_open_allow", self.lead, {"state": "offered", "override_reason": "Why"}),
        ):
            with self.subTest(name):
                handoff = self._offer(task_ids=[Command.set(self._create_task().ids)])
                dialog = self._open(getattr(handoff.with_user(user), name)(), user)
                with self.assertRaisesRegex(AssertionError, "reason"):
                    dialog.save()
                dialog.reason = "Why"
                dialog.save().action_confirm()
                self.assertRecordValues(handoff, [values])

    def test_waive_and_flag_an_item(self):
        self._promise()
        handoff = self._create_handoff()
        check = handoff.check_ids.filtered("required")[:1].with_user(self.lead)
        dialog = self._open(check.action_open_waive(), self.lead)
        dialog.reason = "There are no drawings."
        dialog.save().action_confirm()
        promised = self._complete_rest(handoff).commitment_item_ids.with_user(self.receiver)
        dialog = self._open(promised.action_open_flag(), self.receiver)
        dialog.reason = "The crane is late."
        dialog.save().action_confirm()
        self.assertEqual((check.state, promised.state), ("waived", "flagged"))

    def _complete_rest(self, handoff):
        for item in handoff.check_ids.filtered(lambda one: one.state == "open"):
            item.action_done()
        handoff.write({"urgency": "watch", "situation": "It waits.", "has_no_steps": True})
        handoff.action_offer()
        return handoff

    def test_ask_the_customer_instead_of_the_sender(self):
        handoff = self._offer().with_user(self.receiver)
        handoff.question_ids = [Command.create({"name": "How old is the house?"})]
        dialog = self._open(handoff.question_ids.action_open_route(), self.receiver)
        self.assertTrue(dialog.due)
        with self.assertRaisesRegex(AssertionError, "words|why"):
            dialog.save()
        dialog.words = "When was your house built?"
        dialog.why = "We choose the pipes by it."
        dialog.save().action_confirm()
        self.assertRecordValues(
            handoff.question_ids.step_id,
            [{"title": "When was your house built?", "party": "customer", "state": "requested"}],
        )


@tagged("post_install", "-at_install")
class TestHandOver(HandoffScreensCase):
    """The button on requests and services."""

    def _hand_over(self, records, user=None):
        user = user or self.sender
        return self._open(records.with_user(user).action_service_hand_over(), user)

    def test_hand_over_a_request(self):
        self.task.backup_user_id = self.receiver
        form = self._hand_over(self.task)
        self.assertEqual(form.task_ids[:], self.task)
        self.assertEqual(form.from_team_id, self.sending_team)
        self.assertEqual(form.to_user_id, self.receiver)
        self.assertFalse(form.urgency)
        form.urgency = "watch"
        handoff = form.save()
        self.assertEqual(handoff.action_open_handoff()["res_id"], handoff.id)
        self.assertEqual((handoff.project_id, handoff.state), (self.project, "draft"))
        self.assertTrue(handoff.check_ids)

    def test_work_of_another_team_goes_back_to_it(self):
        self.task.service_team_id = self.team
        form = self._hand_over(self.task)
        self.assertEqual((form.from_team_id, form.to_team_id), (self.sending_team, self.team))

    def test_hand_over_a_service(self):
        form = self._hand_over(self.project)
        self.assertEqual((form.project_id, len(form.task_ids)), (self.project, 0))

    def test_hand_over_several_requests_of_one_service(self):
        tasks = self.task + self._create_task()
        form = self._hand_over(tasks)
        self.assertEqual(form.task_ids[:], tasks)
        tasks[1].project_id = self.project.copy()
        with self.assertRaisesRegex(UserError, "one service"):
            self._hand_over(tasks)

    def test_a_request_in_transfer_says_so(self):
        handoff = self._offer()
        task = self.task.with_user(self.sender)
        self.assertEqual(task.service_transfer_to, self.receiver.name)
        self.assertEqual(task.service_transfer_since, handoff.offered_at)
        found = self.env["service.handoff"].search(task.action_service_handoffs()["domain"])
        self.assertEqual(found, handoff)
        self.assertEqual(task.action_service_transfer()["res_id"], handoff.id)
        self._accept(handoff)
        self.env.invalidate_all()
        self.assertFalse(task.service_transfer_since)


@tagged("post_install", "-at_install")
class TestHandoffScreens(HandoffScreensCase):
    def test_all_screens_load_for_all_roles(self):
        for user in (self.sender, self.lead, self.manager):
            for name in ACTIONS:
                action = self.env.ref(f"service_experience.{name}")
                views = [*action.views, (action.search_view_id.id, "search")]
                with self.subTest(name, user=user.login):
                    self.env[action.res_model].with_user(user).get_views(views)
            handoff = self._create_handoff(task_ids=[Command.set(self._create_task().ids)])
            for record in (self.task, self.project, self.team, self.kind, handoff):
                with self.subTest(record._name, user=user.login):
                    Form(record.with_user(user))

    def test_waits_for_me(self):
        mine = self._offer()
        team = self._offer(task_ids=[Command.set(self._create_task().ids)], to_user_id=False)
        draft = self._create_handoff(task_ids=[Command.set(self._create_task().ids)])
        arch = etree.fromstring(self.env["service.handoff"].get_view(False, "search")["arch"])
        domain = arch.find(".//filter[@name='mine']").get("domain")
        for user, found in (
            (self.receiver, mine + team),
            (self.colleague, team),
            (self.sender, draft),
        ):
            here = safe_eval(domain.strip(), {"uid": user.id})
            handoffs = self.env["service.handoff"].with_user(user).search(here)
            with self.subTest(user.login):
                self.assertEqual(handoffs & (mine + team + draft), found)

    def test_dialogs_are_closed_to_customers(self):
        portal = new_test_user(self.env, "handoff_portal", groups="base.group_portal")
        for name in WIZARDS:
            model = self.env[f"service.handoff.{name}"].with_user(portal)
            with (
                self.subTest(name),
                mute_logger("odoo.addons.base.models.ir_model"),
                self.assertRaises(AccessError),
            ):
                model.create({})


@tagged("post_install", "-at_install")
class TestHandoffMyDay(HandoffScreensCase):
    """What “My Day” says of handoffs; its other sections have tests of their own."""

    def _get_titles(self, user):
        sections = self.env["service.my.day"].with_user(user).get_day()["sections"]
        return {
            section["key"]: [line["title"] for line in section["lines"]]
            for section in sections
            if section["key"].startswith("handoffs") and section["count"]
        }

    def test_what_is_offered_and_what_came_back(self):
        handoff = self._offer(to_user_id=False)
        self.assertEqual(self._get_titles(self.sender), {})
        for user in (self.receiver, self.colleague):
            self.assertEqual(self._get_titles(user), {"handoffs": ["No hot water"]})
        handoff.with_user(self.receiver).action_return("The key is missing.")
        self.assertEqual(self._get_titles(self.receiver), {})
        self.assertEqual(self._get_titles(self.sender), {"handoffs_back": ["No hot water"]})

    def test_who_sends_it_for_which_customer(self):
        self._offer()
        sections = self.env["service.my.day"].with_user(self.receiver).get_day()["sections"]
        [section] = [one for one in sections if one["key"] == "handoffs"]
        [line] = section["lines"]
        self.assertEqual((line["asked"], line["customer"]), (self.sender.name, self.customer.name))
        self.assertEqual(line["model"], "service.handoff")

    def _count_queries(self):
        day = self.env["service.my.day"].with_user(self.receiver)
        day.get_day()  # what is cached once for all
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        day.get_day()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_depend_on_how_many_there_are(self):
        for _number in range(2):
            self._offer(task_ids=[Command.set(self._create_task().ids)])
        few = self._count_queries()
        for _number in range(6):
            self._offer(task_ids=[Command.set(self._create_task().ids)])
        self.assertEqual(self._count_queries(), few)
