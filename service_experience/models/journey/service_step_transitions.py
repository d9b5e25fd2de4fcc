# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""How a step goes from one state to the next by what colleagues do."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .service_step import ASKED_STATES, ENDED_STATES, OPEN_STATES

# A question may be returned once; at the second time somebody should call.
RETURNS_UNTIL_LEAD = 2


class ServiceStep(models.Model):
    _inherit = "service.step"

    def action_ready(self):
        """Say that a planned step can begin."""
        self._check_from("planned")
        self._check_dependencies()
        self._go("ready")

    def action_start(self):
        """Begin a step of ours."""
        self._check_party("us")
        self._check_from("ready")
        self._check_dependencies()
        self._go("doing")

    def action_request(self):
        """Ask the customer or the third party for it, now.

        :raise UserError: when somebody answered the same question before; then the dialog of
            ``action_ask`` shows what they said
        """
        self._check_party("customer", "third_party")
        self._check_from("ready")
        self._check_not_template()
        self._check_dependencies()
        for step in self:
            step._check_complete()
            step._check_repeat()
        self._go("requested", requested_at=fields.Datetime.now())
        for step in self:
            step._ask("step_requested")

    def action_ask(self):
        """Ask for it, or show what the customer has told already."""
        self.ensure_one()
        if self.party != "customer" or not self._get_known_facts():
            return self.action_request()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The customer told us already"),
            "res_model": "service.step.repeat",
            "view_mode": "form",
            "target": "new",
            "context": {"default_step_id": self.id},
        }

    def action_done(self):
        """Finish a step: ours, one that a third party did, or an answer that is good."""
        self._check_from("ready", "doing", "submitted", *ASKED_STATES)
        self._check_dependencies()
        if any(step.party == "customer" and step.state != "submitted" for step in self):
            raise UserError(
                self.env._(
                    "The customer has not answered yet: note their answer for them, or waive "
                    "the step."
                )
            )
        self._finish()

    def action_return(self, reason):
        """Return an answer to the customer.

        :param reason: what is missing; the customer reads it
        """
        self._check_from("submitted")
        self._check_reason(reason)
        for step in self:
            step._go(
                "returned",
                return_reason=reason,
                return_count=step.return_count + 1,
                delivered_at=False,
                seen_at=False,
                review_due_at=False,
                told_already_at=False,
                reminder_count=0,
                reminded_at=False,
            )
            step._ask("step_returned")
        self.filtered(lambda step: step.return_count >= RETURNS_UNTIL_LEAD)._call_lead(
            self.env._("An answer of the customer was returned twice: call them.")
        )

    def action_waive(self, reason):
        """Go on without it.

        :param reason: why it is not needed; internal
        """
        self._end("waived", reason)

    def action_cancel(self, reason):
        """Give the step up.

        :param reason: why; internal
        """
        self._end("cancelled", reason)

    def action_submit_for_customer(self, source, response=None, decision=None, attachment_ids=None):
        """Note what the customer answered elsewhere.

        :param source: where they said it, such as “Phone call with Ms. Crumb”
        :param attachment_ids: ids of their files, ``ir.attachment``
        """
        self.ensure_one()
        self._check_access_to_act()
        self._check_party("customer")
        # They become files of the conversation: nobody moves a file that is not theirs.
        self.env["ir.attachment"].browse(attachment_ids).check_access("write")
        if not (source or "").strip():
            raise UserError(self.env._("Say where the answer comes from, such as “Phone call”."))
        self._submit(
            self._get_asked_partner(),
            {
                "response": response,
                "decision": decision,
                "attachment_ids": list(attachment_ids or ()),
                "submitted_source": source,
            },
        )

    def action_open_answer(self):
        return self._open_dialog(self.env._("Note the answer"), "service.step.answer")

    def action_open_return(self):
        return self._open_reason(self.env._("Return the answer"), "return")

    def action_open_waive(self):
        return self._open_reason(self.env._("Go on without it"), "waive")

    def action_open_cancel(self):
        return self._open_reason(self.env._("Cancel the step"), "cancel")

    def _open_reason(self, name, deed):
        return self._open_dialog(name, "service.step.reason", default_deed=deed)

    def _open_dialog(self, name, model, **context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_step_id": self.id, **context},
        }

    # What the transitions share

    def _check_access_to_act(self):
        self.check_access("write")

    def _check_from(self, *states):
        self._check_access_to_act()
        for step in self:
            if step.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "“%(title)s” is “%(state)s” by now: reload the page to see what happened.",
                        title=step.title,
                        state=labels[step.state],
                    )
                )

    def _check_dependencies(self):
        for step in self:
            if step._get_open_dependencies():
                raise UserError(
                    self.env._(
                        "“%(title)s” comes after a step that is not finished yet: finish that "
                        "one, or remove it from “After”.",
                        title=step.title,
                    )
                )

    def _check_party(self, *parties):
        if any(step.party not in parties for step in self):
            raise UserError(
                self.env._("This is not for whoever does this step: look at “Who Does It”.")
            )

    def _check_complete(self):
        """Refuse to ask for something that the other side could not understand."""
        if not self.due:
            raise UserError(self.env._("Enter until when you need “%(title)s”.", title=self.title))
        if self.party == "customer":
            if not (self.why or "").strip():
                raise UserError(
                    self.env._(
                        "Tell the customer why you need “%(title)s”: they answer sooner.",
                        title=self.title,
                    )
                )
            if not self._get_asked_partner():
                raise UserError(
                    self.env._("Choose the customer of this service first: nobody could be asked.")
                )

    def _get_open_dependencies(self):
        return self.depends_on_ids.filtered(lambda step: step.state not in ENDED_STATES)

    def _release(self):
        """Make planned steps ready whose dependencies are all finished."""
        free = self.filtered(lambda step: not step._get_open_dependencies())
        if free:
            free._go("ready")

    def _finish(self):
        for step in self:
            step._go("done", accepted_at=fields.Datetime.now(), review_due_at=False)
        self._close_waits()
        self._note_facts()
        self._tell_history("step_done")
        self._after_end()

    def _end(self, state, reason):
        self._check_from(*OPEN_STATES)
        self._check_reason(reason)
        told = self.filtered(lambda step: step._is_told() and step.customer_visible)
        self._go(state, end_reason=reason, review_due_at=False)
        self._close_waits()
        told._tell_history(f"step_{state}")
        self._after_end()

    def _after_end(self):
        """Let the steps begin that came after, and the commitments be kept that are fulfilled."""
        # sudo: what comes after may be out of sight of whoever finished this.
        followers_sudo = self.sudo().search(
            [("depends_on_ids", "in", self.ids), ("state", "=", "planned")]
        )
        followers_sudo._release()
        self.commitment_id._keep_by_steps()

    def _tell_history(self, key, **values):
        for step in self.filtered("customer_visible"):
            self.env["service.timeline.entry"]._record(
                step,
                key,
                {"title": step.title, "who": step.third_party_label},
                step_id=step.id,
                **values,
            )

    def _call_lead(self, summary):
        """Give whoever leads the service something to do."""
        for step in self:
            lead = step.project_id.user_id or step.owner_user_id or self.env.user
            # sudo: the lead is called whoever is at the keyboard, a customer too.
            step._get_thread().sudo().activity_schedule(
                "mail.mail_activity_data_call",
                summary=summary,
                note=plaintext2html(step.title),
                user_id=lead.id,
            )
