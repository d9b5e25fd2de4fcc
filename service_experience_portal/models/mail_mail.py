# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import re
from html import escape
from html.parser import HTMLParser
from itertools import accumulate

from odoo import models
from odoo.tools import html2plaintext

_PAGE = r"(/my/service/(\d{1,10})(?:/[a-z]+/\d{1,10})?(?:/[a-z]+)?(?:#\w+)?)"
# On these pages the customer answers.
_ANSWER = re.compile(r"/(?:step|delay)/\d+|#service_delay_")
# So many pages have a link of their own in one mail; the others are opened after a login.
MAX_LINKS = 50


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, *args, **kwargs):
        """Give every recipient a link of their own to the pages of services in the mail.

        Only now, when it leaves: what is stored, and read by others, holds the plain address.
        """
        emails = super()._prepare_outgoing_list(*args, **kwargs)
        for email in emails:
            if email.get("partner_id"):
                self._sign_service_links(email)
        return emails

    def _sign_service_links(self, email):
        """Replace the addresses of pages that the recipient of this outgoing mail may open.

        Only where a link leads there: as a part of another address, such as that of a picture,
        the key would be told to whoever wrote the mail.
        """
        body, partner = email["body"] or "", email["partner_id"]
        base, signed = self.get_base_url(), {}
        if f"{base}/my/service/" not in body:
            return
        pattern = re.compile(re.escape(base) + _PAGE, re.ASCII)

        def sign(url):
            match = pattern.fullmatch(url)
            if match and url not in signed and len(signed) < MAX_LINKS:
                signed[url] = self._get_signed_link(partner, match[1], int(match[2]))
            return signed.get(url)

        body = _replace_links(body, sign)
        if any(signed.values()):
            email |= {"body": body, "body_alternative": html2plaintext(body)}

    def _get_signed_link(self, partner, path, project_id):
        # sudo: the mail queue writes to whoever the sender chose.
        service_sudo = self.env["project.project"].sudo().browse(project_id)
        if not service_sudo._service_is_visible_to(partner):
            return None
        scope = "act" if _ANSWER.search(path) else "read"
        token = self.env["service.portal.link"]._make(service_sudo, partner, path, scope)
        return f"{self.get_base_url()}/s/{token}"


class _LinkFinder(HTMLParser):
    """Finds the tags of links in HTML, as ``(begin, end, attributes)``."""

    def __init__(self, text):
        super().__init__()
        self.links = []
        lines = re.findall(r"[^\n]*\n|[^\n]+", text)
        self._starts = [0, *accumulate(map(len, lines))]
        try:
            self.feed(text)
        except AssertionError:  # so says the parser of what is no HTML
            self.links = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            line, column = self.getpos()
            begin = self._starts[line - 1] + column
            self.links.append((begin, begin + len(self.get_starttag_text()), dict(attrs)))


def _replace_links(text, replace):
    """Return HTML in which links lead to where ``replace`` says, if it does; the rest stays."""
    parts, end = [], 0
    for begin, after, attributes in _LinkFinder(text).links:
        if url := replace(attributes.get("href") or ""):
            attributes["href"] = url
            words = "".join(
                f' {name}="{escape(value or "")}"' for name, value in attributes.items()
            )
            parts += [text[end:begin], f"<a{words}>"]
            end = after
    return "".join([*parts, text[end:]])
