# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""A timer rebuilt from its evidence alone: its start, then every event on record."""

from dataclasses import replace

from odoo import fields

from ....business_time import Hold, Timer
from .draft import read_marks

ENDS = ("met", "missed", "cancelled")
AGREEMENTS = ("agreed_date", "computed_date")


class NotReplayableError(ValueError):
    """The evidence does not say all that a replay has to know."""


class Replay:
    """Plays the events of one timer again.

    :ivar clock: the ``Timer`` value after the last event
    :ivar pieces: ``(Piece, version)`` of the closed pieces
    :ivar fired: the points that are on record
    """

    def __init__(self, timer, events):
        """Start where the timer started, and play its events in the order of their making."""
        self.versions = timer.env["service.calendar.version"]
        self.pieces = []
        self.fired = frozenset()
        self.stop_cause = None
        self.excused = False
        first = next((event.terms_before for event in events if event.terms_before), None)
        terms = first or {
            "version": timer.calendar_version_id.id,
            "target": timer.target_seconds,
            "warn": timer.warn_seconds,
            "marks": timer.marks,
        }
        self.version = self.versions.browse(terms["version"] or ())
        self.clock = Timer.start(
            self._time, timer.started_at, terms["target"], terms["warn"], read_marks(terms["marks"])
        )
        for event in events:
            getattr(self, f"_play_{event.kind}", self._play_end)(event)

    @property
    def _time(self):
        return self.version._working_time()

    def _take(self, step, version=None):
        self.clock, piece = step
        if piece:
            self.pieces.append((piece, self.version))
        if version is not None:
            self.version = version

    def _get_version(self, event):
        terms = event.terms_after
        return self.versions.browse(terms["version"] or ()) if terms else self.version

    def _play_paused(self, event):
        hold = Hold(event.cause, event.wait_id.id or None, event.user_id.id or None)
        self._take(self.clock.pause(self._time, event.at, hold))

    def _play_resumed(self, event):
        version = self._get_version(event)
        is_reopened = event.cause == "reopened"
        step = self.clock.reopen if is_reopened else self.clock.resume
        if is_reopened:
            self.stop_cause = None
        self._take(step(self._time, version._working_time(), event.at), version)

    def _play_recalculated(self, event):
        terms = event.terms_after
        if not terms:
            raise NotReplayableError
        marks, version = read_marks(terms["marks"]), self._get_version(event)
        if event.cause in AGREEMENTS:
            manual = fields.Datetime.to_datetime(terms["manual"]) or None
            step = self.clock.agree(self._time, event.at, manual, terms["warn"], marks)
        else:
            time = version._working_time()
            step = self.clock.rebase(
                self._time, time, event.at, terms["target"], terms["warn"], marks
            )
        self._take(step, version)

    def _play_end(self, event):
        step = self.clock.cancel if event.kind == "cancelled" else self.clock.stop
        self.stop_cause = event.cause or None
        self._take(step(self._time, event.at))

    def _play_breached(self, event):
        self.clock = replace(self.clock, breached_at=event.at)

    def _play_warned(self, event):
        self.fired |= {"warning"}

    def _play_escalated(self, event):
        self.fired |= {event.point}

    def _play_excused(self, event):
        self.excused = True

    def _play_withdrawn(self, event):
        self.excused = False
