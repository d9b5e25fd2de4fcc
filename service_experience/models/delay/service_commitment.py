# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""A promise moves once by us; the second time a lead has to, then a manager."""

from odoo import models
from odoo.exceptions import AccessError, UserError

from ..handoff.service_handoff_type import LEAD_GROUP
from .service_delay_arrival import OPEN_STATES


class ServiceCommitment(models.Model):
    _inherit = "service.commitment"

    def action_move(self, date_to, text, date_from=None, confidence=None, known_by=None):
        self._check_may_move()
        return super().action_move(date_to, text, date_from, confidence, known_by)

    def _check_may_move(self):
        """Let nobody move a promise again and again without those who answer for it."""
        self.ensure_one()
        moves = self.direction == "ours" and self._get_moves()
        if self.env.su or not moves:
            return
        if len(moves) > 1:
            raise UserError(
                self.env._(
                    "“%(name)s” has moved twice already: use “Explain a Delay”, so that a manager "
                    "approves it and somebody talks to the customer.",
                    name=self.name,
                )
            )
        if not self.env.user.has_group(LEAD_GROUP):
            raise AccessError(
                self.env._(
                    "“%(name)s” has moved once already: a team lead has to move it again.",
                    name=self.name,
                )
            )

    def action_withdraw(self, reason):
        """Call the commitment off; what is late about it is not called off by just anybody."""
        # sudo: what is late may be out of sight; who may decide about it is asked as the user.
        late = self.sudo().delay_ids.filtered(lambda one: one.state in OPEN_STATES).sudo(False)
        late._check_role("accountable", "lead")
        return super().action_withdraw(reason)

    def _check_is_no_delay(self, date_to):
        """Let no promise become later without a reason, and without what we do about it."""
        self.ensure_one()
        is_told = self.state != "draft" and self.customer_visible
        is_later = not date_to or date_to > self._get_last_day()
        if is_told and is_later and self.direction == "ours":
            raise UserError(
                self.env._(
                    "A later date of “%(name)s” is a delay: use “Explain a Delay”, so that the "
                    "customer reads why, what you do, and when they hear from you next.",
                    name=self.name,
                )
            )

    def action_open_delay(self):
        """Open the dialog that turns a delay of this promise into a message."""
        return self._get_thread().action_service_delay(self)
