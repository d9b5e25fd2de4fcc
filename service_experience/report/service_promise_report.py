# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.query import Query

from .promise_dates import DEPENDS, get_dates


class ServicePromiseReport(models.Model):
    """Whether dates hold what their confidence says: one row per date a customer was told.

    A date is empty of a result until it is known whether it held.
    """

    _name = "service.promise.report"
    _description = "Dates of Promises"
    _auto = False
    _rec_name = "commitment_id"
    _order = "told_at desc, id desc"
    _depends = DEPENDS

    commitment_id = fields.Many2one("service.commitment", string="Promise", readonly=True)
    project_id = fields.Many2one("project.project", string="Service", readonly=True)
    task_id = fields.Many2one("project.task", string="Request", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, help="Contacts count for their company."
    )
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one(
        "service.team", readonly=True, help="The team of the request, else that of the service."
    )
    sequence = fields.Integer(string="No.", readonly=True, aggregator=None)
    confidence = fields.Selection(
        selection=lambda self: (
            self.env["service.commitment.revision"]._fields["confidence"].selection
        ),
        readonly=True,
    )
    state = fields.Selection(
        selection=lambda self: self.env["service.commitment"]._fields["state"].selection,
        readonly=True,
        help="What has become of the promise by now.",
    )
    told_at = fields.Datetime(string="Customer Told On", readonly=True)
    date_to = fields.Date(
        string="Promised For", readonly=True, help="Empty where the date was not known yet."
    )
    kept_at = fields.Datetime(string="Fulfilled On", readonly=True)
    is_move = fields.Integer(
        string="Moves", readonly=True, help="1 for a later date than the one before it, else 0."
    )
    held = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the dates by whose end the promise was fulfilled, among all of which it is "
        "known: one that is over, or that a later date has replaced, did not hold.",
    )
    is_decided = fields.Boolean(
        string="Decided", readonly=True, help="It is known whether the date held."
    )
    moves_per_promise = fields.Float(
        readonly=True,
        aggregator="avg",
        help="How often a promise moved, on average over the promises of a group.",
    )

    @property
    def _table_query(self):
        return SQL(
            "SELECT row.*, row.held IS NOT NULL AS is_decided FROM (%s %s) row",
            self._select(),
            self._from(),
        )

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        if aggregate_spec != "moves_per_promise:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "SUM(%(moves)s)::float / NULLIF(COUNT(DISTINCT %(promise)s), 0)",
            moves=self._field_to_sql(self._table, "is_move", query),
            promise=self._field_to_sql(self._table, "commitment_id", query),
        )

    def action_open_promise(self):
        """Open the promise behind this row, with all its dates."""
        self.ensure_one()
        return self.commitment_id.get_formview_action()

    def _select(self):
        return SQL(
            """
            SELECT
                day.id,
                day.commitment_id,
                day.project_id,
                day.task_id,
                day.partner_id,
                day.company_id,
                day.team_id,
                day.sequence,
                day.confidence,
                day.state,
                day.told_at,
                day.date_to,
                day.kept_at,
                day.is_move::int AS is_move,
                day.is_move::int::float AS moves_per_promise,
                CASE
                    WHEN day.date_to IS NULL THEN NULL
                    WHEN day.kept_at < day.end_at THEN 1.0
                    WHEN day.later_day > day.last_day THEN 0.0
                    WHEN day.state = 'withdrawn' THEN NULL
                    WHEN day.end_at <= %(now)s THEN 0.0
                END::float AS held
            """,
            now=fields.Datetime.now(),
        )

    def _from(self):
        return SQL("FROM (%s) day WHERE day.told_at IS NOT NULL", get_dates(self.env.company))
