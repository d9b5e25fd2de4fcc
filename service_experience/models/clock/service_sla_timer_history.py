# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The life of one timer as plain data, for the screen that draws and tells it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, fields, models

from ...business_time import WorkingTime
from .service_sla_timer import epoch

# A closed time shorter than this share of a life is too thin to be seen, and is not sent.
THINNEST = 500
# Working hours answer for three years at once; a life may be longer.
CHUNK = timedelta(days=365)


class LifePiece(NamedTuple):
    """A piece of a life: a segment, or the open piece (`end` is None).

    :param seconds: open seconds in it, so far
    :param wait: the ``service.wait`` behind a pause, may be empty
    """

    start: datetime
    end: datetime | None
    time: WorkingTime
    kind: str
    seconds: int
    cause: str | bool
    user: models.Model
    wait: models.Model


class ServiceSlaTimer(models.Model):
    _inherit = "service.sla.timer"

    history = fields.Json(compute="_compute_history", export_string_translation=False)

    @api.depends("state", "deadline", "breached_at", "excused", "segment_ids", "event_ids")
    @api.depends_context("lang")
    def _compute_history(self):
        now = fields.Datetime.now().replace(microsecond=0)
        for timer in self:
            timer.history = bool(timer.started_at) and timer._get_history(now)

    def _get_history(self, now):
        """Return everything a screen needs to draw this life and let it go on by itself.

        Instants are epoch seconds, durations working seconds.
        """
        self.ensure_one()
        # sudo: the hours and the policy are part of the measurement. Who may read the timer
        # may read them, whatever company they are of.
        timer_sudo, clock = self.sudo(), self._get_clock()
        time = timer_sudo._working_time()
        pieces = self._get_life(time, now)
        computed = self._get_drawn_deadline(timer_sudo, pieces, now)
        end = self._get_drawn_end(computed, now)
        return {
            **timer_sudo._get_status(now),
            "now": epoch(now),
            "started": epoch(clock.started_at),
            "end": epoch(end),
            "target": clock.target,
            "spent": clock.spent_at(time, clock.stopped_at or now),
            "computed_deadline": epoch(computed),
            "manual_deadline": epoch(clock.manual),
            "manual_reason": self.manual_reason or None,
            "breached_at": epoch(clock.breach(now)),
            "excused": self.excused,
            "pieces": self._describe_pieces(pieces),
            "closed": self._get_closed(pieces, time, end),
            "events": self._describe_events(),
        }

    def _get_life(self, time, now):
        """Return the pieces in the order of time, the open one last."""
        life = [
            LifePiece(
                segment.from_at,
                segment.to_at,
                # sudo: see above
                segment.sudo().calendar_version_id._working_time(),
                segment.kind,
                segment.seconds,
                segment.cause,
                segment.user_id,
                segment.wait_id,
            )
            for segment in self.segment_ids
        ]
        if since := self.running_since or self.paused_since:
            life.append(
                LifePiece(
                    since,
                    None,
                    time,
                    self.state,
                    time.elapsed(since, now),
                    self.pause_cause,
                    self.pause_user_id,
                    self.pause_wait_id,
                )
            )
        return life

    def _get_drawn_deadline(self, timer_sudo, pieces, now):
        """Return the deadline that the target gives, also next to one that was agreed on."""
        running = [piece for piece in pieces if piece.kind == "running"]
        clock = self._get_clock()
        if clock.is_open or not clock.manual or not running:
            return timer_sudo._get_computed_deadline(now)
        last = running[-1]
        since = replace(clock, running_since=last.start, spent=clock.spent - last.seconds)
        return since.computed_deadline(last.time)

    def _get_drawn_end(self, computed, now):
        clock = self._get_clock()
        manual = clock.manual if clock.is_open else None
        moments = (clock.stopped_at or now, clock.started_at, clock.deadline, computed, manual)
        return max(filter(None, moments))

    def _get_closed(self, pieces, time, end):
        """Return when the working hours were closed until `end`, each piece by its own hours.

        What is too short to be seen is left out, so the list stays short however long the life.
        """
        spans = [(piece.start, piece.end or end, piece.time) for piece in pieces]
        last = spans[-1][1] if spans else self.started_at
        spans.append((last, end, time))
        closed = []
        for start, stop, hours in spans:
            for opening, closing in _get_closures(hours, start, stop):
                if closed and closed[-1][1] == opening:
                    closed[-1][1] = closing
                else:
                    closed.append([opening, closing])
        shortest = (end - self.started_at) / THINNEST
        return [[epoch(start), epoch(stop)] for start, stop in closed if stop - start >= shortest]

    def _describe_pieces(self, pieces):
        causes = dict(self._fields["pause_cause"]._description_selection(self.env))
        return [
            {
                "kind": piece.kind,
                "from": epoch(piece.start),
                "to": epoch(piece.end),
                "seconds": piece.seconds,
                "cause": causes.get(piece.cause),
                "by": _get_name(piece.user),
                "reason": piece.wait.reason or None,
            }
            for piece in pieces
        ]

    def _describe_events(self):
        events = self.event_ids.sorted(lambda event: (event.at, event.id))
        kinds, causes = (
            dict(events._fields[name]._description_selection(self.env))
            for name in ("kind", "cause")
        )
        return [
            {
                "id": event.id,
                "at": epoch(event.at),
                "kind": event.kind,
                "label": kinds[event.kind],
                "cause": causes.get(event.cause),
                "reason": event.reason or None,
                "by": _get_name(event.user_id),
                "before": epoch(event.deadline_before or None),
                "after": epoch(event.deadline_after or None),
            }
            for event in events
        ]


def _get_name(user):
    """Return the name of a person; None for nobody and for the system itself."""
    # sudo: names of colleagues, and of customers, as Odoo shows them of any reference.
    return user.sudo().name if user and user.id != SUPERUSER_ID else None


def _get_closures(time, start, end):
    """Yield the closed intervals of `time` between two instants."""
    while start < end:
        stop = min(end, start + CHUNK)
        for opening, closing in time.open_intervals(start, stop):
            if start < opening:
                yield start, opening
            start = closing
        if start < stop:
            yield start, stop
        start = stop
