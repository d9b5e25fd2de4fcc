# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What waits for one colleague because work changes hands."""

from odoo import api, models
from odoo.fields import Domain


class ServiceMyDay(models.AbstractModel):
    _inherit = "service.my.day"

    @api.model
    def _get_sections(self, day):
        return [
            self._get_handoffs(day),
            self._get_handoffs_back(day),
            *super()._get_sections(day),
        ]

    @api.model
    def _get_handoffs(self, day):
        """Return what is offered to the user, or to their teams."""

        def prepare(row):
            return self._prepare_handoff(row) | day.at(row["due"])

        domain = self.env["service.handoff"]._get_offered_domain()
        return self._read_handoffs("handoffs", domain, prepare)

    @api.model
    def _get_handoffs_back(self, day):
        """Return the handoffs of the user that were returned, or about which somebody asks."""

        def prepare(row):
            return self._prepare_handoff(row) | day.on(False)

        domain = Domain("from_user_id", "=", self.env.uid)
        is_back = Domain("state", "in", ("clarification", "returned"))
        return self._read_handoffs("handoffs_back", domain & is_back, prepare)

    @api.model
    def _read_handoffs(self, key, domain, prepare):
        names = ["subject", "from_user_id", "due"]
        order = self.env["service.handoff"]._order
        return self._read_section(key, "service.handoff", domain, order, names, prepare)

    @api.model
    def _prepare_handoff(self, row):
        sender = row["from_user_id"]
        is_other = sender and sender[0] != self.env.uid
        return {"title": row["subject"], "asked": is_other and sender[1]}
