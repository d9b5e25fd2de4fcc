# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""How a step is asked of the customer, reaches them, and comes back answered."""

from markupsafe import Markup

from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .reader_dates import ReaderDates
from .service_step import ASKED_STATES

# Who confirms or takes note has done all there is to do: nobody needs to look at it.
DONE_WHEN_SUBMITTED = ("confirm", "info")


class ServiceStep(models.Model):
    _inherit = "service.step"

    def _ask(self, key):
        """Send the request, and wait from its delivery on."""
        if self.party == "third_party":
            self._deliver()  # we ask them ourselves, by phone or order: there is no mail of ours
            self._tell_history("step_elsewhere")
            return
        person = self._get_asked_partner()
        body = self.with_context(lang=person.lang or self.env.lang)._get_request_body()
        message = self._post(subject=self.title, **self._prepare_mail_values(person, body))
        self._go(self.state, message_id=message.id)
        self._tell_history(key, urgency="action", text=self.return_reason, message_id=message.id)

    def _get_request_body(self):
        """Return the mail in the language of the context."""
        paragraphs = [self.title, self.return_reason or self.why, self.instructions]
        if self.due:
            paragraphs.append(self.env._("Please by %(day)s.", day=self._get_due_day()))
        paragraphs.append(self.effect_if_late)
        if url := self._get_page_url():
            paragraphs.append(Markup('<a href="%s">%s</a>') % (url, self.env._("Answer here")))
        return Markup("").join(Markup("<p>%s</p>") % text for text in paragraphs if text)

    def _get_due_day(self):
        """Return the day until which it is asked, in the customer's words."""
        zone = self.project_id._service_timezone(self._get_asked_partner())
        return ReaderDates.of(self.env, zone).short(self.due)

    def _get_page_url(self):
        """Return where the customer can answer; nothing without a customer page."""
        return ""

    def _deliver(self):
        """Note that the requests have reached the customer: from now on we wait for them."""
        arrived = self.filtered(lambda step: step.state in ASKED_STATES and not step.delivered_at)
        if not arrived:
            return
        now = fields.Datetime.now()
        # sudo: the mail queue or the customer brings this about, who may write no steps.
        arrived.sudo()._go_each(delivered_at=now)
        # Who does the same at the same moment is told here to try again, and finds it done.
        arrived.flush_recordset(["delivered_at"])
        self.env["service.wait"]._open_for_steps(arrived.filtered("blocking"), now)

    def _go_each(self, **values):
        for state, steps in self.grouped("state").items():
            steps._go(state, **values)

    def _see(self):
        """Note that the customer has opened the page with these steps."""
        unseen = self.filtered(lambda step: step.state in ASKED_STATES and not step.seen_at)
        if unseen:
            # sudo: a customer may write no steps.
            unseen.sudo()._go_each(seen_at=fields.Datetime.now())
            unseen._deliver()

    # The answer

    def _submit(self, person, values):
        """Take the answer: the wait ends now, and our review begins.

        :param person: partner who answers
        :param values: ``response``, ``decision``, ``attachment_ids`` (ids), ``submitted_source``
        :raise UserError: when it is not asked any more, or the answer does not fit
        """
        self.ensure_one()
        if self.state not in ASKED_STATES:
            raise UserError(self._get_closed_sentence())
        values = {**values, "response": (values.get("response") or "").strip() or False}
        self._check_answer(values)
        now = fields.Datetime.now()
        files = values.pop("attachment_ids", None) or []
        # sudo: a customer may write no steps; what they may answer was checked above.
        step_sudo = self.sudo()
        step_sudo._keep_files(files)
        step_sudo._go(
            "submitted",
            **values,
            attachment_ids=[Command.link(file_id) for file_id in files],
            submitted_at=now,
            submitted_by_id=person.id,
            review_due_at=self._get_working_time().add_days(now, 1),
        )
        step_sudo._close_waits()
        by_customer = not values.get("submitted_source")
        step_sudo._tell_history(
            "step_submitted" if by_customer else "step_noted",
            actor="you" if by_customer else "us",
        )
        step_sudo._tell_owner(person)
        if self.kind in DONE_WHEN_SUBMITTED and self.decision != "declined":
            step_sudo._finish()

    def _keep_files(self, file_ids):
        """Let the files belong to the conversation: who reads that, reads them."""
        thread = self._get_thread()
        self.env["ir.attachment"].browse(file_ids).write(
            {"res_model": thread._name, "res_id": thread.id}
        )

    def _check_answer(self, values):
        if self.kind == "answer" and not values["response"]:
            raise UserError(self.env._("Please write your answer first."))
        if self.kind == "upload" and not values.get("attachment_ids"):
            raise UserError(self.env._("Please choose a file first."))
        if self.kind == "approve" and not values.get("decision"):
            raise UserError(self.env._("Please choose whether you approve or not."))
        if values.get("decision") == "declined" and not values["response"]:
            raise UserError(self.env._("Please write what should be different."))

    def _is_asked(self):
        """Tell whether the customer is asked for this: nothing of a cancelled request is."""
        return self.state in ASKED_STATES and self.task_id.state != "1_canceled"

    def _get_closed_sentence(self):
        """Return why this cannot be answered, in words for whoever tries."""
        if self.state == "submitted":
            return self.env._("We have your answer already. Thank you.")
        if self.state == "done":
            return self.env._("This is finished already. Thank you.")
        if self.state in ("waived", "cancelled") or self.task_id.state == "1_canceled":
            return self.env._("We no longer need this from you. Thank you.")
        return self.env._("We have not asked for this yet.")

    def _tell_owner(self, person):
        """Put the answer into the conversation and tell the owner of the step."""
        body = Markup("<p><b>%s</b></p>") % self.title
        if self.decision:
            labels = dict(self._fields["decision"]._description_selection(self.env))
            body += Markup("<p>%s</p>") % labels[self.decision]
        if self.response:
            body += Markup("<p>%s</p>") % self.response
        self._post(
            body=body,
            author_id=person.id,
            message_type="notification",
            subtype_xmlid="mail.mt_note",
            partner_ids=self.owner_user_id.partner_id.ids,
        )

    def _tell_already(self):
        """Note that the customer says they have told this before, and tell the lead."""
        self.ensure_one()
        if self.state not in ASKED_STATES:
            raise UserError(self._get_closed_sentence())
        if self.told_already_at:
            return  # said once is enough, however often they press
        # sudo: a customer may write no steps.
        step_sudo = self.sudo()
        step_sudo._go(
            self.state,
            told_already_at=fields.Datetime.now(),
            told_already_count=self.told_already_count + 1,
        )
        step_sudo._call_lead(self.env._("The customer says they have told us this already."))

    # Waits and facts

    def _close_waits(self):
        """End what was waited for: the customer's act ends it, not that somebody notices."""
        # sudo: the end of a wait follows from the step, whoever may see the wait.
        self.env["service.wait"].sudo()._close_for_steps(self)

    def _get_known_facts(self):
        """Return what this customer has told about the topic and still holds."""
        self.ensure_one()
        if self.kind not in ("answer", "upload") or not self.topic_id:
            return self.env["service.fact"]
        return self.env["service.fact"]._get_known(self.topic_id, self.partner_id, self.project_id)

    def _check_repeat(self):
        if self.party == "customer" and not self.asked_anyway_reason and self._get_known_facts():
            raise UserError(
                self.env._(
                    "The customer has told us about “%(topic)s” already: use what they said, or "
                    "say why you ask again.",
                    topic=self.topic_id.name,
                )
            )

    def _ask_anyway(self, reason):
        """Ask although the customer told it before."""
        self._check_reason(reason)
        self._check_from("ready")
        self._go("ready", asked_anyway_reason=reason)
        self.action_request()

    def _check_known(self, fact):
        if fact not in self._get_known_facts():
            raise UserError(
                self.env._("Choose something that this customer told about the same topic.")
            )

    def _use_fact(self, fact):
        """Do not ask: what the customer said before is the answer."""
        self._check_from("ready")
        self._check_known(fact)
        self._go(
            "done",
            response=fact.answer,
            accepted_at=fields.Datetime.now(),
            submitted_source=self.env._(
                "Told before, on %(day)s", day=format_date(self.env, fact.said_at)
            ),
        )
        self._after_end()

    def _ask_to_confirm(self, fact):
        """Ask the customer only whether what they said before still holds."""
        self._check_from("ready")
        self._check_known(fact)
        if not fact.customer_visible:
            raise UserError(
                self.env._("This is not shown to the customer: they cannot be asked to confirm it.")
            )
        self.write({"kind": "confirm", "fact_id": fact.id, "instructions": fact.answer})
        self.action_request()

    def _note_facts(self):
        """Keep good answers as what the customer told us."""
        agreed = self.filtered(lambda step: step.submitted_at and step.decision != "declined")
        for fact_sudo in agreed.fact_id.sudo():
            fact_sudo._set(confirmed_at=fields.Datetime.now())
        answered = self.filtered(
            lambda step: (
                step.party == "customer" and step.submitted_at and step.kind in ("answer", "upload")
            )
        )
        if answered:
            # sudo: the fact follows from the answer that was accepted.
            self.env["service.fact"].sudo().create(
                [step._prepare_fact_values() for step in answered]
            )

    def _prepare_fact_values(self):
        files = ", ".join(self.attachment_ids.mapped("name"))
        return {
            "topic_id": self.topic_id.id,
            "partner_id": (self.partner_id or self.submitted_by_id.commercial_partner_id).id,
            "project_id": self.project_id.id,
            "question": self.title,
            "answer": self.response or files,
            "attachment_ids": [Command.set(self.attachment_ids.ids)],
            "said_by_id": self.submitted_by_id.id,
            "said_at": self.submitted_at,
            "source_ref": self.submitted_source or self.env._("Answer on the customer's page"),
            "customer_visible": True,
            "step_id": self.id,
        }
