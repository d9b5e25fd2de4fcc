# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.tools import SQL

from .service_journey_demo import BAKERY, HOTEL, SHOP

# Service, promise, reason, first and last new day, how far it goes, further values.
DELAYS = [
    (SHOP, "Cold room quiet at night", "TP-SUP", 7, 8, "told", {
        "customer_explanation": "The new fan motor is loud as well: the maker sent a wrong "
        "bearing. We have ordered the one that the maker itself builds in.",
        "doing": "Emil fetches it at the warehouse instead of waiting for the carrier.",
        "means_for_you": "The cold room stays cold. It is loud for some more nights.",
        "options": ["We come on Sunday afternoon", "We come on a weekday before seven"],
    }),
    (HOTEL, "Hot water on both floors", "US-PLAN", 22, 24, "confirmed", {
        "customer_explanation": "The old pipes on the second floor run in the wall, not in the "
        "shaft as in our drawing. We open the wall in two rooms.",
        "doing": "A second fitter comes for two days; the first floor is done as planned.",
        "means_for_you": "Rooms 21 and 22 cannot be let for two days.",
        "internal_cause": "The drawing was never compared with the house.",
    }),
    (BAKERY, "Warm water during the works", None, 0, 0, "asked", {}),
]  # fmt: skip

# Service, what was promised, reason, moved by days, so many days ago, told before, answer.
PAST = [
    (HOTEL, "New boiler room door", "TP-SUP", 9, 20, True, "accepted"),
    (HOTEL, "Pressure test", "US-CAP", 4, 35, True, "accepted"),
    (HOTEL, "Drain of the wash house", "US-PLAN", 6, 60, True, None),
    (HOTEL, "Thermostats on the first floor", "TP-SUP", 12, 75, False, "contested"),
    (HOTEL, "Insulation of the attic pipes", "US-QUAL", 5, 95, True, "accepted"),
    (BAKERY, "Chimney closed", "TP-SUB", 7, 25, True, "accepted"),
    (BAKERY, "Expansion vessel", "TP-SUP", 5, 50, True, "accepted"),
    (BAKERY, "Oven room ventilation", "US-PLAN", 8, 80, False, None),
    (SHOP, "Door seals", "US-CAP", 3, 15, True, "accepted"),
    (SHOP, "Glass of the counter", "TP-SUP", 10, 65, True, "accepted"),
    (SHOP, "Drip tray", "US-HO", 4, 110, False, "contested"),
    (SHOP, "Night mode", "US-PLAN", 6, 140, True, "accepted"),
]  # fmt: skip

# What belongs to a promise and is put into the past with it: table, how it is linked, columns.
_TABLES = (
    ("service_commitment", "id", ("made_at", "current_to", "due_at", "kept_at")),
    (
        "service_commitment_revision",
        "commitment_id",
        ("set_at", "told_at", "tacit_at", "date_to", "acknowledged_at"),
    ),
    ("service_timeline_entry", "commitment_id", ("occurred_at",)),
    (
        "service_delay",
        "commitment_id",
        (
            "detected_at",
            "triage_due",
            "old_to",
            "old_at",
            "new_to",
            "confirmed_at",
            "sent_at",
            "communicated_at",
            "responded_at",
            "ended_at",
            "next_update_due",
        ),
    ),
)


class ServiceExperienceDemo(models.AbstractModel):
    _inherit = "service.experience.demo"

    @api.model
    def _generate(self):
        result = super()._generate()
        self._find(BAKERY).partner_id.commercial_partner_id.service_importance = "2"
        for delay in PAST:
            self._past_delay(*delay)
        for delay in DELAYS:
            self._present_delay(*delay)
        self._notice_delays()
        return result

    @api.model
    def _present_delay(self, service, name, reason, first, last, deed, values):
        values = dict(values)
        promise = self._find(service).service_commitment_ids.filtered(lambda one: one.name == name)
        if deed == "asked":
            promise._doubt(promise.project_id.partner_id)
            return
        options = [Command.create({"name": option}) for option in values.pop("options", ())]
        today = fields.Date.today()
        delay = self._note_delay(
            promise,
            reason,
            new_from=today + relativedelta(days=first),
            new_to=today + relativedelta(days=last),
            option_ids=options,
            **values,
        )
        delay.action_confirm()
        if deed == "told":
            delay.action_tell()
            delay._see()

    @api.model
    def _past_delay(self, service, name, reason, days, ago, is_told_before, answer):
        """Let a promise move and be kept on its new date, then put it all into the past."""
        lead, project, today = self._ref("user_lena"), self._find(service), fields.Date.today()
        old = today + relativedelta(days=3)
        promise = (
            self.env["service.commitment"]
            .with_user(lead)
            .create({"project_id": project.id, "name": name, "current_to": old})
        )
        delay = self._note_delay(promise, reason, new_to=old + relativedelta(days=days))
        delay.action_confirm()
        delay.action_tell()
        delay._see()
        if answer:
            text = answer == "contested" and "That is in the middle of our busiest week."
            delay._answer(project.partner_id, answer, text=text)
        promise.action_customer_accepted()
        self._put_into_past(promise, delay, ago + days, is_told_before)

    @api.model
    def _note_delay(self, promise, reason, **values):
        lead = self._ref("user_lena")
        return (
            self.env["service.delay"]
            .with_user(lead)
            .create(
                {
                    "commitment_id": promise.id,
                    "project_id": promise.project_id.id,
                    "reason_id": self.env.ref(
                        f"service_experience.delay_reason_{reason.lower().replace('-', '_')}"
                    ).id,
                    "customer_explanation": "It took longer than we had planned with you.",
                    "doing": "A colleague more works on it until it is done.",
                    "next_update_due": fields.Datetime.now() + relativedelta(days=2),
                    **values,
                }
            )
        )

    @api.model
    def _put_into_past(self, promise, delay, days, is_told_before):
        """Let everything about a promise have happened so many days earlier."""
        self.env.flush_all()
        for table, link, columns in _TABLES:
            moved = SQL(", ").join(
                SQL("%s = %s - %s * interval '1 day'", *[SQL.identifier(column)] * 2, days)
                for column in columns
            )
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s WHERE %s = %s",
                    SQL.identifier(table),
                    moved,
                    SQL.identifier(link),
                    promise.id,
                )
            )
        if not is_told_before:
            self.env.cr.execute(
                SQL(
                    """UPDATE service_delay SET told_before = FALSE,
                              communicated_at = old_at + interval '1 day' WHERE id = %s""",
                    delay.id,
                )
            )
        self.env.invalidate_all()

    @api.model
    def _notice_delays(self):
        """Look at the services and their requests as the job does."""
        services = self.env["project.project"].union(
            *(self._find(name) for name in (BAKERY, SHOP, HOTEL))
        )
        now = fields.Datetime.now()
        self.env["service.delay"]._look(set(services.task_ids.ids), set(services.ids), now)
