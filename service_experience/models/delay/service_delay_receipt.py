# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""No blame without a receipt: what a reason of the customer, or of nature, has to show."""

from odoo import fields, models
from odoo.exceptions import UserError


class ServiceDelay(models.Model):
    _inherit = "service.delay"

    waited_seconds = fields.Integer(
        compute="_compute_waited_seconds",
        compute_sudo=True,
        help="Working time that was waited for the linked request before the new date.",
    )

    def _compute_waited_seconds(self):
        for delay in self:
            delay.waited_seconds = delay._get_waited(fields.Datetime.now())

    def _get_reasons(self):
        return self.reason_id | self.second_reason_id

    def _get_customer_reasons(self):
        return self._get_reasons().filtered(lambda reason: reason.party == "customer")

    def _get_waited(self, now):
        """Return how long was waited for the linked request, in working seconds.

        The waits of one request never overlap.
        """
        # Before the date was promised nothing held it up; what was waited before an earlier move
        # explained that one.
        since = self._get_former_revision().set_at
        waits = self.step_id.wait_ids.filtered(lambda wait: wait.kind == "customer")
        hours = waits and self._get_working_time()
        return sum(
            hours.elapsed(max(wait.started_at, since or wait.started_at), wait.ended_at or now)
            for wait in waits
        )

    def _get_former_revision(self):
        """Return the date that this delay moves, or moved."""
        revisions, moved = self.commitment_id.revision_ids.sorted("sequence"), self.revision_id
        return revisions.filtered(lambda one: not moved or one.sequence < moved.sequence)[-1:]

    def _get_explained(self, impact):
        """Return what of the delay a reason of the customer explains: at most the wait."""
        if not self._get_customer_reasons() or not self.step_id:
            return 0
        # sudo: how long was waited does not depend on who asks.
        return min(impact, self.sudo()._get_waited(fields.Datetime.now()))

    def _check_receipts(self):
        """Refuse a reason that nothing stands behind.

        :raise UserError: saying what is missing
        """
        for reason in self._get_customer_reasons():
            self._check_receipt(reason)
        for reason in self._get_reasons():
            if (reason.needs_evidence or reason.party == "force_majeure") and not self.evidence_ids:
                raise UserError(
                    self.env._(
                        "“%(reason)s” needs evidence: attach a file that shows it.",
                        reason=reason.name,
                    )
                )

    def _check_receipt(self, reason):
        step = self.step_id
        if not (step and self._is_of_this_customer(step)):
            raise UserError(
                self.env._(
                    "“%(reason)s” needs a request to the customer: choose what we asked them for.",
                    reason=reason.name,
                )
            )
        received_at = self._get_received_at()
        if not received_at:
            raise UserError(
                self.env._(
                    "“%(step)s” has not reached the customer: it explains no delay. Choose another "
                    "reason, or ask for it first.",
                    step=step.title,
                )
            )
        if self.old_at and received_at >= self.old_at:
            raise UserError(
                self.env._(
                    "“%(step)s” reached the customer only after the old date: it explains no "
                    "delay. Choose another reason.",
                    step=step.title,
                )
            )
        if reason.stops_clock and not step.blocking:
            raise UserError(
                self.env._(
                    "“%(step)s” did not hold up our work: choose another reason, or a request "
                    "that did.",
                    step=step.title,
                )
            )

    def _is_of_this_customer(self, step):
        """Tell whether this customer was asked, for the same service, and nobody else."""
        asked = step._get_asked_partner().commercial_partner_id
        return bool(
            step.party == "customer"
            and step.project_id == self.project_id
            and step.partner_id.commercial_partner_id == self.partner_id.commercial_partner_id
            and asked == self.partner_id.commercial_partner_id
        )

    def _get_received_at(self):
        """Return when the linked request first reached the customer.

        A request that was returned and asked again forgets its first delivery; its waits do not.
        """
        # sudo: when it was delivered is a fact, whoever explains the delay.
        step_sudo = self.step_id.sudo()
        moments = [*step_sudo.wait_ids.mapped("started_at"), step_sudo.delivered_at]
        return min((at for at in moments if at), default=None)
