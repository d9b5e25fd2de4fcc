# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

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

# What a question is: only whoever asks it changes that.
_ASKED_FIELDS = {"name", "blocking", "topic_id"}
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
            self._check_may_change(vals)
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
        if self.env.su:
            return
        self.handoff_id._check_open()
        for item in self:
            is_own = item.kind == "question" and item.asked_by_id == self.env.user
            if not (is_own and item.state == "open" and not item.step_id):
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

    def _check_access(self, operation):
        # Files of an item may be changed by whoever may change the item.
        result = super()._check_access(operation)
        if result or self.env.su or operation not in ("write", "unlink"):
            return result
        locked = self.filtered(lambda item: not item._may_change())
        if not locked:
            return None
        words = self.env._(
            "Only sender, receiver and leads change a handoff, and only until it is accepted."
        )
        return locked, lambda: AccessError(words)

    def _may_change(self):
        handoff = self.handoff_id
        roles = ("sender", "lead") if self.kind == "check" else ("sender", "lead", "receiver")
        return not handoff._is_ended() and any(map(handoff._has_role, roles))

    def _check_may_edit(self):
        """Let only the two sides add to a handoff, and only while it is open."""
        self.handoff_id._check_role("sender", "receiver", "lead")
        self.handoff_id._check_open()

    def _check_may_change(self, vals):
        """Let nobody change what others have read, or asked."""
        self._check_may_edit()
        for item in self:
            if item.kind == "check":
                item.handoff_id._check_role("sender", "lead")
                item.handoff_id._check_editable()
            is_asker = item.asked_by_id == self.env.user
            if item.kind == "question" and _ASKED_FIELDS.intersection(vals) and not is_asker:
                raise UserError(
                    self.env._(
                        "“%(name)s” is changed by whoever asked it: answer it instead.",
                        name=item.name,
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
