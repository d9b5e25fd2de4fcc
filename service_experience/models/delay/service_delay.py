# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

OPEN_STATES = ("suspected", "confirmed", "communicated")
# What made us suspect: the rules of the detection, then people.
RULES = [
    ("promise_near", "Promise near, work not near its end"),
    ("sla_warning", "SLA warning"),
    ("sla_breach", "SLA breach"),
    ("deadline_near", "Deadline near"),
    ("deadline_passed", "Deadline passed"),
    ("predecessor_late", "Blocking predecessor late"),
    ("customer_step_overdue", "Customer's step overdue"),
    ("third_party_step_overdue", "Third party's step overdue"),
    ("handoff_overdue", "Handoff overdue"),
    ("handoff_returned", "Handoff returned twice"),
    ("silence", "No word to the customer for too long"),
    ("stale", "Stale in its stage"),
    ("forecast", "Forecast later than the promise"),
    ("cascade", "Knock-on of another delay"),
    ("reason_unknown", "Reason still not known"),
    ("flagged", "Doubted at a handoff"),
    ("customer", "Asked by the customer"),
    ("person", "Noted by a colleague"),
]


class ServiceDelay(models.Model):
    """A promise that moves: reason, explanation, new date, and when the customer was told.

    It begins as a suspicion that only colleagues see. Its state is changed by its transitions
    only, and what the customer was told stays as it was told: a change is a new delay.
    """

    _name = "service.delay"
    _description = "Delay"
    _inherit = ["service.journey.mixin", "service.roles.mixin"]
    _order = "importance desc, triage_due, id"

    commitment_id = fields.Many2one(
        "service.commitment",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('project_id', '=', project_id), ('direction', '=', 'ours')]",
        help="The promise that moves. Where a date stood on the customer's page without a "
        "commitment, one is recorded when the delay is confirmed.",
    )
    state = fields.Selection(
        [
            ("suspected", "Suspected"),
            ("confirmed", "Confirmed"),
            ("communicated", "Customer told"),
            ("resolved", "Resolved"),
            ("dismissed", "Dismissed"),
            ("absorbed", "Absorbed"),
            ("superseded", "Superseded"),
        ],
        default="suspected",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    # How it was noticed
    detected_at = fields.Datetime(required=True, readonly=True, copy=False)
    detected_by = fields.Selection(
        [
            ("rule", "Rule"),
            ("user", "Colleague"),
            ("system", "System"),
            ("customer", "Customer"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="user",
    )
    rule = fields.Selection(RULES, required=True, readonly=True, copy=False, default="person")
    fingerprint = fields.Char(
        readonly=True, copy=False, help="The fact behind it: no fact is suspected twice."
    )
    signal = fields.Json(
        readonly=True, copy=False, export_string_translation=False, help="The numbers behind it."
    )
    detected_user_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    user_id = fields.Many2one(
        "res.users",
        string="To Explain By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Whoever is accountable; after the time for a look, the team lead.",
    )
    triage_due = fields.Datetime(
        string="Look at It Until",
        readonly=True,
        copy=False,
        help="Four working hours after it was noticed; then it is for the team lead.",
    )
    escalated_at = fields.Datetime(readonly=True, copy=False)
    importance = fields.Selection(
        related="partner_id.service_importance", store=True, string="Importance of the Customer"
    )
    # What moves
    old_from = fields.Date(readonly=True, copy=False)
    old_to = fields.Date(string="Old Date", readonly=True, copy=False)
    old_at = fields.Datetime(
        string="Old End",
        readonly=True,
        copy=False,
        help="The end of the old date: told before it means told before it was felt.",
    )
    new_from = fields.Date(copy=False)
    new_to = fields.Date(string="New Date", copy=False)
    known_by = fields.Date(
        string="Date Known By",
        copy=False,
        help="When the new date is not known yet: the day by which you will tell it.",
    )
    confidence = fields.Selection(
        [("firm", "Firm"), ("likely", "Likely"), ("estimate", "Estimate")],
        default="likely",
        required=True,
    )
    impact_seconds = fields.Integer(
        readonly=True, copy=False, help="Working time between the old date and the new one."
    )
    explained_seconds = fields.Integer(
        readonly=True,
        copy=False,
        help="What of it a reason of the customer explains: no more than the measured wait.",
    )
    # Why
    reason_id = fields.Many2one("service.delay.reason", index="btree_not_null", ondelete="restrict")
    second_reason_id = fields.Many2one("service.delay.reason", ondelete="restrict")
    party = fields.Selection(related="reason_id.party", string="Whose Time")
    step_id = fields.Many2one(
        "service.step",
        string="Request to the Customer",
        index="btree_not_null",
        ondelete="set null",
        domain="[('project_id', '=', project_id), ('party', '=', 'customer')]",
        help="For a reason of the customer: what we asked them for, and when it reached them.",
    )
    cascaded_from_id = fields.Many2one(
        "service.delay",
        string="Follows From",
        index="btree_not_null",
        ondelete="set null",
        help="The earlier delay that this one follows from.",
    )
    cascade_ids = fields.One2many("service.delay", "cascaded_from_id", string="Knock-On Delays")
    superseded_by_id = fields.Many2one(
        "service.delay", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    internal_cause = fields.Text(help="What really happened. For your team only.")
    lesson = fields.Text(help="What you will do differently. For your team only.")
    dismiss_reason = fields.Char(readonly=True, copy=False)
    evidence_ids = fields.Many2many(
        "ir.attachment",
        copy=False,
        bypass_search_access=True,
        help="What proves the reason, such as a weather report. For your team only.",
    )
    # What the customer reads
    customer_explanation = fields.Text(
        string="Explanation for the Customer", help="Why it takes longer, in their words."
    )
    doing = fields.Text(string="What We Do", help="What you do about it. The customer reads it.")
    means_for_you = fields.Text(
        string="What It Means for Them",
        help="What changes for the customer, or that nothing does. They read it.",
    )
    next_update_due = fields.Datetime(
        string="Next Update", help="When the customer hears from you next. They read it."
    )
    option_ids = fields.One2many(
        "service.delay.option",
        "delay_id",
        string="Options",
        help="What the customer may choose from instead, if there is a choice. They read it.",
    )
    # Approval, confirmation, telling
    approval = fields.Selection(
        [("none", "Not needed"), ("lead", "Needs a lead"), ("manager", "Needs a manager")],
        compute="_compute_approval",
        help="The second move of a promise needs a lead, every further one a manager.",
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    approved_at = fields.Datetime(readonly=True, copy=False)
    personal_contact = fields.Char(
        string="Talked To",
        copy=False,
        help="From the third move of a promise on: who of you talked to whom of them, and when.",
    )
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    reason_due_at = fields.Datetime(
        readonly=True, copy=False, help="Until when another reason has to be found."
    )
    ended_at = fields.Datetime(readonly=True, copy=False)

    _commitment_rule_uniq = models.UniqueIndex(
        "(commitment_id, rule) WHERE state = 'suspected' AND commitment_id IS NOT NULL",
        "This is suspected already, for the same reason.",
    )
    _task_rule_uniq = models.UniqueIndex(
        "(task_id, rule) WHERE state = 'suspected' AND commitment_id IS NULL"
        " AND task_id IS NOT NULL",
        "This is suspected already, for the same reason.",
    )
    _project_rule_uniq = models.UniqueIndex(
        "(project_id, rule) WHERE state = 'suspected' AND commitment_id IS NULL"
        " AND task_id IS NULL",
        "This is suspected already, for the same reason.",
    )
    _place_idx = models.Index("(project_id, state)")
    _fingerprint_uniq = models.UniqueIndex(
        "(fingerprint) WHERE fingerprint IS NOT NULL", "This was noticed already."
    )
    _triage_idx = models.Index("(triage_due) WHERE state = 'suspected' AND escalated_at IS NULL")
    _reason_due_idx = models.Index("(reason_due_at) WHERE reason_due_at IS NOT NULL")

    @api.depends("commitment_id.project_id")
    def _compute_project_id(self):
        """A delay goes where its promise goes, or stays."""
        bound = self.filtered("commitment_id")
        for delay in bound:
            delay.project_id = delay.commitment_id.project_id
        return super(ServiceDelay, self - bound)._compute_project_id()

    @api.depends("commitment_id.partner_id")
    def _compute_partner_id(self):
        """It is about whoever was promised it, whoever the customer of the request is now."""
        bound = self.filtered("commitment_id")
        for delay in bound:
            delay.partner_id = delay.commitment_id.partner_id
        return super(ServiceDelay, self - bound)._compute_partner_id()

    @api.depends("commitment_id.name", "task_id", "project_id")
    def _compute_display_name(self):
        for delay in self:
            delay.display_name = delay._get_promise_name()

    @api.constrains("commitment_id")
    def _check_commitment_id(self):
        for delay in self:
            if delay.commitment_id and delay.commitment_id.direction != "ours":
                raise ValidationError(self.env._("A delay is about one of our commitments."))

    @api.constrains("project_id", "task_id")
    def _check_task_id(self):
        # With a promise it goes by that, wherever the request has gone.
        return super(
            ServiceDelay, self.filtered(lambda one: not one.commitment_id)
        )._check_task_id()

    def _is_told(self):
        return bool(self.commitment_id or self.sent_at)

    def _get_customer_person(self):
        """Return who is written to: whoever is the contact of the customer of the promise."""
        promise = self.commitment_id
        return promise._get_customer_person() if promise else super()._get_customer_person()

    def _get_promise_name(self):
        """Return what is delayed, in the words of the customer as far as there are any."""
        # sudo: the name of what was promised, for whoever may see the delay.
        delay_sudo = self.sudo()
        service, request = delay_sudo.project_id, delay_sudo.task_id
        return (
            delay_sudo.commitment_id.name
            or request.customer_label
            or (not request and (service.customer_label or service.name))
            or request.name
            or ""
        )

    def _get_promise(self):
        """Return the delays that are about the same promise: this one, and others."""
        self.ensure_one()
        domain = Domain("commitment_id", "=", self.commitment_id.id)
        if not self.commitment_id:
            domain &= Domain("task_id", "=", self.task_id.id)
            domain &= Domain("project_id", "=", self.project_id.id)
        # sudo: what follows for the other delays of a promise does not depend on who acts.
        return self.sudo().search(domain)
