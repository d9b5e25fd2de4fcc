# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("notification_status") == "sent":
            self._deliver_service_steps()
        return result

    def _deliver_service_steps(self):
        """Let waiting begin for what the delivered messages ask for."""
        # sudo: the mail queue runs this, or whoever sends the mail.
        asked_sudo = (
            self.env["service.step"]
            .sudo()
            .search([("message_id", "in", self.mail_message_id.ids), ("delivered_at", "=", False)])
        )
        for step_sudo in asked_sudo:
            reached = self.filtered(
                lambda sent, step=step_sudo: step.message_id == sent.mail_message_id
            )
            if step_sudo._get_asked_partner() in reached.res_partner_id:
                step_sudo._deliver()
