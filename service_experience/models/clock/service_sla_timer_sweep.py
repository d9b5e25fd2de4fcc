# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import logging
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...business_time import DEADLINE
from .engine.ledger import Ledger

_logger = logging.getLogger(__name__)
SWEEP_BATCH = 200
ESCALATING_BATCH = 10
SWEEP_INTERVAL = timedelta(minutes=5)
CONCURRENT_ATTEMPTS = 10
RETRY_AFTER = timedelta(hours=1)


class ServiceSlaTimer(models.Model):
    """The sweep: what time alone changes. Its work is proportional to what is due.

    Safe to run twice at once and to be killed: rows are locked with SKIP LOCKED, each batch is
    committed together with its evidence, and an event is unique per timer, kind and point.
    """

    _inherit = "service.sla.timer"

    @api.model
    def _cron_sweep(self):
        """Record the warnings and breaches that are due, oldest first, then order the next run."""
        self.env["service.sla.backlog"]._work_off()
        while done := self._sweep_batch():
            if not self.env["ir.cron"]._commit_progress(done):
                break
        self._schedule_sweep(self._get_next_event())

    @api.model
    def _sweep_batch(self):
        """Act on the next due timers; return on how many."""
        for attempt in range(1, CONCURRENT_ATTEMPTS + 1):
            now = fields.Datetime.now()
            is_last = attempt == CONCURRENT_ATTEMPTS
            try:
                timers = self.with_context(service_sla_last_attempt=is_last)._lock_due(now)
                timers._sweep(now)
                return len(timers)
            except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, UniqueViolation):
                # Somebody else has just changed or added one of these rows: look again, with
                # fresh eyes.
                self.env.cr.rollback()
            except Exception:
                _logger.exception("SLA sweep: a batch failed, its timers are tried one by one")
                self.env.cr.rollback()
                return self._sweep_singly(now)
        return 0

    @api.model
    def _sweep_singly(self, now):
        """Act on each due timer by itself, so that one that fails does not hold up the others."""
        timers = self._lock_due(now)
        for timer in timers:
            try:
                with self.env.cr.savepoint():
                    timer._sweep(now)
            except Exception:
                _logger.exception("SLA sweep: timer %s is tried again in an hour", timer.id)
                timer.next_event_at = now + RETRY_AFTER
        return len(timers)

    @api.model
    def _lock_due(self, now):
        """Return the next due timers, locked; those that another sweep holds are left to it.

        Telling people takes much longer than taking notes, and whoever works on the same request
        waits meanwhile: of timers that escalate there are few in a batch.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT id, marks IS NOT NULL FROM service_sla_timer
                    WHERE next_event_at < %s AND (task_id IS NULL OR task_id != ALL(%s))
                 ORDER BY next_event_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
                now,
                self._get_undecided().ids,
                SWEEP_BATCH,
            )
        )
        escalating = [number for number, (_id, has_marks) in enumerate(rows) if has_marks]
        end = escalating[ESCALATING_BATCH] if len(escalating) > ESCALATING_BATCH else len(rows)
        return self.browse(timer_id for timer_id, _has_marks in rows[:end])

    def _sweep(self, now):
        """Act on the moments of these timers that are due, in the order of time."""
        if not self:
            return
        ledger = Ledger(self.env)
        for draft in ledger.take(self):
            draft.is_changed = True  # whatever made it due is looked at now
            for moment in draft.clock.moments(draft.time, draft.fired):
                if moment.at >= now:
                    break
                if moment.point == DEADLINE:
                    draft.record_breach(now)
                else:
                    draft.reach(moment, now)
        ledger.save()

    @api.model
    def _escalate(self, actions):
        """Let people act on points that timers have reached and that are on record.

        :param actions: list of ``(TimerDraft, point)``
        """
        self.env["service.sla.escalation"]._carry_out(actions)

    @api.model
    def _get_next_event(self):
        """Return when the next timer has to be looked at."""
        is_due = Domain("next_event_at", "!=", False)
        is_decided = Domain("task_id", "not in", self._get_undecided().ids)
        return self.search(is_due & is_decided, order="next_event_at", limit=1).next_event_at

    @api.model
    def _get_undecided(self):
        """Return the requests with facts that wait: an answer may be among them."""
        return self.env["service.sla.backlog"]._get_waiting().task_id

    @api.model
    def _get_sweep_cron(self):
        # sudo: every change of a task may order a run, whoever makes it.
        return self.env.ref("service_experience.service_sla_timer_cron_sweep").sudo()

    @api.model
    def _schedule_sweep(self, at):
        """Order a run for an event, unless the regular run comes first.

        One trigger a minute is enough: a run takes everything that is due.

        :param at: naive UTC instant of the event, or nothing
        """
        now = fields.Datetime.now()
        if not at or at > now + SWEEP_INTERVAL:
            return
        at = max(at, now).replace(second=0) + timedelta(minutes=1)
        cron_sudo = self._get_sweep_cron()
        is_ordered = [("cron_id", "=", cron_sudo.id), ("call_at", "=", at)]
        # sudo: as above.
        if not self.env["ir.cron.trigger"].sudo().search_count(is_ordered, limit=1):
            cron_sudo._trigger(at)
