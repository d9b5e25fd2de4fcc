# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""A handoff is accepted: by somebody who has read it, and who answers for it from then on."""

from odoo import fields, models
from odoo.exceptions import UserError

from .readback import is_copied, is_repeated


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    def action_accept(self, goal=None, first_action=None, risk=None, override_reason=None):
        """Accept it and answer for it from now on.

        :param goal: what is to be reached, in the receiver's own words
        :param first_action: what they do first
        :param risk: what worries them most
        :param override_reason: why it is accepted below the completeness of its type; leads only
        """
        self.ensure_one()
        self._check_not_sender()
        self._check_from("offered")
        self._check_role("receiver")
        self._fill()
        readback = self._get_readback(goal, first_action, risk)
        self._check_commitments()
        values = {**readback, **self._get_override(override_reason)}
        self._take_over(self.env.user, **values)

    def _check_not_sender(self):
        if self.env.user in self.from_user_id | self.offered_by_id:
            raise UserError(
                self.env._(
                    "You offered %(name)s yourself: somebody else has to accept it.", name=self.name
                )
            )

    def _get_readback(self, goal, first_action, risk):
        """Return the read-back as values; refuse one that does not show understanding."""
        words = {
            "readback_goal": (goal or "").strip(),
            "readback_action": (first_action or "").strip(),
            "readback_risk": (risk or "").strip(),
        }
        if not self.type_id.requires_readback:
            return words
        if not all(words.values()) or is_repeated(words.values()):
            raise UserError(
                self.env._(
                    "Say in your own words what the goal is, what you do first, and what the "
                    "biggest risk is."
                )
            )
        if is_copied(words.values(), (self.situation, self.history, self.tried, self.contingency)):
            raise UserError(
                self.env._(
                    "This is copied from the handoff: say in your own words how you understand it."
                )
            )
        return words

    def _check_commitments(self):
        items = self.item_ids.filtered(
            lambda item: item.kind == "commitment" and item.state == "open"
        )
        if items:
            raise UserError(
                self.env._(
                    "Take over each commitment, or flag the ones you doubt: %(names)s.",
                    names="; ".join(items.mapped("name")),
                )
            )
        if blocking := self._get_open_questions()._get_unanswered_blocking():
            raise UserError(
                self.env._(
                    "Your question is not answered yet: send it to the sender, or remove it: "
                    "%(questions)s",
                    questions="; ".join(blocking.mapped("name")),
                )
            )

    def _get_override(self, reason):
        if self.completeness >= self.type_id.min_completeness or self.override_reason:
            return {}
        if not ((reason or "").strip() and (self.env.su or self._is_lead())):
            raise UserError(
                self.env._(
                    "%(name)s is complete to %(share)d %%, and %(wanted)d %% are needed: ask for "
                    "what is missing, return it, or let a team lead allow it with a reason.",
                    name=self.name,
                    share=int(self.completeness * 100),
                    wanted=round(self.type_id.min_completeness * 100),
                )
            )
        return {"override_reason": reason}

    def _take_over(self, user, **values):
        now = fields.Datetime.now()
        overlap = 3600 * self.type_id.overlap_hours
        self._go(
            "accepted",
            accepted_at=now,
            accepted_by_id=user.id,
            overlap_until=overlap and self._get_working_time().deadline(now, overlap),
            **values,
        )
        self._stop_timer(now)
        self._end_calls(is_over=True)
        self._release_claims()
        # sudo: whoever accepts gets the work, also where they may not change the project yet.
        self.sudo()._reassign(user, now)
        self.item_ids._doubt_flagged()
        self._tell_customer()
