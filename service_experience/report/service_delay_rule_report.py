# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models
from odoo.tools import SQL

from ..models.delay.service_delay import RULES
from .promise_dates import DEPENDS, get_dates

# What people note, or what follows from another delay, is no rule that could be better.
_OTHERS = {"cascade", "reason_unknown", "flagged", "customer", "person"}


class ServiceDelayRuleReport(models.Model):
    """How good the rules are: whether their suspicions come true, and what they notice in time.

    There are two kinds of rows: each suspicion of a rule, which came true or not; and for each
    move or breach of a promise and each rule, whether the rule had noticed it before.
    """

    _name = "service.delay.rule.report"
    _description = "Detection Rules"
    _auto = False
    _rec_name = "commitment_id"
    _order = "occurred_at desc, id desc"
    _depends = {
        **DEPENDS,
        "service.delay": [
            "commitment_id",
            "company_id",
            "detected_at",
            "detected_by",
            "old_at",
            "old_to",
            "partner_id",
            "project_id",
            "rule",
            "state",
            "superseded_by_id",
            "task_id",
        ],
    }

    rule = fields.Selection(
        selection=lambda self: self.env["service.delay"]._fields["rule"].selection, readonly=True
    )
    commitment_id = fields.Many2one("service.commitment", string="Promise", readonly=True)
    delay_id = fields.Many2one("service.delay", string="Suspicion", readonly=True)
    project_id = fields.Many2one("project.project", string="Service", readonly=True)
    task_id = fields.Many2one("project.task", string="Request", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, help="Contacts count for their company."
    )
    company_id = fields.Many2one("res.company", readonly=True)
    occurred_at = fields.Datetime(
        string="Date",
        readonly=True,
        help="When the rule noticed something; of a move or breach, when the customer was told or "
        "the promise was broken.",
    )
    precision = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the suspicions that came true, among all that are decided: confirmed, or "
        "the promise moved or was broken all the same.",
    )
    recall = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the moved or broken dates that the rule had noticed before the customer "
        "was told, or before the breach.",
    )
    is_decided = fields.Boolean(
        string="Decided", readonly=True, help="It is known whether the suspicion came true."
    )
    suspicion_count = fields.Integer(string="Suspicions", readonly=True)
    event_key = fields.Integer(
        string="Moves and Breaches",
        readonly=True,
        aggregator="count_distinct",
        help="How many dates moved or were broken. Each counts once, however many rules there are.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH dates AS (%s), suspicion AS (%s), event AS (%s)
            SELECT row.*, COALESCE(row.precision, row.recall) IS NOT NULL AS is_decided
              FROM (%s UNION ALL %s) row
            """,
            get_dates(self.env.company),
            self._get_suspicions(),
            self._get_events(),
            self._select_precision(),
            self._select_recall(),
        )

    def action_open_behind(self):
        """Open the suspicion behind this row, else the promise that moved or was broken."""
        self.ensure_one()
        return (self.delay_id or self.commitment_id).get_formview_action()

    def _get_suspicions(self):
        """Return what rules suspected, each with its promise.

        One that was noticed before there was a commitment goes with the commitment that was made
        of the same date of the same request or service.
        """
        return SQL(
            """
            SELECT delay.*, COALESCE(delay.commitment_id, made.commitment_id) AS promise_id
            FROM service_delay delay
            LEFT JOIN (
                SELECT DISTINCT ON (project_id, task_id, date_to)
                       commitment_id, project_id, COALESCE(task_id, 0) AS task_id, date_to
                  FROM dates
                 WHERE before_day IS NULL
              ORDER BY project_id, task_id, date_to, commitment_id
            ) made
                ON delay.commitment_id IS NULL
                AND made.project_id = delay.project_id
                AND made.task_id = COALESCE(delay.task_id, 0)
                AND made.date_to = delay.old_to
            WHERE delay.detected_by = 'rule'
            """
        )

    def _get_events(self):
        """Return what the rules should notice: of each promised day, the first move or breach."""
        return SQL(
            """
            SELECT DISTINCT ON (happened.commitment_id, happened.old_day) happened.*
              FROM (
                SELECT dates.id::bigint * 64 AS key,
                       dates.commitment_id,
                       dates.before_day AS old_day,
                       COALESCE(dates.told_at, dates.set_at) AS at
                  FROM dates
                 WHERE dates.is_move AND dates.is_told
             UNION ALL
                -- Which day was broken: not always the last one, if the customer did not agree.
                SELECT dates.commitment_id::bigint * 64 + 32,
                       dates.commitment_id,
                       ((dates.broken_at - INTERVAL '1 second')
                           AT TIME ZONE 'UTC' AT TIME ZONE dates.zone)::date,
                       dates.broken_at
                  FROM dates
                 WHERE dates.before_day IS NULL AND dates.set_at < dates.broken_at
              ) happened
          ORDER BY happened.commitment_id, happened.old_day, happened.at
            """
        )

    def _select_precision(self):
        return SQL(
            """
            SELECT
                suspicion.id::bigint * 64 AS id,
                suspicion.rule,
                suspicion.promise_id AS commitment_id,
                suspicion.id AS delay_id,
                suspicion.project_id,
                suspicion.task_id,
                suspicion.partner_id,
                suspicion.company_id,
                suspicion.detected_at AS occurred_at,
                CASE
                    WHEN suspicion.state IN ('confirmed', 'communicated', 'resolved')
                        OR newer.state <> 'absorbed'
                        OR moved.last_at >= suspicion.detected_at
                        OR %(broke)s
                    THEN 1.0
                    WHEN suspicion.state <> 'suspected' THEN 0.0
                END::float AS precision,
                NULL::float AS recall,
                1 AS suspicion_count,
                NULL::bigint AS event_key
            FROM suspicion
            LEFT JOIN service_delay newer ON newer.id = suspicion.superseded_by_id
            LEFT JOIN service_commitment promise ON promise.id = suspicion.promise_id
            LEFT JOIN (
                SELECT commitment_id, MAX(set_at) AS last_at
                  FROM dates
                 WHERE is_move
              GROUP BY commitment_id
            ) moved ON moved.commitment_id = suspicion.promise_id
            """,
            broke=self._get_broke(),
        )

    def _get_broke(self):
        """Return whether the promise broke after it was suspected, or did not hold that date.

        A rule may notice a deadline only when it has passed: that came true as well.
        """
        return SQL(
            """(
                promise.state = 'broken' AND (
                    promise.broken_at >= LEAST(suspicion.detected_at, suspicion.old_at)
                    OR COALESCE(promise.kept_at, %(now)s) >= suspicion.old_at
                )
            )""",
            now=fields.Datetime.now(),
        )

    def _select_recall(self):
        return SQL(
            """
            SELECT
                event.key + rule.number,
                rule.name,
                promise.id,
                NULL::int,
                promise.project_id,
                promise.task_id,
                promise.partner_id,
                promise.company_id,
                event.at,
                NULL::float,
                (rule.name = ANY(COALESCE(noticed.rules, '{}')))::int::float,
                0,
                event.key
            FROM event
            JOIN service_commitment promise ON promise.id = event.commitment_id
            CROSS JOIN UNNEST(%(rules)s::varchar[]) WITH ORDINALITY AS rule(name, number)
            LEFT JOIN (
                SELECT event.key, ARRAY_AGG(suspicion.rule) AS rules
                  FROM event
                  JOIN suspicion
                    ON suspicion.promise_id = event.commitment_id
                   AND suspicion.old_to = event.old_day
                   AND suspicion.detected_at < event.at
              GROUP BY event.key
            ) noticed ON noticed.key = event.key
            """,
            rules=[rule for rule, _name in RULES if rule not in _OTHERS],
        )
