# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""How the customer is told: sent once, told when it has arrived or was seen."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..handoff.service_handoff_people import MANAGER_GROUP
from .message_words import get_body, get_subject


class ServiceDelay(models.Model):
    _inherit = "service.delay"

    sent_at = fields.Datetime(
        readonly=True, copy=False, help="When the message left; it counts once it has arrived."
    )
    message_id = fields.Many2one(
        "mail.message", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    revision_id = fields.Many2one(
        "service.commitment.revision",
        string="New Date of the Commitment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def action_tell(self):
        """Send the customer the reason, the new date, what we do, and when they hear next.

        They are told once it is delivered, or they look at their page; a message that comes back
        leaves the delay confirmed.
        """
        self._check_role("accountable", "lead")
        self._check_from("confirmed")
        for delay in self:
            delay._check_unsent()
            delay._check_tellable()
            delay._send()

    # Guards

    def _check_tellable(self):
        """Refuse a message that would leave the customer with open questions."""
        self._check_explained()
        self._check_words()
        if self._is_reason_over():
            raise UserError(
                self.env._(
                    "“%(reason)s” no longer holds: find out why “%(name)s” is late, and choose "
                    "that reason.",
                    reason=self.reason_id.name,
                    name=self.display_name,
                )
            )
        self._check_receipts()
        self._check_promise()
        self._check_approved()

    def _is_reason_over(self):
        """Tell whether a reason that holds for some days only has run out."""
        return bool(self.reason_due_at and self.reason_due_at <= fields.Datetime.now())

    def _check_words(self):
        lacks = (
            ("customer_explanation", self.env._("Explain to the customer why it takes longer.")),
            ("doing", self.env._("Tell the customer what you do about it.")),
        )
        for name, sentence in lacks:
            if not (self[name] or "").strip():
                raise UserError(sentence)
        if not self.next_update_due or self.next_update_due <= fields.Datetime.now():
            raise UserError(
                self.env._("Enter when the customer hears from you next: a time still to come.")
            )

    def _check_approved(self):
        if self.approval == "none" or self._is_approved():
            self._check_talked()
            return
        role = "manager" if self.approval == "manager" else "lead"
        if not (self.env.su or self._has_role(role)):
            raise UserError(
                self.env._("A manager has to approve this first: ask for the approval.")
                if role == "manager"
                else self.env._("A team lead has to approve this first: ask for the approval.")
            )
        self._check_talked()
        self._go("confirmed", approved_at=fields.Datetime.now(), approved_by_id=self.env.uid)

    def _is_approved(self):
        """Tell whether somebody approved it who may: a lead serves no move that needs a manager."""
        who = self.approved_by_id if self.approved_at else self.env["res.users"]
        return bool(who) and (self.approval != "manager" or who.has_group(MANAGER_GROUP))

    def _check_talked(self):
        if self.approval == "manager" and not (self.personal_contact or "").strip():
            raise UserError(
                self.env._(
                    "The date of “%(name)s” moves for the third time or more: talk to the customer "
                    "in person first, and note who talked to whom.",
                    name=self.display_name,
                )
            )

    def _check_promise(self):
        promise = self.commitment_id
        if not promise._is_movable():
            raise UserError(
                self.env._(
                    "“%(name)s” is over: nobody counts on its date any more.", name=promise.name
                )
            )
        if self._is_outrun():
            raise UserError(
                self.env._(
                    "The date of “%(name)s” has moved meanwhile: dismiss this, and note a delay of "
                    "the date that holds now.",
                    name=promise.name,
                )
            )
        if not (promise.customer_visible and self._get_customer_person()):
            raise UserError(
                self.env._(
                    "Nobody could be told: “%(name)s” is not visible to a customer.",
                    name=promise.name,
                )
            )

    # Sending

    def _send(self):
        """Move the promise, and write to the customer; what is said is fixed from now on."""
        impact = self._prepare_impact(self._get_working_time())  # against the date so far
        self._go(
            "confirmed",
            sent_at=fields.Datetime.now(),
            revision_id=self._add_revision().id,
            **impact,
        )
        message = self._post_message()
        self._go("confirmed", message_id=message.id)
        unsent = self._get_promise().filtered(lambda one: one.state == "confirmed")
        unsent.filtered(lambda one: not one.sent_at)._supersede(self)
        self._tell_history(
            "delay_told",
            day=self.new_to,
            old_day=self.old_to,
            text=self.customer_explanation,
            urgency="urgent",
            message_id=message.id,
        )
        # sudo: whoever explains the delay promises when the customer hears next.
        self._get_thread().sudo().next_update_promised = self.next_update_due
        self._note_delivery()

    def _add_revision(self):
        return self.env["service.commitment.revision"]._add(
            self.commitment_id,
            date_from=self.new_to and self.new_from,
            date_to=self.new_to,
            known_by=not self.new_to and self.known_by,
            confidence=self.confidence,
            text=self.customer_explanation,
            delay_id=self.id,
        )

    def _post_message(self):
        person = self._get_customer_person()
        values = self._prepare_message(person)
        words = self.with_context(lang=person.lang or self.env.lang).env
        return self._post(
            subject=get_subject(words, values),
            **self._prepare_mail_values(person, get_body(words, values)),
        )

    def _prepare_message(self, person):
        """Return the values of what the customer reads, see ``message_words``."""
        return {
            "what": self._get_promise_name(),
            "new_from": self.new_from,
            "new_to": self.new_to,
            "known_by": self.known_by,
            "confidence": self.confidence,
            "explanation": self.customer_explanation,
            "doing": self.doing,
            "means": self.means_for_you,
            "next_update": self.next_update_due,
            "timezone": self.project_id._service_timezone(person),
            "options": self.option_ids.mapped("name"),
            "url": self._get_page_url(person),
        }

    def _get_page_url(self, person):
        """Return where the customer can answer; nothing without a customer page."""
        return ""

    def _tell_history(self, key, **values):
        """Add a line to the history of the promise that the customer reads."""
        self.commitment_id._tell_history(key, delay_id=self.id, **values)


class ServiceCommitmentRevision(models.Model):
    _inherit = "service.commitment.revision"

    delay_id = fields.Many2one(
        "service.delay",
        index="btree_not_null",
        ondelete="set null",
        help="Why it moved, and what the customer was told.",
    )
    reason_id = fields.Many2one(related="delay_id.reason_id", string="Reason")


class ServiceTimelineEntry(models.Model):
    _inherit = "service.timeline.entry"

    type = fields.Selection(selection_add=[("delay", "Delay")], ondelete={"delay": "cascade"})
    delay_id = fields.Many2one("service.delay", index="btree_not_null", ondelete="set null")
