# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What becomes of an item that another system sent: a handoff, a change of one, or a note."""

from odoo import Command, models

from .ingest_lookup import SUBJECT_KEYS
from .ingest_words import get_difference
from .service_handoff import OPEN_STATES

# These are written as they come.
PLAIN_KEYS = (
    "urgency",
    "situation",
    "history",
    "tried",
    "customer_mood",
    "contingency",
    "customer_message",
)
RECEIVER_KEYS = {"to_team", "to_user"}
PART_KEYS = ("steps", "checks", "questions", "facts")


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    def _take_in(self, arrival, found):
        """Do what an item asks for.

        :param found: the records that it means
        :return: the status
        """
        known_sudo, status = arrival.known_sudo, "updated"
        if not known_sudo:
            known_sudo, status = self._create_ingested(arrival, found.kind), "created"
        elif not (known_sudo.in_triage or known_sudo._get_changed_keys(arrival.item)):
            status = "unchanged"
        elif known_sudo.state not in OPEN_STATES:
            known_sudo._add_ingested(arrival)
            status = "addendum"
        if status in ("created", "updated"):
            known_sudo._apply_ingested(arrival.item, found)
        known_sudo._keep_payload(arrival)
        # What cannot be stored shows here, while it can still be kept for a lead.
        self.env.flush_all()
        arrival.known_sudo = known_sudo
        return status

    def _create_ingested(self, arrival, kind):
        """Create an empty draft that says no more than what it came from."""
        # sudo: nobody sends it, but a system; who answers for it follows from the service.
        handoff_sudo = self.sudo().create(
            {
                "type_id": kind.id,
                "from_user_id": False,
                "from_system": arrival.system,
                "company_id": self.env.company.id,
            }
        )
        handoff_sudo._set(external_ref=arrival.reference, in_triage=True)
        # Whoever is second with the same reference stops here, before there is more to undo.
        handoff_sudo.flush_recordset()
        return handoff_sudo

    def _keep_payload(self, arrival):
        self._set(
            payload=arrival.item,
            payload_hash=arrival.hash,
            payload_version=arrival.version or self.payload_version,
            ingest_error=False,
            in_triage=False,
        )

    # What is open

    def _apply_ingested(self, item, found):
        """Take over what an item says differently; what people changed otherwise stays."""
        is_new, changed = self.in_triage, self._get_changed_keys(item)
        if not is_new:
            self._note(get_difference(self, self.payload or {}, item, changed))
        self.write(self._get_ingested_values(item, found, changed, is_new))
        if is_new or changed & SUBJECT_KEYS:
            # What the caller may not hand over by hand, no key of theirs hands over.
            self.sudo(False)._check_subjects_access()
        for key in PART_KEYS:
            if key in changed:
                getattr(self, f"_apply_{key}")(item.get(key, ()), found)
        self._offer_ingested(item.get("offer", True))

    def _get_ingested_values(self, item, found, changed, is_new):
        values = {key: item.get(key, False) for key in PLAIN_KEYS if key in changed}
        if "no_steps" in changed:
            values["has_no_steps"] = item.get("no_steps", False)
        if is_new or "type" in changed:
            values["type_id"] = found.kind.id
        if is_new or changed & SUBJECT_KEYS:
            values["project_id"] = found.project.id
            values["task_ids"] = [Command.set(found.tasks.ids)]
        if is_new or changed & (SUBJECT_KEYS | RECEIVER_KEYS):
            values.update(self._get_receiver_values(found))
        return values

    def _get_receiver_values(self, found):
        """Return whom it is for: who was named, else the team of the service, else its manager."""
        team, user = found.team, found.user
        if not (team or user):
            team = (found.tasks.service_team_id | found.project.service_team_id)[:1]
            user = user if team else found.project.user_id
        return {"to_team_id": team.id, "to_user_id": user.id}

    def _offer_ingested(self, is_wanted):
        """Offer it where nothing lacks; else ask whoever answers for it to complete it."""
        if self.state == "returned":
            self.action_rework()
        if self.state != "draft":
            return
        lacks = self._get_lacks()
        if is_wanted and not lacks:
            self.action_offer()
            return
        self._end_calls()
        self._call(
            self.accountable_user_id,
            self.env._("Complete and offer %(name)s", name=self.name),
            "\n".join(lacks),
        )

    def _apply_steps(self, rows, found):
        """Add the steps that are not there yet, and move those that are."""
        # With the rights of the caller, as any step that people add.
        steps = self.sudo(False).step_ids
        added = self.env["service.step"].sudo(False)
        for row in rows:
            values = self._get_step_values(row)
            step = steps.filtered(lambda one, title=row["title"]: one.title == title)[:1]
            if step and not step._is_fixed():
                step.write(values)
            elif not step:
                place = {"project_id": self.project_id.id, "task_id": self.task_id.id}
                added |= added.create({"title": row["title"], **place, **values})
        self._set(step_ids=[Command.link(step.id) for step in added])

    def _get_step_values(self, row):
        users = self.env["res.users"].sudo(False)
        owner = users.search([("login", "=", row["owner"])]) if "owner" in row else users
        return {
            "due": row["due"],
            "party": row.get("party", "us"),
            "owner_user_id": (owner or self.to_user_id or self.accountable_user_id).id,
        }

    def _apply_checks(self, rows, found):
        names = found.kind._get_item_names()
        items = {item.type_item_id: item for item in self.check_ids}
        for row in rows:
            item = items.get(names.get(row["name"].casefold()))
            if not item:
                continue
            item.answer = row.get("answer")
            if row.get("done", bool(row.get("answer"))):
                item._answer()
            elif item.state == "done":
                item._set(state="open")

    def _apply_questions(self, rows, found):
        asked = set(self.question_ids.mapped("name"))
        self.env["service.handoff.item"].create(
            [
                {
                    "handoff_id": self.id,
                    "kind": "question",
                    "name": row["question"],
                    "blocking": row.get("blocking", True),
                    "asked_by_id": self.env.uid,
                }
                for row in rows
                if row["question"] not in asked
            ]
        )

    def _apply_facts(self, rows, found):
        # With the rights of the caller, as any fact that people note.
        facts = self.env["service.fact"].sudo(False)
        known = facts.search([("project_id", "=", self.project_id.id), ("is_valid", "=", True)])
        told = {(fact.question, fact.answer) for fact in known}
        topics = self.env["service.topic"].sudo(False)
        facts.create(
            [
                {
                    "project_id": self.project_id.id,
                    "question": row["question"],
                    "answer": row["answer"],
                    "topic_id": "topic" in row
                    and topics.search([("name", "=", row["topic"])], limit=1).id,
                    "source_ref": self.from_system,
                    "certainty": "imported",
                }
                for row in rows
                if (row["question"], row["answer"]) not in told
            ]
        )

    # What is over, or comes late

    def _add_ingested(self, arrival):
        """Tell whoever is accountable what is new about something that was accepted or given up."""
        changed = self._get_changed_keys(arrival.item)
        self._note(get_difference(self, self.payload or {}, arrival.item, changed))
        self._call(
            self.accountable_user_id,
            self.env._("%(system)s adds to %(name)s", system=self.from_system, name=self.name),
            self.env._("Read in the notes of the handoff what is new."),
        )

    def _note_outdated(self, arrival):
        self._note_once(
            arrival, self.env._("This is older than what is known, and changes nothing.")
        )

    def _note(self, body):
        self.message_post(body=body, subtype_xmlid="mail.mt_note")


class ServiceHandoffType(models.Model):
    _inherit = "service.handoff.type"

    def _get_item_names(self):
        """Return the items by their names, in the language of the user and in the original."""
        names = {}
        for lang in ("en_US", self.env.lang):
            for item in self.item_ids.with_context(lang=lang):
                names[item.name.strip().casefold()] = item.with_env(self.env)
        return names
