# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What the customer reads about a delay: the same words in the mail and in the preview."""

from markupsafe import Markup

from odoo.tools import format_date, format_datetime


def get_subject(env, values):
    """Return the answer in one line, in the language of ``env``.

    :param values: dict with ``what``, ``new_from``, ``new_to`` and ``known_by`` (dates)
    """
    if values["new_to"]:
        return env._(
            "New date for “%(what)s”: %(day)s",
            what=values["what"],
            day=get_range(env, values["new_from"], values["new_to"]),
        )
    return env._("“%(what)s” takes longer", what=values["what"])


def get_body(env, values):
    """Return the message in the language of ``env``.

    :param values: as above, with ``explanation``, ``doing``, ``means``, ``confidence``,
        ``next_update`` (naive UTC), ``timezone``, ``options`` (list of str) and ``url``
    """
    options = Markup("").join(Markup("<li>%s</li>") % option for option in values["options"])
    parts = [
        _paragraphs(values["explanation"]),
        _paragraph(_get_date_sentence(env, values)),
        _titled(env._("What we do:"), values["doing"]),
        _titled(env._("What it means for you:"), values["means"]),
        options and Markup("<p><b>%s</b></p><ul>%s</ul>") % (env._("You can choose:"), options),
        _paragraph(_get_update_sentence(env, values)),
        values["url"]
        and Markup('<p><a href="%s">%s</a></p>')
        % (values["url"], env._("Accept the new date, or ask us")),
    ]
    return Markup("").join(part for part in parts if part)


def get_range(env, first, last):
    """Return one day, or the first and the last of several."""
    if not first or first == last:
        return format_date(env, last)
    return env._(
        "%(first)s to %(last)s", first=format_date(env, first), last=format_date(env, last)
    )


def _get_date_sentence(env, values):
    what = values["what"]
    if not values["new_to"]:
        day = values["known_by"] and format_date(env, values["known_by"])
        return day and env._(
            "We tell you the new date of “%(what)s” by %(day)s.", what=what, day=day
        )
    day = get_range(env, values["new_from"], values["new_to"])
    if values["confidence"] == "firm":
        return env._("The new date of “%(what)s” is %(day)s.", what=what, day=day)
    if values["confidence"] == "likely":
        return env._("The new date of “%(what)s” is probably %(day)s.", what=what, day=day)
    return env._(
        "The new date of “%(what)s”, as far as we can tell today: %(day)s.", what=what, day=day
    )


def _get_update_sentence(env, values):
    if not values["next_update"]:
        return ""
    moment = format_datetime(env, values["next_update"], tz=values["timezone"], dt_format="short")
    return env._("You hear from us again by %(moment)s at the latest.", moment=moment)


def _paragraphs(text):
    lines = (line.strip() for line in (text or "").splitlines())
    return Markup("").join(_paragraph(line) for line in lines if line)


def _paragraph(text):
    return text and Markup("<p>%s</p>") % text


def _titled(title, text):
    return text and Markup("<p><b>%s</b> %s</p>") % (title, text)
