# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, models
from odoo.exceptions import UserError

# What a file is, and what it belongs to.
_CONTENT = {"datas", "db_datas", "name", "raw", "res_id", "res_model", "store_fname"}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if _CONTENT.intersection(vals):
            self._refuse_told_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told_evidence(self):
        self._refuse_told_evidence()

    def _refuse_told_evidence(self):
        """Keep what proves a reason that the customer was told."""
        ids = [file.res_id for file in self if file.res_model == "service.delay" and file.res_id]
        # sudo: the file stays whoever sees the delay.
        delays_sudo = self.env["service.delay"].sudo().browse(ids).exists()
        if delays_sudo.filtered("sent_at"):
            raise UserError(
                self.env._("This file proves what the customer was told: it stays as it is.")
            )
