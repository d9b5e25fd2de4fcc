# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime

from odoo import api, models

from .engine.facts import Fact, is_closed
from .engine.hours import HoursBook
from .engine.ledger import Ledger
from .engine.metrics import STARTING_FACTS
from .engine.request_run import UNKNOWN, Batch, RequestRun


class ServiceSlaTimer(models.Model):
    """What the noted facts do to timers, in batch: read all, run each request, write all."""

    _inherit = "service.sla.timer"

    @api.model
    def _sync(self, pending):
        """Apply the noted facts to the timers of all touched tasks.

        :param pending: ``{task id: [Fact, ...]}``
        """
        self.env["service.sla.turn"]._take(
            task_id
            for task_id, facts in pending.items()
            if all(fact.kind != "created" for fact in facts)  # others do not know of it yet
        )
        self._run_requests(pending).save()

    @api.model
    def _run_requests(self, pending):
        """Return the ledger of what the facts change; nothing is written yet."""
        # What the host has still to write may note more facts: they come before these.
        self.env.flush_all()
        self._sync_pending()
        tasks = self.env["project.task"].browse(pending).exists()
        ledger = Ledger(self.env)
        batch = Batch(HoursBook(self.env), ledger)
        drafts = {}
        for draft in ledger.take(self.search([("task_id", "in", tasks.ids)], order="cycle, id")):
            drafts.setdefault(draft.task.id, []).append(draft)
        plan = self._get_plan(tasks, pending)
        waits = tasks._get_sla_waits()
        closed = {task.id: self._is_closed_first(task, pending[task.id]) for task in tasks}
        late = self._get_late(tasks, pending, plan, drafts, closed)
        pasts = self._get_pasts(late, pending, waits)
        for task in tasks:
            facts = pending[task.id]
            held = self._get_turns(waits.get(task.id, ()), min(fact.at for fact in facts))
            RequestRun(
                batch,
                task,
                drafts.get(task.id, []),
                plan.get(task.id),
                waits.get(task.id, ()),
                self._get_first_stage(task, facts),
                past=pasts.get(task.id, ()),
                is_closed=closed[task.id],
            ).run([*facts, *held])
        return ledger

    @api.model
    def _get_turns(self, waits, since=datetime.min):
        """Return a fact for each beginning and end of a wait after `since`.

        Facts may arrive late: what has ended meanwhile has to end for them as well.
        """
        return [
            Fact(at, "held")
            for start, end, _hold in waits
            for at in (start, end)
            if at and at > since
        ]

    @api.model
    def _get_plan(self, tasks, pending):
        """Return which targets apply to the tasks for which a measurement may begin."""
        asking = tasks.filtered(
            lambda task: (
                any(fact.kind in STARTING_FACTS for fact in pending[task.id])
                and task._is_sla_request()
            )
        )
        if not asking:
            return {}
        return self.env["service.sla.policy"].search([("active", "=", True)])._match(asking)

    @api.model
    def _get_first_stage(self, task, facts):
        is_moved = any(fact.kind in ("staged", "created") for fact in facts)
        return UNKNOWN if is_moved else task.stage_id.id

    @api.model
    def _is_closed_first(self, task, facts):
        """Tell whether the request was closed before the first of the facts."""
        changes = [fact.value for fact in facts if fact.kind == "state"]
        return changes[0][2] if changes else is_closed(task.state, task.active)

    @api.model
    def _get_late(self, tasks, pending, plan, drafts, closed):
        """Return the tasks for which a measurement may begin after the fact."""

        def is_matched(fact):
            return fact.kind in ("matched", "applied") or (
                fact.kind == "state" and closed[task.id] and not is_closed(*fact.value[:2])
            )

        late = []
        for task in tasks:
            measured = {draft.key for draft in drafts.get(task.id, ()) if draft.is_open}
            missing = plan.get(task.id, {}).keys() - measured
            if missing and any(map(is_matched, pending[task.id])):
                late.append(task.id)
        return tasks.browse(late)

    @api.model
    def _get_pasts(self, tasks, pending, waits):
        """Return the history of the tasks as facts, those of this transaction included.

        These may be in the database by now, or not yet: a fact that comes twice changes nothing.
        Closed times of the past are not among them.
        """
        older = tasks.filtered(
            lambda task: all(fact.kind != "created" for fact in pending[task.id])
        )
        history = older._get_sla_history()
        no_past = ("matched", "applied", "state")
        return {
            task.id: [
                *history.get(task.id, ()),
                *(fact for fact in pending[task.id] if fact.kind not in no_past),
                *self._get_turns(waits.get(task.id, ())),
            ]
            for task in tasks
        }
