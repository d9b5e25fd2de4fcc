# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models, tools
from odoo.tools import SQL

SOLAR = "solar_and_gregorian"
# Whose readers expect it; an administrator may think otherwise.
SOLAR_LANGUAGES = ("fa_IR",)


class ResLang(models.Model):
    _inherit = "res.lang"

    service_calendar = fields.Selection(
        [
            ("gregorian", "Gregorian"),
            (SOLAR, "Solar (Iran), with the Gregorian date beside it"),
        ],
        string="Calendar for Customers",
        required=True,
        default="gregorian",
        help="The calendar in which customers who read this language see dates, on the page of "
        "their service and in messages about it. Dates for colleagues stay as they are.",
    )

    def _init_column(self, column_name):
        """Begin with the solar calendar where its readers expect it."""
        if column_name == "service_calendar":
            self.env.cr.execute(
                SQL(
                    "UPDATE res_lang SET service_calendar = %s "
                    "WHERE code IN %s AND service_calendar IS NULL",
                    SOLAR,
                    SOLAR_LANGUAGES,
                )
            )
        return super()._init_column(column_name)

    @api.model
    def _get_service_calendar(self, code):
        """Return the calendar of an active language."""
        return self._get_service_calendars().get(code, "gregorian")

    @api.model
    @tools.ormcache(cache="stable")
    def _get_service_calendars(self):
        # sudo: every reader needs to know in which calendar they read. The cache is emptied by
        # every change of a language.
        languages = self.sudo().search_fetch([], ["code", "service_calendar"])
        return {language.code: language.service_calendar for language in languages}
