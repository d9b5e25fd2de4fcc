# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The time to accept, measured by a timer."""

from odoo import fields, models


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    completeness_offered = fields.Float(
        string="Completeness When Offered",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="When it was offered for the first time.",
    )
    quality_at = fields.Datetime(string="Judged At", readonly=True, copy=False)
    timer_id = fields.Many2one(
        "service.sla.timer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Measures the time until it is accepted; a new one whenever it is offered anew.",
    )
    due = fields.Datetime(
        related="timer_id.deadline",
        string="Accept Until",
        help="It stands still while the sender has to answer a question.",
    )

    def _start_timer(self, now):
        pass

    def _pause_timer(self, now):
        pass

    def _resume_timer(self, now):
        pass

    def _stop_timer(self, now):
        pass

    def _cancel_timer(self, now):
        pass
