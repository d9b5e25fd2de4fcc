# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models

from .causes import EVENT_CAUSES


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
            ("escalated", "Escalated"),
            ("met", "Met"),
            ("missed", "Missed"),
            ("paused", "Paused"),
            ("resumed", "Resumed"),
            ("recalculated", "Recalculated"),
            ("cancelled", "Cancelled"),
            ("excused", "Excused"),
            ("withdrawn", "Excuse withdrawn"),
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
    cause = fields.Selection(EVENT_CAUSES, readonly=True)
    reason = fields.Char(readonly=True, help="What the person gave as the reason.")
    terms_before = fields.Json(
        readonly=True,
        help="Where they changed: target and warning in working seconds, agreed deadline, and "
        "working hours by which the timer was measured until then.",
    )
    terms_after = fields.Json(readonly=True, help="The same from then on.")

    _point_uniq = models.UniqueIndex(
        "(timer_id, kind, point)", "This event of the timer is already on record."
    )

    def _search(self, domain, *args, **kwargs):
        self.env["service.sla.timer"]._sync_pending()
        return super()._search(domain, *args, **kwargs)
