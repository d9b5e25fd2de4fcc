# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Why a service or request has its health, in words for colleagues."""

from odoo.tools import format_datetime


def get_reason_sentence(env, reason, since):
    """Return the reason of a health as one sentence in the language of ``env``.

    :param reason: key that ``explain_health`` gave
    :param since: naive UTC, or False
    """
    moment = since and format_datetime(env, since, dt_format="short")
    dated = {
        "agreed_pause": lambda: env._("A pause was agreed on %(moment)s.", moment=moment),
        "promise_passed": lambda: env._("The promised date passed on %(moment)s.", moment=moment),
        "customer_asked": lambda: env._(
            "The customer has to answer before we can go on; they were asked on %(moment)s.",
            moment=moment,
        ),
        "promise_broken": lambda: env._(
            "A promise was broken on %(moment)s and is not fulfilled yet.", moment=moment
        ),
        "forecast_late": lambda: env._(
            "Since %(moment)s we expect to be done later than promised.", moment=moment
        ),
    }
    undated = {
        "agreed_pause": lambda: env._("The work is paused, as agreed."),
        "cancelled": lambda: env._("It was cancelled."),
        "done": lambda: env._("All work is finished."),
        "not_started": lambda: env._("Nobody works on it yet."),
        "risk_confirmed": lambda: env._("A colleague said that the date may not hold."),
        "part_late": lambda: env._("A part that the customer sees is late."),
        "forecast_late": lambda: env._("We expect to be done later than promised."),
        "on_track": lambda: env._("Nothing speaks against the promised date."),
    }
    sentences = {**undated, **dated} if moment else undated
    return sentences[reason]() if reason in sentences else ""
