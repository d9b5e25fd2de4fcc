# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        if vals.get("active", True):
            return super().write(vals)
        handoffs = self.env["service.handoff"]
        left_behind = handoffs._get_left_behind(self)
        result = super().write(vals)
        handoffs._follow_departure(left_behind)
        return result

    def unlink(self):
        handoffs = self.env["service.handoff"]
        left_behind = handoffs._get_left_behind(self)
        result = super().unlink()
        handoffs._follow_departure(left_behind)
        return result
