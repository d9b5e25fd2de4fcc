# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from werkzeug.exceptions import MethodNotAllowed

from odoo import fields
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from .reader_language import get_language_values
from .service_groups import service_groups

# The page is personal, changes by the minute, and its address is nobody else's business.
PRIVATE_HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
MAX_ID = 2**31 - 1
SERVICE = f"/my/service/<int(max={MAX_ID}):project_id>"
# Answers that differ from a page: what was sent cannot be taken, nothing waits for it, or it is
# not for this reader to send.
UNFIT, CLOSED, FORBIDDEN = 422, 409, 403


def get_id(text):
    """Return the number that a reader sent, or None; it may be of nothing."""
    is_number = isinstance(text, str) and text.isascii() and text.isdecimal()
    return int(text) if is_number and len(text) <= len(str(MAX_ID)) else None


def get_text(text):
    """Return the words that a reader sent.

    The database takes no NUL; a form of a browser never sends one.
    """
    return str(text or "").replace("\x00", "")


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

    @route(SERVICE, type="http", auth="user", methods=["GET"], website=True, readonly=True)
    def portal_my_service(self, project_id, thanks=None, answered=None, asked=None, **_kwargs):
        project, viewer, preview = self._service_gate(project_id)
        return self._render_service(
            project,
            viewer,
            preview,
            thanks_for=get_id(thanks),
            answered=get_id(answered),
            asked=get_id(asked),
        )

    def _render_service(self, project, viewer, preview, **values):
        service = project._service_customer_snapshot(viewer)
        return self._render_service_page(
            "service_experience_portal.service_page",
            page_name="service",
            title=f"{service['name']} · {service['reference']}",
            service=service,
            preview=preview,
            timezone=service["timezone"],
            **values,
        )

    def _refuse_other_methods(self):
        """Refuse what Odoo lets in besides POST, such as OPTIONS, without a CSRF token."""
        if request.httprequest.method != "POST":
            raise MethodNotAllowed(["POST"])

    def _service_gate(self, project_id):
        """Return the service and for whom its page is made, or answer that there is none.

        :return: ``(project, partner, preview)``, see ``_service_reader``
        """
        project = request.env["project.project"].browse(project_id)
        viewer, preview = self._service_reader(project)
        if viewer is None:
            raise request.not_found()
        return request.env["ir.http"]._service_read_as(viewer, project), viewer, preview

    def _service_reader(self, project):
        """Return for whom the page is made, and what staff should know about it.

        :return: ``(partner, preview)``; partner is None where the page does not exist for
            this user, preview is None for the customer and a list of sentences for staff
        """
        user = request.env.user
        if project._service_fetch_for(user.partner_id):
            return user.partner_id, None
        if user._is_internal() and project._service_can_be_previewed():
            return project.sudo().partner_id, project._service_preview_reasons()
        return None, None

    def _render_service_page(self, template, timezone="UTC", status=200, **values):
        values = get_language_values(timezone, values.get("preview")) | values
        response = request.render(template, values, status=status)
        response.headers.update(PRIVATE_HEADERS)
        return response
