# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""A list of which the page of the service shows the first lines only, as a whole."""

from odoo.http import request, route

from .list_words import MORE
from .page_sections import render_section
from .portal import ServicePortal
from .routes import READ, SERVICE


class ServiceListPortal(ServicePortal):
    @route(f"{SERVICE}/all/<any({','.join(MORE)}):name>", **READ)
    def portal_my_service_list(self, project_id, name, **_kwargs):
        values = self._prepare_service_values(self._service_gate(project_id), in_full=[name])
        service = values["service"]
        return self._render_service_page(
            "service_experience_portal.service_whole_list",
            page_name="service",
            title=f"{service['name']} · {service['reference']}",
            section=render_section(request.env, name, values),
            **values,
        )
