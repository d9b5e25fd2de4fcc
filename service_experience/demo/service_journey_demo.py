# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.tools import SQL

BAKERY = "P-041 Nordlicht heat pump 14 kW"
SHOP = "P-038 Nordlicht shop cooling"
HOTEL = "P-044 Seven Lamps DHW guest wing"

# Topics by their short names.
TOPICS = {
    "plan": "Floor plan",
    "access": "Way into the building",
    "hours": "Quiet hours",
    "fuse": "Fuse box",
}

# What the customers told: service, topic, question, answer, days ago, further values.
FACTS = [
    (BAKERY, "access", "How do we get in before six?", "The door in the yard is open.", 22, {}),
    (BAKERY, "hours", "When may we drill?", "From ten on, when the shop is busy anyway.", 22, {}),
    (BAKERY, "plan", "Floor plan", "floor-plan-2019.pdf, sent by mail", 20, {}),
    (
        BAKERY,
        None,
        "Who decides about changes?",
        "Ada alone, her brother is in hospital until spring.",
        20,
        {"sensitivity": "personal"},
    ),
    (HOTEL, "hours", "When must it be quiet?", "Between one and three in the afternoon.", 12, {}),
    (HOTEL, "access", "Where can the crane stand?", "In the courtyard, not before ten.", 12, {}),
]  # fmt: skip

# Steps: service, title, party, kind, days until due, further values.
STEPS = [
    (BAKERY, "Send a photo of the fuse box", "customer", "upload", 2, {
        "why": "Our electrician brings the right fuses the first time.",
        "instructions": "Door open, with the labels in the picture. Two are better than one.",
        "effort_minutes": 5, "effect_if_late": "The installation may move by a day.",
        "topic": "fuse", "user": "petra", "deed": "ask",
    }),
    (BAKERY, "Choose the colour of the cover", "customer", "answer", 5, {
        "why": "We order it this week.", "effort_minutes": 2, "user": "emil", "deed": "ask",
    }),
    (BAKERY, "Confirm the day of the installation", "customer", "confirm", 3, {
        "why": "Two of us come for two days.", "user": "lena", "deed": "plan",
    }),
    (BAKERY, "Book the crane for the outdoor unit", "us", "do", 1, {
        "customer_visible": True, "user": "emil",
    }),
    (BAKERY, "Release the connection", "third_party", "do", 8, {
        "customer_visible": True, "third_party_label": "the grid operator", "user": "petra",
        "deed": "ask",
    }),
    (BAKERY, "Check margins before the second invoice", "us", "do", 4, {"user": "lena"}),
    (SHOP, "Tell us when the shop is closed", "customer", "answer", -1, {
        "why": "We change the fan while nobody needs the cold room.", "effort_minutes": 3,
        "user": "emil", "deed": "answer", "response": "Sunday from two in the afternoon.",
    }),
    (SHOP, "Order the fan motor again", "us", "do", -1, {"customer_visible": True, "user": "emil"}),
    (HOTEL, "Approve the drawing of the pipes", "customer", "approve", 4, {
        "why": "We cut the pipes after this drawing.", "effort_minutes": 15,
        "effect_if_late": "The second floor moves by a week.", "user": "petra", "deed": "ask",
    }),
    (HOTEL, "Call the town hall about the crane permit", "us", "do", 0, {"user": "petra"}),
]  # fmt: skip

# Service, name, days from today, days ago it was made, moves (days, text, deed), further values.
COMMITMENTS = [
    (BAKERY, "Heat pump installed and running", 14, 30, [], {"user": "lena", "is_main": True}),
    (BAKERY, "Warm water during the works", 6, 20, [], {"user": "emil", "kind": "other"}),
    (SHOP, "Cold room quiet at night", -2, 25, [
        (3, "The fan motor arrived damaged. A new one is on its way to us.", None),
    ], {"user": "emil", "is_main": True}),
    (HOTEL, "Hot water on both floors", 12, 20, [
        (18, "The crane permit takes a week longer. We start with the first floor.", "accept"),
    ], {"user": "petra", "is_main": True, "confidence": "likely"}),
]  # fmt: skip


