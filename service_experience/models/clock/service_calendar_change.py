# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .engine.ledger import Ledger

_logger = logging.getLogger(__name__)
_PENDING = "service_experience.calendar.pending"
BATCH = 1000
ATTEMPTS = 10


class ServiceCalendarChange(models.Model):
    """Working hours that have changed, for the job that brings the open timers along.

    The past of a timer keeps the old hours: the piece that runs is split at the change. A row
    is worked off in batches and deleted at the end; a job that is killed begins it again and
    finds only what is left.
    """

    _name = "service.calendar.change"
    _description = "Change of Working Hours"
    _order = "id"

    calendar_id = fields.Many2one("resource.calendar", required=True, ondelete="cascade")
    version_id = fields.Many2one("service.calendar.version", required=True, ondelete="cascade")
    changed_at = fields.Datetime(required=True)

    @api.model
    def _note(self, calendars):
        """Remember that the hours of these calendars may have changed; looked at once, later."""
        if not calendars.ids:
            return
        precommit = self.env.cr.precommit
        if _PENDING not in precommit.data:
            precommit.add(self._record_pending)
        pending = precommit.data.setdefault(_PENDING, {})
        pending.update(dict.fromkeys(calendars.ids, fields.Datetime.now()))

    @api.model
    def _record_pending(self):
        """Write a row for each calendar by whose former hours open timers are measured."""
        pending = self.env.cr.precommit.data.pop(_PENDING, {})
        if not pending:
            return
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                self.sudo()._record(pending)  # sudo: whoever changes hours, timers follow them
                self.env.flush_all()
        except Exception:
            # Never the business of who edits hours; the next resume or change takes them along.
            _logger.exception("Changed working hours %s could not be noted", [*pending])
            self.env.transaction.clear()

    @api.model
    def _record(self, pending):
        calendars = self.env["resource.calendar"].browse(pending).exists()
        rows = []
        # What was changed back before the job ran has to follow what was changed.
        queued = self.search([("calendar_id", "in", calendars.ids)]).calendar_id
        for calendar in calendars & self._get_measuring(calendars):
            version = calendar._service_version()
            if calendar in queued or self._has_timers_by_others(calendar, version):
                rows.append(
                    {
                        "calendar_id": calendar.id,
                        "version_id": version.id,
                        "changed_at": pending[calendar.id],
                    }
                )
        if rows:
            self.create(rows)
            self._get_cron()._trigger()

    @api.model
    def _get_measuring(self, calendars):
        """Return which of the calendars have ever measured a timer."""
        groups = self.env["service.calendar.version"]._read_group(
            [("calendar_id", "in", calendars.ids)], ["calendar_id"]
        )
        return self.env["resource.calendar"].union(*(calendar for [calendar] in groups))

    @api.model
    def _has_timers_by_others(self, calendar, version):
        return bool(
            self.env["service.sla.timer"].search_count(
                [
                    ("calendar_version_id", "in", self._get_other_versions(calendar, version).ids),
                    ("state", "in", ("running", "paused")),
                ],
                limit=1,
            )
        )

    @api.model
    def _get_other_versions(self, calendar, versions):
        return self.env["service.calendar.version"].search(
            [("calendar_id", "=", calendar.id), ("id", "not in", versions.ids)]
        )

    @api.model
    def _get_cron(self):
        # sudo: every change of hours may order a run, whoever makes it.
        return self.env.ref("service_experience.service_calendar_change_cron").sudo()

    @api.model
    def _cron_follow(self):
        """Bring the open timers to the hours that apply since each change, oldest first."""
        for change in self.search(Domain.TRUE):
            if not change.exists() or not change._follow():
                break  # the rest is found by the next run, or by the one that is at it
            change.unlink()
            self.env["ir.cron"]._commit_progress(1, remaining=self.search_count(Domain.TRUE))

    def _follow(self):
        """Measure the open timers of one calendar by its hours from the change on.

        Timers started or resumed since are measured by them already, or by those of a later
        change that waits for its turn.

        :return: whether all was done before the time of the run was up
        """
        later = self.search([("calendar_id", "=", self.calendar_id.id), ("id", ">", self.id)])
        versions = self._get_other_versions(self.calendar_id, self.version_id + later.version_id)
        last_id = 0
        while versions and (ids := self._get_next(versions, last_id)):
            if not self.try_lock_for_update():
                return False  # another run is at it, or done with it
            self._follow_batch(ids)
            last_id = ids[-1]
            # There is always something left until the row is deleted: the job goes on at once.
            if not self.env["ir.cron"]._commit_progress(remaining=1):
                return False
        return True

    def _get_next(self, versions, last_id):
        """Return ids of the next running timers; those that stand still follow on resuming."""
        return [
            timer_id
            for [timer_id] in self.env.execute_query(
                SQL(
                    """SELECT id FROM service_sla_timer
                        WHERE calendar_version_id IN %s AND state = 'running' AND id > %s
                        ORDER BY id LIMIT %s""",
                    tuple(versions.ids),
                    last_id,
                    BATCH,
                )
            )
        ]

    def _follow_batch(self, ids):
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.env.cr.savepoint():
                    self._move(self.env["service.sla.timer"].browse(ids).exists())
                return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Somebody changed one of these timers meanwhile: look again, with fresh eyes.
                if attempt == ATTEMPTS:
                    raise
                self.env.cr.rollback()

    def _move(self, timers):
        """Split the running piece of each timer whose window meets the change."""
        ledger = Ledger(self.env)
        time = self.version_id._working_time()
        for draft in ledger.take(timers):
            is_elsewhere = draft.version != self.version_id and draft.clock.state == "running"
            if is_elsewhere and draft.is_moved_by(time, self.changed_at):
                draft.move_to(self.changed_at, self.version_id, "hours_changed")
        ledger.save()
