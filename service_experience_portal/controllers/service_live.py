# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""What an open page asks for: whether there is something new, and the sections that changed."""

import json

from werkzeug.exceptions import abort

from odoo.http import request, route

from .portal import PRIVATE_HEADERS, ServicePortal
from .routes import GONE, READ, REQUEST, SERVICE, get_id
from .service_reader import find_reader

_LIVE = {**READ, "save_session": False}


class ServiceLivePortal(ServicePortal):
    # No words, so no language: finding out the reader's would take longer than all the rest.
    @route([f"{SERVICE}/version", f"{REQUEST}/version"], **{**_LIVE, "website": False})
    def portal_my_service_version(self, project_id, task_id=None, **_kwargs):
        reader = self._service_live_gate(project_id, task_id, has_words=False)
        version = reader.project._service_page_version()
        response = self._make_service_json({"version": version})
        response.set_etag(str(version))
        return response.make_conditional(request.httprequest)

    @route([f"{SERVICE}/sections", f"{REQUEST}/sections"], **_LIVE)
    def portal_my_service_sections(self, project_id, task_id=None, since=None, have="", **_kwargs):
        """Return the sections that are not as the page has them.

        :param since: version of the page; without ``have``, all sections are sent if it is old
        :param have: stamps of the sections that the page shows: ``status.1a2b3c4d,needs...``
        """
        reader = self._service_live_gate(project_id, task_id)
        page = self._prepare_service_page(reader, task_id)
        version, known = page["service"]["version"], _read_stamps(have)
        changed = {
            name: section
            for name, section in page["sections"].items()
            if known.get(name) != section.stamp and (known or get_id(since) != version)
        }
        return self._make_service_json(
            {
                "version": version,
                "sections": {name: section.html for name, section in changed.items()},
                "stamps": {name: section.stamp for name, section in changed.items()},
                "announce": page["words"].announce(page["service"], list(changed)),
                "refresh_in": page["refresh_in"],
                "channel": page["channel"],
                "updated": page["words"].updated(page["service"]),
                "now": page["now"],
                "seen_url": reader.get_seen_url(page, changed),
            }
        )

    def _service_live_gate(self, project_id, task_id=None, has_words=True):
        """Return the reader; a page that is no longer theirs is told so, not led to the login."""
        reader = find_reader(request.env["project.project"].browse(project_id), has_words)
        is_theirs = reader and (
            not task_id or reader.project._service_find_request(reader.viewer, task_id)
        )
        if not is_theirs:
            headers = list(PRIVATE_HEADERS.items())
            abort(request.make_response("", headers=headers, status=GONE))
        return reader

    def _make_service_json(self, values):
        headers = [*PRIVATE_HEADERS.items(), ("Content-Type", "application/json; charset=utf-8")]
        return request.make_response(json.dumps(values), headers=headers)


def _read_stamps(have):
    """Return ``{section: stamp}`` of what a page says it shows."""
    return dict(pair.split(".", 1) for pair in have.split(",") if "." in pair)
