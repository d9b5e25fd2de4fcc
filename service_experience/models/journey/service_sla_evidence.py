# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The wait behind paused time, on the timer and in its evidence."""

from odoo import fields, models

from ...business_time import Hold


class ServiceSlaTimer(models.Model):
    _inherit = "service.sla.timer"

    pause_wait_id = fields.Many2one(
        "service.wait",
        string="Paused For",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def _get_hold(self):
        hold = super()._get_hold()
        return hold and Hold(hold.cause, self.pause_wait_id.id or None, hold.user_id)

    def _get_pause_reason(self):
        reason, words = super()._get_pause_reason(), self.pause_wait_id.reason
        return f"{reason}: {words}" if words else reason


class ServiceSlaSegment(models.Model):
    _inherit = "service.sla.segment"

    wait_id = fields.Many2one(
        "service.wait", readonly=True, index="btree_not_null", ondelete="set null"
    )


class ServiceSlaEvent(models.Model):
    _inherit = "service.sla.event"

    wait_id = fields.Many2one(
        "service.wait", readonly=True, index="btree_not_null", ondelete="set null"
    )
