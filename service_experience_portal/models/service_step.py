# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models


class ServiceStep(models.Model):
    _inherit = "service.step"

    def _get_page_url(self):
        """Return where the asked person answers; nothing if they could not open it."""
        self.ensure_one()
        person = self._get_asked_partner()
        if not (
            self.project_id._service_is_visible_to(person)
            and self.project_id._service_find_step(person, self.id)
        ):
            return super()._get_page_url()
        return f"{self.get_base_url()}/my/service/{self.project_id.id}/step/{self.id}"
