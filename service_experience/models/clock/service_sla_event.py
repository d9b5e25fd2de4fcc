# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from uuid import uuid4

from odoo import api, fields, models


class ServiceSlaEvent(models.Model):
    """Something that happened to a timer after its start, with the deadline before and after."""

    _name = "service.sla.event"
    _description = "SLA Event"
    _inherit = ["service.evidence.mixin"]
    _order = "at desc, id desc"

    timer_id = fields.Many2one(
        "service.sla.timer", required=True, index=True, ondelete="cascade", readonly=True
    )
    kind = fields.Selection(
        [
            ("warned", "Warned"),
            ("breached", "Breached"),
            ("met", "Met"),
            ("missed", "Missed"),
            ("recalculated", "Recalculated"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
    )
    point = fields.Char(
        required=True,
        readonly=True,
        help="What makes the event happen once: a percentage, or the moment of a change.",
    )
    at = fields.Datetime(
        required=True, readonly=True, help="When it happened, not when it was noticed."
    )
    detected_at = fields.Datetime(required=True, readonly=True)
    deadline_before = fields.Datetime(readonly=True)
    deadline_after = fields.Datetime(readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True)
    cause = fields.Selection(
        [
            ("not_applicable", "The promise no longer applies"),
            ("closed", "The request was closed"),
            ("target_changed", "Another target applies"),
            ("deadline_passed", "Not sent: the deadline had passed"),
        ],
        readonly=True,
    )

    _point_uniq = models.UniqueIndex(
        "(timer_id, kind, point)", "This event of the timer is already on record."
    )

    def _search(self, domain, *args, **kwargs):
        self.env["service.sla.timer"]._sync_pending()
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _open_ledger(self):
        return Ledger(self.env)


class Ledger:
    """The evidence of one batch of steps, written in one insert per model."""

    def __init__(self, env):
        self.env = env
        self.actor_id = env.uid
        self.events = []
        self.segments = []
        self.next_event_at = None

    def event(self, timer, kind, at, *, point=None, **values):
        """Note an event.

        :param point: what makes the event happen once; a change of targets may happen often, so
            each gets a point of its own.
        """
        if point is None:
            point = uuid4().hex if kind == "recalculated" else "once"
        self.events.append(
            {
                "timer_id": timer.id,
                "kind": kind,
                "point": point,
                "at": at,
                "detected_at": fields.Datetime.now(),
                "user_id": self.actor_id,
                **values,
            }
        )

    def expect(self, at):
        """Note when a timer of this batch next has to be looked at; nothing for never."""
        if at:
            self.next_event_at = min(at, self.next_event_at or at)

    def segment(self, timer, piece):
        """Note a closed running piece, measured by the hours the timer has before the step."""
        self.segments.append(
            {
                "timer_id": timer.id,
                "kind": "running",
                "from_at": piece.start,
                "to_at": piece.end,
                "seconds": piece.seconds,
                "calendar_version_id": timer.calendar_version_id.id,
            }
        )

    def save(self):
        """Write the rows after their timers.

        The timers go to the database first: if another transaction has changed one meanwhile,
        that update fails, and all of the batch is repeated, before an event could collide with
        its twin.
        """
        self.env["service.sla.timer"].flush_model()
        self.env["service.sla.segment"].create(self.segments)
        self.env["service.sla.event"].create(self.events)
        self.env["service.sla.timer"]._schedule_sweep(self.next_event_at)
