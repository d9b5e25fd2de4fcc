# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Moments and spans of time in the words of a reader."""

from datetime import UTC
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from odoo import fields
from odoo.tools import format_time
from odoo.tools.misc import babel_locale_parse, get_lang


def get_zone_name(env):
    """Return the IANA name of the reader's time zone."""
    return str(env.tz)


def to_local(at, zone):
    """Return a naive UTC datetime on the wall clock of a zone."""
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def get_midnight(at, zone):
    """Return the instant at which the day of a moment begins in a zone, naive UTC."""
    midnight = to_local(at, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def say_day(env, at, zone):
    """Return a day as in “Fri, Mar 6”, with the year if it is not the present one."""
    return _say_in(env, "MMMEd", at, zone)


def say_date(env, at, zone):
    """Return a day as in “Mar 6”, with the year if it is not the present one."""
    return _say_in(env, "MMMd", at, zone)


def _say_in(env, skeleton, at, zone):
    day = to_local(at, zone)
    year = "" if day.year == fields.Datetime.now().year else "y"
    return format_skeleton(year + skeleton, day, locale=babel_locale_parse(get_lang(env).code))


def say_clock(env, at, zone):
    """Return a time of the day as the reader's language writes it, without seconds."""
    return format_time(env, at, tz=zone, time_format="short")


def say_moment(env, at, zone, since=None):
    """Return a day and a time; on the day of `since` the time alone."""
    clock = say_clock(env, at, zone)
    if since and to_local(at, zone).date() == to_local(since, zone).date():
        return clock
    return env._("%(day)s at %(clock)s", day=say_day(env, at, zone), clock=clock)


def say_elsewhere(env, at, zone, here):
    """Return the moment on the wall clock of a zone; nothing where it is that of `here`."""
    if to_local(at, zone) == to_local(at, here):
        return ""
    is_same_day = to_local(at, zone).date() == to_local(at, here).date()
    return env._(
        "%(moment)s in %(place)s",
        moment=say_clock(env, at, zone) if is_same_day else say_moment(env, at, zone),
        place=zone.rpartition("/")[2].replace("_", " "),
    )


def say_span(env, seconds):
    """Return a number of seconds as in “3 h 30 min”."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours and minutes:
        return env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    if hours:
        return env._("%(hours)s h", hours=hours)
    if minutes or not rest:
        return env._("%(minutes)s min", minutes=minutes)
    return env._("%(seconds)s s", seconds=rest)
