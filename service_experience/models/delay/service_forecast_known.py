# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Which cases a forecast rests on: one rule for what is forecast and for what was."""

import json
from datetime import datetime
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..clock.engine.facts import is_closed
from .forecast import MAX_CASES, MIN_CASES


class Sample(NamedTuple):
    """What an open request is compared with.

    :param values: the working seconds of the cases from entering its stage, in ascending order
    :param entered_at: when the request entered its present stage for the first time
    """

    values: tuple[int, ...]
    entered_at: datetime


class ServiceForecastCase(models.Model):
    _inherit = "service.forecast.case"

    @api.model
    def _get_samples(self, tasks):
        """Return ``{task id: Sample}`` for the open requests, in three queries.

        A sample without values says that there are too few cases.
        """
        return {
            task_id: sample if len(sample.values) >= MIN_CASES else sample._replace(values=())
            for task_id, sample in self._get_scarce_samples(tasks).items()
        }

    @api.model
    def _get_scarce_samples(self, tasks):
        """Return the same with all the values there are, be they too few."""
        subjects = [
            one for one in self._get_subjects(tasks) if not is_closed(one.state, one.is_active)
        ]
        entered = self._get_entered(subjects)
        keys = list({one.key for one in subjects})
        known = dict(self._iter_known(self._select_keys(keys)))
        values = {key: known[number] for number, key in enumerate(keys)}
        return {one.task_id: Sample(values[one.key], entered[one.task_id]) for one in subjects}

    @api.model
    def _get_entered(self, subjects):
        """Return when each request entered its present stage.

        Not what Odoo noted last: it notes changes of the state there, too.
        """
        moves = self.env["project.task"].browse([one.task_id for one in subjects])._get_sla_moves()
        pending = self.env.cr.precommit.data.get("mail.tracking.project.task", {})
        entered = {}
        for one in subjects:
            stage_before = (pending.get(one.task_id) or {}).get("stage_id")
            entries = one.get_entries(moves[one.task_id], stage_before and stage_before.id)
            # It is not among them where somebody changed it without tracking.
            entered[one.task_id] = entries.get(one.stage_id, one.staged_at)
        return entered

    @api.model
    def _select_keys(self, keys):
        """Return the query that ``_iter_known`` takes, for what is known now of these keys."""
        wanted = [
            {
                "ref": number,
                "company_id": company_id or 0,
                "stage_id": stage_id,
                "tag_id": tag_id,
                "before": "infinity",
                "task_id": 0,
            }
            for number, (company_id, stage_id, tag_id) in enumerate(keys)
        ]
        return SQL(
            """SELECT *
                 FROM jsonb_to_recordset(%s) AS keys (
                      ref int, company_id int, stage_id int, tag_id int, before timestamp,
                      task_id int)""",
            json.dumps(wanted),
        )

    @api.model
    def _iter_known(self, wanted):
        """Yield the pairs of `ref` and the seconds of the cases that were known, in order.

        Those of the same type where there are enough of them, else those of any type; of both the
        latest. Ask the database nothing else meanwhile.

        :param wanted: query of ``ref, company_id, stage_id, tag_id, before, task_id``: the company
            is 0 for none, what was closed up to `before` is known, and a request is no case of
            its own
        """
        self.flush_model()
        typed = SQL("known.tag_id = wanted.tag_id")
        self.env.cr.execute(
            SQL(
                """SELECT wanted.ref, COALESCE(typed.seconds, untyped.seconds)
                     FROM (%s) AS wanted
                LEFT JOIN LATERAL (%s HAVING COUNT(*) >= %s) AS typed ON TRUE
                LEFT JOIN LATERAL (%s) AS untyped ON TRUE""",
                wanted,
                self._select_latest(typed),
                MIN_CASES,
                self._select_latest(SQL("typed.seconds IS NULL")),
            )
        )
        while rows := self.env.cr.fetchmany(100):
            for ref, seconds in rows:
                yield ref, tuple(sorted(seconds or ()))

    @api.model
    def _select_latest(self, condition):
        # Of cases that were closed at once the request decides: ids of cases change.
        return SQL(
            """SELECT ARRAY_AGG(latest.seconds) AS seconds
                 FROM (SELECT known.seconds
                         FROM service_forecast_case AS known
                        WHERE known.stage_id = wanted.stage_id
                          AND COALESCE(known.company_id, 0) = wanted.company_id
                          AND known.closed_at <= wanted.before
                          AND known.task_id != wanted.task_id
                          AND %s
                     ORDER BY known.closed_at DESC, known.task_id DESC
                        LIMIT %s) AS latest""",
            condition,
            MAX_CASES,
        )
