# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models

from .causes import PAUSE_CAUSES


class ServiceSlaSegment(models.Model):
    """A closed piece of a timer's life. The pieces of a timer leave no gap and never overlap."""

    _name = "service.sla.segment"
    _description = "SLA Segment"
    _inherit = ["service.evidence.mixin"]
    _order = "timer_id, from_at, id"

    timer_id = fields.Many2one(
        "service.sla.timer", required=True, index=True, ondelete="cascade", readonly=True
    )
    kind = fields.Selection(
        [("running", "Running"), ("paused", "Paused")], required=True, readonly=True
    )
    cause = fields.Selection(PAUSE_CAUSES, readonly=True, help="Why the clock stood still.")
    user_id = fields.Many2one(
        "res.users",
        string="By",
        readonly=True,
        ondelete="set null",
        help="Who let the clock stand still.",
    )
    from_at = fields.Datetime(string="From", required=True, readonly=True)
    to_at = fields.Datetime(string="To", required=True, readonly=True)
    seconds = fields.Integer(
        string="Working Seconds", required=True, readonly=True, help="Open seconds in this piece."
    )
    calendar_version_id = fields.Many2one(
        "service.calendar.version",
        string="Measured By",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        help="The working hours by which this piece was measured; none means day and night.",
    )

    _order_check = models.Constraint("CHECK (from_at < to_at)", "A piece ends after it starts.")

    def _search(self, domain, *args, **kwargs):
        self.env["service.sla.timer"]._sync_pending()
        return super()._search(domain, *args, **kwargs)
