# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...business_time import Hold
from ..clock.engine import bulk

# What kind of wait a stage with such a clock opens.
STAGE_WAITS = {"pause_customer": "customer", "pause_third_party": "third_party"}


_MOVES = ("created", "staged")


def _get_stage(fact):
    return fact.value[0] if fact.kind == "created" else fact.value


class ServiceWait(models.Model):
    """An interval in which somebody else has the ball: the cause of paused time.

    Written when it begins; its end is set once. A correction is a new row.
    """

    _name = "service.wait"
    _description = "Wait"
    _inherit = ["service.journey.mixin", "service.evidence.mixin"]
    _order = "started_at desc, id desc"

    # Those of private tasks, of former versions, belong to no service.
    project_id = fields.Many2one(required=False)
    step_id = fields.Many2one(
        "service.step",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="What was asked: waiting began when the request was delivered.",
    )
    kind = fields.Selection(
        [
            ("customer", "For the customer"),
            ("third_party", "For a third party"),
            ("agreed_pause", "Agreed pause"),
        ],
        string="Waiting",
        required=True,
        default="agreed_pause",
    )
    stops_clock = fields.Boolean(
        default=True,
        help="Let the clocks stand still whose targets pause for this kind of wait. Turn it off "
        "when other work goes on meanwhile.",
    )
    started_at = fields.Datetime(
        string="From", required=True, default=lambda self: fields.Datetime.now()
    )
    ended_at = fields.Datetime(string="Until", readonly=True, help="Set once, when it is over.")
    reason = fields.Char(help="What we wait for, in the words of your team.")
    user_id = fields.Many2one(
        "res.users",
        string="By",
        readonly=True,
        ondelete="set null",
        default=lambda self: self.env.user,
    )
    stage_id = fields.Many2one(
        "project.task.type",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The stage that began it; leaving the stage ends it.",
    )

    _open_idx = models.Index("(task_id) WHERE ended_at IS NULL")
    _stage_uniq = models.UniqueIndex(
        "(task_id) WHERE stage_id IS NOT NULL AND ended_at IS NULL",
        "The stage of this request has begun a wait already.",
    )
    _step_uniq = models.UniqueIndex(
        "(step_id) WHERE step_id IS NOT NULL AND ended_at IS NULL",
        "This step is waited for already.",
    )

    @api.depends("kind", "reason")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for wait in self:
            kind = kinds.get(wait.kind, "")
            wait.display_name = f"{kind}: {wait.reason}" if wait.reason else kind

    def _search(self, domain, *args, **kwargs):
        self.env["service.sla.timer"]._sync_pending()
        return super()._search(domain, *args, **kwargs)

    @api.constrains("started_at")
    def _check_started_at(self):
        now = fields.Datetime.now()
        if any(wait.started_at > now for wait in self):
            raise ValidationError(
                self.env._("A wait cannot begin in the future: enter when it began.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        waits = super().create([{**vals, **self._prepare_start_values()} for vals in vals_list])
        waits._check_thread_access()
        waits._check_backdated()
        waits._note_held("started_at")
        return waits

    @api.model
    def _prepare_start_values(self):
        """Return what nobody may choose: a wait begins with who began it, and without an end."""
        return {
            "user_id": self.env.uid,
            "stage_id": False,
            "step_id": False,
            "ended_at": False,
            "reviewed_at": False,
        }

    def _is_told(self):
        return True

    def _check_backdated(self):
        """Let only team leads say afterwards that a clock had stood still, and say why."""
        now = fields.Datetime.now()
        backdated = self.filtered(lambda wait: (now - wait.started_at).total_seconds() > 60)
        if not backdated:
            return
        if not self.env.user.has_group("service_experience.service_experience_group_lead"):
            raise UserError(
                self.env._("Only a team lead can record a wait that began before now: ask yours.")
            )
        if not all(wait.reason for wait in backdated):
            raise UserError(
                self.env._(
                    "A wait that began before now needs a reason: enter what was waited for."
                )
            )

    def action_end(self):
        """End the waits now."""
        self._check_thread_access()
        if any(wait.ended_at for wait in self):
            raise UserError(self.env._("This wait is over already; its end cannot be changed."))
        if any(wait.stage_id for wait in self):
            raise UserError(
                self.env._("This wait belongs to a stage: move the request to another stage.")
            )
        if any(wait.step_id for wait in self):
            raise UserError(
                self.env._("This wait belongs to a step: note the answer, or waive the step.")
            )
        now = fields.Datetime.now()
        self._set_end({wait.id: max(now, wait.started_at) for wait in self})
        self._note_held("ended_at")

    def _check_thread_access(self):
        """Let those begin and end a wait who may change the request."""
        self.task_id.check_access("write")
        self.filtered(lambda wait: not wait.task_id).project_id.check_access("read")

    def _set_end(self, ends):
        """Write the one thing that may still be written.

        :param ends: ``{wait id: instant}``
        """
        bulk.update(self, {wait_id: {"ended_at": at} for wait_id, at in ends.items()})
        self.browse(ends).invalidate_recordset(flush=False)

    def _note_held(self, field):
        for wait in self.filtered("task_id"):
            self.env["service.sla.timer"]._note(wait.task_id, "held", at=wait[field])

    def _get_hold(self):
        return Hold(self.kind, self.id, self.user_id.id or None)

    # Waits for what was asked

    @api.model
    def _open_for_steps(self, steps, now):
        """Begin to wait for steps whose requests have been delivered."""
        rows = [self._prepare_step_wait(step, now) for step in steps.sudo()]
        ids = bulk.insert(self, rows)
        steps.invalidate_recordset(["wait_ids"], flush=False)
        # sudo: the wait follows from the delivery, whoever brings that about.
        self.sudo().browse(ids)._note_held("started_at")

    @api.model
    def _close_for_steps(self, steps):
        """End the waits of steps now, if they are waited for."""
        now = fields.Datetime.now()
        waits = self.search([("step_id", "in", steps.ids), ("ended_at", "=", False)])
        waits._set_end({wait.id: max(now, wait.started_at) for wait in waits})
        waits._note_held("ended_at")

    @api.model
    def _prepare_step_wait(self, step, now):
        return {
            **self._prepare_place(step),
            "step_id": step.id,
            "kind": "customer" if step.party == "customer" else "third_party",
            "stops_clock": True,
            "started_at": now,
            "reason": step.title,
            "user_id": self.env.uid,
        }

    @api.model
    def _prepare_place(self, record):
        """Return where a row belongs that is not written by the ORM."""
        return {
            "project_id": record.project_id.id,
            "task_id": record.task_id.id or None,
            "partner_id": record.partner_id.commercial_partner_id.id or None,
            "company_id": record.company_id.id or None,
        }

    # Waits that a stage begins and ends

    @api.model
    def _follow_stages(self, pending):
        """Begin and end the waits of stages as the noted moves say.

        :param pending: ``{task id: [Fact, ...]}``
        """
        moves = {
            task_id: sorted(moves, key=lambda fact: fact.at)
            for task_id, facts in pending.items()
            if (moves := [fact for fact in facts if fact.kind in _MOVES])
        }
        stages = self.env["project.task.type"].browse(
            {_get_stage(fact) for facts in moves.values() for fact in facts} - {False}
        )
        kinds = {stage.id: STAGE_WAITS.get(stage.clock) for stage in stages.exists()}
        is_open = [
            ("task_id", "in", list(moves)),
            ("stage_id", "!=", False),
            ("ended_at", "=", False),
        ]
        waits = {wait.task_id.id: wait for wait in self.search(is_open)} if moves else {}
        if waits or any(kinds.values()):
            self._write_stage_waits(moves, kinds, waits)

    @api.model
    def _write_stage_waits(self, moves, kinds, waits):
        ends, rows = {}, defaultdict(list)
        # sudo: the wait follows from the move, whatever whoever moved it may see.
        tasks_sudo = self.env["project.task"].sudo().browse(moves)
        for task_id, facts in moves.items():
            task = tasks_sudo.browse(task_id)
            wait = waits.get(task_id)
            kind = wait and wait.kind
            for fact in facts:
                # A task of no service has no customer to wait for.
                wanted = kinds.get(_get_stage(fact)) if task.project_id else None
                if wanted == kind:
                    continue
                if rows[task_id] and not rows[task_id][-1]["ended_at"]:
                    rows[task_id][-1]["ended_at"] = fact.at
                elif wait and wait.id not in ends:
                    ends[wait.id] = max(fact.at, wait.started_at)
                if wanted:
                    rows[task_id].append(self._prepare_stage_wait(task, wanted, fact))
                kind = wanted
        self._set_end(ends)
        bulk.insert(self, [row for task_rows in rows.values() for row in task_rows])

    @api.model
    def _prepare_stage_wait(self, task, kind, fact):
        return {
            **self._prepare_place(self.new({"task_id": task.id})),
            "kind": kind,
            "stops_clock": True,
            "started_at": fact.at,
            "ended_at": None,
            "user_id": fact.user_id,
            "stage_id": _get_stage(fact),
        }


class ServiceSlaTimer(models.Model):
    _inherit = "service.sla.timer"

    @api.model
    def _sync(self, pending):
        self.env["service.wait"]._follow_stages(pending)
        return super()._sync(pending)
