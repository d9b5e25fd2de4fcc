# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.fields import Domain

from .service_sla_timer import URGENCY, epoch

_STATES = [
    ("overdue", "Overdue"),
    ("at_risk", "At risk"),
    ("running", "Running"),
    ("paused", "Paused"),
    ("missed", "Missed"),
    ("met", "Met"),
    ("cancelled", "Cancelled"),
]


class ServiceSlaTimer(models.Model):
    """Timers as a queue of work: who has to look at which promise, and how soon.

    What depends on the time of day is computed when it is read, and searched as ranges on
    indexed dates.
    """

    _inherit = "service.sla.timer"

    project_manager_id = fields.Many2one(related="project_id.user_id", string="Project Manager")
    user_ids = fields.Many2many(related="task_id.user_ids", string="Assignees")
    display_state = fields.Selection(
        _STATES,
        string="Situation",
        compute="_compute_status",
        search="_search_display_state",
        # Who may read the timer may read how it stands, whoever owns its working hours.
        compute_sudo=True,
        help="The state as it is now: a running timer may be at risk or overdue.",
    )
    status = fields.Json(
        string="Time Left",
        compute="_compute_status",
        compute_sudo=True,
        export_string_translation=False,
        help="What a screen needs to count this timer down by itself.",
    )

    _breached_idx = models.Index(
        "(breached_at) WHERE state = 'running' AND breached_at IS NOT NULL"
    )
    _paused_idx = models.Index("(paused_since) WHERE state = 'paused'")

    @api.depends("state", "deadline", "breached_at", "warn_at")
    @api.depends_context("lang")
    def _compute_status(self):
        now = fields.Datetime.now()
        for timer in self:
            timer.display_state = timer._get_display_state(now)
            timer.status = {"now": epoch(now), "timers": [timer._get_status(now)]}

    def _search_display_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        return Domain.OR(
            self._get_state_domain(state, now)
            for state in (*URGENCY, "cancelled")
            if state in value
        )

    def action_open_request(self):
        """Open the request that this promise was made for."""
        self.ensure_one()
        return self.task_id.get_formview_action()
