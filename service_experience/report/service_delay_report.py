# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.query import Query
from odoo.tools.translate import LazyTranslate

from .promise_dates import DEPENDS, get_dates

_lt = LazyTranslate(__name__)
_NO_REASON = _lt("Without a reason")
_NO_PARTY = _lt("Not said")


class ServiceDelayReport(models.Model):
    """Why promises move, and whether customers are told before: one row per move.

    A move that a reason of the customer explains in part has a second row with the rest of its
    hours. Only the first one counts as a move, and only the first one has shares.
    """

    _name = "service.delay.report"
    _description = "Moved Promises"
    _auto = False
    _rec_name = "commitment_id"
    _order = "moved_at desc, id"
    _depends = {
        **DEPENDS,
        "service.delay": [
            "cascaded_from_id",
            "communicated_at",
            "doing",
            "explained_seconds",
            "impact_seconds",
            "old_at",
            "reason_id",
            "response",
            "second_reason_id",
        ],
        "service.delay.reason": ["party", "process"],
    }

    commitment_id = fields.Many2one("service.commitment", string="Promise", readonly=True)
    delay_id = fields.Many2one(
        "service.delay",
        readonly=True,
        help="Empty where the date was moved without saying whose delay it was.",
    )
    project_id = fields.Many2one("project.project", string="Service", readonly=True)
    task_id = fields.Many2one("project.task", string="Request", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, help="Contacts count for their company."
    )
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one(
        "service.team", readonly=True, help="The team of the request, else that of the service."
    )
    reason_id = fields.Many2one("service.delay.reason", readonly=True, falsy_value_label=_NO_REASON)
    process = fields.Selection(
        selection=lambda self: self.env["service.delay.reason"]._fields["process"].selection,
        readonly=True,
    )
    party = fields.Selection(
        selection=lambda self: self.env["service.delay.reason"]._fields["party"].selection,
        string="Whose Time",
        readonly=True,
        falsy_value_label=_NO_PARTY,
    )
    cascaded_from_id = fields.Many2one("service.delay", string="Follows From", readonly=True)
    is_cascade = fields.Boolean(
        string="Knock-On", readonly=True, help="It follows from an earlier delay."
    )
    is_repeat = fields.Boolean(
        string="Repeated",
        readonly=True,
        help="Something was moved for this customer for the same reason within 180 days before or "
        "after.",
    )
    confidence = fields.Selection(
        selection=lambda self: (
            self.env["service.commitment.revision"]._fields["confidence"].selection
        ),
        string="Old Date Called",
        readonly=True,
    )
    moved_at = fields.Datetime(string="Moved On", readonly=True)
    told_at = fields.Datetime(string="Customer Told On", readonly=True)
    old_to = fields.Date(string="Old Date", readonly=True)
    new_to = fields.Date(string="New Date", readonly=True, help="Empty while it is not known.")
    moves = fields.Integer(readonly=True)
    hours = fields.Float(
        string="Later By (Working Hours)",
        readonly=True,
        help="Working time between the old date and the new one. A reason of the customer counts "
        "for no more than was waited for it; the rest counts for the second reason, else for "
        "nobody but us. Empty where no delay was noted, and 0 while the new date is not known.",
    )
    told_before = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the moves of which the customer was told before the end of the old date, "
        "with a reason and what we do. A message still on its way counts when that end is over.",
    )
    is_decided = fields.Boolean(
        string="Decided", readonly=True, help="It is known whether the customer was told before."
    )
    lead_hours = fields.Float(
        string="Median Lead Time (Hours)",
        readonly=True,
        aggregator="avg",
        help="Hours by the clock from telling the customer to the end of the old date; below zero "
        "when they were told too late. A group shows the median, not the mean.",
    )
    accepted = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the moves to which the customer said yes, among those to which they "
        "answered or that they let pass.",
    )
    contested = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the moves to which the customer said no, among those to which they "
        "answered or that they let pass.",
    )

    @property
    def _table_query(self):
        return SQL(
            "SELECT row.*, row.told_before IS NOT NULL AS is_decided FROM (%s %s %s) row",
            self._select(),
            self._select_measures(),
            self._from(),
        )

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        if aggregate_spec != "lead_hours:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)",
            self._field_to_sql(self._table, "lead_hours", query),
        )

    def action_open_move(self):
        """Open the delay behind this row, else the promise that was moved without one."""
        self.ensure_one()
        return (self.delay_id or self.commitment_id).get_formview_action()

    def _select(self):
        return SQL(
            """
            SELECT
                move.id::bigint * 2 + share.part AS id,
                move.commitment_id,
                delay.id AS delay_id,
                move.project_id,
                move.task_id,
                move.partner_id,
                move.company_id,
                move.team_id,
                share.reason_id,
                share.process,
                share.party,
                delay.cascaded_from_id,
                (delay.cascaded_from_id IS NOT NULL) AS is_cascade,
                (share.reason_id IS NOT NULL AND COUNT(*) OVER (
                    PARTITION BY
                        move.partner_id,
                        COALESCE(move.company_id, %(company)s),
                        share.reason_id
                    ORDER BY move.set_at
                    RANGE BETWEEN INTERVAL '180 days' PRECEDING AND INTERVAL '180 days' FOLLOWING
                ) > 1) AS is_repeat,
                move.before_confidence AS confidence,
                move.set_at AS moved_at,
                known.told_at,
                move.before_day AS old_to,
                move.date_to AS new_to,
            """,
            company=self.env.company.id,
        )

    def _select_measures(self):
        return SQL(
            r"""
                1 - share.part AS moves,
                share.seconds / 3600.0::float AS hours,
                CASE
                    WHEN share.part = 1 THEN NULL
                    WHEN known.told_at IS NULL AND known.old_at > %(now)s THEN NULL
                    WHEN known.told_at < known.old_at
                        AND share.reason_id IS NOT NULL
                        AND delay.doing ~ '\S'
                    THEN 1.0
                    ELSE 0.0
                END::float AS told_before,
                CASE
                    WHEN share.part = 0
                    THEN EXTRACT(EPOCH FROM known.old_at - known.told_at) / 3600
                END::float AS lead_hours,
                CASE
                    WHEN share.part = 0 AND known.answer <> 'none'
                    THEN (known.answer = 'accepted')::int
                END::float AS accepted,
                CASE
                    WHEN share.part = 0 AND known.answer <> 'none'
                    THEN (known.answer = 'contested')::int
                END::float AS contested
            """,
            now=fields.Datetime.now(),
        )

    def _from(self):
        return SQL(
            """
            FROM (%(dates)s) move
            LEFT JOIN service_delay delay ON delay.id = move.delay_id
            LEFT JOIN service_delay_reason main ON main.id = delay.reason_id
            LEFT JOIN service_delay_reason other
                ON other.id = delay.second_reason_id AND other.party <> 'customer'
            CROSS JOIN LATERAL (
                SELECT
                    COALESCE(delay.communicated_at, move.told_at) AS told_at,
                    COALESCE(delay.old_at, move.before_end) AS old_at,
                    CASE
                        WHEN delay.response IN ('accepted', 'contested') THEN delay.response
                        ELSE move.acknowledgement
                    END AS answer
            ) known
            CROSS JOIN LATERAL (%(shares)s) share
            WHERE move.is_move AND move.is_told
            """,
            dates=get_dates(self.env.company),
            shares=self._get_shares(),
        )

    def _get_shares(self):
        """Return whose hours they are: those a customer explains are theirs, the rest is not."""
        return SQL(
            """
            SELECT
                0 AS part,
                main.id AS reason_id,
                main.process,
                main.party,
                CASE
                    WHEN main.party = 'customer' THEN delay.explained_seconds
                    ELSE delay.impact_seconds
                END AS seconds
            UNION ALL
            SELECT
                1,
                other.id,
                other.process,
                COALESCE(other.party, 'us'),
                delay.impact_seconds - delay.explained_seconds
            WHERE main.party = 'customer' AND delay.impact_seconds > delay.explained_seconds
            """
        )
