# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What of the HTML of a message is fit for the page of a customer."""

import re
from urllib.parse import unquote, urlsplit

from lxml import html
from markupsafe import Markup

from odoo.tools import html_sanitize

_SCHEMES = {"http", "https", "mailto", "tel"}
_OUR_PAGE = re.compile(r"/my/service/[\w/]+")
# Pictures can tell somebody else that the page was opened; the others are no text.
_DROPPED = ("img", "picture", "video", "audio", "iframe", "object", "embed", "style")
# Ids and classes of a mail could take those of the page.
_KEPT_ATTRIBUTES = {"href", "dir", "lang", "colspan", "rowspan", "data-o-mail-quote"}


def clean_body(body, base_url):
    """Return the words of a message as HTML without pictures, styles and keys to other pages.

    A mail that was answered to is quoted in the answer, with links that open pages without a
    password: links to this server remain only where they lead to a page of a service.

    :param str base_url: address of this server
    :rtype: Markup
    """
    clean = html_sanitize(body or "", sanitize_attributes=True, strip_style=True)
    if not clean.strip():
        return Markup("")
    root = html.fragment_fromstring(str(clean), create_parent="div")
    for node in list(root.iter(*_DROPPED)):
        node.drop_tree()
    for node in root.iter(html.etree.Element):
        _clean_attributes(node)
    for link in list(root.iter("a")):
        _clean_link(link, base_url)
    inner = html.tostring(root, encoding="unicode", with_tail=False)
    return Markup(_hide_keys(inner, base_url))  # noqa: S704  sanitized above


def _clean_attributes(node):
    for name in set(node.attrib) - _KEPT_ATTRIBUTES:
        del node.attrib[name]


def _clean_link(link, base_url):
    parts = _split(link.get("href") or "")
    is_ours = parts and (not parts.netloc or parts.netloc == urlsplit(base_url).netloc)
    if not parts or (parts.scheme or "https") not in _SCHEMES:
        link.drop_tag()
    elif parts.scheme in ("mailto", "tel"):
        return
    elif is_ours and (parts.query or not _OUR_PAGE.fullmatch(parts.path)):
        link.drop_tag()
    elif not is_ours and f"//{urlsplit(base_url).netloc}/" in unquote(link.get("href")):
        link.drop_tag()  # of a mail filter, with an address of ours, and its key, in it
    else:
        link.set("rel", "noopener noreferrer nofollow")


def _split(url):
    try:
        return urlsplit(url.strip())
    except ValueError:  # no address at all
        return None


def _hide_keys(text, base_url):
    """Shorten addresses of this server that carry a key, also where they are no links."""

    def shorten(match):
        has_key = f"{base_url}/s/" in match[0] or "?" in match[0] or "&" in match[0]
        return f"{base_url}/my/services" if has_key else match[0]

    # Each address is read once, however often it holds the name of this server.
    return re.sub(re.escape(base_url) + r"/[^\s<>\"]*", shorten, text)
