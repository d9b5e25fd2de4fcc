# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.query import Query


class ServiceSlaReport(models.Model):
    """Which promises were kept: one row per timer that has a result or a breach.

    A promise counts in the month in which it was kept or broken, so that a month's figures stay
    what they were; only an excuse changes them. What was cancelled in time is not in it.
    """

    _name = "service.sla.report"
    _description = "SLA Attainment"
    _auto = False
    _rec_name = "task_id"
    _order = "decided_at desc, id desc"
    _depends = {
        "service.sla.timer": [
            "breached_at",
            "excused",
            "handoff_id",
            "kind",
            "manual_deadline",
            "metric",
            "policy_id",
            "spent_seconds",
            "started_at",
            "state",
            "stopped_at",
            "target_seconds",
            "task_id",
            "team_id",
        ],
        "service.sla.segment": ["cause", "kind", "seconds", "timer_id"],
        "project.task": ["company_id", "partner_id", "priority", "project_id"],
        "project.project": ["user_id"],
        "service.handoff": ["company_id", "partner_id", "project_id"],
        "res.partner": ["commercial_partner_id"],
    }

    timer_id = fields.Many2one("service.sla.timer", readonly=True)
    task_id = fields.Many2one("project.task", string="Request", readonly=True)
    handoff_id = fields.Many2one("service.handoff", readonly=True)
    team_id = fields.Many2one(
        "service.team",
        readonly=True,
        help="Who answered for it: the team of the request, or the team that had to accept.",
    )
    policy_id = fields.Many2one("service.sla.policy", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["service.sla.policy"]._fields["kind"].selection,
        readonly=True,
    )
    metric = fields.Selection(
        selection=lambda self: self.env["service.sla.target"]._fields["metric"].selection,
        string="Promise",
        readonly=True,
    )
    state = fields.Selection(
        selection=lambda self: self.env["service.sla.timer"]._fields["state"].selection,
        readonly=True,
    )
    priority = fields.Selection(
        selection=lambda self: self.env["project.task"]._fields["priority"].selection,
        readonly=True,
        help="The priority that the request has now.",
    )
    project_id = fields.Many2one("project.project", readonly=True)
    project_manager_id = fields.Many2one("res.users", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, help="Contacts count for their company."
    )
    company_id = fields.Many2one("res.company", readonly=True)
    started_at = fields.Datetime(readonly=True)
    decided_at = fields.Datetime(
        string="Kept or Broken On",
        readonly=True,
        help="When the promise was kept, or the deadline that passed.",
    )
    excused = fields.Boolean(readonly=True)
    attained = fields.Float(
        string="Attainment", readonly=True, aggregator="avg", help="Share of promises kept."
    )
    attained_excused = fields.Float(
        string="Attainment with Excuses",
        readonly=True,
        aggregator="avg",
        help="Share of promises kept, where an excused breach counts as kept.",
    )
    breach_count = fields.Integer(
        string="Breaches", readonly=True, help="Promises that were broken, excused or not."
    )
    excused_count = fields.Integer(string="Excused Breaches", readonly=True)
    spent_hours = fields.Float(
        readonly=True, help="Working hours in which the clock ran, up to its last halt."
    )
    paused_hours = fields.Float(
        readonly=True,
        help="Working hours in which the clock of an open request stood still, up to its last "
        "start. The time for which a request was closed does not count.",
    )
    paused_share = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Working hours in which the clock stood still, as a share of all working hours "
        "measured. A group shows the share of its hours, not the mean of the shares.",
    )
    overrun_hours = fields.Float(
        string="Hours Too Late",
        readonly=True,
        aggregator="avg",
        help="Working hours beyond the promised time, on average over the broken promises. "
        "Only where the measurement has ended and no other date was agreed on.",
    )

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _search(self, domain, *args, **kwargs):
        self.env["service.sla.timer"]._sync_pending()
        return super()._search(domain, *args, **kwargs)

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        if aggregate_spec != "paused_share:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "SUM(%(paused)s) / NULLIF(SUM(%(paused)s + %(spent)s), 0)",
            paused=self._field_to_sql(self._table, "paused_hours", query),
            spent=self._field_to_sql(self._table, "spent_hours", query),
        )

    def action_open_timer(self):
        """Open the timer behind this row, with its history."""
        self.ensure_one()
        return self.timer_id.get_formview_action()

    def _select(self):
        return SQL(
            """
            SELECT
                timer.id,
                timer.id AS timer_id,
                timer.task_id,
                timer.handoff_id,
                timer.team_id,
                timer.policy_id,
                timer.kind,
                timer.metric,
                timer.state,
                task.priority,
                project.id AS project_id,
                project.user_id AS project_manager_id,
                partner.commercial_partner_id AS partner_id,
                COALESCE(task.company_id, handoff.company_id) AS company_id,
                timer.started_at,
                COALESCE(timer.breached_at, timer.stopped_at) AS decided_at,
                COALESCE(timer.excused, FALSE) AS excused,
                (timer.state = 'met')::int::float AS attained,
                (timer.state = 'met' OR timer.excused IS TRUE)::int::float AS attained_excused,
                (timer.breached_at IS NOT NULL)::int AS breach_count,
                (timer.excused IS TRUE)::int AS excused_count,
                timer.spent_seconds / 3600.0::float AS spent_hours,
                COALESCE(pause.seconds, 0) / 3600.0::float AS paused_hours,
                COALESCE(pause.seconds, 0)::float
                    / NULLIF(COALESCE(pause.seconds, 0) + timer.spent_seconds, 0) AS paused_share,
                CASE
                    WHEN timer.breached_at IS NOT NULL
                        AND timer.stopped_at IS NOT NULL
                        AND timer.manual_deadline IS NULL
                    THEN GREATEST(timer.spent_seconds - timer.target_seconds, 0) / 3600.0::float
                END AS overrun_hours
            """
        )

    def _from(self):
        return SQL(
            """
            FROM service_sla_timer timer
            LEFT JOIN project_task task ON task.id = timer.task_id
            LEFT JOIN service_handoff handoff ON handoff.id = timer.handoff_id
            LEFT JOIN project_project project
                ON project.id = COALESCE(task.project_id, handoff.project_id)
            LEFT JOIN res_partner partner
                ON partner.id = COALESCE(task.partner_id, handoff.partner_id)
            LEFT JOIN (
                SELECT timer_id, SUM(seconds) AS seconds
                  FROM service_sla_segment
                 WHERE kind = 'paused' AND cause <> 'closed'
              GROUP BY timer_id
            ) pause ON pause.timer_id = timer.id
            """
        )

    def _where(self):
        return SQL("WHERE (timer.state IN ('met', 'missed') OR timer.breached_at IS NOT NULL)")
