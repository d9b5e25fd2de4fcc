# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Why a delay is suspected, in one sentence for colleagues, with its numbers."""

from odoo import fields
from odoo.tools import format_date, format_datetime


def get_signal_sentence(env, rule, signal):
    """Return why a rule, or a person, put a promise in doubt, in the language of ``env``.

    :param rule: key of ``RULES``
    :param signal: the numbers that the rule stored; a missing one gives a shorter sentence
    """
    sentence = _get_sentences(env).get(rule)
    try:
        return sentence(_get_values(env, signal)) if sentence else ""
    except KeyError:
        return dict(env["service.delay"]._fields["rule"]._description_selection(env)).get(rule, "")


def _get_values(env, signal):
    """Return the values of a sentence: moments and days in words, all else as it is."""
    values = dict(signal)
    for name in ("at", "since", "p50", "p80"):
        if signal.get(name):
            moment = fields.Datetime.to_datetime(signal[name])
            values[name] = format_datetime(env, moment, dt_format="short")
    if signal.get("day"):
        values["day"] = format_date(env, fields.Date.to_date(signal["day"]))
    return values


def _get_sentences(env):
    return {
        "promise_near": lambda v: env._(
            "It is promised for %(day)s, and more than the last step is left.", day=v["day"]
        ),
        "sla_warning": lambda v: env._("Its SLA timer warns: the deadline is %(at)s.", at=v["at"]),
        "sla_breach": lambda v: env._("Its SLA deadline passed on %(at)s.", at=v["at"]),
        "deadline_near": lambda v: env._(
            "“%(name)s” is planned until %(at)s and not finished.", name=v["name"], at=v["at"]
        ),
        "deadline_passed": lambda v: (
            env._(
                "“%(name)s” was planned until %(at)s and is not finished.",
                name=v["name"],
                at=v["at"],
            )
            if v.get("name")
            else env._("It was promised for %(day)s and is not fulfilled.", day=v["day"])
        ),
        "predecessor_late": lambda v: env._(
            "It waits for “%(name)s”, which was due on %(at)s.", name=v["name"], at=v["at"]
        ),
        "customer_step_overdue": lambda v: env._(
            "The customer has not answered “%(name)s”; it was due by %(at)s.",
            name=v["name"],
            at=v["at"],
        ),
        "third_party_step_overdue": lambda v: env._(
            "A third party has not done “%(name)s”; it was due by %(at)s.",
            name=v["name"],
            at=v["at"],
        ),
        "handoff_overdue": lambda v: env._(
            "Nobody has accepted handoff %(name)s in time.", name=v["name"]
        ),
        "handoff_returned": lambda v: env._(
            "Handoff %(name)s came back %(times)s times.", name=v["name"], times=v["times"]
        ),
        "silence": lambda v: env._("The customer should have heard from us by %(at)s.", at=v["at"]),
        "stale": lambda v: env._(
            "It has been in the stage “%(stage)s” since %(since)s.",
            stage=v["stage"],
            since=v["since"],
        ),
        "forecast": lambda v: env._(
            "Of %(cases)s finished requests like this, half would be done by %(p50)s and 80 %% by "
            "%(p80)s: later than promised.",
            cases=v["cases"],
            p50=v["p50"],
            p80=v["p80"],
        ),
        "cascade": lambda v: env._(
            "It depends on “%(name)s”, which moved to %(day)s.", name=v["name"], day=v["day"]
        ),
        "reason_unknown": lambda _v: env._(
            "The customer was told that we do not know the reason yet. Tell them now."
        ),
        "flagged": lambda v: env._(
            "Whoever took it over doubts it: %(reason)s", reason=v["reason"]
        ),
        "customer": lambda v: env._("%(who)s asked whether it is still on time.", who=v["who"]),
        "person": lambda _v: env._("A colleague expects it to be late."),
    }
