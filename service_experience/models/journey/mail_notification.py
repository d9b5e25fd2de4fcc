# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import logging

from odoo import models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("notification_status") == "sent":
            self._note_service_delivery("service.step", [("delivered_at", "=", False)])
        return result

    def _note_service_delivery(self, model, domain):
        """Let the records whose messages these are about take note of what became of them.

        Mails have left: whatever goes wrong here, they must not be sent again. A job notes later
        what could not be noted now.
        """
        # sudo: the mail queue runs this, or whoever sends the mail.
        told_sudo = (
            self.env[model]
            .sudo()
            .search(Domain("message_id", "in", self.mail_message_id.ids) & Domain(domain))
        )
        if not told_sudo:
            return
        try:
            with self.env.cr.savepoint():
                told_sudo._note_delivery()
        except Exception:
            _logger.exception("The delivery of %s could not be noted; a job does it.", told_sudo)