class ServiceExperienceDemo(models.AbstractModel):
    _inherit = "service.experience.demo"

    @api.model
    def _generate(self):
        result = super()._generate()
        self.env["service.topic"].create([{"name": name} for name in TOPICS.values()])
        for commitment in COMMITMENTS:
            self._promise(*commitment)
        for fact in FACTS:
            self._fact(*fact)
        for step in STEPS:
            self._step(*step)
        self._template()
        return result

    @api.model
    def _find(self, name):
        return self.env["project.project"].search([("name", "=", name)], limit=1)

    @api.model
    def _topic(self, key):
        return self.env["service.topic"].search([("name", "=", TOPICS[key])], limit=1)

    @api.model
    def _owner(self, values):
        return self._ref(f"user_{values.pop('user')}")

    @api.model
    def _fact(self, service, topic, question, answer, ago, values):
        project = self._find(service)
        self.env["service.fact"].create(
            {
                "project_id": project.id,
                "topic_id": topic and self._topic(topic).id,
                "question": question,
                "answer": answer,
                "said_by_id": project.partner_id.id,
                "said_at": fields.Datetime.now() - relativedelta(days=ago),
                "source_ref": self.env._("Visit on site"),
                **values,
            }
        )

    @api.model
    def _step(self, service, title, party, kind, days, values):
        values = dict(values)
        owner, topic = self._owner(values), values.pop("topic", None)
        deed, response = values.pop("deed", None), values.pop("response", None)
        project = self._find(service)
        step = self.env["service.step"].create(
            {
                "project_id": project.id,
                "title": title,
                "party": party,
                "kind": kind,
                "due": fields.Date.today() + relativedelta(days=days),
                "topic_id": topic and self._topic(topic).id,
                "owner_user_id": owner.id,
                **values,
            }
        )
        if deed in ("ask", "answer"):
            step.with_user(owner).action_request()
            step._see()
        if deed == "answer":
            step._submit(project.partner_id, {"response": response})

    @api.model
    def _promise(self, service, name, days, ago, moves, values):
        values = dict(values)
        owner, is_main = self._owner(values), values.pop("is_main", False)
        project, today = self._find(service), fields.Date.today()
        commitment = (
            self.env["service.commitment"]
            .with_user(owner)
            .create(
                {
                    "project_id": project.id,
                    "name": name,
                    "current_to": today + relativedelta(days=days),
                    "owner_user_id": owner.id,
                    "source_ref": self.env._("Offer"),
                    **values,
                }
            )
        )
        self._backdate_promise(commitment, ago)
        for move_days, text, deed in moves:
            revision = commitment.action_move(today + relativedelta(days=move_days), text)
            if deed == "accept":
                revision.action_accept()
        if is_main:
            project.primary_commitment_id = commitment.id

    @api.model
    def _backdate_promise(self, commitment, ago):
        """Let a commitment be made in the past; its evidence is of that day."""
        at = fields.Datetime.now() - relativedelta(days=ago)
        self.env.flush_all()
        for statement in (
            SQL("UPDATE service_commitment SET made_at = %s WHERE id = %s", at, commitment.id),
            SQL(
                "UPDATE service_commitment_revision SET set_at = %s, told_at = %s "
                "WHERE commitment_id = %s",
                at,
                at,
                commitment.id,
            ),
            SQL(
                "UPDATE service_timeline_entry SET occurred_at = %s WHERE commitment_id = %s",
                at,
                commitment.id,
            ),
        ):
            self.env.cr.execute(statement)
        self.env.invalidate_all()

    @api.model
    def _template(self):
        """Create what every customer with a heat pump gets."""
        project = self.env["project.project"].create(
            {
                "name": "Heat pump installation",
                "is_template": True,
                "allow_milestones": True,
                "user_id": self._ref("user_lena").id,
                "contact_user_id": self._ref("user_lena").id,
                "privacy_visibility": "portal",
                "type_ids": [
                    Command.set(
                        [
                            self._ref(f"stage_{name}").id
                            for name in ("new", "planned", "doing", "done")
                        ]
                    )
                ],
                "service_topic_ids": [Command.set([self._topic(key).id for key in TOPICS])],
                "milestone_ids": self._prepare_template_milestones(),
            }
        )
        self._template_plan(project)

    @api.model
    def _template_plan(self, project):
        """Create what is asked, done and promised in each such service."""
        commitment = self.env["service.commitment"].create(
            {
                "project_id": project.id,
                "name": "Heat pump installed and running",
                "due_days": 25,
            }
        )
        steps = self.env["service.step"].create(
            [
                {
                    "project_id": project.id,
                    "title": "Send us the floor plan",
                    "party": "customer",
                    "kind": "upload",
                    "why": "We plan the pipes on it before we visit you.",
                    "effort_minutes": 10,
                    "due_days": 3,
                    "topic_id": self._topic("plan").id,
                },
                {
                    "project_id": project.id,
                    "title": "Draw the pipes",
                    "due_days": 8,
                    "commitment_id": commitment.id,
                },
            ]
        )
        steps[1].depends_on_ids = steps[0]

    @api.model
    def _prepare_template_milestones(self):
        return [
            Command.create(
                {
                    "name": label,
                    "customer_label": label,
                    "customer_note": note,
                    "customer_visible": True,
                    "expected_from_days": day - 2,
                    "expected_to_days": day,
                }
            )
            for label, note, day in (
                ("Visit on site", "We measure the rooms and look at the boiler.", 5),
                ("Installation", "Two of us work with you for two days.", 20),
                ("Handover", "You get your papers and an hour of instruction.", 25),
            )
        ]
