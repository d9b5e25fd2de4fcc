# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The links in mails: opened, renewed, and confirmed by a code before anything is answered."""

import time

from odoo import fields
from odoo.exceptions import LockError
from odoo.http import request, root, route

from .guess_limit import LIMIT
from .portal import ServicePortal
from .routes import READ, SEND, SERVICE, UNFIT, get_text
from .service_reader import PAGE, open_grant, set_grant

TOO_MANY = 429
# The answer to a link that does not work takes so long, in seconds, whatever the reason.
REFUSAL_TAKES = 0.25
# To an address that guesses on it takes less, so that guessing keeps no process of ours busy.
LIMITED_REFUSAL_TAKES = 0.05
# No page of ours has a longer address.
LONGEST = 200


class ServiceLinkPortal(ServicePortal):
    @route("/s/<string:token>", **READ)
    def portal_service_link(self, token, **_kwargs):
        started = time.monotonic()
        # A right one opens also after many wrong ones: others share their address, and whoever
        # guesses finds none of 2**256, however often they may try.
        link_sudo = request.env["service.portal.link"]._find(token)
        project, person = link_sudo.project_id, link_sudo.partner_id
        if not (link_sudo.is_working and project._service_is_visible_to(person)):
            return self._refuse_link(token, started)
        if not request.session.is_new:
            self._change_session_key()
        open_grant(link_sudo)
        return self._redirect_privately(link_sudo.path)

    def _refuse_link(self, token, started):
        """Say that a link does not work, and count it as a guess."""
        address = request.httprequest.remote_addr
        is_limited = LIMIT.is_reached(address)
        takes = LIMITED_REFUSAL_TAKES if is_limited else REFUSAL_TAKES
        time.sleep(max(0, started + takes - time.monotonic()))
        if is_limited:
            return self._render_ended_link(token, status=TOO_MANY)
        LIMIT.count(address)
        return self._render_ended_link(token)

    @route("/s/renew", **SEND)
    def portal_service_link_renew(self, token="", **_kwargs):
        self._refuse_other_methods()
        address = request.httprequest.remote_addr
        if LIMIT.is_reached(address):
            return self._render_ended_link(token, status=TOO_MANY)
        LIMIT.count(address)
        link_sudo = request.env["service.portal.link"]._find(get_text(token))
        # The mail is sent by a job, so that the time tells nothing.
        link_sudo.renewal_asked_at = fields.Datetime.now()
        cron = request.env.ref("service_experience_portal.service_portal_link_cron_renew")
        cron.sudo()._trigger()  # sudo: whoever asks may start no jobs
        return self._render_ended_link(token, is_asked=True, status=200)

    @route(f"{SERVICE}/confirm", **READ)
    def portal_my_service_confirm(self, project_id, page=None, **_kwargs):
        reader = self._service_gate(project_id)
        if reader.refusal != "confirm":
            return self._redirect_privately(self._get_service_path(project_id, page))
        return self._render_confirm(reader, page)

    @route(f"{SERVICE}/code", **SEND)
    def portal_my_service_code(self, project_id, page=None, **_kwargs):
        self._refuse_other_methods()
        reader = self._service_gate(project_id)
        if reader.refusal != "confirm":
            return self._redirect_privately(self._get_service_path(project_id, page))
        is_sent = reader.link_sudo._can_make_code()
        if is_sent:
            reader.link_sudo._send_code()
        return self._render_confirm(reader, page, is_sent=is_sent, problem=not is_sent and "wait")

    @route(f"{SERVICE}/confirm", **SEND)
    def portal_my_service_confirm_code(self, project_id, page=None, code="", **_kwargs):
        self._refuse_other_methods()
        reader = self._service_gate(project_id)
        address = request.httprequest.remote_addr
        if reader.refusal == "confirm":
            if LIMIT.is_reached(address):
                return self._render_confirm(reader, page, problem="wait", status=TOO_MANY)
            if not self._is_right_code(reader.link_sudo, code):
                LIMIT.count(address)
                return self._render_confirm(reader, page, problem="wrong", status=UNFIT)
            self._change_session_key()
            set_grant(reader.link_sudo, confirmed=True)
        return self._redirect_privately(self._get_service_path(project_id, page))

    def _change_session_key(self):
        """Let whoever knew the key of the session until now neither read nor answer."""
        root.session_store.rotate(request.session, request.env, soft=True)

    def _is_right_code(self, link_sudo, code):
        try:
            return link_sudo._take_code("".join(get_text(code).split()))
        except LockError:  # somebody else tries at this very moment
            return False

    def _get_service_path(self, project_id, page):
        """Return a page of this service: the one that was asked for, if it is one."""
        page = get_text(page)
        match = len(page) <= LONGEST and PAGE.fullmatch(page)
        is_here = match and int(match[1]) == project_id
        return page if is_here else f"/my/service/{project_id}"

    def _render_confirm(self, reader, page, status=200, **values):
        header = reader.project._service_customer_title(reader.viewer)
        return self._render_service_page(
            "service_experience_portal.service_confirm_page",
            page_name="service_confirm",
            title=f"{request.env._('Your code')} · {header['name']}",
            service=header,
            page=self._get_service_path(reader.project.id, page),
            timezone=header["timezone"],
            status=status,
            **{"is_sent": False, "problem": None, **values},
        )
