# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.service_experience.models.project.project_project import CUSTOMER_PRIVACY
from odoo.addons.service_experience.models.project.service_snapshot import SERVICE_FIELDS

# What the page needs of the company, for its name and for the time zone.
COMPANY_FIELDS = ("name", "resource_calendar_id")
CALENDAR_FIELDS = ("tz",)


class ProjectProject(models.Model):
    _inherit = "project.project"

    def action_open_service_page(self):
        """Open the page of this service as its customer sees it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/my/service/{self.id}",
            "target": "new",
        }

    def _service_fetch_for(self, viewer):
        """Return whether ``viewer`` may see the page of this service.

        Meanwhile reads what the page needs of it, the version among it.
        """
        # The reader has no access to projects; the domain is the whole answer.
        services_sudo, versions = self.sudo(), self.env["service.page.version"]
        companies_sudo = services_sudo.env["res.company"]
        calendars_sudo = services_sudo.env["resource.calendar"]
        domain = self._service_visible_domain(viewer) & Domain("id", "in", self.ids)
        query = services_sudo._search(domain)
        company, calendar = services_sudo._join_service_hours(query)
        rows = self.env.execute_query(
            query.select(
                *_select(services_sudo, query.table, SERVICE_FIELDS, query),
                versions._sum_for(SQL.identifier(query.table, "id")),
                *_select(companies_sudo, company, ("id", *COMPANY_FIELDS), query),
                *_select(calendars_sudo, calendar, ("id", *CALENDAR_FIELDS), query),
            )
        )
        for row in rows:
            values = iter(row)
            _cache(services_sudo, (*SERVICE_FIELDS, "service_version"), values)
            _cache(companies_sudo.browse(next(values)), COMPANY_FIELDS, values)
            _cache(calendars_sudo.browse(next(values)), CALENDAR_FIELDS, values)
        return bool(rows)

    def _join_service_hours(self, query):
        """Join the company that a service belongs to, and its working hours; return both names.

        A service without a company is most likely looked at as one of the reader's.
        """
        companies, calendars = self.env["res.company"], self.env["resource.calendar"]
        company = query.make_alias(query.table, "company")
        query.add_join(
            "LEFT JOIN",
            company,
            companies._table,
            SQL(
                "%s = COALESCE(%s, (SELECT company_id FROM res_users WHERE id = %s))",
                SQL.identifier(company, "id"),
                self._field_to_sql(query.table, "company_id", query),
                self.env.uid,
            ),
        )
        hours = "resource_calendar_id"
        return company, query.left_join(company, hours, calendars._table, "id", hours)

    def _service_can_be_previewed(self):
        """Return whether the current user, a colleague, may see the page of this service."""
        group = "project.group_project_user"
        if not (self.env.user.has_group(group) and self.browse().has_access("read")):
            return False
        domain = [("id", "in", self.ids), ("active", "=", True), ("is_template", "=", False)]
        return bool(self.search_count(domain, limit=1))

    def _service_preview_reasons(self):
        """Return why the customer cannot open the page, as sentences; empty if they can."""
        reasons = [
            (
                not self.partner_id,
                self.env._("Your customer cannot open it: the project has no customer yet."),
            ),
            (
                not self.customer_visible,
                self.env._(
                    "Your customer cannot open it: “Visible to the Customer” is switched off."
                ),
            ),
            (
                self.privacy_visibility not in CUSTOMER_PRIVACY,
                self.env._(
                    "Your customer cannot open it: the visibility of the project is limited to "
                    "internal users."
                ),
            ),
        ]
        return [sentence for applies, sentence in reasons if applies]


def _select(model, alias, names, query):
    return [model._field_to_sql(alias, name, query) for name in names]


def _cache(record, names, values):
    """Remember the next values as those of these fields, if there is such a record."""
    for name in names:
        value = next(values)
        if record.id:
            record._fields[name]._insert_cache(record, [value])
