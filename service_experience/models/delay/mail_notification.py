# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models

from .service_delay_arrival import FAILED_STATUSES, OPEN_STATES


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def write(self, vals):
        result = super().write(vals)
        # While it sends, Odoo notes an unknown exception that is none: the job looks at the rest.
        is_passing = vals.get("failure_type") == "unknown"
        if vals.get("notification_status") in ("sent", *FAILED_STATUSES) and not is_passing:
            self._note_service_delivery(
                "service.delay", [("sent_at", "!=", False), ("state", "in", OPEN_STATES)]
            )
        return result
