# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Whether the customer knows: delivered or seen, or come back."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# A message that was called off arrives as little as one that came back.
FAILED_STATUSES = ("bounce", "exception", "canceled")
OPEN_STATES = ("confirmed", "communicated")


class ServiceDelay(models.Model):
    _inherit = "service.delay"

    communicated_at = fields.Datetime(
        string="Customer Told At",
        readonly=True,
        copy=False,
        help="When the message was delivered, or the customer looked at their page.",
    )
    told_before = fields.Boolean(
        readonly=True,
        copy=False,
        help="The customer was told before the old date was over.",
    )
    seen_at = fields.Datetime(
        readonly=True, copy=False, help="When the customer looked at it on their page."
    )

    def action_send_again(self):
        """Send the same message again, after it came back."""
        self._check_role("accountable", "lead")
        self._check_from(*OPEN_STATES)
        for delay in self:
            if not delay.bounced_at:
                raise UserError(self.env._("The message has not come back: wait, or call them."))
            if delay.commitment_id.revision_ids.sorted("sequence")[-1:] != delay.revision_id:
                raise UserError(
                    self.env._(
                        "“%(name)s” has another date by now: this message would be wrong.",
                        name=delay.display_name,
                    )
                )
            delay._end_calls()
            delay._go("confirmed", bounced_at=False, message_id=delay._post_message().id)
            delay._note_delivery()

    def _note_delivery(self):
        """Take note of what has become of the messages: arrived, or come back."""
        for delay in self.filtered(lambda one: one.state in OPEN_STATES and one.sent_at):
            # Nobody but the customer was notified of it.
            statuses = set(delay.message_id.notification_ids.mapped("notification_status"))
            is_lost = not delay.message_id or statuses.intersection(FAILED_STATUSES)
            if delay.state == "confirmed" and "sent" in statuses:
                delay._arrive()
            elif is_lost and not delay.seen_at and delay.response == "none":
                delay._alarm()

    def _see(self):
        """Note that the customer has looked at the page with these delays."""
        seen = self.filtered(lambda one: one.state in OPEN_STATES and one.sent_at)
        for delay in seen.filtered(lambda one: not one.seen_at):
            delay._go(delay.state, seen_at=fields.Datetime.now())
        seen.filtered(lambda one: one.state == "confirmed")._arrive()

    def _arrive(self):
        """Note that the customer knows: from now on it is told, before the old date or not."""
        now = fields.Datetime.now()
        for delay in self:
            older = delay._get_promise().filtered(
                lambda one, delay=delay: (
                    one != delay
                    and one.state in OPEN_STATES
                    and one.sent_at
                    and one.sent_at <= delay.sent_at
                )
            )
            delay._go(
                "communicated",
                communicated_at=now,
                told_before=bool(delay.old_at and now < delay.old_at),
                bounced_at=False,
            )
            delay._end_calls()
            if not delay.revision_id.told_at:
                delay.revision_id._mark_told()
            older._supersede(delay)

    def _alarm(self):
        """Let somebody call: the customer does not know, whatever the first server said."""
        for delay in self.filtered(lambda one: not one.bounced_at):
            person = delay._get_accountable()[:1] or delay._get_lead()
            words = delay.with_context(lang=person.lang)
            delay._end_calls()
            activity = words._call(
                person,
                words.env._(
                    "Call them: the message about “%(name)s” did not arrive",
                    name=delay.display_name,
                ),
                kind="mail.mail_activity_data_call",
                note=delay.customer_explanation,
            )
            delay.revision_id._forget_told()
            delay._go(
                "confirmed",
                bounced_at=fields.Datetime.now(),
                activity_id=activity.id,
                communicated_at=False,
                told_before=False,
            )

    @api.model
    def _get_undelivered_domain(self):
        """Return the domain of what has arrived or come back without anybody noting it."""
        status = "message_id.notification_ids.notification_status"
        is_lost = Domain(status, "in", FAILED_STATUSES) | Domain("message_id", "=", False)
        arrived = Domain("state", "=", "confirmed") & Domain(status, "=", "sent")
        return (
            Domain("state", "in", OPEN_STATES)
            & Domain("sent_at", "!=", False)
            & Domain("bounced_at", "=", False)
            & (arrived | is_lost & Domain("seen_at", "=", False) & Domain("response", "=", "none"))
        )


class ServiceCommitmentRevision(models.Model):
    _inherit = "service.commitment.revision"

    def _forget_told(self):
        """Take back that the customer was told: the message has come back since."""
        untold = self.filtered(lambda one: one.told_at and one.acknowledgement == "none")
        untold._set_once({one.id: {"told_at": None, "tacit_at": None} for one in untold})

    def _check_can_answer(self):
        result = super()._check_can_answer()
        if self.filtered(lambda one: one.delay_id and not one.told_at):
            raise UserError(
                self.env._(
                    "The customer does not know of this date yet: the message is on its way."
                )
            )
        return result
