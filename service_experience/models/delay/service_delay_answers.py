# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What the customer says: yes, no, a question, or whether something is still on time."""

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

ANSWERS = ("accepted", "contested", "question")


class ServiceDelay(models.Model):
    _inherit = "service.delay"

    response = fields.Selection(
        [
            ("none", "Not yet"),
            ("accepted", "Accepted"),
            ("contested", "Contested"),
            ("question", "Question"),
        ],
        string="The Customer's Answer",
        default="none",
        required=True,
        readonly=True,
        copy=False,
    )
    response_text = fields.Text(string="What They Wrote", readonly=True, copy=False)
    responded_at = fields.Datetime(readonly=True, copy=False)
    option_id = fields.Many2one(
        "service.delay.option", string="Chosen", readonly=True, copy=False, ondelete="set null"
    )

    def _is_answerable(self):
        """Tell whether the customer may still say something to the new date."""
        self.ensure_one()
        is_told = self.sent_at and self.state in ("confirmed", "communicated")
        is_silent = self.revision_id.acknowledgement == "none"  # for long enough is an answer
        return bool(is_told and is_silent and self.response in ("none", "question"))

    def _answer(self, person, answer, text=None, option_id=None):
        """Take what the customer says to the new date.

        :param person: partner who answers
        :param answer: one of ``ANSWERS``; a question may be followed by another answer
        :param text: their words; needed for a question and for “no”
        :param option_id: what they chose, of the options of this delay
        :raise UserError: when it is answered already, or the answer does not fit
        """
        self.ensure_one()
        text = (text or "").strip()
        self._check_answer(answer, text, option_id)
        # sudo: a customer may write no delays; what they may say was checked above.
        delay_sudo = self.sudo()
        delay_sudo._see()
        delay_sudo._go(
            delay_sudo.state,
            response=answer,
            response_text=text or False,
            responded_at=fields.Datetime.now(),
            option_id=option_id or False,
        )
        revision = delay_sudo.revision_id
        if answer != "question":
            revision._acknowledge(answer, actor="you")
        if answer == "question":
            delay_sudo._tell_history("delay_asked", actor="you", text=text)
        delay_sudo._tell_answer(person, answer, text)

    def _check_answer(self, answer, text, option_id):
        if answer not in ANSWERS:
            raise UserError(self.env._("Please choose whether the new date suits you."))
        if not self._is_answerable():
            raise UserError(self.env._("We have your answer already. Thank you."))
        if answer == "contested" and not text:
            raise UserError(self.env._("Please write what would suit you better."))
        if answer == "question" and not text:
            raise UserError(self.env._("Please write your question."))
        if option_id and option_id not in self.option_ids.ids:
            raise UserError(self.env._("Please choose one of the options."))

    def _tell_answer(self, person, answer, text):
        """Put the answer into the conversation; who answers for it, or the lead, has to act."""
        labels = dict(self._fields["response"]._description_selection(self.env))
        lines = [self._get_promise_name(), labels[answer], self.option_id.name, text]
        self._post(
            body=Markup("").join(Markup("<p>%s</p>") % line for line in lines if line),
            author_id=person.id,
            message_type="notification",
            subtype_xmlid="mail.mt_note",
        )
        if answer == "accepted" and not self.option_id:
            return
        user = self._get_lead() if answer == "contested" else self._get_accountable()[:1]
        # sudo: a customer may not read who is called, nor in which language.
        words = self.with_context(lang=user.sudo().lang)
        summaries = {
            "accepted": words.env._("The customer chose: %(option)s", option=self.option_id.name),
            "contested": words.env._(
                "Call them: the new date of “%(name)s” does not suit", name=self.display_name
            ),
            "question": words.env._("The customer asks about “%(name)s”", name=self.display_name),
        }
        kind = (
            "mail.mail_activity_data_call"
            if answer == "contested"
            else "mail.mail_activity_data_todo"
        )
        words._call(user, summaries[answer], kind=kind, note=text)

    def _follow_acknowledgement(self, answer):
        """Keep what a colleague noted of the customer's answer to the date."""
        for delay in self.filtered(lambda one: one.response in ("none", "question")):
            delay._go(delay.state, response=answer, responded_at=fields.Datetime.now())


class ServiceCommitment(models.Model):
    _inherit = "service.commitment"

    def _doubt(self, person):
        """Note that the customer asks whether this is still on time.

        :param person: partner who asks
        :return: whether it is the first time that they ask about this date
        """
        self.ensure_one()
        day = self._get_last_day()
        # sudo: a customer may write nothing; that they ask is noted as theirs.
        doubt_sudo = self.env["service.delay"]._suspect(
            [
                {
                    "project_id": self.project_id.id,
                    "task_id": self.task_id.id,
                    "commitment_id": self.id,
                    "rule": "customer",
                    "detected_by": "customer",
                    "fingerprint": f"customer:{self.id}:{day}",
                    "signal": {"who": person.name, "day": fields.Date.to_string(day)},
                }
            ]
        )
        for delay in doubt_sudo:
            delay._tell_history("delay_doubted", actor="you")
        return bool(doubt_sudo)


class ServiceCommitmentRevision(models.Model):
    _inherit = "service.commitment.revision"

    def _acknowledge(self, answer, actor="us"):
        result = super()._acknowledge(answer, actor)
        if answer != "tacit":
            # sudo: it follows from the date of the promise, whoever notes the answer.
            self.delay_id.sudo()._follow_acknowledgement(answer)
        return result
