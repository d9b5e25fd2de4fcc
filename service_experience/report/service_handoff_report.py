# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models
from odoo.tools import SQL


class ServiceHandoffReport(models.Model):
    """How well work is handed over: one row per handoff that was offered.

    A figure is empty where it does not apply yet, so that the mean of a group is the share, or
    the mean, of those handoffs to which it applies.
    """

    _name = "service.handoff.report"
    _description = "Handoff Analysis"
    _auto = False
    _rec_name = "handoff_id"
    _order = "offered_at desc, id desc"
    _depends = {
        "service.handoff": [
            "accepted_at",
            "accepted_by_id",
            "asked_again",
            "bounce_count",
            "company_id",
            "completeness_offered",
            "first_action_at",
            "from_team_id",
            "offered_at",
            "partner_id",
            "project_id",
            "quality_at",
            "quality_cost_minutes",
            "state",
            "timer_id",
            "to_team_id",
            "to_user_id",
            "type_id",
            "urgency",
        ],
        "service.sla.timer": ["breached_at", "handoff_id", "spent_seconds"],
    }

    handoff_id = fields.Many2one("service.handoff", readonly=True)
    type_id = fields.Many2one("service.handoff.type", readonly=True)
    state = fields.Selection(
        selection=lambda self: self.env["service.handoff"]._fields["state"].selection,
        readonly=True,
    )
    urgency = fields.Selection(
        selection=lambda self: self.env["service.handoff"]._fields["urgency"].selection,
        readonly=True,
    )
    from_team_id = fields.Many2one("service.team", readonly=True)
    to_team_id = fields.Many2one("service.team", readonly=True)
    receiver_id = fields.Many2one(
        "res.users", readonly=True, help="Who accepted it, or whom it is for."
    )
    project_id = fields.Many2one("project.project", string="Service", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    offered_at = fields.Datetime(readonly=True, help="The last time.")
    accepted_at = fields.Datetime(readonly=True)
    accept_hours = fields.Float(
        string="Hours to Accept",
        readonly=True,
        aggregator="avg",
        help="Working hours from the last offer to the acceptance, without those in which the "
        "sender had to answer; hours by the clock where no timer measured it.",
    )
    accepted_first = fields.Float(
        string="Accepted First Time",
        readonly=True,
        aggregator="avg",
        help="Share of the handoffs that were accepted without coming back, among all that were "
        "accepted or came back.",
    )
    completeness_offered = fields.Float(
        string="Completeness When Offered",
        readonly=True,
        aggregator="avg",
        help="When it was offered for the first time.",
    )
    bounce_count = fields.Integer(
        string="Bounces", readonly=True, help="How often the receiver returned it."
    )
    overdue = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the handoffs for which the time to accept ran out, among all that were "
        "measured.",
    )
    first_action_hours = fields.Float(
        string="Hours to First Action",
        readonly=True,
        aggregator="avg",
        help="Hours by the clock from the acceptance to the first thing the receiver did.",
    )
    judged_count = fields.Integer(
        string="Judged", readonly=True, help="Handoffs whose receiver said what was missing."
    )
    asked_again = fields.Float(
        string="Customer Asked Again",
        readonly=True,
        aggregator="avg",
        help="Share of the handoffs after which the customer had to tell something a second time, "
        "among all that were judged.",
    )
    cost_hours = fields.Float(
        string="Hours Lost",
        readonly=True,
        help="Working time that receivers lost because of what was missing, as they judge it.",
    )

    @property
    def _table_query(self):
        return SQL("%s %s", self._select(), self._from())

    def _search(self, domain, *args, **kwargs):
        self.env["service.sla.timer"]._sync_pending()
        return super()._search(domain, *args, **kwargs)

    def action_open_handoff(self):
        """Open the handoff behind this row."""
        self.ensure_one()
        return self.handoff_id.action_open_handoff()

    def _select(self):
        return SQL(
            """
            SELECT
                handoff.id,
                handoff.id AS handoff_id,
                handoff.type_id,
                handoff.state,
                handoff.urgency,
                handoff.from_team_id,
                handoff.to_team_id,
                COALESCE(handoff.accepted_by_id, handoff.to_user_id) AS receiver_id,
                handoff.project_id,
                handoff.partner_id,
                handoff.company_id,
                handoff.offered_at,
                handoff.accepted_at,
                EXTRACT(EPOCH FROM CASE
                    WHEN handoff.accepted_at IS NULL THEN NULL
                    WHEN timer.id IS NULL THEN handoff.accepted_at - handoff.offered_at
                    ELSE MAKE_INTERVAL(secs => timer.spent_seconds)
                END)::float / 3600 AS accept_hours,
                CASE
                    WHEN handoff.bounce_count > 0 THEN 0.0
                    WHEN handoff.accepted_at IS NOT NULL THEN 1.0
                END::float AS accepted_first,
                handoff.completeness_offered,
                handoff.bounce_count,
                measured.overdue,
                EXTRACT(EPOCH FROM handoff.first_action_at - handoff.accepted_at)::float / 3600
                    AS first_action_hours,
                (handoff.quality_at IS NOT NULL)::int AS judged_count,
                CASE
                    WHEN handoff.quality_at IS NOT NULL
                    THEN (handoff.asked_again IS TRUE)::int
                END::float AS asked_again,
                handoff.quality_cost_minutes / 60.0::float AS cost_hours
            """
        )

    def _from(self):
        return SQL(
            """
            FROM service_handoff handoff
            LEFT JOIN service_sla_timer timer ON timer.id = handoff.timer_id
            LEFT JOIN (
                SELECT handoff_id, BOOL_OR(breached_at IS NOT NULL)::int::float AS overdue
                  FROM service_sla_timer
                 WHERE handoff_id IS NOT NULL
              GROUP BY handoff_id
            ) measured ON measured.handoff_id = handoff.id
            WHERE handoff.offered_at IS NOT NULL
            """
        )
