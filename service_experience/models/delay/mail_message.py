# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models
from odoo.exceptions import UserError

_WORDS = {"body", "subject", "attachment_ids"}


class MailMessage(models.Model):
    _inherit = "mail.message"

    def write(self, vals):
        if _WORDS.intersection(vals):
            self._refuse_told_delays()
        return super().write(vals)

    def _refuse_told_delays(self):
        """Keep the words with which the customer was told that something is late."""
        # sudo: the message stays whoever sees the delay.
        if self.ids and self.env["service.delay"].sudo().search_count(
            [("message_id", "in", self.ids)], limit=1
        ):
            raise UserError(
                self.env._("This is what the customer was told about a delay: it stays as it is.")
            )
