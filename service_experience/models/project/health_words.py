# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Why a service or request has its health, in words for colleagues."""

from odoo.tools import format_datetime


def get_reason_sentence(env, reason, since):
    """Return the reason of a health as one sentence in the language of ``env``.

    :param reason: key that ``explain_health`` gave
    :param since: naive UTC, or False
    """
    _ = env._
    moment = since and format_datetime(env, since, dt_format="short")
    dated = {
        "agreed_pause": lambda: _("A pause was agreed on %(moment)s.", moment=moment),
        "promise_passed": lambda: _("The promised date passed on %(moment)s.", moment=moment),
        "customer_asked": lambda: _(
            "The customer has to answer before we can go on; they were asked on %(moment)s.",
            moment=moment,
        ),
        "promise_broken": lambda: _(
            "A promise was broken on %(moment)s and is not fulfilled yet.", moment=moment
        ),
        "forecast_late": lambda: _(
            "Since %(moment)s we expect to be done later than promised.", moment=moment
        ),
    }
    undated = {
        "agreed_pause": lambda: _("The work is paused, as agreed."),
        "cancelled": lambda: _("It was cancelled."),
        "done": lambda: _("All work is finished."),
        "not_started": lambda: _("Nobody works on it yet."),
        "risk_confirmed": lambda: _("A colleague said that the date may not hold."),
        "part_late": lambda: _("A part that the customer sees is late."),
        "forecast_late": lambda: _("We expect to be done later than promised."),
        "on_track": lambda: _("Nothing speaks against the promised date."),
    }
    sentences = {**undated, **dated} if moment else undated
    return sentences[reason]() if reason in sentences else ""
