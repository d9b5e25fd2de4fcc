# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models

# Nobody has accepted these yet: the sender is accountable.
OPEN_STATES = ("draft", "offered", "clarification", "returned")
# These wait for somebody: the receiver, or the sender who has to answer.
INBOX_STATES = ("offered", "clarification")
ACCEPTED_STATES = ("accepted", "closed")
# What comes first in every list.
URGENCY_RANKS = {"critical": 1, "watch": 2, "stable": 3}
# What follows from a source outside of this addon, where it is installed.
SOURCE_MODELS = ("sale.order", "crm.lead", "hr.leave")


class ServiceHandoff(models.Model):
    """An explicit transfer of work with its context from a sender to a receiver.

    The sender stays accountable until the receiver accepts. Its state is changed by its
    transitions only.
    """

    _name = "service.handoff"
    _description = "Handoff"
    _inherit = [
        "service.journey.mixin",
        "service.roles.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "urgency_rank, offered_at, id"
    _mail_post_access = "read"

    name = fields.Char(string="Number", readonly=True, copy=False)
    type_id = fields.Many2one(
        "service.handoff.type",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_type_id(),
    )
    # What another system sent may not say which one; nothing is offered without.
    project_id = fields.Many2one(required=False, precompute=False)
    task_ids = fields.Many2many(
        "project.task",
        string="Requests",
        context={"active_test": False},
        domain="[('project_id', '=', project_id), ('is_closed', '=', False)]",
        help="What is handed over. Leave it empty for the service as a whole.",
    )
    # Empty requests may also be requests that are gone.
    is_whole = fields.Boolean(
        string="Whole Service", readonly=True, help="It is about the service as a whole."
    )
    # In its conversation the customer reads of the handoff, if it is about one request only.
    task_id = fields.Many2one(
        string="Only Request",
        compute="_compute_task_id",
        store=True,
        ondelete="set null",  # what happened outlives the request
        domain=[],
        help="",
    )
    # What follows from requests is known once they are linked.
    partner_id = fields.Many2one(precompute=False)
    company_id = fields.Many2one(precompute=False)
    source_ref = fields.Reference(
        selection="_selection_source_ref",
        string="Source",
        readonly=True,
        copy=False,
        help="The order or opportunity with which it began.",
    )
    from_user_id = fields.Many2one(
        "res.users",
        string="From",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
        help="The sender: accountable until somebody accepts.",
    )
    from_team_id = fields.Many2one("service.team", index="btree_not_null", ondelete="restrict")
    from_system = fields.Char(readonly=True, copy=False, help="The system that sent it.")
    to_user_id = fields.Many2one(
        "res.users",
        string="To",
        domain="[('share', '=', False), ('id', '!=', from_user_id)]",
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
        help="Who receives it. Leave it empty to let anybody of the team accept.",
    )
    to_team_id = fields.Many2one(
        "service.team",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    to_system = fields.Char(help="The system outside in which the receiver goes on.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("offered", "Offered"),
            ("clarification", "To clarify"),
            ("returned", "Returned"),
            ("accepted", "Accepted"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    urgency = fields.Selection(
        [("critical", "Critical"), ("watch", "Watch"), ("stable", "Stable")],
        tracking=True,
        help="Critical: somebody has to act today. Watch: it may turn. Stable: it goes its way.",
    )
    urgency_rank = fields.Integer(
        compute="_compute_urgency_rank",
        store=True,
        precompute=True,
        export_string_translation=False,
    )
    situation = fields.Text(help="Where it stands now, and what the goal is.")
    history = fields.Text(help="How it came to this: what was agreed, what happened.")
    tried = fields.Text(
        string="Tried and Ruled Out", help="What nobody needs to try again, and why."
    )
    customer_mood = fields.Selection(
        [
            ("satisfied", "Satisfied"),
            ("neutral", "Neutral"),
            ("worried", "Worried"),
            ("upset", "Upset"),
        ],
        help="How the customer feels about it. Internal.",
    )
    contingency = fields.Text(
        string="If … Then …",
        help="What to do when something foreseeable happens: “If the boiler does not arrive by "
        "Friday, then …”.",
    )
    step_ids = fields.Many2many(
        "service.step",
        "service_handoff_step_rel",
        "handoff_id",
        "step_id",
        string="Next Steps",
        copy=False,
        domain="[('project_id', '=', project_id)]",
        help="What is to be done next: each with an owner and a day.",
    )
    has_no_steps = fields.Boolean(
        string="No Next Step", help="Say it explicitly when nothing is to be done at the moment."
    )
    fact_ids = fields.Many2many(
        "service.fact",
        string="The Customer Already Told Us",
        compute="_compute_fact_ids",
        help="All that still holds. Nobody asks for it again.",
    )
    item_ids = fields.One2many("service.handoff.item", "handoff_id", string="Items", copy=False)
    check_ids = fields.One2many(
        "service.handoff.item",
        "handoff_id",
        string="Required Items",
        domain=[("kind", "=", "check")],
        copy=False,
    )
    commitment_item_ids = fields.One2many(
        "service.handoff.item",
        "handoff_id",
        string="Commitments",
        domain=[("kind", "=", "commitment")],
        copy=False,
    )
    question_ids = fields.One2many(
        "service.handoff.item",
        "handoff_id",
        string="Questions",
        domain=[("kind", "=", "question")],
        copy=False,
    )
    completeness = fields.Float(
        compute="_compute_completeness",
        store=True,
        aggregator="avg",
        help="Share of what the receiver must get: required items count twice. Each question "
        "without an answer takes a tenth away.",
    )
    readback_goal = fields.Text(string="Goal", readonly=True, copy=False)
    readback_action = fields.Text(string="First Action", readonly=True, copy=False)
    readback_risk = fields.Text(string="Biggest Risk", readonly=True, copy=False)
    offered_at = fields.Datetime(readonly=True, copy=False)
    offered_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    accepted_at = fields.Datetime(readonly=True, copy=False)
    accepted_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
    )
    override_reason = fields.Char(
        string="Accepted Incomplete Because", readonly=True, copy=False, tracking=True
    )
    returned_at = fields.Datetime(readonly=True, copy=False)
    return_reason = fields.Text(readonly=True, copy=False)
    cancel_reason = fields.Char(readonly=True, copy=False)
    bounce_count = fields.Integer(string="Bounces", readonly=True, copy=False, aggregator="sum")
    first_action_at = fields.Datetime(readonly=True, copy=False)
    overlap_until = fields.Datetime(
        readonly=True, copy=False, help="Until then the sender still answers questions."
    )
    closed_at = fields.Datetime(readonly=True, copy=False)
    temporary = fields.Boolean(
        compute="_compute_temporary",
        store=True,
        readonly=False,
        precompute=True,
        help="The work comes back to the sender.",
    )
    return_on = fields.Date(
        string="Comes Back On", help="The way back is prepared one working day before."
    )
    way_back_of_id = fields.Many2one(
        "service.handoff",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The temporary handoff that ends with this one.",
    )
    customer_message = fields.Text(
        string="Words for the Customer",
        help="The only words of a handoff that the customer ever reads: who takes over, and what "
        "happens next.",
    )
    customer_notice = fields.Selection(related="type_id.customer_notice")
    requires_readback = fields.Boolean(related="type_id.requires_readback")
    accountable_user_id = fields.Many2one(
        "res.users",
        string="Accountable",
        compute="_compute_accountable_user_id",
        compute_sudo=True,
        help="The sender until somebody accepts, then whoever accepted. Where they left: the lead "
        "of the team, else the manager of the service.",
    )

    @api.model
    def _default_type_id(self):
        return self.env["service.handoff.type"]._get_of("manual", self.env.company)

    @api.model
    def _selection_source_ref(self):
        return [(name, self.env[name]._description) for name in SOURCE_MODELS if name in self.env]
