# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What all targets of a policy are tried with."""

from dataclasses import dataclass
from datetime import datetime

from odoo import api

from ...business_time import Hold, WorkingTime
from .saying import say_elsewhere, say_moment


@dataclass(frozen=True)
class Scene:
    """What all targets are tried with.

    :param zone: IANA name of the reader's time zone
    :param hours_zone: IANA name of the time zone of the working hours
    :param has_hours: whether there are any; without, the clock runs day and night
    :param hold: what stops the clock between `hold_from` and `hold_until`; None for nothing
    :param closings: ``(from, to, name)`` of the closed times that have a name
    """

    env: api.Environment
    time: WorkingTime
    zone: str
    hours_zone: str
    start: datetime
    has_hours: bool = True
    hold: Hold | None = None
    hold_from: datetime | None = None
    hold_until: datetime | None = None
    closings: tuple = ()

    def say(self, at, since=None):
        return say_moment(self.env, at, self.zone, since)

    def say_there(self, at):
        """Return the moment on the wall clock of the working hours, where that differs."""
        return say_elsewhere(self.env, at, self.hours_zone, self.zone) if self.has_hours else ""

    def get_closing_names(self, start, end):
        return [name for since, until, name in self.closings if since < end and until > start]
