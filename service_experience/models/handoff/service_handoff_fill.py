# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What fills itself in: the items of the type, the commitments and the open steps."""

from odoo import Command, models
from odoo.fields import Domain

from ..journey.service_commitment import OPEN_STATES as OPEN_COMMITMENTS
from .service_handoff import OPEN_STATES


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    def _fill(self):
        """Bring the items of open handoffs up to date with their types and commitments."""
        for handoff in self.filtered(lambda one: one.state in OPEN_STATES):
            # sudo: items follow from the type and from all that was promised.
            handoff.sudo()._fill_checks()
            handoff.sudo()._fill_commitments()
            if handoff.state == "draft" and not handoff.step_ids:
                handoff._set(step_ids=[Command.set(handoff._get_open_steps().ids)])

    def _fill_checks(self):
        if self.state != "draft":
            return
        wanted, present = self.type_id.item_ids, self.check_ids
        missing = wanted - present.type_item_id
        present.filtered(
            lambda item: item.type_item_id not in wanted and item._is_untouched()
        ).unlink()
        self.env["service.handoff.item"].create(
            [
                {
                    "handoff_id": self.id,
                    "kind": "check",
                    "type_item_id": item.id,
                    "sequence": item.sequence,
                    "name": item.name,
                    "hint": item.hint,
                    "required": item.required,
                }
                for item in missing
            ]
        )

    def _fill_commitments(self):
        """Have one item per commitment that is not fulfilled."""
        promised = self._get_promised() if self.project_id else self.env["service.commitment"]
        if self.from_user_id.active:  # nobody hands over what they may not see
            promised = promised.with_user(self.from_user_id)._filtered_access("read").sudo()
        present = self.commitment_item_ids
        missing = promised - present.commitment_id
        present.filtered(
            lambda item: item.commitment_id not in promised and item.state == "open"
        ).unlink()
        self.env["service.handoff.item"].create(
            [
                {
                    "handoff_id": self.id,
                    "kind": "commitment",
                    "commitment_id": commitment.id,
                    "name": commitment.name,
                    "required": True,
                }
                for commitment in missing
            ]
        )

    def _forget_takeovers(self):
        """Let the next receiver look at each commitment: nobody accepts one for somebody else."""
        taken = self.commitment_item_ids.filtered(lambda item: item.state != "open")
        taken._set(state="open", reason=False, answered_by_id=False, answered_at=False)

    def _get_promised(self):
        """Return what was promised to the customer of this and is not fulfilled."""
        here = Domain("project_id", "=", self.project_id.id)
        if not self.is_whole:
            here &= Domain("task_id", "in", [False, *self.task_ids.ids])
        is_open = Domain("state", "in", OPEN_COMMITMENTS) | (
            Domain("state", "=", "broken") & Domain("kept_at", "=", False)
        )
        return self.env["service.commitment"].search(here & is_open)


class ServiceHandoffItem(models.Model):
    _inherit = "service.handoff.item"

    def _is_untouched(self):
        return self.state == "open" and not self.answer and not self.attachment_ids

    def _doubt_flagged(self):
        """Let nobody silently accept what cannot be kept: flagged commitments are at risk."""
        for item in self.filtered(lambda one: one.kind == "commitment" and one.state == "flagged"):
            # sudo: the receiver may not be the owner of the commitment yet.
            commitment_sudo = item.commitment_id.sudo()
            if commitment_sudo.state in ("active", "renegotiated"):
                commitment_sudo.action_at_risk(item.reason)
            handoff = item.handoff_id
            handoff._warn(
                handoff._get_leads(handoff.from_team_id) | handoff._get_leads(handoff.to_team_id),
                self.env._("“%(name)s” is in doubt", name=item.name),
                item.reason,
            )
