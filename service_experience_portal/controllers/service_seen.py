# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""What has reached the customer because they looked at it: only what the page they opened shows.

A browser tells it by itself, see ``service_seen.js``; opening a page changes nothing.
"""

from odoo.http import request, route

from .portal import PRIVATE_HEADERS, ServicePortal
from .routes import REQUEST, SEND, SERVICE
from .service_delay import DELAY
from .service_step import STEP


class ServiceSeenPortal(ServicePortal):
    @route([f"{SERVICE}/seen", f"{REQUEST}/seen"], **SEND)
    def portal_my_service_seen(self, project_id, task_id=None, **_kwargs):
        reader = self._service_seen_gate(project_id)
        self._service_request(reader, task_id)
        for parts_sudo in (
            reader.project._service_asked_steps(reader.viewer),
            reader.project._service_unseen_delays(reader.viewer),
        ):
            shown_sudo = parts_sudo.filtered(lambda one: not task_id or one.task_id.id == task_id)
            self._see(reader, shown_sudo)
        return self._service_seen_answer()

    @route(f"{STEP}/seen", **SEND)
    def portal_my_service_step_seen(self, project_id, step_id, **_kwargs):
        reader = self._service_seen_gate(project_id)
        step_sudo = reader.project._service_find_step(reader.viewer, step_id)
        if not step_sudo:
            raise request.not_found()
        self._see(reader, step_sudo & reader.project._service_asked_steps(reader.viewer))
        return self._service_seen_answer()

    @route(f"{DELAY}/seen", **SEND)
    def portal_my_service_delay_seen(self, project_id, delay_id, **_kwargs):
        reader = self._service_seen_gate(project_id)
        delay_sudo = reader.project._service_find_delay(reader.viewer, delay_id)
        if not delay_sudo:
            raise request.not_found()
        self._see(reader, delay_sudo)
        return self._service_seen_answer()

    def _see(self, reader, parts_sudo):
        """Note that parts of the page were looked at; that a colleague did tells nothing."""
        if reader.preview is None:
            parts_sudo._see()

    def _service_seen_gate(self, project_id):
        """Return who looks at the page."""
        self._refuse_other_methods()
        reader = self._service_gate(project_id)
        reader.link_sudo._note_use()
        return reader

    def _service_seen_answer(self):
        return request.make_response("", headers=list(PRIVATE_HEADERS.items()), status=204)
