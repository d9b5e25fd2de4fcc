"""Working-time arithmetic in plain Python: nothing in this package imports Odoo."""

from .timer import Piece, Timer, UnreachableTargetError
from .working_time import WorkingTime

__all__ = ["Piece", "Timer", "UnreachableTargetError", "WorkingTime"]
