# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""When a page changes without anybody doing anything: a promised moment passes, a day ends."""

from datetime import UTC, date, datetime, timedelta

LONGEST = timedelta(hours=6)
SHORTEST = timedelta(seconds=30)


def get_seconds_to_change(snapshot, dates):
    """Return after how many seconds an open page should look again by itself.

    :param dict snapshot: plain values, see ``_service_customer_snapshot``
    :param dates: ``ReaderDates`` of the reader: a day ends in their time zone
    """
    coming = [at for at in _get_moments(snapshot, dates) if at > dates.now]
    wait = min(coming, default=datetime.max) - dates.now
    return int(min(max(wait + timedelta(seconds=1), SHORTEST), LONGEST).total_seconds())


def get_milliseconds(moment):
    """Return a naive UTC moment as browsers count it."""
    return int(moment.replace(tzinfo=UTC).timestamp() * 1000)


def _get_moments(value, dates):
    """Yield every moment of a snapshot as naive UTC, a day as its end."""
    if isinstance(value, datetime):
        yield value
    elif isinstance(value, date):
        yield dates.end_of(value)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _get_moments(part, dates)
    elif isinstance(value, list):
        for part in value:
            yield from _get_moments(part, dates)
