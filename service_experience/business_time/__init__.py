"""Working-time arithmetic in plain Python: nothing in this package imports Odoo."""

from .marks import DEADLINE, WARNING, Mark, Moment
from .timer import CLOSED, Hold, Piece, Timer, UnreachableTargetError
from .working_time import WorkingTime

__all__ = [
    "CLOSED",
    "DEADLINE",
    "WARNING",
    "Hold",
    "Mark",
    "Moment",
    "Piece",
    "Timer",
    "UnreachableTargetError",
    "WorkingTime",
]
