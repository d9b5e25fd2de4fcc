# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# What a default explanation is put together from; the dialog fills them in.
PLACEHOLDERS = ("what", "old", "new", "doing", "need")
# With the full stop behind it: dates of some languages bring their own.
BLANK = re.compile(rf"\{{({'|'.join(PLACEHOLDERS)})\}}(\.?)")
BETWEEN_SENTENCES = re.compile(r"(?<=[.!?؟])\s+")


class ServiceDelayReason(models.Model):
    """Why a promise moves: one word for colleagues, another for the customer.

    A reason never stops a clock: only waits do. It says whose time it was, and what has to be
    there before a customer is told of it.
    """

    _name = "service.delay.reason"
    _description = "Delay Reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, help="What colleagues call it.")
    code = fields.Char(required=True, help="Short and the same for ever: reports go by it.")
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Leave it empty to use it in all companies."
    )
    customer_label = fields.Char(
        string="Name for the Customer",
        required=True,
        translate=True,
        help="The words your customer reads, for example “We planned too little time”.",
    )
    process = fields.Selection(
        [
            ("intake", "Intake"),
            ("planning", "Planning"),
            ("execution", "Execution"),
            ("review", "Review"),
            ("delivery", "Delivery"),
            ("support", "Support"),
        ],
        required=True,
        default="execution",
        help="Where in your work the time was lost.",
    )
    party = fields.Selection(
        [
            ("us", "Us"),
            ("customer", "The customer"),
            ("third_party", "A third party"),
            ("force_majeure", "Force majeure"),
        ],
        string="Whose Time",
        required=True,
        default="us",
        help="A reason of the customer needs a request that reached them before the old date, and "
        "explains no more time than was waited for it.",
    )
    stops_clock = fields.Boolean(
        help="The work stood still for it: the linked request has to be a blocking one, whose "
        "waits stop the clocks. The reason itself stops none. Only for reasons of the customer.",
    )
    needs_evidence = fields.Boolean(help="A file has to prove it before the customer is told.")
    needs_approval = fields.Boolean(help="A team lead approves it before the customer is told.")
    needs_cause = fields.Boolean(help="It follows from an earlier delay, which has to be named.")
    valid_days = fields.Integer(
        string="Holds For (Working Days)",
        help="After so many working days another reason has to be found; 0 for no limit.",
    )
    default_explanation = fields.Text(
        translate=True,
        help="The first draft of what the customer reads. {what} is the promise, {old} and {new} "
        "are its dates, {doing} is what we do, {need} what we needed from the customer. A sentence "
        "whose blank stays empty is left out.",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There is a reason with this code already."
    )
    _check_valid_days = models.Constraint(
        "CHECK (valid_days >= 0)", "Working days cannot be negative."
    )

    @api.constrains("party", "stops_clock")
    def _check_stops_clock(self):
        for reason in self:
            if reason.stops_clock and reason.party != "customer":
                raise ValidationError(
                    self.env._("Only what we wait for from the customer stands still for them.")
                )

    @api.constrains("default_explanation")
    def _check_default_explanation(self):
        for reason in self:
            if set("{}") & set(BLANK.sub("", reason.default_explanation or "")):
                raise ValidationError(
                    self.env._(
                        "The explanation may hold {what}, {old}, {new}, {doing} and {need}, and no "
                        "other braces."
                    )
                )

    def write(self, vals):
        if {"party", "code"}.intersection(vals):
            self._refuse_used(vals)
        return super().write(vals)

    def _refuse_used(self, vals):
        """Let nobody change afterwards whose time it was."""
        # sudo: it may have been used where the manager sees nothing.
        uses = Domain("reason_id", "in", self.ids) | Domain("second_reason_id", "in", self.ids)
        told_sudo = self.env["service.delay"].sudo().search(Domain("sent_at", "!=", False) & uses)
        for reason in self & (told_sudo.reason_id | told_sudo.second_reason_id):
            if any(reason[name] != vals.get(name, reason[name]) for name in ("party", "code")):
                raise UserError(
                    self.env._(
                        "Customers were told “%(name)s”: archive it, and add another reason.",
                        name=reason.name,
                    )
                )

    def _explain(self, **words):
        """Return the default explanation in the language of the context, with its blanks filled.

        A sentence with a blank that stays empty is left out: while the new date is not known,
        there is no “New date: .” to remove.

        :param words: the values of the placeholders; those not given stay empty
        """
        self.ensure_one()
        words = {name: str(words.get(name) or "").strip() for name in PLACEHOLDERS}
        lines = (self.default_explanation or "").splitlines()
        text = "\n".join(" ".join(_fill(line, words)) for line in lines)
        return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()


def _fill(line, words):
    """Yield the sentences of a line that can be said with these words."""

    def fill(blank):
        name, stop = blank.groups()
        return words[name].removesuffix(stop) + stop

    for sentence in BETWEEN_SENTENCES.split(line):
        if all(words[blank[1]] for blank in BLANK.finditer(sentence)):
            yield BLANK.sub(fill, sentence)
