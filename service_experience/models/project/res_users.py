# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _service_public_name(self):
        """Return the name under which a customer hears of this person, or None."""
        words = (self.name or "").split()
        return words[0] if words else None
