# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Services found and grouped by their health, which time changes and no column holds."""

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ProjectProject(models.Model):
    _inherit = "project.project"

    service_health = fields.Selection(search="_search_service_health", group_expand=True)

    def _search_service_health(self, operator, value):
        # The ORM does not ask for fields that search in a way of their own.
        self._check_field_access(self._fields["service_health"], "read")
        if operator != "in":
            return NotImplemented
        services = self.search([("is_template", "=", False)])
        found = services.filtered(lambda service: service.service_health in value)
        return Domain("id", "in", found.ids)

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec != "service_health":
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields["service_health"], "read")
        service_id = SQL.identifier(alias, "id")
        rows = self.env.execute_query(query.select(service_id))
        by_health = self.browse(row[0] for row in rows).grouped("service_health")
        if not by_health:
            return SQL("NULL")
        cases = SQL(" ").join(
            SQL("WHEN %s = ANY(%s) THEN %s", service_id, services.ids, health)
            for health, services in by_health.items()
        )
        return SQL("(CASE %s END)", cases)
