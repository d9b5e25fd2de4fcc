# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What the customer reads about a delay: the same words in the mail and in the preview."""

from markupsafe import Markup

from ..journey.reader_dates import ReaderDates


def get_subject(env, values):
    """Return the answer in one line, in the language of ``env``.

    :param values: dict with ``what``, ``new_from``, ``new_to`` and ``known_by`` (dates), and
        ``timezone``
    """
    if values["new_to"]:
        return env._(
            "New date for “%(what)s”: %(day)s", what=values["what"], day=get_new_day(env, values)
        )
    return env._("“%(what)s” takes longer", what=values["what"])


def get_body(env, values):
    """Return the message in the language of ``env``.

    :param values: as above, with ``explanation``, ``doing``, ``means``, ``confidence``,
        ``next_update`` (naive UTC), ``options`` (list of str) and ``url``
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


def get_new_day(env, values):
    """Return the new date, or the range of it; the day by which it is known if it is not yet."""
    dates = ReaderDates.of(env, values["timezone"])
    if values["new_to"]:
        return dates.range(env, values["new_from"], values["new_to"])
    return values["known_by"] and dates.short(values["known_by"])


def _get_date_sentence(env, values):
    what, day = values["what"], get_new_day(env, values)
    if not values["new_to"]:
        return day and env._(
            "We tell you the new date of “%(what)s” by %(day)s.", what=what, day=day
        )
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
    moment = ReaderDates.of(env, values["timezone"]).moment(values["next_update"])
    return env._("You hear from us again by %(moment)s at the latest.", moment=moment)


def _paragraphs(text):
    lines = (line.strip() for line in (text or "").splitlines())
    return Markup("").join(_paragraph(line) for line in lines if line)


def _paragraph(text):
    return text and Markup("<p>%s</p>") % text


def _titled(title, text):
    return text and Markup("<p><b>%s</b> %s</p>") % (title, text)
