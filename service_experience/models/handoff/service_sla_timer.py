# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Timers that measure handoffs, and the team behind every timer and piece of time."""

from odoo import api, fields, models
from odoo.tools.misc import partition


class ServiceSlaTimer(models.Model):
    _inherit = "service.sla.timer"

    handoff_id = fields.Many2one(
        "service.handoff", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    team_id = fields.Many2one(
        "service.team",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Who answers for it: the team of the request, or the team that has to accept.",
    )

    _subject_check = models.Constraint(
        "CHECK ((task_id IS NULL) <> (handoff_id IS NULL))",
        "A timer measures either a request or a handoff.",
    )
    _policy_check = models.Constraint(
        "CHECK (task_id IS NULL OR policy_id IS NOT NULL)",
        "What is promised for a request is promised by a policy.",
    )
    _handoff_cycle_uniq = models.UniqueIndex(
        "(handoff_id, cycle) WHERE handoff_id IS NOT NULL", "This offer is already measured."
    )

    @api.depends("handoff_id.display_name")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _get_subject(self):
        return self.handoff_id or super()._get_subject()

    def _get_promise_name(self):
        return self.handoff_id.type_id.name or super()._get_promise_name()

    @api.model
    def _forget_cached(self, tasks):
        self.env["service.handoff"].invalidate_model(["due", "sla_status"], flush=False)
        return super()._forget_cached(tasks)

    @api.model
    def _escalate(self, actions):
        handed, others = partition(lambda action: self.browse(action[0].id).handoff_id, actions)
        result = super()._escalate(others)
        for draft, point in handed:
            timer = self.browse(draft.id)
            # An action before this one may have ended it.
            if timer.state == "running":
                timer.handoff_id._escalate(point)
        return result


class ServiceSlaSegment(models.Model):
    _inherit = "service.sla.segment"

    team_id = fields.Many2one(
        "service.team",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Who answered for it in this piece of time.",
    )
