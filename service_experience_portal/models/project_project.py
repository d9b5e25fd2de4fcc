# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.service_experience.models.project.project_project import CUSTOMER_PRIVACY
from odoo.addons.service_experience.models.project.service_snapshot import SERVICE_FIELDS


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
        domain = self._service_visible_domain(viewer) & Domain("id", "in", self.ids)
        query = services_sudo._search(domain)
        columns = [
            *(services_sudo._field_to_sql(query.table, name, query) for name in SERVICE_FIELDS),
            versions._sum_for(SQL.identifier(query.table, "id")),
        ]
        rows = self.env.execute_query(query.select(*columns))
        for row in rows:
            for name, value in zip((*SERVICE_FIELDS, "service_version"), row, strict=True):
                self._fields[name]._insert_cache(services_sudo, [value])
        return bool(rows)

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
