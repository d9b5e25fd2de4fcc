# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Handoffs from other systems: what arrives is taken in once, or kept for somebody to look at."""

import json
import logging
import traceback

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools.translate import LazyGettext

from .ingest_arrival import Arrival
from .ingest_lookup import SUBJECT_KEYS, Lookup
from .ingest_schema import clean, get_reference, read_batch
from .service_handoff_type import LEAD_GROUP

_logger = logging.getLogger(__name__)

STATUSES = ("created", "unchanged", "updated", "addendum", "outdated", "triage")
ITEM_LIMIT = 500
# Of so many items nobody is told by mail one by one: they are in the lists of activities.
BULK = 20
# Characters of a batch that cannot be read at all, and is kept as it is.
UNREAD_LIMIT = 20_000_000
# Characters of a payload that are shown.
SHOWN_LIMIT = 100_000
# All else in a context could change what is found or written.
CONTEXT_KEYS = ("lang", "tz", "allowed_company_ids")


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    external_ref = fields.Char(
        string="Their Reference",
        readonly=True,
        copy=False,
        help="By this the system that sent it knows it.",
    )
    payload = fields.Json(readonly=True, copy=False, groups=LEAD_GROUP, prefetch=False)
    payload_hash = fields.Char(readonly=True, copy=False)
    payload_version = fields.Char(
        string="Sent At",
        readonly=True,
        copy=False,
        help="When the other system sent what is known: older news change nothing.",
    )
    payload_text = fields.Text(
        string="What Was Sent", compute="_compute_payload_text", groups=LEAD_GROUP
    )
    ingest_error = fields.Text(
        string="What Is Wrong",
        readonly=True,
        copy=False,
        help="Why something that another system sent could not be taken over.",
    )
    in_triage = fields.Boolean(
        readonly=True,
        copy=False,
        help="Nothing of what the other system sent was taken over yet.",
    )

    _external_uniq = models.UniqueIndex(
        "(from_system, external_ref) WHERE external_ref IS NOT NULL",
        "This reference of the other system belongs to a handoff already.",
    )
    _unread_uniq = models.UniqueIndex(
        "(payload_hash, COALESCE(from_system, ''), COALESCE(company_id, 0)) "
        "WHERE external_ref IS NULL AND payload_hash IS NOT NULL",
        "This is kept already.",
    )
    _ingest_error_idx = models.Index("(id) WHERE ingest_error IS NOT NULL")

    def _compute_payload_text(self):
        for handoff in self:
            text = json.dumps(handoff.payload, indent=4, ensure_ascii=False)
            handoff.payload_text = handoff.payload and text[:SHOWN_LIMIT]

    @api.model
    def ingest(self, payload):
        """Take over what another system hands over; see ``docs/api.md``.

        Safe to repeat: what is known by its reference changes only if it says something else.
        What cannot be taken over is kept for a lead, and the caller is told why.

        :param payload: ``{"schema_version": 1, "system": name, "items": [item, ...]}``
        :return: ``{"results": [one dict per item, in their order], "counts": {status: number}}``
        :raise UserError: where the batch is too large; then nothing is kept
        """
        self.check_access("create")
        context = {key: self.env.context[key] for key in CONTEXT_KEYS if key in self.env.context}
        # Whoever the key belongs to reads no mails.
        context["mail_create_nosubscribe"] = True
        # The others have to go, so the context is replaced.
        results = self.with_context(context)._ingest_batch(  # pylint: disable=context-overridden
            clean(payload)
        )
        counts = dict.fromkeys(STATUSES, 0)
        for result in results:
            counts[result["status"]] += 1
        return {"results": results, "counts": counts}

    @api.model
    def _ingest_batch(self, payload):
        system, errors = read_batch(payload)
        if errors:
            self._check_size(len(json.dumps(payload)), UNREAD_LIMIT, self.env._("characters"))
            arrival = Arrival(system, payload, errors=errors)
            return [self._ingest_safely(arrival, None)]
        items = payload["items"]
        self._check_size(len(items), ITEM_LIMIT, self.env._("items"))
        arrivals = [Arrival.take(system, raw, f"items[{index}]") for index, raw in enumerate(items)]
        lookup = Lookup(self.env, [arrival.item for arrival in arrivals])
        known = self._get_ingested(system, [arrival.reference for arrival in arrivals])
        handoffs = self.with_context(mail_activity_quick_update=len(items) > BULK)
        return [handoffs._ingest_next(arrival, lookup, known) for arrival in arrivals]

    @api.model
    def _check_size(self, size, limit, what):
        if size > limit:
            raise UserError(
                self.env._(
                    "This batch has %(size)s %(what)s, and at most %(limit)s are taken at once: "
                    "split it.",
                    size=size,
                    what=what,
                    limit=limit,
                )
            )

    @api.model
    def _get_ingested(self, system, references):
        """Return what is known by these references, also where the caller may not see it.

        :return: ``{reference: handoff}``
        """
        # sudo: a reference is taken, whoever may see by what.
        found_sudo = self.sudo().search(
            [("from_system", "=", system), ("external_ref", "in", list(filter(None, references)))]
        )
        return {one.external_ref: one for one in found_sudo}

    def _ingest_next(self, arrival, lookup, known):
        """Take one item in; later ones of the batch with the same reference are changes to it."""
        if arrival.reference in known:
            # sudo: as it was found.
            arrival.known_sudo = known[arrival.reference].with_env(self.sudo().env)
        if arrival.known_sudo and not arrival.known_sudo._is_open_to_caller():
            arrival.errors.add(
                f"{arrival.path}.external_ref",
                self.env._("This reference is in use elsewhere: send it under another one."),
            )
            arrival.known_sudo = arrival.reference = None
        result = self._ingest_safely(arrival, lookup)
        if arrival.reference:
            known[arrival.reference] = arrival.known_sudo
        return result

    def _is_open_to_caller(self):
        """Tell whether the caller may change this; what waits in triage, where it came in."""
        if self.in_triage:
            return not self.company_id or self.company_id in self.env.companies
        return self.sudo(False).has_access("write")

    @api.model
    def _ingest_safely(self, arrival, lookup):
        """Take one item in, or keep it; whatever is wrong with it stays with it."""
        try:
            with self.env.cr.savepoint():
                if status := self._ingest(arrival, lookup):
                    return arrival.known_sudo._get_ingest_result(status, arrival)
        except UniqueViolation:
            # Somebody sends the same at this moment: Odoo tries again, and then it is known.
            raise ConcurrencyError("The same handoff arrives twice at once") from None
        except (OperationalError, ConcurrencyError):
            raise
        except AccessError:
            arrival.errors.add(
                arrival.path,
                self.env._("You may not do this here: ask for access to the service."),
            )
        except UserError as error:
            arrival.errors.add(arrival.path, str(error))
        except Exception as error:
            # Neither the message nor the values: they are what was sent.
            frames = "".join(traceback.format_tb(error.__traceback__))
            _logger.warning("%s while taking over a handoff:\n%s", type(error).__name__, frames)
            arrival.errors.add(
                arrival.path,
                self.env._("This could not be taken over: ask the administrator of Odoo."),
            )
        return self._keep_safely(arrival)

    @api.model
    def _keep_safely(self, arrival):
        try:
            with self.env.cr.savepoint():
                self._keep(arrival)
        except UniqueViolation:
            raise ConcurrencyError("The same handoff arrives twice at once") from None
        return arrival.known_sudo._get_ingest_result("triage", arrival)

    @api.model
    def _ingest(self, arrival, lookup):
        """Take one item in.

        :return: its status; None where it has errors
        """
        known_sudo = arrival.known_sudo
        if known_sudo and known_sudo._knows_newer(arrival):
            known_sudo._note_outdated(arrival)
            return "outdated"
        if known_sudo and known_sudo._is_taken_in(arrival):
            known_sudo._confirm_version(arrival)
            return "unchanged"
        if arrival.errors:
            return None
        found = lookup.find(
            arrival.item, arrival.path, arrival.errors, self._get_known_project(arrival)
        )
        return None if arrival.errors else self._take_in(arrival, found)

    @api.model
    def _get_known_project(self, arrival):
        """Return the service, where the other system says about it what it said before.

        A lead may have chosen it, as the other system could not name it.
        """
        known_sudo = arrival.known_sudo
        if not known_sudo or known_sudo.in_triage:
            return None
        if known_sudo._get_changed_keys(arrival.item) & SUBJECT_KEYS:
            return None
        return known_sudo.project_id.sudo(False)

    def _knows_newer(self, arrival):
        return bool(
            arrival.version
            and self.payload_version
            and arrival.version < self.payload_version
            and arrival.hash != self.payload_hash
        )

    def _is_taken_in(self, arrival):
        return not self.in_triage and self.payload_hash == arrival.hash

    def _confirm_version(self, arrival):
        """Note that what is known still held when this was sent."""
        values = {}
        if arrival.version and arrival.version > (self.payload_version or ""):
            values["payload_version"] = arrival.version
        if self.ingest_error:
            values["ingest_error"] = False
        if values:
            self._set(**values)

    def _get_changed_keys(self, item):
        """Return what an item says differently from what is known; all, where nothing is."""
        known = {} if self.in_triage else (self.payload or {})
        changed = {key for key in {*known, *item} if known.get(key) != item.get(key)}
        return changed - {"sent_at", "offer"}

    def _get_ingest_result(self, status, arrival):
        self.ensure_one()
        return {
            "external_ref": arrival.reference or get_reference(arrival.raw),
            "status": status,
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "lacks": self._get_lacks() if self.state == "draft" and not self.in_triage else [],
            "errors": self._say_errors(arrival.errors),
        }

    @api.model
    def _say_errors(self, errors):
        return [
            {
                "path": path,
                "message": self.env._(words) if isinstance(words, LazyGettext) else words,
            }
            for path, words in errors
        ]
