# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _is_sla_colleague(self):
        """Tell whether this is one of us; a colleague who has left stays one.

        Odoo calls a partner external as soon as no active user is left.
        """
        return bool(self) and (
            not self.partner_share
            or any(not user.share for user in self.with_context(active_test=False).user_ids)
        )
