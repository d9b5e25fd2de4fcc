# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import re
from urllib.parse import quote

from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        """Take the links of the sender out of a mail that came in.

        An answer quotes our mail with the link that was made for its recipient: whoever reads the
        conversation, or gets it by mail, could open the page as them.
        """
        values = super().message_parse(message, save_original=save_original)
        if values.get("body"):
            body = values["body"]
            # HTML remains HTML, and text text.
            values["body"] = type(body)(self._hide_service_links(body))
        return values

    def _hide_service_links(self, body):
        """Replace links to pages of services, also within the addresses of mail filters."""
        base = self.get_base_url()
        for own, new in (
            (f"{base}/s/", f"{base}/my/services"),
            (quote(f"{base}/s/", safe=""), quote(f"{base}/my/services", safe="")),
        ):
            body = re.sub(re.escape(own) + r"[\w-]{43}", new, body, flags=re.IGNORECASE)
        return body
