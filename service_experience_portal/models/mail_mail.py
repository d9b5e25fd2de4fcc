# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import re

from odoo import models

_PAGE = r"(/my/service/(\d+)(?:/[a-z]+/\d+)?(?:/[a-z]+)?(?:#\w+)?)(?![\w/])"
# On these pages the customer answers.
_ANSWER = re.compile(r"/(?:step|delay)/\d+|#service_delay_")


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
        """Replace the addresses of pages that the recipient of this outgoing mail may open."""
        partner, signed = email["partner_id"], {}
        pattern = re.compile(re.escape(self.get_base_url()) + _PAGE)

        def sign(match):
            if match[0] not in signed:
                signed[match[0]] = self._get_signed_link(partner, match[1], int(match[2]))
            return signed[match[0]] or match[0]

        for part in ("body", "body_alternative"):
            if email.get(part):
                email[part] = pattern.sub(sign, email[part])

    def _get_signed_link(self, partner, path, project_id):
        # sudo: the mail queue writes to whoever the sender chose.
        service_sudo = self.env["project.project"].sudo().browse(project_id)
        if not service_sudo._service_is_visible_to(partner):
            return None
        scope = "act" if _ANSWER.search(path) else "read"
        token = self.env["service.portal.link"]._make(service_sudo, partner, path, scope)
        return f"{self.get_base_url()}/s/{token}"
