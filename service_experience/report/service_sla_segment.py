# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.query import Query


class ServiceSlaSegment(models.Model):
    """What paused time is analysed by: who let the clock stand still, why, and for whom."""

    _inherit = "service.sla.segment"

    task_id = fields.Many2one(related="timer_id.task_id", string="Request")
    policy_id = fields.Many2one(related="timer_id.policy_id")
    metric = fields.Selection(related="timer_id.metric", string="Promise")
    timer_kind = fields.Selection(related="timer_id.kind", string="Kind of Promise")
    project_id = fields.Many2one(related="timer_id.task_id.project_id")
    project_manager_id = fields.Many2one(
        related="timer_id.task_id.project_id.user_id", string="Project Manager"
    )
    partner_id = fields.Many2one(
        related="timer_id.task_id.partner_id.commercial_partner_id", string="Customer"
    )
    company_id = fields.Many2one(related="timer_id.task_id.company_id")
    hours = fields.Float(
        string="Working Hours",
        compute="_compute_hours",
        aggregator="sum",
        help="Open hours in this piece. A wait that holds several clocks counts for each.",
    )

    @api.depends("seconds")
    def _compute_hours(self):
        for segment in self:
            segment.hours = segment.seconds / 3600

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        if aggregate_spec != "hours:sum":
            return super()._read_group_select(aggregate_spec, query)
        return SQL("SUM(%s) / 3600.0::float", self._field_to_sql(self._table, "seconds", query))
