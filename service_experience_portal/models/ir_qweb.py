# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models
from odoo.http import request


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _post_processing_att(self, tag_name, atts):
        """Keep readers in the language that the address of their page names.

        Nodes without a value are the same in every page: they are compiled once and stay.
        """
        is_static = atts.get("__is_static_node")
        atts = super()._post_processing_att(tag_name, atts)
        if not is_static and request and getattr(request, "service_url_lang", None):
            keep = self.env["ir.http"]._keep_service_lang
            return {
                # What a field holds is sent back to us, or the words of a person.
                name: keep(value) if isinstance(value, str) and name != "value" else value
                for name, value in atts.items()
            }
        return atts
