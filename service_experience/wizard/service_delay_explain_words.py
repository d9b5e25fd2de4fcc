# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What the customer will read, while it is written: the draft, the preview, the warnings."""

from odoo import api, fields, models

from ..models.delay.message_words import get_body, get_new_day, get_subject
from ..models.delay.text_warnings import find_empty_phrases, find_names, is_same, is_short
from ..models.journey.reader_dates import ReaderDates


class ServiceDelayExplain(models.TransientModel):
    _inherit = "service.delay.explain"

    preview = fields.Html(compute="_compute_preview", sanitize=False)
    preview_subject = fields.Char(string="Subject", compute="_compute_preview")
    warnings = fields.Text(compute="_compute_warnings")
    approval_text = fields.Char(compute="_compute_approval_text")
    needs_talk = fields.Boolean(compute="_compute_approval_text")

    @api.onchange(
        "reason_id", "new_from", "new_to", "known_by", "doing", "step_id", "commitment_id"
    )
    def _onchange_draft(self):
        """Draft the explanation anew, unless somebody has written their own."""
        if self.reason_id and self.customer_explanation in (False, "", self.draft):
            self.draft = self._get_draft()
            self.customer_explanation = self.draft

    def _get_draft(self):
        """Return the explanation that the reason proposes, in the language of the customer."""
        words, values = self._get_reader_env(), self._get_values()
        dates = ReaderDates.of(words, values["timezone"])
        return self.reason_id.with_env(words)._explain(
            what=values["what"],
            old=self.old_to and dates.short(self.old_to),
            new=get_new_day(words, values),
            doing="",
            need=self.step_id.title,
        )

    def _get_person(self):
        delay = self.delay_id or self._get_new_delay()
        return delay._get_customer_person()

    def _get_new_delay(self):
        """Return a delay that is not written yet, to ask it what it would say."""
        return self.env["service.delay"].new(
            {
                "project_id": self.project_id.id,
                "task_id": self.task_id.id,
                "commitment_id": self.commitment_id.id,
            }
        )

    def _get_reader_env(self):
        """Return the environment in the language in which the customer reads."""
        return self.with_context(lang=self._get_person().lang or self.env.lang).env

    def _get_values(self):
        """Return the values of the message as it stands now."""
        delay, person = self.delay_id or self._get_new_delay(), self._get_person()
        return {
            **delay._prepare_message(person),
            "new_from": self.new_from,
            "new_to": self.new_to,
            "known_by": self.known_by,
            "confidence": self.confidence,
            "explanation": self.customer_explanation,
            "doing": self.doing,
            "means": self.means_for_you,
            "next_update": self.next_update_due,
            "options": [line for line in (self.options or "").splitlines() if line.strip()],
        }

    @api.depends(
        "reason_id",
        "customer_explanation",
        "new_from",
        "new_to",
        "known_by",
        "confidence",
        "doing",
        "means_for_you",
        "next_update_due",
        "options",
        "commitment_id",
        "delay_id",
    )
    def _compute_preview(self):
        for dialog in self:
            words, values = dialog._get_reader_env(), dialog._get_values()
            dialog.preview = dialog.project_id and get_body(words, values)
            dialog.preview_subject = dialog.project_id and get_subject(words, values)

    @api.depends("customer_explanation", "doing", "means_for_you", "draft", "reason_id", "step_id")
    def _compute_warnings(self):
        for dialog in self:
            dialog.warnings = "\n".join(dialog._get_warnings())

    def _get_warnings(self):
        """Return what would make the message worse, as sentences."""
        text = "\n".join(filter(None, (self.customer_explanation, self.doing, self.means_for_you)))
        warnings = [
            self.env._("“%(phrase)s” tells the customer nothing: say what it is.", phrase=phrase)
            for phrase in find_empty_phrases(text)
        ]
        if is_short(self.customer_explanation):
            warnings.append(self.env._("The explanation is very short: would it do for you?"))
        if is_same(self.customer_explanation, self.draft):
            warnings.append(
                self.env._("This is the draft as it came: add what happened in this case.")
            )
        warnings += [
            self.env._("“%(name)s” is named: the customer need not know that name.", name=name)
            for name in find_names(text, self._get_strange_names())
        ]
        return warnings + self._get_receipt_warnings()

    def _get_strange_names(self):
        """Return the names of colleagues and of other customers; those the customer knows are not.

        Read in one query for each; the contact and whoever answers for it are known by name.
        """
        person = self._get_person()
        place = self.task_id or self.project_id
        # sudo: which names are strange to the customer does not depend on who writes.
        place_sudo = place.sudo()
        known = place_sudo.contact_user_id | self.project_id.sudo().contact_user_id
        users_sudo = self.env["res.users"].sudo().search([("share", "=", False)]) - known
        customers_sudo = (
            self.env["project.project"]
            .sudo()
            ._read_group([("partner_id", "!=", False)], ["partner_id"])
        )
        theirs = person.sudo().commercial_partner_id
        others = {
            partner.commercial_partner_id.name
            for [partner] in customers_sudo
            if partner.commercial_partner_id != theirs
        }
        return (_get_names(users_sudo) | others) - _get_names(known) - {theirs.name, person.name}

    def _get_receipt_warnings(self):
        """Return how much of the delay a reason of the customer explains."""
        if self.party != "customer" or not self.step_id:
            return []
        delay = self.env["service.delay"].new(
            {"project_id": self.project_id.id, "step_id": self.step_id.id}
        )
        hours = round(delay.waited_seconds / 3600, 1)
        return [
            self.env._(
                "We waited %(hours)s working hours for it: it explains no more than that.",
                hours=hours,
            )
        ]

    @api.depends("reason_id", "commitment_id", "delay_id")
    def _compute_approval_text(self):
        for dialog in self:
            delay = self.env["service.delay"].new(
                {"commitment_id": dialog.commitment_id.id, "reason_id": dialog.reason_id.id}
            )
            level = delay.approval
            words = {
                "lead": self.env._("A team lead approves it before the customer is told."),
                "manager": self.env._(
                    "A manager approves it, and somebody talks to the customer in person first."
                ),
            }
            dialog.approval_text = words.get(level, "")
            dialog.needs_talk = level == "manager"


def _get_names(users):
    """Return the full and the first names of people."""
    names = [name or "" for name in users.mapped("name")]
    return {part for name in names for part in (name, *name.split()[:1])}
