# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .handoff_common import GROUP, HandoffCase

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


class IngestCase(HandoffCase):
    """Another system with a user of its own, and a customer it can name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.robot = new_test_user(cls.env, "robot", groups=GROUP + "user", tz="UTC")
        cls.customer.write({"ref": "C-1", "vat": "DE 123 456 789", "is_company": True})
        # Nobody works on it yet: so whoever may change it may hand it over.
        cls.task.write({"service_team_id": cls.team.id, "user_ids": [Command.clear()]})

    def _item(self, **values):
        """Return an item that lacks nothing; None takes a key away."""
        item = {
            "external_ref": "W-1",
            "customer": {"external_id": "C-1"},
            "requests": [{"id": self.task.id}],
            "urgency": "watch",
            "situation": "The pump is on site and waits for the electrician.",
            "no_steps": True,
            **values,
        }
        return {key: value for key, value in item.items() if value is not None}

    def _send(self, *items, user=None, **values):
        handoffs = self.env["service.handoff"].with_user(user or self.robot)
        payload = {"schema_version": 1, "system": "erp", "items": list(items), **values}
        answer = handoffs.ingest(json.loads(json.dumps(payload)))
        self.assertEqual(sum(answer["counts"].values()), len(answer["results"]))
        return answer["results"]

    def _send_one(self, user=None, **values):
        [result] = self._send(self._item(**values), user=user)
        return result

    def _get(self, result):
        return self.env["service.handoff"].browse(result["id"])

    def _get_notes(self, handoff):
        return "".join(str(body) for body in handoff.message_ids.mapped("body"))

    def assertError(self, result, path, words=""):
        found = {error["path"]: error["message"] for error in result["errors"]}
        self.assertEqual(result["status"], "triage", result)
        self.assertIn(path, found)
        self.assertIn(words, found[path])


@tagged("post_install", "-at_install")
class TestHandoffIngest(IngestCase):
    def test_complete_item_is_offered_to_the_team_of_the_request(self):
        result = self._send_one()
        self.assertEqual((result["status"], result["state"]), ("created", "offered"), result)
        self.assertEqual(result["errors"], [])
        self.assertRecordValues(
            self._get(result),
            [
                {
                    "external_ref": "W-1",
                    "from_system": "erp",
                    "from_user_id": False,
                    "project_id": self.project.id,
                    "partner_id": self.customer.id,
                    "to_team_id": self.team.id,
                    "to_user_id": False,
                    "urgency": "watch",
                    "in_triage": False,
                    "ingest_error": False,
                    "offered_by_id": self.robot.id,
                    "accountable_user_id": self.sender.id,
                }
            ],
        )
        self._accept(self._get(result))
        self.assertEqual(self._get(result).state, "accepted")

    def test_incomplete_item_is_a_draft_that_says_what_lacks(self):
        result = self._send_one(urgency=None, no_steps=None)
        self.assertEqual((result["status"], result["state"]), ("created", "draft"))
        self.assertEqual(len(result["lacks"]), 2)
        call = self._get(result).activity_ids
        self.assertEqual(call.user_id, self.sender)
        self.assertIn(result["lacks"][0], call.note)

    def test_offer_false_stays_a_draft(self):
        self.assertEqual(self._send_one(offer=False)["state"], "draft")

    def test_parts_are_taken_over(self):
        self.env["service.topic"].create({"name": "House"})
        check = self.env.ref("service_experience.handoff_type_system_in").item_ids[0]
        result = self._send_one(
            no_steps=None,
            steps=[{"title": "Call Ada", "due": "2027-03-04", "owner": "colleague"}],
            checks=[{"name": check.name.upper(), "answer": "Ben, extension 12"}],
            questions=[{"question": "Which fuse?", "blocking": False}],
            facts=[{"question": "Year", "answer": "1987", "topic": "House"}],
            to_user="receiver",
            customer_mood="worried",
        )
        handoff = self._get(result)
        self.assertEqual(result["state"], "offered", result)
        self.assertEqual(handoff.to_user_id, self.receiver)
        self.assertEqual(handoff.step_ids.mapped("title"), ["Call Ada"])
        self.assertEqual(handoff.step_ids.owner_user_id, self.colleague)
        done = handoff.check_ids.filtered(lambda item: item.state == "done")
        self.assertEqual((done.type_item_id, done.answer), (check, "Ben, extension 12"))
        self.assertEqual(handoff.question_ids.mapped("name"), ["Which fuse?"])
        fact = handoff.fact_ids
        self.assertEqual((fact.answer, fact.certainty), ("1987", "imported"))

    # Again, changed, late

    def test_same_content_is_known(self):
        first = self._send_one(sent_at="2026-03-02T09:00:00+01:00")
        notes = self._get(first).message_ids
        cases = (
            {},
            {"sent_at": "2026-03-02T10:00:00+01:00"},
            {"sent_at": "2026-03-02T07:00:00Z"},
            {"situation": f" {self._item()['situation']}\n"},
            {"tried": ""},
        )
        for values in cases:
            with self.subTest(values):
                again = self._send_one(**values)
                self.assertEqual((again["status"], again["id"]), ("unchanged", first["id"]))
                self.assertEqual(self._get(first).message_ids, notes)

    def test_changed_content_is_an_update_with_its_difference(self):
        handoff = self._get(self._send_one(history="Ordered"))
        handoff.contingency = "Written by a colleague"
        result = self._send_one(history="Ordered, and paid", urgency="critical")
        self.assertEqual((result["status"], result["id"]), ("updated", handoff.id))
        self.assertEqual(handoff.history, "Ordered, and paid")
        self.assertEqual(handoff.contingency, "Written by a colleague")
        notes = self._get_notes(handoff)
        self.assertIn("Ordered → Ordered, and paid", notes)
        self.assertIn("watch → critical", notes)
        self.assertNotIn("Situation", notes)

    def test_updated_steps_are_not_doubled(self):
        step = {"title": "Call Ada", "due": "2027-03-04"}
        handoff = self._get(self._send_one(steps=[step]))
        self._send_one(steps=[{**step, "due": "2027-03-05"}, {**step, "title": "Call Ben"}])
        due = {step.title: str(step.due) for step in handoff.step_ids}
        self.assertEqual(due, {"Call Ada": "2027-03-05", "Call Ben": "2027-03-04"})

    def test_corrected_draft_and_returned_one_are_offered(self):
        draft = self._get(self._send_one(urgency=None))
        self.assertEqual(self._send_one()["state"], "offered")
        draft.with_user(self.receiver).action_return("Which pump?")
        result = self._send_one(situation="The pump of the east wing waits.")
        self.assertEqual((result["status"], result["state"]), ("updated", "offered"))
        self.assertEqual(draft.bounce_count, 1)

    def test_after_acceptance_it_is_an_addendum(self):
        handoff = self._get(self._send_one())
        self._accept(handoff)
        result = self._send_one(situation="Somebody else drilled a hole.")
        self.assertEqual((result["status"], result["id"]), ("addendum", handoff.id))
        self.assertNotIn("hole", handoff.situation)
        self.assertIn("drilled a hole", self._get_notes(handoff))
        self.assertEqual(handoff.activity_ids.user_id, self.receiver)
        self.assertEqual(
            self._send_one(situation="Somebody else drilled a hole.")["status"], "unchanged"
        )

    def test_older_news_change_nothing(self):
        handoff = self._get(self._send_one(sent_at="2026-03-02T09:00:00.5Z"))
        late = {"sent_at": "2026-03-02T10:00:00.4+01:00", "situation": "Before that"}
        for _attempt in range(2):
            self.assertEqual(self._send_one(**late)["status"], "outdated")
        self.assertNotEqual(handoff.situation, "Before that")
        files = handoff.message_ids.attachment_ids
        self.assertEqual(len(files), 1)
        self.assertIn(b"Before that", files.raw)
        self.assertEqual(self._send_one(urgency="critical")["status"], "updated")

    def test_second_of_a_batch_is_a_change_of_the_first(self):
        results = self._send(self._item(), self._item(urgency="critical"), self._item())
        self.assertEqual([one["status"] for one in results], ["created", "updated", "updated"])
        self.assertEqual(len({one["id"] for one in results}), 1)

    # Bad ones

    def test_bad_item_waits_in_triage_and_is_repaired(self):
        results = [self._send_one(urgency="urgent") for _attempt in range(2)]
        self.assertError(results[0], "items[0].urgency", "critical, watch, stable")
        self.assertEqual(results[0]["id"], results[1]["id"])
        handoff = self._get(results[0])
        self.assertTrue(handoff.in_triage)
        self.assertIn("items[0].urgency", handoff.ingest_error)
        self.assertEqual(handoff.payload["urgency"], "urgent")
        self.assertEqual(handoff.accountable_user_id.browse(), handoff.project_id.user_id)
        result = self._send_one()
        self.assertEqual((result["status"], result["id"]), ("updated", handoff.id))
        self.assertEqual((handoff.state, handoff.in_triage), ("offered", False))
        self.assertFalse(handoff.ingest_error)

    def test_what_was_our_fault_is_repaired_by_sending_it_again(self):
        customer = {"external_id": "C-9"}
        result = self._send_one(customer=customer)
        self.assertError(result, "items[0].customer", "No customer")
        self.customer.ref = "C-9"
        self.assertEqual(self._send_one(customer=customer)["status"], "updated")

    def test_bad_change_does_not_spoil_what_is_known(self):
        handoff = self._get(self._send_one())
        for _attempt in range(2):
            self.assertError(self._send_one(urgency=7), "items[0].urgency")
        self.assertEqual((handoff.state, handoff.urgency), ("offered", "watch"))
        self.assertIn("urgency", handoff.ingest_error)
        self.assertEqual(len(handoff.message_ids.attachment_ids), 1)
        self.assertEqual(self._send_one()["status"], "unchanged")
        self.assertFalse(handoff.ingest_error)

    def test_one_bad_item_does_not_spoil_the_others(self):
        other = self._create_task(service_team_id=self.team.id, user_ids=[Command.clear()])
        results = self._send(
            self._item(external_ref="A"),
            self._item(external_ref="B", customer={"external_id": "nobody"}),
            "no item",
            self._item(external_ref="C", requests=[{"id": other.id}]),
        )
        self.assertEqual(
            [one["status"] for one in results], ["created", "triage", "triage", "created"]
        )
        self.assertError(results[2], "items[2]", "Send an object")

    def test_wrong_values(self):
        cases = {
            "urgnecy": ("stable", "urgnecy", "unknown"),
            "situation": (7, "situation", "text"),
            "history": ("x" * 20_001, "history", "20000"),
            "tried": ({"a": [1]}, "tried", "text"),
            "customer_mood": ([], "customer_mood", "satisfied"),
            "customer": ([], "customer", "external_id"),
            "service": ({"id": "1"}, "service.id", "whole number"),
            "requests": ({"id": 1}, "requests", "list"),
            "steps": ([{"title": "Go", "due": "3.4.2027"}], "steps[0].due", "YYYY"),
            "no_steps": ("yes", "no_steps", "true or false"),
            "checks": ([{"name": "Colour"}], "checks[0].name", "no item"),
            "questions": ([{"blocking": True}], "questions[0].question", "required"),
            "facts": ([{"question": "Q", "answer": "A", "topic": "T"}], "facts[0].topic", "name"),
            "sent_at": ("2026-03-02 09:00:00", "sent_at", "offset"),
            "type": ("mail", "type", "code"),
            "to_team": ("Nobody", "to_team", "name"),
            "to_user": ("nobody", "to_user", "name"),
            "offer": (1, "offer", "true or false"),
            "contingency": (float("nan"), "contingency", "text"),
        }
        for key, (value, path, words) in cases.items():
            with self.subTest(key):
                result = self._send_one(**{"external_ref": f"W-{key}", key: value})
                self.assertError(result, f"items[0].{path}", words)
                self.assertEqual(result["external_ref"], f"W-{key}")

    def test_unreadable_batches_are_kept_once(self):
        handoffs = self.env["service.handoff"].with_user(self.robot)
        cases = [
            ("nothing", ""),
            ([], ""),
            (None, ""),
            (7.5, ""),
            ({"items": [{}], "system": "erp"}, "schema_version"),
            ({"schema_version": 2, "items": [{}], "system": "erp"}, "schema_version"),
            ({"schema_version": True, "items": [{}], "system": "erp"}, "schema_version"),
            ({"schema_version": 1, "items": [{}]}, "system"),
            ({"schema_version": 1, "items": [], "system": "erp"}, "items"),
            ({"schema_version": 1, "items": {}, "system": "erp"}, "items"),
            ({"schema_version": 1, "items": [{}], "system": "erp", "x": 1}, "x"),
        ]
        for payload, path in cases:
            with self.subTest(payload):
                [first] = handoffs.ingest(payload)["results"]
                self.assertError(first, path)
                self.assertEqual(self._get(first).payload or False, payload or False)
                [second] = handoffs.ingest(payload)["results"]
                self.assertEqual(first["id"], second["id"])

    def test_item_without_a_reference_is_kept_once(self):
        for reference in (None, "", "  ", 7, "x" * 129, ["W"]):
            item = {**self._item(), "external_ref": reference}
            [first], [second] = self._send(item), self._send(item)
            with self.subTest(reference):
                self.assertError(first, "items[0].external_ref")
                self.assertEqual(first["id"], second["id"])

    def test_too_many_items_are_refused(self):
        with self.assertRaisesRegex(UserError, "split"):
            self._send(*[{}] * 501)

    def test_what_cannot_be_stored(self):
        nested = []
        for _level in range(200):
            nested = [nested]
        result = self._send_one(situation="a\0b\ud800c", history=None)
        self.assertEqual(self._get(result).situation, "ab?c")
        for key, value in {"nested": nested, "inf": float("inf"), "big": 10**400}.items():
            with self.subTest(key):
                result = self._send_one(external_ref=key, **{key: value})
                self.assertError(result, f"items[0].{key}", "unknown")
                self.assertTrue(self._get(result).payload[key])

    def test_hostile_words_are_text(self):
        first = self._send_one(
            situation=HOSTILE, history=HOSTILE, tried=HOSTILE, customer_message=HOSTILE
        )
        handoff = self._get(first)
        self._send_one(situation=HOSTILE + "!", **{HOSTILE: HOSTILE})
        self._send_one(situation=HOSTILE + "?", history="x")
        self._accept(handoff)
        self._send_one(situation=HOSTILE + "#")
        words = self._get_notes(handoff) + "".join(map(str, handoff.activity_ids.mapped("note")))
        words += "".join(map(str, self.task.message_ids.mapped("body")))
        self.assertIn("&lt;script&gt;", words)
        self.assertNotIn("<script", words)
        self.assertNotIn("<img", words)

    # Customers and services

    def test_customers(self):
        self.other_customer.write({"ref": "C-2", "email": "info@lamps.example", "vat": "X1"})
        self.env["res.partner"].create({"name": "Twin Inn", "email": "Info@Lamps.example"})
        cases = [
            ({"external_id": "C-1"}, ""),
            ({"vat": "de123456789"}, ""),
            ({"email": "Ada <ADA@nordlicht.example>"}, ""),
            ({"external_id": "C-1", "email": "ada@nordlicht.example", "name": "?"}, ""),
            ({"external_id": "C-1", "email": "new@nordlicht.example"}, ""),
            ({"name": "Nordlicht Bakery"}, "Send an external_id"),
            ({"external_id": "C-3"}, "No customer"),
            ({"email": "info@lamps.example"}, "external_id or vat"),
            ({"external_id": "C-1", "vat": "X1"}, "different customers"),
            ({"external_id": "C-3", "email": "ada@nordlicht.example"}, "different customers"),
            ({"external_id": "C-2", "email": "info@lamps.example"}, "no such service"),
        ]
        for index, (customer, words) in enumerate(cases):
            with self.subTest(customer):
                result = self._send_one(external_ref=f"W-{index}", customer=customer, type="person")
                if words:
                    self.assertIn(words, result["errors"][0]["message"])
                    continue
                self.assertEqual(result["status"], "created", result)
                self._get(result).with_user(self.lead).action_cancel("Next case")

    def test_services(self):
        other = self.project.copy({"name": "Garden"})
        cases = [
            ({"service": {"id": self.project.id}}, self.project),
            ({"service": {"name": "heat PUMP "}}, self.project),
            ({}, self.project),
            ({"service": {"id": other.id}}, None),
            ({"service": {"name": "Cellar"}}, None),
            ({"requests": None}, None),
        ]
        for index, (values, project) in enumerate(cases):
            with self.subTest(values):
                result = self._send_one(external_ref=f"W-{index}", **values)
                self.assertEqual(result["status"], "created" if project else "triage", result)
                if project:
                    self.assertEqual(self._get(result).project_id, project)
                    self._get(result).with_user(self.lead).action_cancel("Next case")

    def test_whole_service_takes_somebody_who_may_hand_it_over(self):
        self.project.user_id = self.receiver
        self.assertError(self._send_one(requests=None), "items[0]")
        result = self._send_one(user=self.lead, requests=None)
        self.assertEqual((result["status"], result["state"]), ("updated", "offered"))
        self.assertEqual(self._get(result).to_user_id, self.receiver)

    def test_request_of_a_colleague_takes_a_lead(self):
        self.task.user_ids = self.colleague
        self.assertError(self._send_one(), "items[0]", "team lead")
        self.assertEqual(self._send_one(user=self.lead)["state"], "offered")

    # Who may what

    def test_only_users_of_the_service_send(self):
        for groups in ("base.group_portal", "base.group_public", "base.group_user"):
            user = new_test_user(self.env, f"by_{groups}", groups=groups)
            with self.subTest(groups), self.assertRaises(AccessError):
                self._send_one(user=user)

    def test_what_the_caller_may_not_see_does_not_exist(self):
        result = self._send_one()
        self._get(result)._set(project_id=self.project.id)
        self.project.privacy_visibility = "followers"
        hidden = self._send_one(external_ref="W-2", type="person")
        self.assertError(hidden, "items[0].service", "no such service that you may see")
        taken = self._send_one(situation="Changed by a stranger")
        self.assertError(taken, "items[0].external_ref", "in use")
        self.assertNotEqual(taken["id"], result["id"])
        self.assertNotIn("stranger", self._get(result).situation)
        for word in (self.project.name, self.task.name, "HO/"):
            self.assertNotIn(word, json.dumps([hidden["errors"], taken["errors"]]))

    def test_other_company_is_out_of_reach(self):
        company = self.env["res.company"].create({"name": "Fernglow Ltd"})
        self._send_one(urgency="bad")
        self.robot.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        self.task.company_id = self.project.company_id = self.env.company
        result = self._send_one()
        self.assertError(result, "items[0].external_ref", "in use")
        self.assertEqual(self._get(result).company_id, company)

    def test_nobody_writes_by_hand_what_was_sent(self):
        handoff = self._get(self._send_one()).with_user(self.lead)
        for name in ("external_ref", "payload", "payload_hash", "ingest_error", "in_triage"):
            with self.subTest(name), self.assertRaises(UserError):
                handoff.write({name: "x"})
        forged = self._create_handoff_with_defaults()
        self.assertFalse(forged.external_ref or forged.from_system or forged.ingest_error)
        with self.assertRaises(AccessError):
            handoff.with_user(self.sender).read(["payload"])

    def _create_handoff_with_defaults(self):
        request = self._create_task(user_ids=[Command.set(self.sender.ids)])
        names = ("external_ref", "from_system", "ingest_error", "in_triage", "payload_hash")
        forging = {f"default_{name}": "forged" for name in names}
        handoffs = self.env["service.handoff"].with_user(self.sender).with_context(**forging)
        return handoffs.create({"task_ids": [Command.set(request.ids)]})

    # Triage

    def test_lead_takes_over_what_can_be_read(self):
        customer = {"external_id": "C-7"}
        result = self._send_one(customer=customer, urgency="bad", situation="It drips")
        handoff = self._get(result)
        with self.assertRaises(AccessError):
            handoff.with_user(self.sender).action_triaged(self.project.id)
        dialog = self.env["service.handoff.triage"].with_user(self.lead)
        dialog.create({"handoff_id": handoff.id, "project_id": self.project.id}).action_confirm()
        self.assertFalse(handoff.in_triage or handoff.ingest_error)
        self.assertEqual((handoff.project_id, handoff.situation), (self.project, "It drips"))
        self.assertEqual(handoff.state, "draft")
        self.assertIn("urgency", self._get_notes(handoff))
        again = self._send_one(customer=customer, urgency="bad", situation="It drips")
        self.assertEqual((again["status"], again["id"]), ("unchanged", handoff.id))
        changed = self._send_one(customer=customer, urgency="stable", situation="It drips")
        self.assertEqual((changed["status"], changed["state"]), ("updated", "offered"), changed)

    def test_lead_gives_an_unreadable_batch_a_service(self):
        [result] = self.env["service.handoff"].with_user(self.robot).ingest("?")["results"]
        handoff = self._get(result).with_user(self.lead)
        with self.assertRaisesRegex(UserError, "service"):
            handoff.action_triaged()
        handoff.action_triaged(self.project.id)
        self.assertEqual((handoff.state, handoff.project_id), ("draft", self.project))

    def test_discarded_item_stays_discarded(self):
        handoff = self._get(self._send_one(urgency="bad"))
        handoff.with_user(self.lead).action_cancel("Sent by mistake")
        self.assertError(self._send_one(urgency="bad"), "items[0].urgency")
        self.assertEqual(self._send_one()["status"], "addendum")
        self.assertEqual(handoff.state, "cancelled")

    def test_lead_settles_a_bad_change(self):
        handoff = self._get(self._send_one())
        self._send_one(urgency="bad")
        handoff.with_user(self.lead).action_triaged()
        self.assertFalse(handoff.ingest_error)
        self.assertEqual(handoff.state, "offered")

    def test_logs_tell_nothing_of_what_was_sent(self):
        def fail(*args):
            raise ValueError(HOSTILE)

        self.patch(type(self.env["service.handoff"]), "_offer_ingested", fail)
        with self.assertLogs("odoo.addons.service_experience", "WARNING") as logs:
            result = self._send_one()
        self.assertError(result, "items[0]", "could not be taken over")
        self.assertNotIn("script", "".join(logs.output))
        self.assertIn("_offer_ingested", "".join(logs.output))
