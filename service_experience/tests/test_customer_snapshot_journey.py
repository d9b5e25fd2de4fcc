# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date, datetime
from unittest.mock import patch

from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ..models.project.service_snapshot_journey import PROMISE_LIMIT
from .test_customer_snapshot import MARKER, NOW, CustomerSnapshotCase


class JourneySnapshotCase(CustomerSnapshotCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = "ada@nordlicht.example"
        cls.project.partner_id = cls.contact
        cls.employee.name = "Emil Kettle"

    def _ask(self, title="Send us the plan", **values):
        with self.at(NOW):
            step = self.env["service.step"].create(
                {
                    "title": title,
                    "project_id": self.project.id,
                    "party": "customer",
                    "kind": "answer",
                    "why": "We plan the pipes on it.",
                    "due": "2026-03-10",
                    "owner_user_id": self.employee.id,
                    **values,
                }
            )
            step.action_request()
        return step

    def _promise(self, name="Pump runs", **values):
        with self.at(NOW):
            return self.env["service.commitment"].create(
                {
                    "name": name,
                    "project_id": self.project.id,
                    "current_to": "2026-03-05",
                    **values,
                }
            )

    def _titles(self, key="needs", name="title", viewer=None):
        return [line[name] for line in self._snapshot(viewer)[key]]


@tagged("post_install", "-at_install")
class TestJourneySnapshot(JourneySnapshotCase):
    def test_keys_are_the_whitelist(self):
        step = self._ask()
        self._ask("Answered")._submit(self.contact, {"response": "Yes"})
        self._promise().action_move(date(2026, 3, 9), "The part is late.")
        self.env["service.fact"].create(
            {"project_id": self.project.id, "question": "Key?", "answer": "Next door"}
        )
        snapshot = self._snapshot()
        self.assertEqual(
            set(snapshot["needs"][0]),
            {"id", "title", "why", "instructions", "effort_minutes", "due", "effect_if_late"}
            | {"kind", "state", "return_reason", "asked", "told_already"},
        )
        self.assertEqual(
            set(snapshot["submitted"][0]), {"id", "title", "submitted_at", "review_due_at", "who"}
        )
        self.assertEqual(
            set(snapshot["promises"][0]),
            {"name", "direction", "from", "to", "confidence", "known_by", "state", "kept_at"}
            | {"first_on", "moves", "id", "can_ask"},
        )
        self.assertEqual(
            set(snapshot["promises"][0]["moves"][0]),
            {"from", "to", "known_by", "text", "told_at", "acknowledgement"}
            | {"reason", "answer_id"},
        )
        self.assertEqual(set(snapshot["facts"][0]), {"id", "question", "answer", "said_at", "who"})
        self.assertEqual(
            set(snapshot["timeline"][0]), {"key", "params", "text", "actor", "occurred_at"}
        )
        self.assertEqual(
            set(step._prepare_service_step_page(self.contact)),
            set(snapshot["needs"][0]) | {"closed", "review_due_at", "response"},
        )

    def test_internal_words_stay_inside(self):
        """Fill every internal text of the new models, however it is written."""
        step = self._ask()
        self._ask("Answered")._submit(self.contact, {"response": "Yes"})
        promise = self._promise()
        promise.action_move(date(2026, 3, 9), "The part is late.")
        fact = self.env["service.fact"].create(
            {"project_id": self.project.id, "question": "Key?", "answer": "Next door"}
        )
        shown = {
            "service.step": {"title", "why", "instructions", "effect_if_late", "return_reason"}
            | {"third_party_label", "response"},
            "service.commitment": {"name"},
            "service.commitment.revision": {"text"},
            "service.fact": {"question", "answer"},
            "service.timeline.entry": {"key", "text"},
            "service.wait": set(),
        }
        for model, names in shown.items():
            self._mark(self.env[model], names)
        self.env.invalidate_all()
        self.assertEqual((step.end_reason, step.submitted_source), (MARKER, MARKER))
        self.assertEqual((promise.internal_note, fact.source_ref), (MARKER, MARKER))
        self.assertNotIn(MARKER, repr(self._snapshot()))

    def _mark(self, model, shown):
        """Write the marker past all guards: evidence may not be written in another way."""
        names = [
            name
            for name, field in model._fields.items()
            if field.type in ("char", "text", "html") and field.store and name not in shown
        ]
        self.env.flush_all()
        for name in names:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s",
                    SQL.identifier(model._table),
                    SQL.identifier(name),
                    MARKER,
                )
            )

    def test_needs_of_the_customer_only(self):
        own = self._create_request("Own")
        foreign = self._create_request("Foreign", partner_id=self.other_customer.id)
        hidden = self._create_request("Hidden", customer_visible=False)
        self._ask("Of the service")
        self._ask("Of a request", task_id=own.id)
        self._ask("Of a stranger", task_id=foreign.id)
        self._ask("Of a hidden request", task_id=hidden.id)
        with self.at(NOW):
            self.env["service.step"].create(
                {"title": "Not asked yet", "project_id": self.project.id, "party": "customer"}
            )
        self.assertEqual(sorted(self._titles()), ["Of a request", "Of the service"])
        self.assertEqual(self._titles(viewer=self.other_customer), ["Of a stranger"])
        self.assertNotIn("Of a stranger", repr(self._snapshot()))

    def test_what_was_told_stays_with_its_customer(self):
        self._ask()
        self._promise()
        self.project.partner_id = self.other_customer
        snapshot = self._snapshot(self.other_customer)
        for key in ("needs", "next_steps", "promises", "timeline", "facts"):
            self.assertEqual(snapshot[key], [], key)

    def test_answered_and_asked_again(self):
        step = self._ask()
        with self.at(NOW):
            step._submit(self.contact, {"response": "Yes"})
        snapshot = self._snapshot()
        self.assertEqual(snapshot["needs"], [])
        self.assertEqual(snapshot["submitted"][0]["review_due_at"], datetime(2026, 3, 4, 9))
        with self.at(NOW):
            step.action_return("Which floor?")
        self.assertEqual(self._snapshot()["needs"][0]["return_reason"], "Which floor?")

    def test_next_steps_of_all_parties_by_their_day(self):
        self._create_request(
            "Ours", date_deadline=datetime(2026, 3, 9, 12), user_ids=self.employee.ids
        )
        self._ask("Yours", due="2026-03-08")
        Step = self.env["service.step"]
        values = {"project_id": self.project.id, "owner_user_id": self.employee.id}
        with self.at(NOW):
            Step.create({**values, "title": "Inside", "due": "2026-03-07"})
            Step.create({**values, "title": "Shown", "due": "2026-03-07", "customer_visible": True})
            Step.create(
                {
                    **values,
                    "title": "Theirs",
                    "party": "third_party",
                    "third_party_label": "the grid operator",
                    "customer_visible": True,
                }
            )
        steps = self._snapshot()["next_steps"]
        self.assertEqual(
            [(step["label"], step["party"], step["who"]) for step in steps],
            [
                ("Shown", "us", "Emil"),
                ("Yours", "customer", None),
                ("Ours", "us", "Emil"),
                ("Theirs", "third_party", "the grid operator"),
            ],
        )

    def test_promises_with_every_move(self):
        promise = self._promise()
        self.project.primary_commitment_id = promise
        self._promise("Inside", customer_visible=False)
        self._promise("Draft", state="draft")
        with self.at("2026-03-04 09:00:00"):
            promise.action_move(date(2026, 3, 9), "The part is late.")
        snapshot = self._snapshot()
        [line] = snapshot["promises"]
        self.assertEqual((line["first_on"], line["to"]), (date(2026, 3, 5), date(2026, 3, 9)))
        self.assertEqual(
            [(move["to"], move["text"]) for move in line["moves"]],
            [(date(2026, 3, 9), "The part is late.")],
        )
        self.assertEqual(snapshot["promised_on"], date(2026, 3, 9))
        self.assertEqual(snapshot["agreed_on"], date(2026, 3, 5))
        self.assertEqual(snapshot["moved_why"], "The part is late.")

    def test_what_is_to_come_is_not_hidden_by_what_was_fulfilled(self):
        for number in range(PROMISE_LIMIT + 1):
            with self.at(f"2026-02-02 09:00:{number:02}"):
                self._promise(f"Kept {number}", current_to="2026-02-10")._fulfil(datetime.now())
        self._promise("Later", current_to="2026-03-20")
        self._promise("Soon", current_to="2026-03-10")
        names = [line["name"] for line in self._snapshot()["promises"]]
        self.assertEqual(len(names), PROMISE_LIMIT)
        self.assertEqual(names[:4], ["Soon", "Later", "Kept 30", "Kept 29"])

    def test_what_was_planned_before_the_promise_is_internal(self):
        promise = self._promise("Planned", state="draft")
        promise.current_to = "2026-03-20"
        with self.at(NOW):
            promise.action_promise()
        [line] = self._snapshot()["promises"]
        self.assertEqual((line["first_on"], line["moves"]), (date(2026, 3, 20), []))

    def test_facts(self):
        Fact = self.env["service.fact"]
        partner = {"partner_id": self.customer.id, "answer": "x"}
        here = {**partner, "project_id": self.project.id}
        elsewhere = self.project.copy({"name": "Elsewhere"})
        Fact.create(
            [
                {**here, "question": "Here", "said_by_id": self.contact.id},
                {**partner, "question": "Everywhere"},
                {**partner, "question": "Elsewhere", "project_id": elsewhere.id},
                {**here, "question": "Inferred", "certainty": "inferred"},
                {**here, "question": "Confidential", "sensitivity": "confidential"},
                {**here, "question": "Old", "valid_until": "2026-03-01"},
                {**here, "question": "Foreign", "partner_id": self.other_customer.id},
            ]
        )
        facts = {fact["question"]: fact["who"] for fact in self._snapshot()["facts"]}
        self.assertEqual(facts, {"Here": "Ada Crumb", "Everywhere": None})

    def test_personal_facts_are_for_whoever_said_them(self):
        colleague = self.env["res.partner"].create(
            {"name": "Ben Crust", "parent_id": self.customer.id}
        )
        for person in (self.contact, colleague):
            self.env["service.fact"].create(
                {
                    "project_id": self.project.id,
                    "question": person.name,
                    "answer": "x",
                    "sensitivity": "personal",
                    "said_by_id": person.id,
                }
            )
        self.assertFalse(self._snapshot()["facts"])  # a colleague who looks at the page
        reader = new_test_user(
            self.env, "ada", groups="base.group_portal", partner_id=self.contact.id
        )
        page = self.project.with_user(reader)._service_customer_snapshot(self.contact)
        self.assertEqual([fact["question"] for fact in page["facts"]], ["Ada Crumb"])

    def test_timeline(self):
        for number in range(25):
            self._ask(f"Step {number}")
        snapshot = self._snapshot()
        self.assertEqual((len(snapshot["timeline"]), snapshot["timeline_more"]), (20, 5))
        self.assertEqual(snapshot["timeline"][0]["params"]["title"], "Step 24")

    def test_number_of_queries_does_not_grow(self):
        few = self._count_queries(5)
        many = self._count_queries(495)
        self.assertLessEqual(many, few + 1)  # the number of earlier lines of the history
        self.assertLessEqual(many, 19)
        snapshot = self._snapshot()
        self.assertEqual((len(snapshot["needs"]), snapshot["needs_more"]), (30, True))

    def _count_queries(self, number):
        project, thread = self.project, self.env.registry["mail.thread"]
        with (
            self.at(NOW),
            patch.object(
                thread, "message_post", lambda *_args, **_values: self.env["mail.message"]
            ),
        ):
            steps = self.env["service.step"].create(
                [
                    {
                        "title": f"Step {index}",
                        "project_id": project.id,
                        "task_id": self._create_request().id if index < 5 else False,
                        "party": "customer",
                        "kind": "answer",
                        "why": "x",
                        "due": "2026-03-10",
                    }
                    for index in range(number)
                ]
            )
            steps.action_request()
        self._snapshot()
        self.env.invalidate_all()
        self.env.user.fetch(["partner_id"])  # what every request has read of its reader
        before = self.env.cr.sql_log_count
        with self.at(NOW):
            self.project._service_customer_snapshot(self.contact)
        return self.env.cr.sql_log_count - before
