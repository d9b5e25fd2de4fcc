# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.tools import SQL

from .service_journey_demo import BAKERY, HOTEL, SHOP

# What the receiver gets, in the order in which the type asks for it.
CABLE = [
    "Trench and core drilling to the cellar are done; Ada looked at both.",
    "Lay the cable, connect it, have it tested. In this order.",
    "60 m of cable are in the workshop, shelf 12. The breaker arrives tomorrow.",
    "Drawing E-3 in the folder of the project; measured on site.",
]
COMPRESSOR = [
    "The shop wants to sleep above the cold room: quiet from ten to six.",
    "Ada Crumb decides. She is easiest to reach by phone before seven.",
    "Folder “P-038”: sound measurements of both nights, photos of the fan.",
    "She would take a smaller unit if it is quiet.",
]
VALVES = [
    "The guest wing gets valves that nobody can turn by hand.",
    "Bo Lantern, by mail.",
    "Folder “P-044”: list of the valves, floor by floor.",
]
ROOM = [
    "Warm water in room 12 within a minute, as in the other rooms.",
    "Bo Lantern; the front desk lets us in.",
    "Folder “P-044”: temperatures of the last week.",
    "The guest of room 12 comes every month and was promised a call.",
    "The maker of the mixer knows the case.",
]

# Service, request, type, sender, receiver (team, user), how far it goes, hours ago, further values.
HANDOFFS = [
    (BAKERY, "Cable 5x6 to cellar", "team", "nora", ("installation", "emil"), "offered", 5, {
        "answers": CABLE, "waive": "There is nothing on the wall: it is a new line.",
        "urgency": "critical", "customer_mood": "worried",
        "situation": "The trench is open and the ovens run on a provisional line. The bakery needs "
        "the new line before the heat pump arrives.",
        "history": "Planned with Ada in two visits. The drilling took a day longer.",
        "tried": "The old line is too weak, also for one oven less.",
        "contingency": "If the breaker does not arrive, then take the one from the stock of the "
        "winter checks and tell the workshop.",
        "customer_message": "Emil brings the cable and stays until your ovens run on it.",
    }),
    (SHOP, "Compressor noise", "person", "petra", ("installation", None), "offered", 2, {
        "answers": COMPRESSOR, "urgency": "watch", "customer_mood": "upset",
        "situation": "The fan motor was ordered again. Until it is here, the compressor is loud at "
        "night, and Ada sleeps badly.",
        "tried": "New rubber feet, slower fan: neither helped.",
        "customer_message": "You need not explain the noise again: we have the measurements.",
    }),
    (HOTEL, "Valve list", "person", "emil", ("installation", "petra"), "asked", 20, {
        "answers": VALVES, "urgency": "stable", "situation": "The list is ready for the order.",
        "question": "Does the hotel want the valves in white or in chrome?",
    }),
    (HOTEL, "Crane permit", "person", "nora", ("installation", "petra"), "returned", 30, {
        "answers": VALVES, "urgency": "watch", "situation": "The town hall asks for a sketch.",
        "reason": "The sketch is not in the folder: nobody can go on without it.",
    }),
    (SHOP, "Door seal", "absence", "emil", ("installation", "petra"), "draft", 0, {
        "answers": ["The seal arrives on Tuesday."], "urgency": "stable",
        "situation": "Everything is measured, the seal is ordered.",
        "return_on": 12,
    }),
    (HOTEL, "Room 12 lukewarm", "person", "nora", ("installation", "petra"), "accepted", 26, {
        "answers": ROOM, "urgency": "watch",
        "situation": "The mixer of room 12 lets cold water through. A new one is on the shelf.",
        "customer_message": "Petra changes the mixer while the room is free.",
        "readback": (
            "Room 12 gets hot water as fast as the others",
            "I ask the front desk when the room is empty, and change the part",
            "The next guest arrives before we are done",
        ),
    }),
]  # fmt: skip


class ServiceExperienceDemo(models.AbstractModel):
    _inherit = "service.experience.demo"

    @api.model
    def _generate(self):
        result = super()._generate()
        self._teams()
        for handoff in HANDOFFS:
            self._hand_over(*handoff)
        return result

    @api.model
    def _teams(self):
        """Give each service and its requests to a team, as the screens show it."""
        planning, installation = self._ref("team_planning"), self._ref("team_installation")
        services = self.env["project.project"].union(
            *(self._find(name) for name in (BAKERY, SHOP, HOTEL))
        )
        services.service_team_id = planning
        services.task_ids.service_team_id = installation

    @api.model
    def _hand_over(self, service, request, kind, sender, receiver, deed, ago, values):
        """Let a handoff go as far as its state says, each side by its own hands."""
        values = dict(values)
        words = {name: values.pop(name, None) for name in ("answers", "waive", "question")}
        words |= {name: values.pop(name, None) for name in ("reason", "readback")}
        handoff = self._draft(service, request, kind, sender, receiver, values)
        self._fill_in(handoff, words)
        if deed == "draft":
            return
        handoff.action_offer()
        receiver = handoff.with_user(handoff._get_receivers()[:1])
        if deed == "asked":
            receiver.question_ids = [Command.create({"name": words["question"]})]
            receiver.action_ask()
        elif deed == "returned":
            receiver.action_return(words["reason"])
        elif deed == "accepted":
            receiver.commitment_item_ids.action_done()
            receiver.action_accept(*words["readback"])
        self._backdate_handoff(handoff, ago)

    @api.model
    def _draft(self, service, request, kind, sender, receiver, values):
        team, person = receiver
        days = values.pop("return_on", None)
        sender = self._ref(f"user_{sender}")
        own = self._ref("team_planning") + self._ref("team_installation")
        task = self._find(service).task_ids.filtered(lambda task: task.name == request)
        return (
            self.env["service.handoff"]
            .with_user(sender)
            .create(
                {
                    "type_id": self.env.ref(f"service_experience.handoff_type_{kind}").id,
                    "task_ids": [Command.set(task.ids)],
                    "from_team_id": own.filtered(lambda team: sender in team.member_ids).id,
                    "to_team_id": self._ref(f"team_{team}").id,
                    "to_user_id": person and self._ref(f"user_{person}").id,
                    "has_no_steps": True,
                    "return_on": days and fields.Date.today() + relativedelta(days=days),
                    **values,
                }
            )
        )

    @api.model
    def _fill_in(self, handoff, words):
        """Answer the items of the type in their order; a lead waives the next one."""
        items = handoff.check_ids.sorted(lambda item: (item.sequence, item.id))
        for item, answer in zip(items, words["answers"], strict=False):
            item.answer = answer
            item.action_done()
        if words["waive"]:
            item = items[len(words["answers"])].with_user(self._ref("user_lena"))
            item.action_waive(words["waive"])

    @api.model
    def _backdate_handoff(self, handoff, ago):
        """Let a handoff be offered some hours ago."""
        at = fields.Datetime.now() - relativedelta(hours=ago)
        handoff.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE service_handoff SET offered_at = %s WHERE id = %s", at, handoff.id)
        )
        handoff.invalidate_recordset(["offered_at"])
