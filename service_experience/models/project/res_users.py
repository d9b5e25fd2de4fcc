# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, models
from odoo.tools import ormcache


class ResUsers(models.Model):
    _inherit = "res.users"

    def _service_people(self):
        """Return the partners of these users; once they are known, no user is read for it."""
        return self.env["res.partner"].browse(user._service_person_id() for user in self)

    @ormcache("self.id")
    def _service_person_id(self):
        # sudo: who somebody is does not depend on who asks.
        return self.sudo().partner_id.id

    @api.model
    def _get_invalidation_fields(self):
        return super()._get_invalidation_fields() | {"partner_id"}

    def _service_public_name(self):
        """Return the name under which a customer hears of this person, or None."""
        words = (self._service_people().name or "").split()
        return words[0] if words else None
