# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

OPEN_STATES = ("planned", "ready", "requested", "doing", "submitted", "returned")
ASKED_STATES = ("requested", "returned")
ENDED_STATES = ("done", "waived", "cancelled")


class ServiceStep(models.Model):
    """A next step: ours, the customer's or a third party's.

    Its state is changed by its transitions only.
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

    @api.constrains("commitment_id", "project_id")
    def _check_commitment_id(self):
        for step in self:
            if step.commitment_id and step.commitment_id.project_id != step.project_id:
                raise ValidationError(
                    self.env._("A step can fulfil only a commitment of the same service.")
                )

    @api.constrains("effort_minutes", "due_days")
    def _check_numbers(self):
        if any(step.effort_minutes < 0 or step.due_days < 0 for step in self):
            raise ValidationError(self.env._("Effort and working days cannot be negative."))

    def _is_told(self):
        return bool(self.requested_at)

    def _get_asked_partner(self):
        """Return the person who is asked."""
        return self.owner_partner_id or self._get_customer_person()
