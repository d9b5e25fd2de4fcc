# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""What has reached the customer because they looked at it: only what the page they opened shows.

A browser tells it by itself, see ``service_seen.js``; opening a page changes nothing.
"""

from odoo.http import request, route

from .portal import PRIVATE_HEADERS, SERVICE, ServicePortal
from .service_delay import DELAY
from .service_step import STEP


class ServiceSeenPortal(ServicePortal):
    @route(f"{SERVICE}/seen", type="http", auth="user", methods=["POST"], website=True)
    def portal_my_service_seen(self, project_id, **_kwargs):
        project, viewer, is_reader = self._service_seen_gate(project_id)
        if is_reader:
            project._service_asked_steps(viewer)._see()
            project._service_unseen_delays(viewer)._see()
        return self._service_seen_answer()

    @route(f"{STEP}/seen", type="http", auth="user", methods=["POST"], website=True)
    def portal_my_service_step_seen(self, project_id, step_id, **_kwargs):
        project, viewer, is_reader = self._service_seen_gate(project_id)
        if is_reader:
            asked_sudo = project._service_asked_steps(viewer)
            asked_sudo.filtered(lambda step: step.id == step_id)._see()
        return self._service_seen_answer()

    @route(f"{DELAY}/seen", type="http", auth="user", methods=["POST"], website=True)
    def portal_my_service_delay_seen(self, project_id, delay_id, **_kwargs):
        project, viewer, is_reader = self._service_seen_gate(project_id)
        if is_reader:
            project._service_find_delay(viewer, delay_id)._see()
        return self._service_seen_answer()

    def _service_seen_gate(self, project_id):
        """Return the service, for whom its page is made, and whether that is who looks at it."""
        self._refuse_other_methods()
        project, viewer, preview = self._service_gate(project_id)
        return project, viewer, preview is None

    def _service_seen_answer(self):
        return request.make_response("", headers=list(PRIVATE_HEADERS.items()), status=204)
