# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import logging

from odoo import api, fields, models

from .engine.facts import Fact

_logger = logging.getLogger(__name__)
# After so many failures a person is told; after so many more nobody tries again.
TELL_AFTER = 3
GIVE_UP_AFTER = 20


class ServiceSlaBacklog(models.Model):
    """Facts about a task that could not reach its timers in the transaction that made them.

    The sweep brings them there, task by task, with the instants at which they happened.
    """

    _name = "service.sla.backlog"
    _description = "SLA Backlog"
    _order = "id"

    task_id = fields.Many2one("project.task", required=True, index=True, ondelete="cascade")
    facts = fields.Json(required=True, help="What happened, when, and who did it.")
    attempts = fields.Integer()
    error = fields.Char()

    @api.model
    def _keep(self, pending):
        """Store the facts and ask the sweep to come soon.

        :param pending: ``{task id: [Fact, ...]}``
        """
        tasks = self.env["project.task"].browse(pending).exists()
        self.create(
            [
                {"task_id": task.id, "facts": [fact.to_json() for fact in pending[task.id]]}
                for task in tasks
            ]
        )
        self.env["service.sla.timer"]._get_sweep_cron()._trigger()

    @api.model
    def _queue_behind(self, pending):
        """Keep the facts of tasks for which older ones still wait: they come in their order.

        :param pending: ``{task id: [Fact, ...]}``
        :return: the same without what was kept
        """
        waiting = self._get_waiting([("task_id", "in", [*pending])])
        queued = set(waiting.task_id.ids)
        if queued:
            self._keep({task_id: pending[task_id] for task_id in queued})
        return {task_id: facts for task_id, facts in pending.items() if task_id not in queued}

    @api.model
    def _get_waiting(self, domain=()):
        """Return the rows that are still tried, in the order of their making."""
        return self.search([*domain, ("attempts", "<", GIVE_UP_AFTER)], order="id")

    @api.model
    def _work_off(self):
        """Bring the kept facts to their timers, each request in a transaction of its own."""
        for rows in self._get_waiting().grouped("task_id").values():
            if len(rows.try_lock_for_update()) == len(rows):
                rows._work_off_one()
            self.env["ir.cron"]._commit_progress()

    def _work_off_one(self):
        """Bring all that waits for one request to its timers, in its order."""
        task = self.task_id
        facts = [Fact.from_json(fact) for row in self for fact in row.facts]
        try:
            with self.env.cr.savepoint():
                self.env["service.sla.timer"]._as_system()._sync({task.id: facts})
                self.unlink()
        except Exception as error:
            _logger.warning("SLA timers of task %s still wait", task.id, exc_info=True)
            for row in self:
                row.write({"attempts": row.attempts + 1, "error": str(error)[:500]})
            if self[0].attempts == TELL_AFTER:
                self[0]._tell_responsible()

    def _tell_responsible(self):
        manager = self.task_id.project_id.user_id
        user = manager if manager.active else self.env.ref("base.user_admin")
        task = self.task_id.with_context(lang=user.lang)
        task.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=task.env._("The promises of this request are not up to date"),
            note=task.env._(
                "Its SLA timers could not be updated: %(error)s. Tell your administrator; what "
                "happened to the request is kept and will be counted.",
                error=self.error,
            ),
            user_id=user.id,
        )
