# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Points in the life of a timer at which somebody has to act."""

from datetime import datetime, timedelta
from typing import NamedTuple

from .working_time import WorkingTime

WARNING = "warning"
DEADLINE = "deadline"

HOUR = timedelta(hours=1)
#: A closed time of at least this length is one over which nobody acts; a lunch break is shorter.
NIGHT = timedelta(hours=4)
#: No opening that is further back than this is looked for.
LONGEST_CLOSURE = timedelta(days=60)


class Mark(NamedTuple):
    """A point that is reached when `seconds` open seconds are spent."""

    point: str
    seconds: int


class Moment(NamedTuple):
    """A point, and the instant at which the clock will reach it if it goes on running."""

    at: datetime
    point: str


def last_moment_to_act(time: WorkingTime, reached: datetime, deadline: datetime) -> datetime:
    """Bring a reminder forward when nobody could act on it before the deadline.

    A reminder within the last hour before a long closing, for a deadline within the first hour
    after it, comes an hour before the closing, at the earliest at the opening of that piece.

    :param reached: when the reminder would come, before `deadline`.
    """
    if deadline - reached > LONGEST_CLOSURE:
        return reached
    pieces = time.open_intervals(reached - HOUR, deadline)
    if len(pieces) < 2:
        return reached
    (opening, closing), (next_opening, _end) = pieces[-2:]
    is_for_last_piece = closing - HOUR < reached <= closing
    if not is_for_last_piece or next_opening - closing < NIGHT or deadline - next_opening > HOUR:
        return reached
    return max(closing - HOUR, opening)
