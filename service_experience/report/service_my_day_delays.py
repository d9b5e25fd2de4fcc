# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What one colleague has to explain, or to dismiss."""

from odoo import api, models
from odoo.fields import Domain


class ServiceMyDay(models.AbstractModel):
    _inherit = "service.my.day"

    @api.model
    def _get_sections(self, day):
        return [self._get_delays(day), *super()._get_sections(day)]

    @api.model
    def _get_delays(self, day):
        """Return what may be late and nobody has looked at, and what customers wait to hear."""

        def prepare(row):
            lines = {"title": row["display_name"], "asked": row["why"], **day.at(row["triage_due"])}
            return lines | ({"badge": "at_risk"} if row["state"] == "confirmed" else {})

        unsent = Domain("state", "=", "confirmed") & Domain("sent_at", "=", False)
        domain = Domain("user_id", "=", self.env.uid) & (Domain("state", "=", "suspected") | unsent)
        names = ["display_name", "why", "triage_due", "state"]
        order = self.env["service.delay"]._order
        return self._read_section("delays", "service.delay", domain, order, names, prepare)
