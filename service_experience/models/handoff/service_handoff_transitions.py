# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""How a handoff is offered, clarified, returned and given up."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime, plaintext2html

from ..journey.service_step import OPEN_STATES as OPEN_STEPS
from .service_handoff import INBOX_STATES
from .service_handoff_item import MISSING_STATES

BOUNCES_UNTIL_LEADS = 2


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    def action_offer(self):
        """Offer it to the receiver, whose time to accept begins; the sender stays accountable."""
        self._check_role("sender", "lead")
        self._check_from("draft")
        self._check_not_template()
        self._fill()
        for handoff in self:
            handoff._check_ready()
        now = fields.Datetime.now()
        for handoff in self:
            if not handoff.offered_at:
                handoff._note_missing()
            handoff._go("offered", offered_at=now, offered_by_id=self.env.uid)
            handoff._start_timer(now)
        self._call_receivers()

    def action_ask(self):
        """Ask the sender: the ball is with them until they have answered."""
        self._check_from("offered")
        self._check_role("receiver")
        for handoff in self:
            if not handoff._get_open_questions():
                raise UserError(
                    self.env._("Add your question first, so that the sender knows what to answer.")
                )
        now = fields.Datetime.now()
        self._go("clarification")
        for handoff in self:
            handoff._pause_timer(now)
            handoff._end_calls()
            questions = handoff._get_open_questions().mapped("name")
            handoff._call(
                handoff.accountable_user_id,
                self.env._("Questions about %(name)s", name=handoff.name),
                "\n".join(questions),
            )

    def action_answer(self):
        """Offer it again: the questions are answered, or asked where the answer is known."""
        self._check_role("sender", "lead")
        self._check_from("clarification")
        for handoff in self:
            if open_questions := handoff._get_open_questions()._get_unanswered_blocking():
                raise UserError(
                    self.env._(
                        "Answer first, or ask the customer or a third party: %(questions)s",
                        questions="; ".join(open_questions.mapped("name")),
                    )
                )
        now = fields.Datetime.now()
        self._go("offered")
        for handoff in self:
            handoff._resume_timer(now)
        self._call_receivers()

    def action_return(self, reason):
        """Return it to the sender.

        :param reason: what is wrong or missing
        """
        self._check_from(*INBOX_STATES)
        self._check_role("receiver")
        self._check_reason(reason)
        for handoff in self:
            handoff._take_back(reason, is_bounce=True)
        for handoff in self.filtered(lambda one: one.bounce_count >= BOUNCES_UNTIL_LEADS):
            leads = handoff._get_leads(handoff.from_team_id) | handoff._get_leads(
                handoff.to_team_id
            )
            handoff._warn(
                leads,
                self.env._("%(name)s came back again: decide together", name=handoff.name),
                reason,
            )

    def action_rework(self):
        """Take a returned handoff up again."""
        self._check_role("sender", "lead")
        self._check_from("returned")
        self._end_calls()
        self._go("draft")

    def action_cancel(self, reason):
        """Give the handoff up: the work stays where it is.

        :param reason: why; internal
        """
        self._check_role("sender", "lead")
        self._check_from("draft", *INBOX_STATES, "returned")
        self._check_reason(reason)
        self._give_up(reason)

    def action_allow_incomplete(self, reason):
        """Let the receiver accept although something is missing.

        :param reason: why it cannot wait
        """
        self._check_role("lead")
        self._check_from(*INBOX_STATES)
        self._check_reason(reason)
        self._set(override_reason=reason)

    # What the transitions share

    def _check_from(self, *states):
        """Refuse to go on from another state, also when somebody was faster just now."""
        self.check_access("write")
        self.flush_recordset()
        # Two who act at once meet here: the second one waits, and then reads what happened.
        self.env.cr.execute(
            SQL("SELECT id FROM service_handoff WHERE id IN %s FOR UPDATE", tuple(self.ids) or (0,))
        )
        for handoff in self:
            if handoff.state not in states:
                raise UserError(handoff._get_state_refusal())

    def _get_state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _get_state_refusal(self):
        if self.accepted_by_id:
            return self.env._(
                "%(name)s was accepted by %(person)s on %(moment)s.",
                name=self.name,
                person=self.accepted_by_id.name,
                moment=format_datetime(self.env, self.accepted_at),
            )
        return self.env._(
            "%(name)s is “%(state)s” by now: reload the page to see what happened.",
            name=self.name,
            state=self._get_state_label(),
        )

    def _check_type(self):
        """Refuse any other type where requests change hands by certain ones only."""
        # sudo: whether a request is seen by its customer does not depend on who asks.
        seen_sudo = self._get_reassigned_tasks().sudo().filtered("customer_visible")
        needed_sudo = self.env["service.handoff.type"].sudo()._get_needed(seen_sudo)
        is_free = self.env.su or self._is_lead_group()
        if needed_sudo and self.type_id not in needed_sudo and not is_free:
            raise UserError(
                self.env._(
                    "This changes hands by a handoff of the type “%(types)s” only: choose it, or "
                    "ask a team lead.",
                    types="”, “".join(needed_sudo.mapped("name")),
                )
            )

    def _check_ready(self):
        """Refuse to offer what a receiver could not work with; say all that lacks at once."""
        self._check_subjects_access()
        self._check_type()
        if lacks := self._get_lacks():
            raise UserError(
                self.env._(
                    "%(name)s cannot be offered yet. %(lacks)s",
                    name=self.name,
                    lacks=" ".join(lacks),
                )
            )

    def _get_lacks(self):
        """Return a sentence for each thing without which it is not offered."""
        env = self.env
        checks = self.item_ids.filtered(
            lambda item: item.kind == "check" and item.required and item.state == "open"
        )
        has_step = any(
            step.owner_user_id and step.due for step in self.step_ids if step.state in OPEN_STEPS
        )
        lacks = {
            env._("Choose the service it is about."): not self.project_id,
            env._("Choose who receives it."): not self._get_receivers(),
            env._("Choose how urgent it is."): not self.urgency,
            env._("Describe the situation."): not (self.situation or "").strip(),
            env._("Add a next step with an owner and a day, or say that there is none."): not (
                has_step or self.has_no_steps
            ),
            env._("Say on which day it comes back."): self.temporary and not self.return_on,
            env._(
                "Complete, or let a lead waive: %(items)s.", items="; ".join(checks.mapped("name"))
            ): bool(checks),
        }
        return [sentence for sentence, is_lacking in lacks.items() if is_lacking]

    def _get_open_questions(self):
        return self.item_ids.filtered(lambda item: item.kind == "question" and item.state == "open")

    def _note_missing(self):
        """Keep what was not there when it was offered first, for the reports."""
        checks = self.item_ids.filtered(lambda item: item.kind == "check")
        checks.filtered(lambda item: item.state in MISSING_STATES)._set(was_missing=True)
        self._set(completeness_offered=self.completeness)

    def _give_up(self, reason):
        now = fields.Datetime.now()
        self._go("cancelled", cancel_reason=reason)
        self._end_calls(is_over=True)
        self._release_claims()
        for handoff in self:
            handoff._cancel_timer(now)

    def _take_back(self, reason, is_bounce=False):
        """Return it, by a receiver (a bounce) or because nobody is left to receive it."""
        now = fields.Datetime.now()
        self._forget_takeovers()
        self._go(
            "returned",
            returned_at=now,
            return_reason=reason,
            bounce_count=self.bounce_count + int(is_bounce),
            override_reason=False,
        )
        self._cancel_timer(now)
        self._end_calls()
        self._call(
            self.accountable_user_id,
            self.env._("%(name)s was returned", name=self.name),
            reason,
        )

    # Who has something to do

    def _call_receivers(self):
        for handoff in self:
            handoff._end_calls()
            handoff._call(
                handoff._get_receivers(),
                self.env._("%(name)s waits for somebody to accept it", name=handoff.name),
                handoff.situation,
                day=handoff.due and handoff.due.date(),
            )

    def _warn(self, users, summary, note):
        """Give leads something to decide."""
        self._call(users, summary, note, kind="mail.mail_activity_data_warning")

    def _call(self, users, summary, note, day=None, kind="mail.mail_activity_data_todo"):
        """Give people something to do about it."""
        for user in users:
            # sudo: whoever acts may not make activities of others.
            self.sudo().activity_schedule(
                kind,
                date_deadline=day or fields.Date.context_today(self),
                summary=summary,
                note=plaintext2html(note or ""),
                user_id=user.id,
            )

    def _end_calls(self, *, is_over=False):
        """Take back what receivers and senders were asked to do; what people planned stays.

        :param is_over: whether also the leads have nothing to decide any more
        """
        # sudo: they belong to whoever was called.
        calls_sudo = self.sudo().activity_ids.filtered("automated")
        todo = self.env.ref("mail.mail_activity_data_todo")
        calls_sudo.filtered(lambda call: is_over or call.activity_type_id == todo).unlink()
