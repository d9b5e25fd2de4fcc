# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The language of a customer's page is that of its reader.

Odoo takes the language of a public page from its address, else from a cookie that the first page
somebody opened has set, and leads from there to an address with a language. On our pages an address
that names a language wins, too; otherwise the reader's own language counts, then the cookie, and
nobody is led to another address.
"""

import re

from werkzeug.exceptions import NotFound

from odoo import models
from odoo.http import request

PAGE = re.compile(r"(?:/(?P<lang>[^/]+))?(?P<path>/my/services?(?:/.*)?)")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _match(cls, path):
        """Read the language out of the address of our pages."""
        page = PAGE.fullmatch(path)
        if not page or hasattr(request, "is_frontend"):
            return super()._match(path)
        lang = request.env["res.lang"]._get_data(url_code=page["lang"] or "")
        if page["lang"] and not lang:
            return super()._match(path)
        request.service_url_lang = lang
        request.is_frontend, request.is_frontend_multilang = True, False
        if lang:
            request.reroute(page["path"])
        try:
            rule, args = super()._match(page["path"])
        except ValueError as error:  # a number of more digits than Python reads
            raise NotFound from error
        # What is no page for people needs no language, and no time to find it out.
        request.is_frontend = rule.endpoint.routing.get("website", False)
        return rule, args

    @classmethod
    def _frontend_pre_dispatch(cls):
        """Begin, and end with an error, in the language of whoever sits before the screen."""
        if hasattr(request, "service_url_lang"):
            # Found once: after an error the database may not answer any more.
            if not hasattr(request, "service_own_lang"):
                user = request.env.user
                reader = user.browse() if user._is_public() else user
                request.service_own_lang = cls._get_service_lang(reader.partner_id)
            request.lang = request.service_own_lang
        return super()._frontend_pre_dispatch()

    @classmethod
    def _get_service_lang(cls, reader):
        """Return the language in which ``reader`` reads our pages.

        :param reader: partner, or none where nobody is known
        :return: ``LangData``
        """
        ir_http, url_lang = request.env["ir.http"], getattr(request, "service_url_lang", None)
        wishes = [
            url_lang.code if url_lang else None,
            # sudo: who may open the page of somebody may know in which language they read.
            reader.sudo().lang,
            request.lang.code if hasattr(request, "lang") else None,
            request.cookies.get("frontend_lang"),
            request.env.context.get("lang"),
        ]
        spoken = (ir_http.get_nearest_lang(code) for code in wishes if code)
        code = next(filter(None, spoken), None) or cls._get_default_lang().code
        return request.env["res.lang"]._get_data(code=code)

    @classmethod
    def _service_read_as(cls, reader, record):
        """Go on in the language of the reader.

        :param reader: partner for whom a page of ours is made
        :param record: any record
        :return: the record in that language
        """
        request.lang = cls._get_service_lang(reader)
        if request.env.user._is_public():
            request.service_own_lang = request.lang
        request.update_context(lang=request.lang.code)
        return record.with_context(lang=request.lang.code)

    @classmethod
    def _get_service_html(cls, lang):
        """Return what ``<html>`` and the root of our pages say about their language.

        :param lang: ``LangData``
        """
        return {"lang": lang.code.split("@")[0].replace("_", "-"), "dir": lang.direction}

    # An address that names a language leads to addresses that do, too.

    @classmethod
    def _keep_service_lang(cls, url):
        """Return an address of our pages in the language that the present one names, if any."""
        lang = getattr(request, "service_url_lang", None)
        is_ours = lang and re.match(r"/my/services?(?=[/?#]|$)", url)
        return f"/{lang.url_code}{url}" if is_ours else url

    @classmethod
    def _redirect(cls, location, code=303):
        return super()._redirect(cls._keep_service_lang(location), code=code)

    @classmethod
    def _is_multilang_url(cls, local_url, lang_url_codes=None):
        """Let nobody else put a language into our addresses."""
        if PAGE.fullmatch(re.split("[?#]", local_url)[0]):
            return False
        return super()._is_multilang_url(local_url, lang_url_codes)

    @classmethod
    def _get_error_html(cls, env, code, values):
        if hasattr(request, "service_url_lang"):
            html = cls._get_service_html(request.lang)
            values = {
                "title": env._("This page cannot be shown"),
                "html_data": html,
                "html_dir": html["dir"],
                **values,
            }
        return super()._get_error_html(env, code, values)
