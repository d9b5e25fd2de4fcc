# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import logging

from odoo import models

_logger = logging.getLogger(__name__)


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("notification_status") == "sent":
            self._deliver_service_steps()
        return result

    def _deliver_service_steps(self):
        """Let waiting begin for what the delivered messages ask for.

        Mails have left: whatever goes wrong here, they must not be sent again. The job of the
        reminders notes later what could not be noted now.
        """
        # sudo: the mail queue runs this, or whoever sends the mail.
        asked_sudo = (
            self.env["service.step"]
            .sudo()
            .search([("message_id", "in", self.mail_message_id.ids), ("delivered_at", "=", False)])
        )
        if not asked_sudo:
            return
        try:
            with self.env.cr.savepoint():
                asked_sudo._deliver_sent()
        except Exception:
            _logger.exception("Delivered requests could not be noted; the next job does it.")
