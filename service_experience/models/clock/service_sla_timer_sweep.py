# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

SWEEP_BATCH = 200
SWEEP_INTERVAL = timedelta(minutes=5)


class ServiceSlaTimer(models.Model):
    """The sweep: what time alone changes. Its work is proportional to what is due.

    Safe to run twice at once and to be killed: rows are locked with SKIP LOCKED, each batch is
    committed together with its evidence, and an event is unique per timer, kind and point.
    """

    _inherit = "service.sla.timer"

    @api.model
    def _cron_sweep(self):
        """Record the warnings and breaches that are due, oldest first, then order the next run."""
        while True:
            try:
                timers = self._lock_due(fields.Datetime.now())
                timers._sweep(fields.Datetime.now())
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Somebody else has just changed one of these rows: look again, with fresh eyes.
                self.env.cr.rollback()
                continue
            if not timers:
                break
            if not self.env["ir.cron"]._commit_progress(len(timers)):
                break
        self._schedule_sweep()

    @api.model
    def _lock_due(self, now):
        """Return the next due timers, locked; those that another sweep holds are left to it."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM service_sla_timer WHERE next_event_at < %s
                   ORDER BY next_event_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
                now,
                SWEEP_BATCH,
            )
        )
        return self.browse(timer_id for [timer_id] in rows)

    def _sweep(self, now):
        """Act on the due moments of these timers, the warning before the deadline."""
        if not self:
            return
        ledger = self.env["service.sla.event"]._open_ledger()
        warned = self._get_warned()
        for timer in self:
            if timer.next_event_kind == "warning":
                timer._sweep_warning(now, timer in warned, ledger)
            if timer.deadline < now:
                timer._sweep_deadline(now, ledger)
        ledger.save()

    def _get_warned(self):
        """Return the timers whose warning is on record: a cycle warns once."""
        events = self.env["service.sla.event"].search(
            [("timer_id", "in", self.ids), ("kind", "=", "warned")]
        )
        return events.timer_id

    def _sweep_warning(self, now, is_warned, ledger):
        if not is_warned:
            late = self.deadline < now
            ledger.event(
                self,
                "warned",
                self.next_event_at,
                cause=self.env._("Not sent: the deadline had passed") if late else None,
            )
        self.write({"next_event_at": self.deadline, "next_event_kind": "deadline"})

    def _sweep_deadline(self, now, ledger):
        """Record the breach. It happened at the deadline, whenever it is noticed."""
        self.write(
            {
                "breached_at": self.deadline,
                "detected_at": now,
                "next_event_at": False,
                "next_event_kind": False,
            }
        )
        ledger.event(self, "breached", self.deadline)

    @api.model
    def _schedule_sweep(self):
        """Order a run for the next event, unless the regular run comes first.

        One trigger a minute is enough: a run takes everything that is due.
        """
        first = self.search([("next_event_at", "!=", False)], order="next_event_at", limit=1)
        now = fields.Datetime.now()
        if not first or first.next_event_at > now + SWEEP_INTERVAL:
            return
        at = max(first.next_event_at, now).replace(second=0) + timedelta(minutes=1)
        # sudo: every change of a task may order a run, whoever makes it.
        cron_sudo = self.env.ref("service_experience.service_sla_timer_cron_sweep").sudo()
        triggers_sudo = self.env["ir.cron.trigger"].sudo()
        if not triggers_sudo.search_count(
            [("cron_id", "=", cron_sudo.id), ("call_at", "=", at)], limit=1
        ):
            cron_sudo._trigger(at)
