# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from markupsafe import Markup

from odoo import models
from odoo.tools.misc import get_lang


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _service_mail_body(self, body):
        """Return the body of a mail to this person, which says how it is read.

        Programs show a mail from left to right, and read it aloud in the language of their owner,
        where it says nothing else.

        :param Markup body: words in the language of this person
        """
        lang = get_lang(self.env, self.lang or self.env.lang or "en_US")
        code = lang.code.split("@")[0].replace("_", "-")
        return Markup('<div lang="%s" dir="%s">%s</div>') % (code, lang.direction, body)
