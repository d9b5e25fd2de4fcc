# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""What a page needs to speak to its reader, and to a colleague who looks at it."""

from odoo.http import request

from .service_words import ServiceWords


def get_language_values(timezone, preview):
    """Return the values of a page that depend on the language in which it is read.

    :param preview: None unless a colleague looks at it, see ``_service_reader``
    """
    html = request.env["ir.http"]._get_service_html(request.lang)
    return {
        "words": ServiceWords(request.env, timezone),
        "html_data": html,
        "html_dir": html["dir"],
        "staff": None if preview is None else _get_staff_values(timezone),
    }


def _get_staff_values(timezone):
    """Return the same for the notes to the colleague: they are in the colleague's language."""
    lang = request.env["res.lang"]._get_data(code=request.env.user.lang) or request.lang
    env = request.env(context={**request.env.context, "lang": lang.code})
    return {
        "code": lang.code,
        "words": ServiceWords(env, timezone),
        **request.env["ir.http"]._get_service_html(lang),
    }
