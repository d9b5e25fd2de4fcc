# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from collections import namedtuple

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.tools import SQL

from ..models.clock.engine.facts import Fact

Request = namedtuple(
    "Request", "name label priority stage created answered asked moved closed user waits"
)


def request(name, label, created, *, answered=None, asked=None, moved=None, closed=None, **values):
    """Describe a request; times are hours before now in the working hours of its service.

    :param asked: when the customer asked again
    :param moved: when it came into its stage, if that was later
    :param waits: ``(from, to, kind, reason)``
    """
    defaults = {"priority": "0", "stage": "new", "user": "emil", "waits": ()} | values
    times = {"answered": answered, "asked": asked, "moved": moved, "closed": closed}
    return Request(name, label, created=created, **times, **defaults)


# Milestones: internal name, label, note, day of the end relative to today, reached?
BAKERY_STEPS = [
    ("Survey", "Visit on site", "We measure the rooms and look at the boiler.", -24, True),
    ("Offer signed", "Your plan", "You have approved the plan and the price.", -15, True),
    ("Goods in", "Parts are here", "Everything we need is in our workshop.", -3, True),
    ("Install", "Installation", "Two of us work with you for two days.", 6, False),
    ("Start-up", "First start", "We start the heat pump and tune it to your ovens.", 12, False),
    ("Handover", "Handover", "You get your papers and an hour of instruction.", 14, False),
]
SHOP_STEPS = [
    ("Survey", "Visit on site", "We look at the shop and its cold room.", -30, True),
    ("Cooling unit", "New cooling unit", "We replace the unit in one morning.", -2, False),
    ("Handover", "Handover", "We show you how to set the temperatures.", 1, False),
]
HOTEL_STEPS = [
    ("Survey", "Visit on site", "We count the taps and measure the flow.", -20, True),
    ("Offer signed", "Your plan", "You have approved the plan and the price.", -9, True),
    ("Tank", "Buffer tank", "The tank is lifted in from the courtyard.", 4, False),
    ("Pipes", "Pipes in the guest wing", "We work floor by floor, ten to four.", 11, False),
    ("Handover", "Handover", "You get your papers and an hour of instruction.", 18, False),
]
CHECK_STEPS = [
    ("Check", "Winter check", "We test everything before the cold comes.", -16, True),
    ("Report", "Your report", "What we found and what we advise.", -12, True),
]


SERVICES = [
    (
        "ada",
        {
            "name": "P-041 Nordlicht heat pump 14 kW",
            "customer_label": "Heat pump for the bakery",
            "promised": 14,
            "update": ("on_track", "Parts complete, installation team booked"),
        },
        BAKERY_STEPS,
        [
            request(
                "Foundation outdoor unit", "Foundation for the outdoor unit", 60,
                answered=57, closed=10, stage="done",
            ),
            request(
                "Cable 5x6 to cellar", "Electric line to the cellar", 20, answered=16,
                stage="asked", user="petra", moved=6,
            ),
            request("Cover colour RAL", "Colour of the cover", 3),
            request("Check fuse box photos", None, 2, user="petra"),
        ],
    ),
    (
        "ada",
        {
            "name": "P-038 Nordlicht shop cooling",
            "customer_label": "Cold room of the shop",
            "promised": -2,
            "update": ("off_track", "Fan motor arrived damaged, a new one is on its way"),
        },
        SHOP_STEPS,
        [
            request(
                "Compressor noise", "Compressor is too loud at night", 40, answered=34, asked=4,
                priority="3", stage="doing",
                waits=[
                    (38, 35, "customer", "A night without guests to measure"),
                    (33, 32, "agreed_pause", "Holiday of the bakery"),
                ],
            ),
            request("Door seal", "Seal of the cold room door", 26, answered=20, stage="planned"),
        ],
    ),
    (
        "bo",
        {
            "name": "P-044 Seven Lamps DHW guest wing",
            "customer_label": "Hot water for the guest wing",
            "promised": 18,
            "update": ("at_risk", "Crane permit not here yet"),
            "hours": "emergency",
        },
        HOTEL_STEPS,
        [
            request("Crane permit", "Permit for the crane", 30, answered=29, stage="doing"),
            request("Room 12 lukewarm", "Water in room 12 is lukewarm", 5, answered=4,
                    priority="2", stage="doing", user="petra"),
            request("Valve list", None, 12, answered=11, stage="planned"),
        ],
    ),
    (
        "bo",
        {
            "name": "P-029 Seven Lamps winter check",
            "customer_label": "Winter check of the main house",
            "promised": -12,
            "update": ("done", "Report sent"),
            "hours": "emergency",
        },
        CHECK_STEPS,
        [
            request("Pressure drop", "Pressure drops over night", 520, answered=519,
                    closed=440, stage="done"),
            request("Filter change", "New filters", 480, answered=479, closed=450,
                    stage="done", user="petra"),
        ],
    ),
]  # fmt: skip


