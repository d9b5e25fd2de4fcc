# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""Who reads a page: the customer, whoever has a link of theirs, or a colleague."""

import re
from typing import NamedTuple

from odoo.http import request
from odoo.models import BaseModel

# The pages of a service that a reader comes back to.
PAGE = re.compile(
    r"/my/service/(\d+)(?:/(?:step|request|facts)/\d+|/delay/\d+/answer|/messages|/preferences)?"
)
# Where the session keeps which links were opened in it: ``{project id: {...}}``.
GRANTS = "service_portal_grants"


class Reader(NamedTuple):
    """Who reads the page of a service, and what they may do there.

    :param project: the service
    :param viewer: partner for whom the page is made
    :param preview: None for the customer, a list of sentences for a colleague
    :param link_sudo: the link by which they came, empty for whoever is signed in
    :param is_confirmed: whether they showed by a code that the link was sent to them
    """

    project: BaseModel
    viewer: BaseModel
    preview: list | None
    link_sudo: BaseModel
    is_confirmed: bool = False

    @property
    def refusal(self):
        """Return why this reader cannot answer: ``preview``, ``confirm``, ``read``, or None."""
        if self.preview is not None:
            return "preview"
        if not self.link_sudo or self.is_confirmed:
            return None
        return "confirm" if self.link_sudo.scope == "act" else "read"

    def is_seeing(self, service):
        """Tell whether it is worth knowing that the page was looked at."""
        return self.preview is None and bool(self.link_sudo or self._has_unseen(service))

    def get_seen_url(self, page, sections):
        """Return where an open page tells that these sections were looked at, if that matters."""
        is_told = self.preview is None and not {"needs", "delays"}.isdisjoint(sections)
        is_new = is_told and self._has_unseen(page["service"])
        return f"{page['path']}/seen" if is_new else None

    def _has_unseen(self, service):
        return bool(service["needs"]) or any(delay["unseen"] for delay in service["delays"])

    def get_page(self):
        """Return the page to come back to; after a form that was not taken, the form."""
        return PAGE.match(request.httprequest.path)[0]


def find_reader(project, has_words=True):
    """Return who reads the page of this service, or None where it does not exist for them.

    :param has_words: from here on the request speaks their language
    """
    reader = _find_reader(project)
    if reader is None or not has_words:
        return reader
    return reader._replace(project=request.env["ir.http"]._service_read_as(reader.viewer, project))


def _find_reader(project):
    user, no_link = request.env.user, request.env["service.portal.link"]
    if not user._is_public() and project._service_fetch_for(user.partner_id):
        return Reader(project, user.partner_id, None, no_link)
    if user._is_internal() and project._service_can_be_previewed():
        reasons = project._service_preview_reasons()
        # sudo: a colleague may see the page, not every customer.
        return Reader(project, project.sudo().partner_id, reasons, no_link)
    return _find_link_reader(project)


def _find_link_reader(project):
    grant = get_grant(project.id)
    if not grant:
        return None
    # sudo: whoever has a link may not read links.
    link_sudo = request.env["service.portal.link"].sudo()._fetch_granted(grant["link"])
    viewer = link_sudo.partner_id.sudo(False)
    if link_sudo.project_id != project or not project._service_fetch_for(viewer):
        return None
    if not link_sudo.is_working:
        return None
    return Reader(project, viewer, None, link_sudo, grant["confirmed"])


def get_grant(project_id):
    """Return what a link has opened in this session, or None.

    Whoever signs in at the same browser is somebody else.
    """
    grant = request.session.get(GRANTS, {}).get(str(project_id))
    return grant if grant and grant["user"] == request.session.uid else None


def open_grant(link_sudo):
    """Let this session read by a link; whoever could do more by another of theirs still can.

    Otherwise they could not send what they have written in another tab.
    """
    grant = get_grant(link_sudo.project_id.id)
    former_sudo = link_sudo.browse(grant["link"] if grant else []).exists()
    is_theirs = former_sudo.is_working and former_sudo.partner_id == link_sudo.partner_id
    is_only_read = (former_sudo.scope, link_sudo.scope) == ("act", "read")
    if not (is_theirs and (grant["confirmed"] or is_only_read)):
        set_grant(link_sudo)


def set_grant(link_sudo, confirmed=False):
    """Let this session read by a link, and answer if it was confirmed."""
    grant = {"link": link_sudo.id, "confirmed": confirmed, "user": request.session.uid}
    # A new value, because a session is saved when a key of it is set.
    grants = request.session.get(GRANTS, {})
    request.session[GRANTS] = {**grants, str(link_sudo.project_id.id): grant}
