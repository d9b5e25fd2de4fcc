# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The sentences of the history. “We” is the company that does the work, “you” its customer."""

from odoo import fields
from odoo.tools import format_date


def get_sentence(env, key, params, show_day=None, show_name=str):
    """Return what happened as one sentence in the language of ``env``.

    :param key: key of a timeline entry
    :param params: its parameters
    :param show_day: puts a ``date`` into words; in the language of ``env`` if not given
    :param show_name: puts what a person wrote into a sentence of ours
    """
    show_day = show_day or (lambda day: format_date(env, day))

    def show(name, value):
        return show_day(fields.Date.to_date(value)) if name in _DAYS else show_name(value)

    values = {name: value and show(name, value) for name, value in (params or {}).items()}
    sentences = _get_sentences(env)
    return sentences[key](values) if key in sentences else ""


_DAYS = ("day", "old_day")


def _get_sentences(env):
    return {
        "step_requested": lambda v: env._("We asked you: %(title)s", title=v["title"]),
        "step_elsewhere": lambda v: (
            env._("We asked %(who)s: %(title)s", **v)
            if v.get("who")
            else env._("We asked others: %(title)s", title=v["title"])
        ),
        "step_submitted": lambda v: env._("You answered: %(title)s", title=v["title"]),
        "step_noted": lambda v: env._("We noted your answer: %(title)s", title=v["title"]),
        "step_returned": lambda v: env._("We asked again: %(title)s", title=v["title"]),
        "step_done": lambda v: env._("Done: %(title)s", title=v["title"]),
        "step_waived": lambda v: env._("No longer needed: %(title)s", title=v["title"]),
        "step_cancelled": lambda v: env._("No longer needed: %(title)s", title=v["title"]),
        "commitment_made": lambda v: (
            env._("We promised “%(name)s” for %(day)s.", **v)
            if v.get("day")
            else env._("We promised “%(name)s”.", name=v["name"])
        ),
        "commitment_noted": lambda v: (
            env._("You promised “%(name)s” for %(day)s.", **v)
            if v.get("day")
            else env._("You promised “%(name)s”.", name=v["name"])
        ),
        "commitment_moved": lambda v: (
            env._("“%(name)s” moved from %(old_day)s to %(day)s.", **v)
            if v.get("day") and v.get("old_day")
            else env._("“%(name)s” has a new date.", name=v["name"])
        ),
        "commitment_accepted": lambda v: env._(
            "We noted that you accepted the new date of “%(name)s”.", **v
        ),
        "commitment_contested": lambda v: env._(
            "We noted that you did not accept the new date of “%(name)s”.", **v
        ),
        "delay_told": lambda v: (
            env._("“%(name)s” takes longer: the date moved from %(old_day)s to %(day)s.", **v)
            if v.get("day") and v.get("old_day")
            else env._("“%(name)s” takes longer. We tell you the new date.", name=v["name"])
        ),
        "delay_accepted": lambda v: env._("You accepted the new date of “%(name)s”.", **v),
        "delay_contested": lambda v: env._("You did not accept the new date of “%(name)s”.", **v),
        "delay_asked": lambda v: env._("You asked about “%(name)s”.", **v),
        "delay_doubted": lambda v: env._("You asked whether “%(name)s” is still on time.", **v),
        "commitment_kept": lambda v: env._("“%(name)s” is done, as promised.", name=v["name"]),
        "commitment_late": lambda v: env._(
            "“%(name)s” is done, later than promised.", name=v["name"]
        ),
        "commitment_broken": lambda v: env._(
            "We did not keep our promise “%(name)s”.", name=v["name"]
        ),
        "commitment_withdrawn": lambda v: env._("“%(name)s” was called off.", name=v["name"]),
        "fact_corrected": lambda v: env._("You corrected “%(question)s”.", question=v["question"]),
        "handoff_accepted": lambda v: env._(
            "%(who)s takes care of this from now on.", who=v["who"]
        ),
        "progress_milestone": lambda v: env._("Reached: %(label)s", label=v["label"]),
    }
