# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What one colleague owes to customers now."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from ..models.journey.service_commitment import OPEN_STATES as OPEN_PROMISES
from ..models.journey.service_step import ASKED_STATES
from ..models.project.project_project import CUSTOMER_PRIVACY

# A section shows the most urgent; the rest is a list of its own.
LINES = 15
# No column holds when the next update is due: it is worked out for so many, not for all.
CANDIDATES = 200
# Nobody needs news within a working day of the last; one day of the year has 23 hours.
SHORTEST_SILENCE = timedelta(hours=23)
# At noon it is the same day nearly everywhere: a day of the service is one of the user, too.
HALF_DAY = timedelta(hours=12)
URGENT_STATES = ["overdue", "at_risk"]


class Day(NamedTuple):
    """A moment (naive UTC), and the day around it where the user is."""

    now: datetime
    zone: tzinfo

    @property
    def today(self):
        return self.day_of(self.now)

    def day_of(self, at):
        """Return the day of the user at ``at`` (naive UTC)."""
        return at.replace(tzinfo=UTC).astimezone(self.zone).date()

    def end(self, days=0):
        """Return the end of the day that comes so many days after today, as naive UTC."""
        midnight = datetime.combine(self.today + timedelta(days=days + 1), time.min)
        return self.zone.localize(midnight).astimezone(UTC).replace(tzinfo=None)

    def on(self, day):
        """Return the values of a line that has to be done on a day."""
        days = (day - self.today).days if day else None
        badge = "overdue" if day and days < 0 else {0: "today", 1: "tomorrow"}.get(days, False)
        return {"date": fields.Date.to_string(day), "at": False, "badge": badge}

    def at(self, moment):
        """Return the values of a line that has to be done before a moment (naive UTC)."""
        if not moment:
            return self.on(False)
        values = self.on(self.day_of(moment)) | {"at": fields.Datetime.to_string(moment)}
        return values | ({"badge": "overdue"} if moment <= self.now else {})

    def until(self, end):
        """Return the values of a line whose last day, wherever it is, ends at ``end``."""
        values = self.on(self.day_of(end - HALF_DAY))
        return values | ({"badge": "overdue"} if end <= self.now else {})


