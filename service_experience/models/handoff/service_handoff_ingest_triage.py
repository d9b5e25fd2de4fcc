# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What another system sent and could not be taken over waits here for a lead: nothing is lost."""

import json

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

from .ingest_arrival import Arrival
from .ingest_lookup import Lookup
from .service_handoff import OPEN_STATES

SYSTEM_IN = "system_in"


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    @api.model
    def _keep(self, arrival):
        """Keep an item that cannot be taken over, with what is wrong with it."""
        known_sudo = arrival.known_sudo or self._find_unread(arrival)
        if not known_sudo:
            known_sudo = self._create_ingested(arrival, self._get_triage_type())
        words = self._get_error_text(arrival.errors)
        if not known_sudo.in_triage:
            known_sudo._keep_beside(arrival, words)
        elif known_sudo.state in OPEN_STATES:
            known_sudo._keep_unread(arrival, words)
        known_sudo.flush_recordset()
        arrival.known_sudo = known_sudo

    @api.model
    def _find_unread(self, arrival):
        """Return what was kept when the same arrived before without a usable reference."""
        if arrival.reference:
            return None
        # sudo: it belongs to no service yet, so only leads see it.
        return self.sudo().search(
            [
                ("payload_hash", "=", arrival.hash),
                ("from_system", "=", arrival.system),
                ("external_ref", "=", False),
                ("company_id", "=", self.env.company.id),
            ],
            limit=1,
        )

    @api.model
    def _get_triage_type(self):
        types = self.env["service.handoff.type"]
        company = self.env.company
        kind = types._get_by_code(SYSTEM_IN, company) or types._get_first([], company)
        if not kind:
            raise UserError(
                self.env._("There is no handoff type: create one with the code “system_in” first.")
            )
        return kind

    @api.model
    def _get_error_text(self, errors):
        return "\n".join(
            ": ".join(filter(None, (error["path"], error["message"])))
            for error in self._say_errors(errors)
        )

    def _keep_unread(self, arrival, words):
        if self.payload_hash == arrival.hash and self.ingest_error == words:
            return
        self._set(
            payload=arrival.raw,
            payload_hash=arrival.hash,
            payload_version=arrival.version or self.payload_version,
            ingest_error=words,
        )

    def _keep_beside(self, arrival, words):
        """Keep a change that is wrong beside what is known, which stays as it is."""
        if self.payload_hash == arrival.hash or not self._note_once(arrival, words):
            return
        self._set(ingest_error=words)
        self._call(
            self.accountable_user_id,
            self.env._("A change of %(name)s could not be taken over", name=self.name),
            words,
        )

    def _note_once(self, arrival, words):
        """Keep what was sent in a note, however often it is sent.

        :return: whether it is new
        """
        name = f"{arrival.hash[:16]}.json"
        files = self.env["ir.attachment"]
        place = [("res_model", "=", self._name), ("res_id", "=", self.id), ("name", "=", name)]
        if files.search_count(place, limit=1):
            return False
        content = json.dumps(arrival.raw, indent=4, ensure_ascii=False)
        self.message_post(
            body=Markup("<br>").join(words.splitlines()),
            attachments=[(name, content.encode())],
            subtype_xmlid="mail.mt_note",
        )
        return True

    # What a lead does

    def action_open_triage(self):
        """Open the dialog in which a lead chooses the service."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take Over"),
            "res_model": "service.handoff.triage",
            "view_mode": "form",
            "target": "new",
            "context": {"default_handoff_id": self.id},
        }

    def action_triaged(self, project_id=None):
        """Take over what can be read of it for a service; what was wrong is noted, and settled.

        :param project_id: the service that a lead chose; needed where nothing was taken over yet
        """
        self.ensure_one()
        self._check_role("lead")
        if not self.in_triage:
            self._set(ingest_error=False)
            return
        self._check_from("draft")
        project = self.env["project.project"].browse(project_id or ())
        if not project:
            raise UserError(self.env._("Choose the service it is about."))
        project.check_access("read")
        self._settle(project)

    def _settle(self, project):
        # sudo: as everything that a system sends.
        handoff_sudo = self.sudo()
        arrival = Arrival.take(self.from_system, handoff_sudo.payload, "")
        arrival.known_sudo = handoff_sudo
        found = Lookup(self.env, [arrival.item]).find(arrival.item, "", arrival.errors, project)
        words = self._get_error_text(arrival.errors) or handoff_sudo.ingest_error
        handoff_sudo._note_once(arrival, words)
        self._take_in(arrival, found._replace(kind=found.kind or self.type_id))
