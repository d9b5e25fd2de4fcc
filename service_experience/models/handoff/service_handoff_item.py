# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import UserError

REQUIRED_WEIGHT, OTHER_WEIGHT = 2, 1
# What each question without an answer takes from the completeness.
QUESTION_COST = 0.1
# What counts as missing when the handoff is offered.
MISSING_STATES = ("open", "waived")
_TRANSITION_FIELDS = {
    "state",
    "reason",
    "asked_by_id",
    "answered_by_id",
    "answered_at",
    "step_id",
    "commitment_id",
    "kind",
    "was_missing",
}

# What is asked for: it follows from the type and the commitments, and stays as it was asked.
_FIXED_FIELDS = {"handoff_id", "type_item_id", "name", "hint", "required"}


class ServiceHandoffItem(models.Model):
    """Something the receiver must get: a check of the type, a commitment, or an answer."""

    _name = "service.handoff.item"
    _description = "Handoff Item"
    _order = "handoff_id, kind, required desc, sequence, id"

    handoff_id = fields.Many2one("service.handoff", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(
        [("check", "Item"), ("commitment", "Commitment"), ("question", "Question")],
        required=True,
        default="check",
        readonly=True,
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Item", required=True)
    hint = fields.Char(readonly=True)
    type_item_id = fields.Many2one(
        "service.handoff.type.item", readonly=True, index="btree_not_null", ondelete="set null"
    )
    required = fields.Boolean()
    answer = fields.Text(help="What the receiver needs to know.")
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Files", copy=False, bypass_search_access=True
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("waived", "Waived"), ("flagged", "Flagged")],
        default="open",
        required=True,
        readonly=True,
        help="Waived: not needed, with a reason. Flagged: the receiver doubts that the commitment "
        "can be kept.",
    )
    reason = fields.Char(readonly=True, help="Why it was waived or flagged.")
    commitment_id = fields.Many2one(
        "service.commitment", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    commitment_date = fields.Date(related="commitment_id.current_to", string="Promised For")
    route = fields.Selection(
        [("sender", "The sender"), ("customer", "The customer"), ("third_party", "A third party")],
        string="Who Answers",
        default="sender",
    )
    blocking = fields.Boolean(
        default=True, help="The receiver cannot accept before it is answered or asked elsewhere."
    )
    topic_id = fields.Many2one(
        "service.topic",
        index="btree_not_null",
        ondelete="set null",
        help="What it is about: what the customer told already is shown before they are asked.",
    )
    step_id = fields.Many2one(
        "service.step",
        string="Asked With",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The step with which the customer or a third party was asked.",
    )
    asked_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    answered_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    answered_at = fields.Datetime(readonly=True)
    was_missing = fields.Boolean(
        readonly=True, help="It was not there when the handoff was offered first."
    )
    handoff_state = fields.Selection(related="handoff_id.state", string="State of the Handoff")
    project_id = fields.Many2one(related="handoff_id.project_id", related_sudo=False)

    _commitment_uniq = models.UniqueIndex(
        "(handoff_id, commitment_id) WHERE commitment_id IS NOT NULL",
        "This commitment is an item of the handoff already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        for vals in vals_list:
            self._check_first_values(vals)
            vals.update(kind="question", state="open", asked_by_id=self.env.uid)
        items = super(ServiceHandoffItem, self._get_clean()).create(vals_list)
        items._check_may_edit()
        return items

    def write(self, vals):
        fixed = _FIXED_FIELDS - self._get_changeable()
        if names := (_TRANSITION_FIELDS | fixed).intersection(vals):
            raise UserError(
                self.env._(
                    "“%(field)s” follows from what people do with an item and cannot be entered: "
                    "use its buttons.",
                    field=self._fields[min(names)]._description_string(self.env),
                )
            )
        if not self.env.su:
            self._check_may_edit()
        return super().write(vals)

    def _get_changeable(self):
        """Return what else may be changed: the words of questions that are open."""
        is_open = all(item.kind == "question" and item.state == "open" for item in self)
        return {"name"} if is_open and not self.step_id else set()

    def _set(self, **values):
        """Write what people did; only the methods of handoffs call this."""
        # The write of this model refuses these fields, for everybody.
        return super().write(values)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_own_question(self):
        for item in self:
            is_own = item.kind == "question" and item.asked_by_id == self.env.user
            if not (is_own and item.state == "open" and not item.step_id) and not self.env.su:
                raise UserError(
                    self.env._(
                        "Only a question of your own that nobody has answered is taken back."
                    )
                )

    @api.model
    def _get_clean(self):
        """Return this model without defaults of a context that would forge an item."""
        context = {
            key: value
            for key, value in self.env.context.items()
            if key.removeprefix("default_") not in _TRANSITION_FIELDS
        }
        # The others have to go, so the context is replaced.
        return self.with_context(context)  # pylint: disable=context-overridden

    @api.model
    def _check_first_values(self, vals):
        first = {name for name, value in vals.items() if value}
        if vals.get("kind", "question") == "question":
            first.discard("kind")
        if vals.get("state", "open") == "open":
            first.discard("state")
        if _TRANSITION_FIELDS.intersection(first):
            raise UserError(
                self.env._(
                    "Only questions are added to a handoff; its other items follow from its "
                    "type and from the commitments of the service."
                )
            )

    def _check_may_edit(self):
        """Let only the two sides add to a handoff, and only while it is open."""
        self.handoff_id._check_role("sender", "receiver", "lead")
        self.handoff_id._check_open()

    # What people do

    def action_done(self):
        """Say that the receiver has got it: by the sender, or for a commitment by the receiver."""
        for item in self:
            item._check_side()
            item._check_state("open", "flagged")
            if item.kind == "question" and not (item.answer or "").strip():
                raise UserError(self.env._("Enter the answer to “%(name)s”.", name=item.name))
            item._answer()

    def action_reopen(self):
        """Take back that it is done, waived or flagged."""
        for item in self:
            item._check_side()
            item._check_state("done", "waived", "flagged")
        self._set(state="open", reason=False, answered_by_id=False, answered_at=False)

    def action_waive(self, reason):
        """Go on without it.

        :param reason: why it is not needed here
        """
        self.handoff_id._check_open()
        for item in self:
            item.handoff_id._check_reason(reason)
            is_strict = item.kind == "check" and item.required
            item.handoff_id._check_role("lead", *(() if is_strict else ("sender", "receiver")))
            if item.kind == "commitment":
                raise UserError(self.env._("A commitment is not waived: take it over, or flag it."))
            item._check_state("open")
        self._set(state="waived", reason=reason)

    def action_flag(self, reason):
        """Say that a commitment cannot be kept as it stands.

        :param reason: why the receiver doubts it
        """
        for item in self:
            item.handoff_id._check_reason(reason)
            if item.kind != "commitment":
                raise UserError(self.env._("Only commitments are flagged: ask a question instead."))
            item._check_side()
            item._check_state("open", "done")
        self._set(
            state="flagged",
            reason=reason,
            answered_by_id=self.env.uid,
            answered_at=fields.Datetime.now(),
        )

    def _answer(self):
        self._set(
            state="done",
            reason=False,
            answered_by_id=self.env.uid,
            answered_at=fields.Datetime.now(),
        )

    def _check_side(self):
        """Let the receiver decide about commitments, and the sender about all else."""
        self.handoff_id._check_open()
        if self.kind == "commitment":
            self.handoff_id._check_role("receiver")
        else:
            self.handoff_id._check_role("sender", "lead")

    def _check_state(self, *states):
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(name)s” is “%(state)s” by now: reload the page to see what happened.",
                    name=self.name,
                    state=labels[self.state],
                )
            )

    # Completeness

    def _get_counted(self):
        """Return the items that the receiver should have by now.

        Commitments are taken over by the receiver: they count once the handoff is offered.
        """
        return self.filtered(
            lambda item: (
                item.state != "waived"
                and item.kind != "question"
                and (item.kind == "check" or item.handoff_id.state not in ("draft", "returned"))
            )
        )

    def _get_completeness(self):
        """Return the share of the weight that is there, less a tenth per unanswered question."""
        counted = self._get_counted()
        total = sum(item._get_weight() for item in counted)
        there = sum(item._get_weight() for item in counted if item.state != "open")
        share = there / total if total else 1.0
        return max(0.0, round(share - QUESTION_COST * len(self._get_unanswered()), 4))

    def _get_weight(self):
        return REQUIRED_WEIGHT if self.required else OTHER_WEIGHT

    def _get_unanswered(self):
        return self.filtered(lambda item: item.kind == "question" and item.state == "open")

    def _get_unanswered_blocking(self):
        """Return the questions that nobody answered, and that nobody else was asked."""
        return self._get_unanswered().filtered(lambda item: item.blocking and not item.step_id)

    def _get_missing(self):
        missing = self._get_counted().filtered(lambda item: item.state == "open")
        return missing.sorted(lambda item: not item.required) | self._get_unanswered()
