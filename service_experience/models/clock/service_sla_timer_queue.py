# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .service_sla_timer import epoch

# In the order of the index.
URGENT_MOMENTS = ("warn_at", "deadline", "breached_at")
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

    # One range finds what is urgent: the columns alone mislead the planner, for in a table full of
    # ended timers nearly every deadline has passed.
    _urgent_idx = models.Index("(LEAST(warn_at, deadline, breached_at)) WHERE state = 'running'")
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
        states = [state for state, _label in _STATES if state in value]
        return Domain.OR(self._get_state_domain(state, now) for state in states)

    @api.model
    def _get_state_domain(self, state, now):
        domain = super()._get_state_domain(state, now)
        return domain & self._get_urgent_domain(now) if state in ("overdue", "at_risk") else domain

    @api.model
    def _get_urgent_domain(self, now):
        """Return the timers that have reached their warning, their deadline or a breach."""

        def to_sql(model, alias, query):
            moments = (model._field_to_sql(alias, name, query) for name in URGENT_MOMENTS)
            return SQL("LEAST(%s) <= %s", SQL(", ").join(moments), now)

        def is_urgent(timer):
            return any(timer[name] and timer[name] <= now for name in URGENT_MOMENTS)

        return Domain.custom(to_sql=to_sql, predicate=is_urgent)

    def action_open_request(self):
        """Open what this promise was made for."""
        return self._get_subject().get_formview_action()
