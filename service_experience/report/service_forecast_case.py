# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models


class ServiceForecastCase(models.Model):
    """The same in working hours, for people."""

    _inherit = "service.forecast.case"

    hours = fields.Float(
        string="Working Hours",
        compute="_compute_hours",
        help="From entering the stage until the request was done.",
    )
    half_hours = fields.Float(string="Probable Hours", compute="_compute_hours")
    most_hours = fields.Float(string="Very Probable Hours", compute="_compute_hours")

    @api.depends("seconds", "forecast_p50", "forecast_p80")
    def _compute_hours(self):
        for case in self:
            case.hours = case.seconds / 3600
            case.half_hours = case.forecast_p50 / 3600
            case.most_hours = case.forecast_p80 / 3600

    def action_open_request(self):
        """Open the request that took so long."""
        self.ensure_one()
        return self.task_id.get_formview_action()
