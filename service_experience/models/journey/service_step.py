# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

OPEN_STATES = ("planned", "ready", "requested", "doing", "submitted", "returned")
ASKED_STATES = ("requested", "returned")
ENDED_STATES = ("done", "waived", "cancelled")

# What only the transitions write: who did it and when is evidence, not an entry field.
_TRANSITION_FIELDS = {
    "state",
    "requested_at",
    "delivered_at",
    "seen_at",
    "submitted_at",
    "submitted_by_id",
    "submitted_source",
    "review_due_at",
    "accepted_at",
    "return_count",
    "return_reason",
    "end_reason",
    "response",
    "decision",
    "told_already_at",
    "told_already_count",
    "message_id",
    "asked_anyway_reason",
    "attachment_ids",
    "reminder_count",
    "reminded_at",
}

# What a request is: once somebody was asked, it stays as it was asked.
_ASKED_FIELDS = {
    "active",
    "blocking",
    "customer_visible",
    "kind",
    "owner_partner_id",
    "party",
    "project_id",
    "task_id",
}


class ServiceStep(models.Model):
    """A next step: ours, the customer's or a third party's.

    Its state is changed by its transitions only. What was asked of the customer stays: a step
    that is no longer needed is waived or cancelled, with a reason, and not deleted.
    """

    _name = "service.step"
    _description = "Next Step"
    _inherit = ["service.journey.mixin"]
    _order = "sequence, due, id"
    _rec_name = "title"

    title = fields.Char(required=True, help="What to do, beginning with a verb.")
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    party = fields.Selection(
        [("us", "Us"), ("customer", "The customer"), ("third_party", "A third party")],
        string="Who Does It",
        required=True,
        default="us",
        index=True,
    )
    kind = fields.Selection(
        [
            ("do", "Do something"),
            ("answer", "Answer a question"),
            ("upload", "Upload a file"),
            ("approve", "Approve"),
            ("attend", "Be there"),
            ("give_access", "Give access"),
            ("confirm", "Confirm"),
            ("info", "Take note"),
        ],
        required=True,
        default="do",
    )
    why = fields.Text(help="Why it is needed, in words for the customer.")
    instructions = fields.Text(help="How it is done, in words for the customer.")
    effort_minutes = fields.Integer(
        string="Effort (Minutes)", help="How long it takes whoever does it."
    )
    effect_if_late = fields.Char(
        help="What happens when it comes later, for example “The installation moves too”."
    )
    owner_user_id = fields.Many2one(
        "res.users",
        string="Our Owner",
        default=lambda self: self.env.user,
        index="btree_not_null",
        domain="[('share', '=', False)]",
        help="Who does it, or who sees to it that the other party does.",
    )
    owner_partner_id = fields.Many2one(
        "res.partner",
        string="Asked Person",
        index="btree_not_null",
        help="Who is asked; the contact of the request or service when empty.",
    )
    third_party_label = fields.Char(
        string="Third Party", help="As the customer may read it, for example “the grid operator”."
    )
    blocking = fields.Boolean(
        help="Our work cannot go on without it: from the moment in which the request was "
        "delivered until the answer, the clocks stand still that pause for this party."
    )
    customer_visible = fields.Boolean(
        string="Visible to the Customer",
        compute="_compute_customer_visible",
        store=True,
        readonly=False,
        precompute=True,
        help="Show it on the customer's page. What the customer was asked is always shown there.",
    )
    due = fields.Date(index="btree_not_null")
    due_days = fields.Integer(
        string="Due After (Working Days)",
        help="In a template: working days from the start of the service until it is due.",
    )
    topic_id = fields.Many2one(
        "service.topic",
        index="btree_not_null",
        ondelete="set null",
        help="What it is about: the customer is not asked again what they have told already.",
    )
    fact_id = fields.Many2one(
        "service.fact",
        string="To Confirm",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="What the customer said before, and is asked to confirm.",
    )
    depends_on_ids = fields.Many2many(
        "service.step",
        "service_step_dependency",
        "step_id",
        "depends_on_id",
        string="After",
        copy=False,
        domain="[('project_id', '=', project_id), ('id', '!=', id)]",
        help="It can begin when these are finished.",
    )
    commitment_id = fields.Many2one(
        "service.commitment",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        domain="[('project_id', '=', project_id)]",
        help="The commitment that is kept when this and its other steps are finished.",
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("ready", "Ready"),
            ("requested", "Asked"),
            ("doing", "In progress"),
            ("submitted", "To review"),
            ("returned", "Returned"),
            ("done", "Done"),
            ("waived", "Waived"),
            ("cancelled", "Cancelled"),
        ],
        default="planned",
        required=True,
        readonly=True,
        copy=False,
    )
    requested_at = fields.Datetime(readonly=True, copy=False)
    delivered_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the request reached the customer: the mail was delivered or the page opened. "
        "Only from then on anybody waits for them.",
    )
    seen_at = fields.Datetime(readonly=True, copy=False)
    submitted_at = fields.Datetime(string="Answered At", readonly=True, copy=False)
    submitted_by_id = fields.Many2one(
        "res.partner", string="Answered By", readonly=True, copy=False, ondelete="set null"
    )
    submitted_source = fields.Char(
        string="Source of the Answer",
        readonly=True,
        copy=False,
        help="Where the answer came from when a colleague noted it.",
    )
    review_due_at = fields.Datetime(string="Review Due", readonly=True, copy=False)
    accepted_at = fields.Datetime(string="Finished At", readonly=True, copy=False)
    return_count = fields.Integer(string="Returned (Times)", readonly=True, copy=False)
    return_reason = fields.Text(readonly=True, copy=False, help="The customer reads it.")
    end_reason = fields.Char(string="Reason", readonly=True, copy=False)
    response = fields.Text(string="Answer", readonly=True, copy=False)
    decision = fields.Selection(
        [("approved", "Approved"), ("declined", "Not approved")], readonly=True, copy=False
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Files", copy=False, bypass_search_access=True
    )
    message_id = fields.Many2one(
        "mail.message",
        string="Sent Message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    asked_anyway_reason = fields.Char(
        readonly=True,
        copy=False,
        help="Why the customer was asked although they had told it before.",
    )
    told_already_at = fields.Datetime(readonly=True, copy=False)
    told_already_count = fields.Integer(string="“I Already Told You”", readonly=True, copy=False)
    wait_ids = fields.One2many("service.wait", "step_id", string="Waits", readonly=True)
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")

    _open_idx = models.Index(
        "(owner_user_id, party, due) WHERE state NOT IN ('done', 'waived', 'cancelled')"
    )

    @api.depends("party")
    def _compute_customer_visible(self):
        for step in self:
            step.customer_visible = step.party == "customer" or step.customer_visible

    @api.depends("due", "state")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for step in self:
            step.is_overdue = step.state in OPEN_STATES and step.due and step.due < today

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain("state", "in", OPEN_STATES) & Domain(
            "due", "<", fields.Date.context_today(self)
        )
        return Domain.OR(overdue if flag else ~overdue for flag in value)

    @api.constrains("depends_on_ids")
    def _check_depends_on_ids(self):
        if self._has_cycle("depends_on_ids"):
            raise ValidationError(
                self.env._("Steps cannot wait for each other in a circle: remove one of “After”.")
            )
        for step in self:
            if step.depends_on_ids.project_id - step.project_id:
                raise ValidationError(
                    self.env._("A step can come only after steps of the same service.")
                )

    @api.constrains("effort_minutes", "due_days")
    def _check_numbers(self):
        if any(step.effort_minutes < 0 or step.due_days < 0 for step in self):
            raise ValidationError(self.env._("Effort and working days cannot be negative."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_first_values(vals)
        steps = super().create(vals_list)
        steps.filtered(lambda step: step.state == "planned")._release()
        return steps

    def write(self, vals):
        self._refuse_transition_fields(vals)
        self._refuse_asked_fields(vals)
        result = super().write(vals)
        if "depends_on_ids" in vals:
            self.filtered(lambda step: step.state == "planned")._release()
        return result

    def _refuse_asked_fields(self, vals):
        names = _ASKED_FIELDS.intersection(vals)
        for step in self.filtered("requested_at") if names else ():
            changed = step.new({name: vals[name] for name in names})
            if any(changed[name] != step[name] for name in names):
                raise UserError(
                    self.env._(
                        "“%(title)s” was asked as it is, and stays so: waive it, and ask anew.",
                        title=step.title,
                    )
                )

    def _go(self, state, **values):
        """Write the state and what belongs to it; only the transitions call this."""
        # The write of this model refuses these fields, for everybody.
        return super().write({"state": state, **values})  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        if any(step.requested_at for step in self):
            raise UserError(
                self.env._(
                    "What the customer was asked cannot be deleted: waive or cancel it instead."
                )
            )

    @api.model
    def _check_first_values(self, vals):
        first = {name: value for name, value in vals.items() if value}
        if first.get("state", "planned") in ("planned", "ready"):
            first.pop("state", None)
        self._refuse_transition_fields(first)

    @api.model
    def _refuse_transition_fields(self, vals):
        if names := _TRANSITION_FIELDS.intersection(vals):
            raise UserError(
                self.env._(
                    "“%(field)s” follows from what people do with a step and cannot be entered: "
                    "use the buttons of the step.",
                    field=self._fields[min(names)]._description_string(self.env),
                )
            )

    def _is_told(self):
        return bool(self.requested_at)

    def _get_asked_partner(self):
        """Return the person who is asked."""
        return (
            self.owner_partner_id
            or self.task_id.partner_id
            or self.project_id.partner_id
            or self.partner_id
        )