class ServiceMyDay(models.AbstractModel):
    """The page “My Day”: plain values, read with the rights of the user.

    How many queries it takes does not depend on how much there is to do: a section counts in the
    database and reads its first lines.
    """

    _name = "service.my.day"
    _description = "My Day"

    @api.model
    @api.readonly
    def get_day(self):
        """Return what the user owes to customers, the most urgent first.

        :return: ``{"today": ISO date, "sections": [{"key", "count", "is_partial", "lines",
            "lists"}]}``. A line has ``id``, ``model``, ``title``, ``service`` (``[id, name]`` or
            False), ``customer``, ``date`` (ISO, a day of the user), ``at`` (UTC, or False where
            only the day matters), ``badge`` and ``asked`` (who was asked, or sends it, or
            False); a list has ``model``, ``domain`` and ``count``.
        """
        day = Day(fields.Datetime.now(), self.env.tz)
        return {
            "today": fields.Date.to_string(day.today),
            "sections": self._get_sections(day),
        }

    # Sections

    @api.model
    def _get_sections(self, day):
        return [
            self._get_commitments(day),
            self._get_reviews(day),
            self._get_updates(day),
            self._get_steps(day),
            self._get_asked(day),
            self._get_requests(day),
        ]

    @api.model
    def _get_commitments(self, day):
        domain = self._get_mine_domain() & Domain(
            [
                ("direction", "=", "ours"),
                ("state", "in", OPEN_PROMISES),
                ("due_at", "<", day.end(1) + HALF_DAY),
            ]
        )

        def prepare(row):
            values = {"title": row["name"], **day.until(row["due_at"])}
            is_warned = row["state"] == "at_risk" and values["badge"] != "overdue"
            return values | ({"badge": "at_risk"} if is_warned else {})

        names = ["name", "due_at", "state"]
        return self._read_section(
            "commitments", "service.commitment", domain, "due_at, id", names, prepare
        )

    @api.model
    def _get_reviews(self, day):
        domain = self._get_mine_domain() & Domain("state", "=", "submitted")

        def prepare(row):
            return {"title": row["title"], **day.at(row["review_due_at"])}

        names = ["title", "review_due_at"]
        return self._read_section(
            "reviews", "service.step", domain, "review_due_at, id", names, prepare
        )

    @api.model
    def _get_steps(self, day):
        domain = self._get_mine_domain() & Domain(
            [("party", "=", "us"), ("state", "in", ["ready", "doing"])]
        )

        def prepare(row):
            return {"title": row["title"], **day.on(row["due"])}

        return self._read_section(
            "steps", "service.step", domain, "due, sequence, id", ["title", "due"], prepare
        )

    @api.model
    def _get_asked(self, day):
        domain = self._get_mine_domain() & Domain(
            [("state", "in", ASKED_STATES), ("due", "<", day.today)]
        )

        def prepare(row):
            person = row["owner_partner_id"] and row["owner_partner_id"][1]
            third_party = row["party"] == "third_party" and row["third_party_label"]
            return {"title": row["title"], "asked": third_party or person, **day.on(row["due"])}

        names = ["title", "due", "party", "third_party_label", "owner_partner_id"]
        return self._read_section(
            "asked", "service.step", domain, "due, sequence, id", names, prepare
        )

    @api.model
    def _get_requests(self, day):
        deadlines = self._get_first_deadlines()
        tasks = self.env["project.task"].browse(deadlines)

        def prepare(row):
            moment = day.at(deadlines[row["id"]])
            return {"title": row["name"], **moment, "badge": row["sla_state"]}

        domain = Domain([("user_ids", "in", [self.env.uid]), ("sla_state", "in", URGENT_STATES)])
        lines = self._read_lines(tasks, ["name", "sla_state"], prepare)
        return self._prepare_section(
            "requests", lines, [(tasks._name, domain, tasks.search_count(domain))]
        )

    @api.model
    def _get_first_deadlines(self):
        """Return the next deadline per request of the user, the most urgent requests only."""
        domain = Domain("display_state", "in", URGENT_STATES) & Domain(
            "task_id", "any", [("user_ids", "in", [self.env.uid])]
        )
        rows = self.env["service.sla.timer"]._read_group(
            domain, ["task_id"], ["deadline:min"], order="deadline:min, task_id", limit=LINES
        )
        return {task.id: deadline for task, deadline in rows}

    @api.model
    def _get_updates(self, day):
        """Return the services and requests whose customer should hear from us today."""

        def prepare(row):
            return {"title": row["name"], **day.at(row["next_update_due"])}

        lines, lists, is_partial = [], [], False
        for model, domain in self._get_update_domains().items():
            candidates = self._get_update_candidates(model, domain, day)
            due = candidates.filtered(lambda one: one.next_update_due).sorted("next_update_due")
            due = due.filtered(lambda one: one.next_update_due < day.end())
            lines += self._read_lines(due[:LINES], ["name", "next_update_due"], prepare)
            lists.append((model, Domain("id", "in", due.ids), len(due)))
            is_partial |= len(candidates) == CANDIDATES
        lines.sort(key=lambda line: line["at"])
        return self._prepare_section("updates", lines[:LINES], lists, is_partial)

    @api.model
    def _get_update_candidates(self, model, domain, day):
        """Return those to whose customers nobody wrote lately, or who were promised news."""
        told = self.env["project.task"]._get_sla_message_domain() & Domain(
            [
                ("date", ">", day.end() - SHORTEST_SILENCE),
                ("author_id.user_ids.share", "=", False),
            ]
        )
        is_silent = Domain("message_ids", "not any", told)
        is_promised = Domain("next_update_promised", "<", day.end())
        return self.env[model].search(
            domain & (is_promised | is_silent), order="next_update_promised, id", limit=CANDIDATES
        )

    # What the user answers for

    @api.model
    def _get_mine_domain(self):
        """Return the steps and commitments of the user that no template or archive holds."""
        is_away = Domain("is_template", "=", True) | Domain("active", "=", False)
        return Domain("owner_user_id", "=", self.env.uid) & Domain("project_id", "not any", is_away)

    @api.model
    def _get_update_domains(self):
        """Return the services and requests for whose customers the user is accountable."""
        return {
            "project.project": self._get_accountable_domain("user_id")
            & Domain(
                [
                    ("is_template", "=", False),
                    ("customer_visible", "=", True),
                    ("privacy_visibility", "in", CUSTOMER_PRIVACY),
                    ("partner_id", "!=", False),
                    ("last_update_status", "!=", "done"),
                ]
            ),
            "project.task": self._get_accountable_domain("user_ids")
            & self.env["project.task"]._service_visible_domain()
            & Domain("is_closed", "=", False),
        }

    @api.model
    def _get_accountable_domain(self, field_name):
        """Return what the user is the contact of, or works on while it has no contact."""
        works_on = Domain("contact_user_id", "=", False) & Domain(field_name, "in", [self.env.uid])
        return Domain("contact_user_id", "=", self.env.uid) | works_on

    # Values

    @api.model
    def _read_section(self, key, model, domain, order, names, prepare):
        records = self.env[model].search_fetch(domain, names, limit=LINES, order=order)
        lines = self._read_lines(records, names, prepare)
        return self._prepare_section(key, lines, [(model, domain, records.search_count(domain))])

    @api.model
    def _read_lines(self, records, names, prepare):
        """Return one line per record, in their order.

        :param prepare: gives the values of a line that depend on what ``read`` returned for it
        """
        places = [name for name in ("project_id", "partner_id") if name in records._fields]
        return [
            {
                "id": row["id"],
                "model": records._name,
                "service": row.get("project_id", False),
                "customer": row["partner_id"] and row["partner_id"][1],
                "asked": False,
                **prepare(row),
            }
            for row in records.read([*names, *places])
        ]

    @api.model
    def _prepare_section(self, key, lines, lists, is_partial=False):
        return {
            "key": key,
            "count": sum(count for _model, _domain, count in lists),
            "is_partial": is_partial,
            "lines": lines,
            "lists": [
                {"model": model, "domain": list(domain), "count": count}
                for model, domain, count in lists
                if count
            ],
        }
