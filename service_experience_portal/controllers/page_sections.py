# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The sections of the page in reading order, each rendered by itself: it can be replaced."""

import hashlib
import re
from typing import NamedTuple

from markupsafe import Markup

# A template ``service_section_<name>`` for each; one that has nothing to say is empty. The first
# that changed is announced, so the title, which stands above all, comes last.
SECTIONS = (
    "status",
    "needs",
    "delays",
    "steps",
    "next",
    "promises",
    "requests",
    "contact",
    "handoff",
    "facts",
    "timeline",
    "title",
)
STAMP_LENGTH = 8
# The indentation of templates would be a fifth of the page, on every phone.
SPACE = re.compile(r">\s{2,}<")
# What may be old on an open page: that a reader was told is no news to them.
UNSTAMPED = re.compile(r'<p\b[^>]* data-unstamped="[^>]*>.*?</p>', re.DOTALL)


class Section(NamedTuple):
    """The HTML of a section, and a stamp that differs when a reader would see a difference."""

    html: Markup
    stamp: str


def render_sections(env, values):
    """Return the sections of a page.

    :param values: ``service``, ``words``, ``reader`` and ``csrf_token``, for the templates
    :return: ``{name: Section}``
    """
    return {name: _render(env, name, values) for name in SECTIONS}


def _render(env, name, values):
    html = env["ir.qweb"]._render(f"service_experience_portal.service_section_{name}", values)
    html = Markup(SPACE.sub(">\n<", html.strip()))
    content = UNSTAMPED.sub("", html)
    content = content.replace(values["csrf_token"], "")  # another one each time
    return Section(html, hashlib.sha256(content.encode()).hexdigest()[:STAMP_LENGTH])
