# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The files that the page of a service lists, and no other, for download."""

from odoo.http import request, route

from .portal import ServicePortal
from .routes import MAX_ID, READ, SERVICE


class ServiceDocumentPortal(ServicePortal):
    @route(f"{SERVICE}/document/<int(max={MAX_ID}):file_id>", **READ)
    def portal_my_service_document(self, project_id, file_id, **_kwargs):
        reader = self._service_gate(project_id)
        service, viewer = reader.project, reader.viewer
        file_sudo = service._service_find_document(viewer, file_id) or (
            service._service_find_message_file(viewer, file_id)
        )
        if not file_sudo:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(file_sudo)
        # Never shown in place: whatever it is, it is not a page of ours.
        return self._keep_private(stream.get_response(as_attachment=True))
