# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What would have been forecast for finished requests, and whether it held."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, split_every

from ..clock.engine import bulk
from .forecast import forecast, get_comparable

CHUNK = 1000


class ServiceForecastCase(models.Model):
    _inherit = "service.forecast.case"

    forecast_count = fields.Integer(
        string="Comparable Cases",
        readonly=True,
        aggregator=None,
        help="How many there were when the request entered the stage.",
    )
    forecast_p50 = fields.Integer(
        string="Probable Seconds",
        readonly=True,
        aggregator=None,
        help="Working time within which half of them had been done.",
    )
    forecast_p80 = fields.Integer(
        string="Very Probable Seconds",
        readonly=True,
        aggregator=None,
        help="Working time within which four of five of them had been done.",
    )
    held = fields.Float(
        string="Very Probable Date Held",
        readonly=True,
        aggregator="avg",
        help="Share of the requests that were done by the date that was very probable when they "
        "entered the stage: 80 % if the forecast is honest.",
    )
    held_half = fields.Float(
        string="Probable Date Held",
        readonly=True,
        aggregator="avg",
        help="Share of the requests that were done by the date that was probable when they "
        "entered the stage: 50 % if the forecast is honest.",
    )

    def action_replay_back_test(self):
        """Check what the report says was forecast, and correct what differs."""
        if not self.env.user.has_group("service_experience.service_experience_group_manager"):
            raise AccessError(self.env._("Only managers can check the forecasts."))
        # sudo: nobody may write cases, and all of them count, whoever may see their requests.
        count = self.sudo()._replay_back_test()
        message = (
            self.env._("Forecasts that were corrected: %(count)s.", count=count)
            if count
            else self.env._("All forecasts are as they were made.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if count else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _replay_back_test(self):
        """Make the forecasts of all cases of the companies again, from the rows alone.

        What was learned late was not known to those that were learned before it: only this is
        independent of the order of learning.

        :return: how many cases were different
        """
        cases = self.search([("company_id", "in", [*self.env.companies.ids, False])])
        return sum(self.browse(chunk)._test_back() for chunk in split_every(CHUNK, cases.ids))

    def _test_back(self):
        """Note what could be forecast when the requests entered the stages, and whether it held.

        :return: how many cases were different
        """
        made = {
            case_id: (len(get_comparable(values, 0)), forecast(values, 0))
            for case_id, values in self._iter_known(self._select_moments())
        }
        rows = self.env.execute_query(
            SQL(
                """SELECT id, seconds, forecast_count, forecast_p50, forecast_p80, held, held_half
                     FROM service_forecast_case
                    WHERE id = ANY(%s)""",
                self.ids,
            )
        )
        changes = {
            case_id: values
            for case_id, seconds, *stored in rows
            if [*(values := _judge(seconds, *made[case_id])).values()] != stored
        }
        bulk.update(self, changes)
        self.invalidate_recordset(flush=False)
        return len(changes)

    def _select_moments(self):
        """Return the query that ``_iter_known`` takes, for what was known when these began."""
        return SQL(
            """SELECT id AS ref, COALESCE(company_id, 0) AS company_id, stage_id, tag_id,
                      entered_at AS before, task_id
                 FROM service_forecast_case
                WHERE id = ANY(%s)""",
            self.ids,
        )


def _judge(seconds, count, remaining):
    """Return the columns of a forecast made at the entry, and of a case that took so long."""
    return {
        "forecast_count": count,
        "forecast_p50": remaining and remaining.p50,
        "forecast_p80": remaining and remaining.p80,
        "held": remaining and float(seconds <= remaining.p80),
        "held_half": remaining and float(seconds <= remaining.p50),
    }
