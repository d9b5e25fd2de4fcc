# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What people do with the items of a handoff, and who may do it."""

from odoo import fields, models
from odoo.exceptions import UserError


class ServiceHandoffItem(models.Model):
    _inherit = "service.handoff.item"

    def action_done(self):
        """Say that the receiver has got it: by the sender, or for a commitment by the receiver."""
        for item in self:
            item._check_side()
            item._check_state("open", "flagged")
            if item.kind == "question" and not (item.answer or "").strip():
                raise UserError(self.env._("Enter the answer to “%(name)s”.", name=item.name))
            item._answer()

    def action_reopen(self):
        """Take back that it is done, waived or flagged."""
        for item in self:
            item._check_side()
            item._check_state("done", "waived", "flagged")
        self._set(state="open", reason=False, answered_by_id=False, answered_at=False)

    def action_waive(self, reason):
        """Go on without it.

        :param reason: why it is not needed here
        """
        self.handoff_id._check_open()
        for item in self:
            item.handoff_id._check_reason(reason)
            if item.asked_by_id != self.env.user:
                is_optional = item.kind == "check" and not item.required
                item.handoff_id._check_role("lead", *(("sender",) if is_optional else ()))
            if item.kind == "commitment":
                raise UserError(self.env._("A commitment is not waived: take it over, or flag it."))
            item._check_state("open")
        self._set(
            state="waived",
            reason=reason,
            answered_by_id=self.env.uid,
            answered_at=fields.Datetime.now(),
        )

    def action_flag(self, reason):
        """Say that a commitment cannot be kept as it stands.

        :param reason: why the receiver doubts it
        """
        for item in self:
            item.handoff_id._check_reason(reason)
            if item.kind != "commitment":
                raise UserError(self.env._("Only commitments are flagged: ask a question instead."))
            item._check_side()
            item._check_state("open", "done")
        self._set(
            state="flagged",
            reason=reason,
            answered_by_id=self.env.uid,
            answered_at=fields.Datetime.now(),
        )

    def _answer(self):
        self._set(
            state="done",
            reason=False,
            answered_by_id=self.env.uid,
            answered_at=fields.Datetime.now(),
        )

    def _check_side(self):
        """Let the receiver decide about commitments, and the sender about all else."""
        self.handoff_id._check_open()
        if self.kind == "commitment":
            self.handoff_id._check_role("receiver")
        else:
            self.handoff_id._check_role("sender", "lead")

    def _check_state(self, *states):
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(name)s” is “%(state)s” by now: reload the page to see what happened.",
                    name=self.name,
                    state=labels[self.state],
                )
            )
