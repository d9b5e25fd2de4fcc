# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ServiceDelayDismiss(models.TransientModel):
    """Asks why a suspicion is none: the answer shows how good the rule is."""

    _name = "service.delay.dismiss"
    _description = "Dismiss a Suspicion"

    delay_ids = fields.Many2many("service.delay", required=True)
    reason = fields.Char(required=True, help="For your team; the customer never reads it.")

    def action_confirm(self):
        self.delay_ids.action_dismiss(self.reason)