class ServiceExperienceDemo(models.AbstractModel):
    """Give the demo company a past: requests that came, were answered, kept and missed."""

    _name = "service.experience.demo"
    _description = "Service Experience Demo Data"

    @api.model
    def _generate(self):
        for customer, service, steps, requests in SERVICES:
            self._service(customer, service, steps, requests)
        timers = self.env["service.sla.timer"]
        while due := timers._lock_due(fields.Datetime.now()):
            due._sweep(fields.Datetime.now())

    @api.model
    def _service(self, customer, service, steps, requests):
        """Create one service with its steps, requests and the last update of its lead."""
        today = fields.Date.today()
        stages = [
            self._ref(f"stage_{name}").id for name in ("new", "planned", "doing", "asked", "done")
        ]
        project = self.env["project.project"].create(
            {
                "name": service["name"],
                "customer_label": service["customer_label"],
                "partner_id": self._ref(f"partner_{customer}").id,
                "user_id": self._ref("user_lena").id,
                "contact_user_id": self._ref("user_lena").id,
                "date_start": today - relativedelta(days=35),
                "date": today + relativedelta(days=service["promised"]),
                "allow_milestones": True,
                "type_ids": [Command.set(stages)],
                "milestone_ids": [
                    Command.create(self._prepare_step_values(today, number, *step))
                    for number, step in enumerate(steps)
                ],
            }
        )
        for step, (*_words, day, reached) in zip(project.milestone_ids, steps, strict=True):
            if reached:
                step.write({"reached_date": today + relativedelta(days=day)})
        self._requests(project, requests, service.get("hours", "office"))
        status, title = service["update"]
        self.env["project.update"].create(
            {
                "project_id": project.id,
                "name": title,
                "status": status,
                "user_id": self._ref("user_lena").id,
            }
        )

    @api.model
    def _prepare_step_values(self, today, number, name, label, note, day, reached):
        end = today + relativedelta(days=day)
        return {
            "name": name,
            "sequence": number,
            "deadline": end,
            "is_reached": reached,
            "customer_visible": True,
            "customer_label": label,
            "customer_note": note,
            "expected_from": end - relativedelta(days=2),
            "expected_to": end,
        }

    @api.model
    def _requests(self, project, requests, hours):
        """Create the requests, then let their timers live through what happened when."""
        tasks = self.env["project.task"].create(
            [self._prepare_request_values(project, row) for row in requests]
        )
        timers = self.env["service.sla.timer"]
        facts = {}
        for task, row in zip(tasks, requests, strict=True):
            facts[task.id] = list(self._live(task, row, hours))
        self.env.flush_all()
        timers._take_pending()  # what was noted for the moment of the installation
        timers._as_system()._sync(facts)

    @api.model
    def _live(self, task, row, hours):
        """Let a request go through what happened to it; yield the facts for its timers."""
        moment = self._prepare_moments(row, hours)
        self._backdate(task, moment["created"])
        first_stage = self._ref("stage_doing") if row.moved else task.stage_id
        yield Fact(moment["created"], "created", (first_stage.id, False))
        if row.moved:
            yield Fact(
                moment["moved"], "staged", task.stage_id.id, self._ref(f"user_{row.user}").id
            )
        if row.answered:
            words = self.env._("Thank you, we have your request and will keep you posted.")
            self._say(task, moment["answered"], self._ref(f"user_{row.user}").partner_id, words)
            yield Fact(moment["answered"], "answered")
        if row.asked:
            words = self.env._("Is there any news?")
            self._say(task, moment["asked"], task.partner_id, words)
            yield Fact(moment["asked"], "asked")
        for wait in row.waits:
            yield from self._wait(task, row, hours, *wait)
        if row.closed:
            task.write({"state": "1_done"})
            yield Fact(moment["closed"], "state", ("1_done", True, False))

    @api.model
    def _wait(self, task, row, hours, start, end, kind, reason):
        """Let somebody else have the ball for a while; yield what that is for the timers."""
        user = self._ref(f"user_{row.user}")
        start, end = self._before(hours, start), self._before(hours, end)
        values = {"kind": kind, "reason": reason, "started_at": start}
        waits = self.env["service.wait"].with_user(self._ref("user_lena"))
        wait = waits.create({"task_id": task.id, **values})
        wait._set_end({wait.id: end})
        yield Fact(start, "held", user_id=user.id)
        if end:
            yield Fact(end, "held", user_id=user.id)

    @api.model
    def _backdate(self, task, at):
        task.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE project_task SET create_date = %s WHERE id = %s", at, task.id)
        )
        task.invalidate_recordset(["create_date"])

    @api.model
    def _prepare_moments(self, row, hours):
        """Return when a request was created, answered and closed, by the hours of its service."""
        return {
            name: self._before(hours, getattr(row, name))
            for name in ("created", "answered", "asked", "moved", "closed")
        }

    @api.model
    def _before(self, hours, count):
        """Return when it was so many working hours before now; None for never."""
        time = self._ref(f"calendar_{hours}")._service_version()._working_time()
        return count and time.before(fields.Datetime.now(), count * 3600)

    @api.model
    def _prepare_request_values(self, project, row):
        return {
            "name": row.name,
            "project_id": project.id,
            "stage_id": self._ref(f"stage_{row.stage}").id,
            "priority": row.priority,
            "user_ids": [Command.set(self._ref(f"user_{row.user}").ids)],
            "customer_visible": bool(row.label),
            "customer_label": row.label,
            "contact_user_id": self._ref(f"user_{row.user}").id,
        }

    @api.model
    def _say(self, task, at, author, words):
        task.message_post(
            body=words,
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            date=at,
        )

    @api.model
    def _ref(self, name):
        return self.env.ref(f"service_experience.demo_{name}")
