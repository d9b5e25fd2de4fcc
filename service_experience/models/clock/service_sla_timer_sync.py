# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import logging

from odoo import api, fields, models

from .engine.facts import Fact, add_fact

_logger = logging.getLogger(__name__)
_PENDING = "service_experience.sla.pending"


class ServiceSlaTimer(models.Model):
    """One sync per transaction: the hooks on tasks note what happened, the sync does the work.

    It runs before the commit, or earlier when somebody reads timers, once for all tasks that were
    touched. What fails here never reaches the user's change: it is kept and done again later.
    """

    _inherit = "service.sla.timer"

    @api.model
    def _note(self, tasks, kind, values=None, at=None):
        """Remember that something happened to the tasks.

        :param kind: kind of the ``Fact``
        :param values: its value per task id
        :param at: naive UTC instant at which it happened; now when not given
        """
        task_ids = [task_id for task_id in tasks._ids if task_id]  # no drafts of a form
        if not task_ids or not self.env["service.sla.policy"]._is_in_use():
            return
        precommit = self.env.cr.precommit
        if _PENDING not in precommit.data:
            precommit.add(self._sync_pending)
        pending = precommit.data.setdefault(_PENDING, {})
        at = (at or fields.Datetime.now()).replace(microsecond=0)
        for task_id in task_ids:
            value = values and values.get(task_id)
            fact = Fact(at, kind, value, self.env.uid)
            add_fact(pending.setdefault(task_id, []), fact)
        self._forget_cached(tasks)

    @api.model
    def _forget_cached(self, tasks):
        """Make the next reader of these timers come back to the database, and so to the sync."""
        # Nothing of it is waiting to be written: only the sync and the sweep write timers.
        self.invalidate_model(flush=False)
        tasks._forget_sla()

    def _search(self, domain, *args, **kwargs):
        # Reading a record that is not in memory searches it, too.
        self._sync_pending()
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _as_system(self):
        # sudo: timers follow the facts whoever made them, a portal user's comment included.
        return self.sudo().with_context(active_test=False, mail_notrack=True)

    @api.model
    def _take_pending(self):
        """Return the facts noted so far, ``{task id: [Fact, ...]}``, and forget them."""
        return self.env.cr.precommit.data.pop(_PENDING, {})

    @api.model
    def _sync_pending(self):
        """Bring the timers up to date with what happened in this transaction so far."""
        pending = self._take_pending()
        if not pending:
            return
        # Outside of the `try`: an error in what the host has still to write is the host's.
        self.env.flush_all()
        timers_sudo = self._as_system()
        try:
            with self.env.cr.savepoint(flush=False):
                timers_sudo._sync(timers_sudo.env["service.sla.backlog"]._queue_behind(pending))
                self.env.flush_all()
        except Exception:
            # A bug, or another transaction at the same timers: not the user's business. The
            # transaction is sound again after its savepoint, and the facts are not lost.
            _logger.warning("SLA timers of tasks %s have to wait", [*pending], exc_info=True)
            self.env.transaction.clear()
            timers_sudo.env["service.sla.backlog"]._keep(pending)
