# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The opening hours of a week, as people say them: seven days of `(open, close)` in seconds."""

from collections.abc import Sequence

from .instants import DAY
from .intervals import Interval, union

Day = Sequence[Interval]


def shift_week(days: Sequence[Day], seconds: int) -> list[list[Interval]]:
    """Return the same hours on clocks that are so much ahead.

    Each belongs to the day on which it opens, and may close after that day has ended. Only what
    lasts a whole day is parted at midnight: nobody closes there.
    """
    shifted: list[list[Interval]] = [[] for _day in days]
    for number, day in enumerate(days):
        for opening, closing in union(day):
            today, begin = divmod(number * DAY + opening + seconds, DAY)
            end = begin + closing - opening
            if end - begin == DAY:
                shifted[(today + 1) % len(days)].append((0, end - DAY))
                end = DAY
            shifted[today % len(days)].append((begin, end))
    return [union(day) for day in shifted]


def group_days(days: Sequence[Day]) -> list[tuple[int, int, Day]]:
    """Return the open days as `(first, last, hours)`, those in a row with equal hours as one.

    The first is one that follows a closed day, so that a week which begins on Saturday is said
    from Saturday on.
    """
    count = len(days)
    begin = next((day for day in range(count) if days[day] and not days[day - 1]), 0)
    groups: list[tuple[int, int, Day]] = []
    for day in ((begin + number) % count for number in range(count)):
        if not days[day]:
            continue
        if groups and groups[-1][1] == (day - 1) % count and groups[-1][2] == days[day]:
            groups[-1] = (groups[-1][0], day, days[day])
        else:
            groups.append((day, day, days[day]))
    return groups
