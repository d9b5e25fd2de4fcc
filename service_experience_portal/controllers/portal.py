# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from werkzeug.exceptions import MethodNotAllowed, abort

from odoo import fields
from odoo.http import SessionExpiredException, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.service_experience.models.project.service_snapshot_found import REQUEST_LIMIT

from .journey_words import OVER
from .list_words import FIRST
from .page_sections import render_sections
from .page_time import get_milliseconds, get_seconds_to_change
from .reader_language import get_language_values
from .routes import GONE, READ, REQUEST, SERVICE, get_id
from .service_groups import service_groups
from .service_reader import find_reader, get_grant
from .service_words import ServiceWords

# The page is personal, changes by the minute, and its address is nobody else's business.
PRIVATE_HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def get_path(service):
    """Return the address of the page of a service or, where it is one, of a request."""
    path = f"/my/service/{service['id']}"
    return f"{path}/request/{service['request']['id']}" if service["request"] else path


class ServicePortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "service_count" in counters:
            values["service_count"] = self._service_count()
        return values

    def _service_count(self):
        Project = request.env["project.project"]
        domain = Project._service_visible_domain(request.env.user.partner_id)
        # Customers have no access to projects; the domain is the whole answer.
        return Project.sudo().search_count(domain)

    @route("/my/services", type="http", auth="user", methods=["GET"], website=True, readonly=True)
    def portal_my_services(self, **_kwargs):
        viewer = request.env.user.partner_id
        services = request.env["project.project"]._service_customer_summaries(viewer)
        return self._render_service_page(
            "service_experience_portal.service_list",
            page_name="service_list",
            title=request.env._("Your services"),
            groups=service_groups(services, fields.Date.context_today(viewer)),
            timezone=services[0]["timezone"] if services else "UTC",
        )

    @route([SERVICE, REQUEST], **READ)
    def portal_my_service(
        self,
        project_id,
        task_id=None,
        thanks=None,
        answered=None,
        asked=None,
        noted=None,
        **_kwargs,
    ):
        reader = self._service_gate(project_id)
        return self._render_service(
            reader,
            self._service_request(reader, task_id),
            thanks_for=get_id(thanks),
            answered=get_id(answered),
            asked=get_id(asked),
            noted=noted,
        )

    def _service_request(self, reader, task_id):
        """Return the request that a page is about, or answer that there is none; None for all."""
        if task_id and not reader.project._service_find_request(reader.viewer, task_id):
            raise request.not_found()
        return task_id

    def _render_service(self, reader, task_id=None, **values):
        page = self._prepare_service_page(reader, task_id, **values)
        service = page["service"]
        name = service["request"]["label"] if service["request"] else service["name"]
        return self._render_service_page(
            "service_experience_portal.service_page",
            page_name="service_request" if service["request"] else "service",
            title=f"{name} · {service['reference']}",
            timezone=service["timezone"],
            **page,
        )

    def _prepare_service_values(self, reader, task_id=None, in_full=(), **values):
        """Return what the sections of a page are made of.

        :param task_id: request that the page is about; None for the whole service
        :param in_full: names of the lists that are shown as a whole
        :param values: what the sections say besides, see the callers
        """
        limit = REQUEST_LIMIT if "requests" in in_full else FIRST["requests"]
        service = reader.project._service_customer_snapshot(reader.viewer, task_id, limit)
        return {
            **values,
            "service": service,
            "path": get_path(service),
            "words": ServiceWords(request.env, service["timezone"], in_full),
            "reader": reader,
            "preview": reader.preview,
            "csrf_token": request.csrf_token(),
        }

    def _prepare_service_page(self, reader, task_id=None, **values):
        """Return what the page of a service, or of one request, is made of."""
        values = self._prepare_service_values(reader, task_id, **values)
        service = values["service"]
        is_open = service["health"] not in OVER
        return {
            **values,
            "sections": render_sections(request.env, values),
            "refresh_in": get_seconds_to_change(service, values["words"].dates),
            "now": get_milliseconds(values["words"].dates.now),
            # Nothing changes any more on a page that is over.
            "channel": reader.project._service_channel() if is_open else None,
        }

    def _refuse_other_methods(self):
        """Refuse what Odoo lets in besides POST, such as OPTIONS, without a CSRF token."""
        if request.httprequest.method != "POST":
            raise MethodNotAllowed(["POST"])

    def _service_gate(self, project_id):
        """Return who reads the page of a service, or answer that there is none.

        Whoever is not signed in is led to the login, whether there is such a service or not; who
        came by a link that has ended meanwhile is told so.

        :return: ``Reader``
        """
        reader = find_reader(request.env["project.project"].browse(project_id))
        if reader:
            return reader
        if get_grant(project_id):
            page = self._render_ended_link()
            page.flatten()
            abort(page)
        if request.env.user._is_public():
            raise SessionExpiredException("Sign in to see this page")
        raise request.not_found()

    def _render_ended_link(self, token="", is_asked=False, status=GONE):
        """Say that a link does not work; the same words and time for wrong, ended and revoked."""
        return self._render_service_page(
            "service_experience_portal.service_link_page",
            page_name="service_link",
            title=request.env._("This link does not work"),
            token=token,
            is_asked=is_asked,
            status=status,
        )

    def _render_service_page(self, template, timezone="UTC", status=200, **values):
        values = {
            **get_language_values(timezone, values.get("preview")),
            "csrf_token": request.csrf_token(),
            **values,
        }
        return self._keep_private(request.render(template, values, status=status))

    def _redirect_privately(self, location):
        return self._keep_private(request.redirect(location, code=303))

    def _keep_private(self, response):
        response.headers.update(PRIVATE_HEADERS)
        return response
