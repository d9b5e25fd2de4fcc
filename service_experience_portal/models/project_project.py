# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models
from odoo.fields import Domain

from odoo.addons.service_experience.models.project.project_project import CUSTOMER_PRIVACY


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
        """Return whether ``viewer`` may see the page of this service, and read it meanwhile."""
        domain = self._service_visible_domain(viewer) & Domain("id", "in", self.ids)
        # The reader has no access to projects; the domain is the whole answer.
        return bool(self.sudo().search_fetch(domain))

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
