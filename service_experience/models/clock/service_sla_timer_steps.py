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
        pasts = self._get_pasts(tasks, pending, plan, drafts, waits)
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
                is_closed=self._is_closed_first(task, facts, drafts.get(task.id, ())),
            ).run([*facts, *held])
        return ledger

    @api.model
    def _get_turns(self, waits, since=datetime.min):
        """Return a fact for each beginning and end of a wait after `since`.

        Facts may arrive late: what has ended meanwhile has to end for them as well.
        """
        return [
            Fact(at, "held", user_id=hold.user_id)
            for start, end, hold in waits
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
    def _is_closed_first(self, task, facts, drafts):
        """Tell whether the request was closed before the first of the facts."""
        if any(fact.kind == "state" for fact in facts):
            return any(draft.is_ended_by_closing for draft in drafts) and not any(
                draft.is_open for draft in drafts
            )
        return is_closed(task.state, task.active)

    @api.model
    def _get_pasts(self, tasks, pending, plan, drafts, waits):
        """Return the history of the tasks for which a measurement begins after the fact."""
        late = tasks.filtered(
            lambda task: (
                any(fact.kind in ("matched", "applied") for fact in pending[task.id])
                and plan.get(task.id, {}).keys()
                - {draft.key for draft in drafts.get(task.id, ()) if draft.is_open}
            )
        )
        older = late.filtered(lambda task: all(fact.kind != "created" for fact in pending[task.id]))
        history = older._get_sla_history()
        pasts = {}
        for task in late:
            # What happened in this transaction may be in the database by now, or not yet: a fact
            # that comes twice changes nothing.
            news = [fact for fact in pending[task.id] if fact.kind not in ("matched", "applied")]
            turns = self._get_turns(waits.get(task.id, ()))
            pasts[task.id] = [*history.get(task.id, ()), *news, *turns]
        return pasts
