# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models


class ServiceDelay(models.Model):
    _inherit = "service.delay"

    def _get_page_url(self, person):
        """Return where the customer reads and answers it; nothing if they could not open it.

        :param person: partner who reads it; it need not be sent yet, for the preview
        """
        if not self._is_on_page_of(person):
            return super()._get_page_url(person)
        anchor = f"#service_delay_{self.id}" if self.id else ""
        return f"{self.get_base_url()}/my/service/{self.project_id.id}{anchor}"

    def _is_on_page_of(self, person):
        if self.task_id:
            return self.task_id._service_is_on_page_of(person)
        # sudo: what a customer may see does not depend on who writes to them.
        return bool(person and self.project_id.sudo()._service_is_visible_to(person))
