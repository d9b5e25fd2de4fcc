# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models

from .service_delay_telling import FAILED_STATUSES


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("notification_status") in ("sent", *FAILED_STATUSES):
            self._note_service_delivery(
                "service.delay", [("sent_at", "!=", False), ("state", "=", "confirmed")]
            )
        return result
