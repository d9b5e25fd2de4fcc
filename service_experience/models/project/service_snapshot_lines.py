# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The whitelist of each part of the journey: what a customer may know of one record."""

from odoo import fields, models
from odoo.tools import SQL

# What a line of the history is put into words from.
_PARAMS = {"title", "who", "name", "day", "old_day", "question", "label"}


class ServiceStep(models.Model):
    _inherit = "service.step"

    def _prepare_service_need(self, viewer):
        asked = self._get_asked_partner()
        return {
            "id": self.id,
            "title": self.title,
            "why": self.why or None,
            "instructions": self.instructions or None,
            "effort_minutes": self.effort_minutes or None,
            "due": self.due or None,
            "effect_if_late": self.effect_if_late or None,
            "kind": self.kind,
            "state": self.state,
            "return_reason": self.return_reason if self.state == "returned" else None,
            "asked": asked._service_public_name() if asked != viewer else None,
            "told_already": bool(self.told_already_at),
        }

    def _prepare_service_step_page(self, viewer):
        """Return what the page of this step shows: the need, and what became of it."""
        is_asked = self._is_asked()
        return {
            **self._prepare_service_need(viewer),
            "closed": None if is_asked else self._get_closed_sentence(),
            "review_due_at": self.review_due_at or None,
            # What they answered before, so that they need not write it all again.
            "response": self.response or None if is_asked else None,
        }

    def _prepare_service_submitted(self):
        return {
            "id": self.id,
            "title": self.title,
            "submitted_at": self.submitted_at or None,
            "review_due_at": self.review_due_at or None,
            "who": self.submitted_by_id._service_public_name(),
        }

    def _prepare_service_next_step(self):
        who = {
            "us": self.owner_user_id._service_public_name(),
            "third_party": self.third_party_label or None,
            "customer": None,
        }
        return {
            "id": self.id if self.party == "customer" else None,
            "label": self.title,
            "party": self.party,
            "due": self.due or None,
            "who": who[self.party],
        }


class ServiceCommitment(models.Model):
    _inherit = "service.commitment"

    def _is_shown_to(self, viewer):
        """Tell whether this promise was made to the customer of the viewer, and shown."""
        return bool(
            self.customer_visible
            and self.state != "draft"
            and self.partner_id.commercial_partner_id == viewer.commercial_partner_id
        )

    def _get_agreed_day(self):
        return self._get_reference_day(self.revision_ids, fields.Datetime.now())

    def _get_shown_state(self):
        """Return its state; what was not fulfilled for a cancelled request was called off."""
        is_void = self.task_id.state == "1_canceled" and not self.kept_at
        return "withdrawn" if is_void else self.state

    def _can_be_asked_about(self):
        """Tell whether the customer may ask if this promise of ours is on time."""
        return self._is_movable() and self._get_shown_state() != "withdrawn"

    def _get_shown_revisions(self):
        """Return its dates from the promised one on: what was planned before is internal."""
        revisions = self.revision_ids.sorted("sequence")
        first = revisions.filtered("told_at")[:1]
        return revisions.filtered(lambda one: first and one.sequence >= first.sequence)

    def _prepare_service_promise(self, told):
        """Return the promise with its dates.

        :param told: what the customer was told about them, ``{revision id: delay}``
        """
        revisions, state = self._get_shown_revisions(), self._get_shown_state()
        first = revisions[:1]
        return {
            "id": self.id,
            "name": self.name,
            "direction": self.direction,
            "can_ask": self._can_be_asked_about(),
            "from": self.current_from or None,
            "to": self.current_to or None,
            "confidence": self.confidence or None,
            "known_by": self.known_by or None,
            "state": state,
            "kept_at": self.kept_at or None,
            "first_on": first.date_to or first.known_by or None,
            "moves": [
                revision._prepare_service_move(told.get(revision.id)) for revision in revisions[1:]
            ],
        }


class ServiceCommitmentRevision(models.Model):
    _inherit = "service.commitment.revision"

    def _prepare_service_move(self, delay):
        can_answer = delay and delay["can_answer"]
        return {
            "from": self.date_from or None,
            "to": self.date_to or None,
            "known_by": self.known_by or None,
            "text": self.text or None,
            "told_at": self.told_at or None,
            "acknowledgement": self.acknowledgement,
            "reason": delay and delay["reason"],
            "answer_id": delay["id"] if can_answer else None,
        }


class ServiceFact(models.Model):
    _inherit = "service.fact"

    def _prepare_service_fact(self, viewer):
        person = self.said_by_id
        is_theirs = person.commercial_partner_id == viewer.commercial_partner_id
        return {
            "id": self.id,
            "question": self.question,
            "answer": self.answer,
            "said_at": self.said_at,
            "who": person.name if person and is_theirs else None,
        }


class ServiceTimelineEntry(models.Model):
    _inherit = "service.timeline.entry"

    def _service_columns(self, query):
        """Return what the page reads of the lines of ``query``, as SQL."""
        tasks = self.env["project.task"]
        task = query.left_join(self._table, "task_id", tasks._table, "id", "task_id")
        request = tasks._field_to_sql(task, "customer_label", query)
        names = ("id", "key", "params", "text", "actor", "occurred_at")
        return [
            *(self._field_to_sql(self._table, name, query) for name in names),
            SQL("%s AS request", request, to_flush=self._fields["task_id"]),
        ]


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _service_public_name(self):
        """Return the first name of a person, or None; a company is not addressed by name."""
        words = (self.name or "").split()
        return words[0] if words and not self.is_company else None


def prepare_entry(row):
    """Return one line of the history, read by ``_service_columns``."""
    params = row["params"] or {}
    return {
        "key": row["key"],
        "params": {name: value or None for name, value in params.items() if name in _PARAMS},
        "text": row["text"] or None,
        "actor": row["actor"],
        "occurred_at": row["occurred_at"],
    }


def prepare_handoff(row):
    """Return who took over, from the line that told it."""
    return {
        "who": row["params"]["who"],
        "since": row["occurred_at"],
        "request": row["request"] or None,
        "text": row["text"] or None,
    }
