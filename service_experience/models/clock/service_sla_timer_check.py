# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models

from ...business_time import UnreachableTargetError
from .engine.draft import get_clock_values, read_marks
from .engine.replay import NotReplayableError, Replay

# What is on the row for reading only: where it came from is not on record.
UNCHECKED = ("pause_user_id", "next_event_at", "next_event_kind")


class ServiceSlaTimer(models.Model):
    """Whatever a timer shows must follow from its evidence."""

    _inherit = "service.sla.timer"

    def _rebuild(self):
        """Replay the evidence of these timers.

        Nothing is written: evidence and row are compared, and a person decides.

        :return: ``{timer: {column: value}}`` as the row should be, with the closed pieces as
            ``pieces``; None for a timer whose evidence a former version wrote
        """
        events = self._get_evidence("service.sla.event")
        return {timer: timer._rebuild_one(events.get(timer, ())) for timer in self}

    def _get_evidence(self, model):
        """Return the rows of evidence per timer, in the order of their making."""
        rows = self.env[model].search([("timer_id", "in", self.ids)], order="id")
        return rows.grouped("timer_id")

    def _rebuild_one(self, events):
        try:
            replay = Replay(self, events)
        except (NotReplayableError, UnreachableTargetError):
            return None
        values = get_clock_values(replay.clock, replay.version._working_time(), replay.fired)
        return {
            **{name: value for name, value in values.items() if name not in UNCHECKED},
            "calendar_version_id": replay.version.id or None,
            "fired": sorted(replay.fired) or None,
            "stop_cause": replay.stop_cause,
            "excused": replay.excused,
            "pieces": [_describe(piece, version) for piece, version in replay.pieces],
        }

    def _get_stored(self, name):
        """Return a column of the row in the shape in which ``_rebuild`` gives it."""
        value = self[name]
        if name == "marks":
            return read_marks(value) or None
        if isinstance(value, models.BaseModel):
            return value.id or None
        is_empty = value is False and self._fields[name].type != "boolean"
        return None if is_empty else value

    def _get_differences(self):
        """Return where rows and evidence do not agree.

        :return: list of ``(timer, column, stored, replayed)``; the column is None for a timer
            that cannot be replayed
        """
        differences, segments = [], self._get_evidence("service.sla.segment")
        for timer, replayed in self._rebuild().items():
            if replayed is None:
                differences.append((timer, None, None, None))
                continue
            pieces = [segment._describe() for segment in segments.get(timer, ())]
            stored = {name: timer._get_stored(name) for name in replayed if name != "pieces"}
            stored["pieces"] = pieces
            differences += [
                (timer, name, stored[name], value)
                for name, value in replayed.items()
                if stored[name] != value
            ]
        return differences

    def action_check(self):
        """Hold the timers against their evidence and report what differs."""
        differences = self._get_differences()
        if not differences:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self.env._(
                        "%s timers were replayed from their evidence: all are as recorded.",
                        len(self),
                    ),
                },
            }
        lines = self.env["service.sla.timer.difference"].create(
            [
                {
                    "timer_id": timer.id,
                    "name": self._get_column_label(column),
                    "stored": _show(stored),
                    "replayed": _show(replayed),
                }
                for timer, column, stored, replayed in differences
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Differences between timers and their evidence"),
            "res_model": lines._name,
            "view_mode": "list",
            "domain": [("id", "in", lines.ids)],
        }

    def _get_column_label(self, column):
        if column is None:
            return self.env._("Recorded by a former version: cannot be replayed")
        if column == "pieces":
            return self.env._("Accounted time")
        return self._fields[column]._description_string(self.env)


class ServiceSlaSegment(models.Model):
    _inherit = "service.sla.segment"

    def _describe(self):
        return (
            self.from_at,
            self.to_at,
            self.seconds,
            self.cause or None,
            self.calendar_version_id.id or None,
        )


class ServiceSlaTimerDifference(models.TransientModel):
    """One place where a timer is not what its evidence says."""

    _name = "service.sla.timer.difference"
    _description = "SLA Timer Difference"

    timer_id = fields.Many2one("service.sla.timer", readonly=True, ondelete="cascade")
    name = fields.Char(string="What", readonly=True)
    stored = fields.Char(readonly=True)
    replayed = fields.Char(string="By the Evidence", readonly=True)


def _describe(piece, version):
    hold = piece.hold
    return piece.start, piece.end, piece.seconds, hold and hold.cause, version.id or None


def _show(value):
    return "" if value is None else str(value)
