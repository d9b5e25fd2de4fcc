# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import UserError

OPEN_STATES = ("active", "at_risk", "renegotiated")

# What the first revision is made of, and what a commitment is changed by.
_REVISION_FIELDS = ("current_from", "current_to", "confidence", "known_by")
_TRANSITION_FIELDS = {
    *_REVISION_FIELDS,
    "state",
    "made_by_id",
    "made_at",
    "kept_at",
    "broken_at",
    "acknowledged_at",
    "end_reason",
    "risk_reason",
    "due_at",
    "on_time_rate",
}


# What the customer was promised is not hidden, turned round or moved elsewhere.
_TOLD_FIELDS = {
    "active",
    "customer_visible",
    "direction",
    "kind",
    "name",
    "project_id",
    "proof_ids",
    "task_id",
}


def _is_taken_away(name, old, new):
    """Tell whether a change takes something away; showing it and adding proofs do not."""
    if name in ("active", "customer_visible"):
        return old and not new
    if name == "proof_ids":
        return bool(set(old.ids) - set(new._origin.ids))
    return new != old


class ServiceCommitment(models.Model):
    """A commitment, with every date it ever had.

    Its dates are its revisions, which nobody changes: a commitment that moves gets another one.
    What becomes of it is decided by its transitions and by time, never by writing the state.
    Days count in the time zone of the service; a commitment holds until the end of its last day.
    """

    _name = "service.commitment"
    _description = "Commitment"
    _inherit = ["service.journey.mixin"]
    _order = "current_to, id"

    name = fields.Char(
        string="Commitment",
        required=True,
        help="In the words your customer reads, for example “Heat pump installed and running”.",
    )
    active = fields.Boolean(default=True)
    internal_note = fields.Text(help="For your team only.")
    direction = fields.Selection(
        [("ours", "We promised"), ("customers", "The customer promised")],
        required=True,
        default="ours",
    )
    kind = fields.Selection(
        [
            ("date", "Date"),
            ("deliverable", "Deliverable"),
            ("response", "Answer"),
            ("other", "Other"),
        ],
        required=True,
        default="deliverable",
    )
    owner_user_id = fields.Many2one(
        "res.users",
        string="Owner",
        default=lambda self: self.env.user,
        index="btree_not_null",
        domain="[('share', '=', False)]",
        help="Who sees to it that the commitment is kept.",
    )
    made_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        ondelete="set null",
    )
    made_at = fields.Datetime(readonly=True, copy=False, default=lambda self: fields.Datetime.now())
    source_ref = fields.Char(
        string="Source", help="Where it was promised: a message, an order line, a call."
    )
    customer_visible = fields.Boolean(
        string="Visible to the Customer", default=True, help="Show it on the customer's page."
    )
    revision_ids = fields.One2many(
        "service.commitment.revision", "commitment_id", string="Dates", readonly=True, copy=False
    )
    step_ids = fields.One2many(
        "service.step",
        "commitment_id",
        string="Steps",
        help="The commitment is kept when these are finished.",
    )
    current_from = fields.Date(
        string="From", compute="_compute_current", store=True, readonly=False
    )
    current_to = fields.Date(
        string="Until", compute="_compute_current", store=True, readonly=False, index=True
    )
    confidence = fields.Selection(
        [("firm", "Firm"), ("likely", "Likely"), ("estimate", "Estimate")],
        default="firm",
        compute="_compute_current",
        store=True,
        readonly=False,
    )
    known_by = fields.Date(
        string="Date Known By",
        compute="_compute_current",
        store=True,
        readonly=False,
        help="When you do not know the date yet: the day by which you will tell it.",
    )
    due_days = fields.Integer(
        string="Due After (Working Days)",
        help="In a template: working days from the start of the service until the promised day.",
    )
    due_at = fields.Datetime(
        compute="_compute_due_at",
        store=True,
        help="End of the last day that the customer accepted, or heard of and did not contest.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "Active"),
            ("at_risk", "At risk"),
            ("renegotiated", "Renegotiated"),
            ("kept", "Kept"),
            ("broken", "Broken"),
            ("withdrawn", "Withdrawn"),
        ],
        default="active",
        required=True,
        readonly=True,
        copy=False,
    )
    kept_at = fields.Datetime(string="Fulfilled At", readonly=True, copy=False)
    broken_at = fields.Datetime(readonly=True, copy=False)
    acknowledged_at = fields.Datetime(
        string="Accepted At",
        readonly=True,
        copy=False,
        help="When the customer said that it is fulfilled.",
    )
    end_reason = fields.Char(string="Reason", readonly=True, copy=False)
    risk_reason = fields.Char(string="Why at Risk", readonly=True, copy=False)
    proof_ids = fields.Many2many("ir.attachment", copy=False, bypass_search_access=True)
    on_time_rate = fields.Float(
        string="Reliability",
        compute="_compute_on_time_rate",
        store=True,
        aggregator="avg",
        help="1 for a commitment that was kept in time, otherwise 0. The average over finished "
        "commitments is: kept in time / (kept + broken).",
    )

    _due_idx = models.Index("(due_at) WHERE state IN ('active', 'at_risk', 'renegotiated')")

    @api.depends("revision_ids")
    def _compute_current(self):
        for commitment in self:
            last = commitment.revision_ids.sorted("sequence")[-1:]
            commitment.current_from = last.date_from
            commitment.current_to = last.date_to
            commitment.confidence = last.confidence
            commitment.known_by = last.known_by

    @api.depends("revision_ids.acknowledgement", "revision_ids.told_at")
    def _compute_due_at(self):
        for commitment in self:
            day = commitment._get_reference_day(commitment.revision_ids)
            commitment.due_at = day and commitment._get_end_of_day(day)

    @api.depends("state")
    def _compute_on_time_rate(self):
        for commitment in self:
            commitment.on_time_rate = float(commitment.state == "kept")

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        first = [{name: vals.pop(name, None) for name in _REVISION_FIELDS} for vals in vals_list]
        for vals in vals_list:
            self._check_first_values(vals)
            if self._is_planned(vals):
                vals["state"] = "draft"
        clean = self._without_defaults(_TRANSITION_FIELDS - set(_REVISION_FIELDS))
        commitments = super(ServiceCommitment, clean).create(vals_list)
        self.env["service.commitment.revision"]._add_first(commitments, first)
        for commitment in commitments.filtered(lambda one: one.state == "active"):
            commitment._tell_made()
        return commitments

    def write(self, vals):
        dates = {name: vals[name] for name in _REVISION_FIELDS if name in vals}
        if dates and all(commitment.state == "draft" for commitment in self):
            self._plan(dates)
            vals = {name: value for name, value in vals.items() if name not in dates}
        if names := _TRANSITION_FIELDS.intersection(vals):
            raise UserError(
                self.env._(
                    "“%(field)s” of a commitment is not changed by hand: move it to another date, "
                    "or use its other buttons.",
                    field=self._fields[min(names)]._description_string(self.env),
                )
            )
        self._refuse_told_fields(vals)
        return super().write(vals)

    def _refuse_told_fields(self, vals):
        """Let nobody take away from the customer what they were promised."""
        names = _TOLD_FIELDS.intersection(vals)
        for commitment in self if names else ():
            old = {name: commitment[name] for name in names}
            new = commitment.new({name: vals[name] for name in names})
            if commitment._is_told() and any(
                _is_taken_away(name, old[name], new[name]) for name in names
            ):
                raise UserError(
                    self.env._(
                        "“%(name)s” was promised and stays as it is: withdraw it, with a reason, "
                        "and record another one.",
                        name=commitment.name,
                    )
                )

    def _plan(self, dates):
        """Give drafts another date: nobody was told of the one before."""
        for commitment in self:
            now = {name: commitment[name] for name in _REVISION_FIELDS}
            self.env["service.commitment.revision"]._add(commitment, **(now | dates))

    def _go(self, state, **values):
        """Write the state and what belongs to it; only the transitions call this."""
        # The write of this model refuses these fields, for everybody.
        return super().write({"state": state, **values})  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promised(self):
        if any(commitment.state != "draft" for commitment in self):
            raise UserError(
                self.env._("What was promised cannot be deleted. Withdraw it, with a reason.")
            )

    @api.model
    def _check_first_values(self, vals):
        forbidden = _TRANSITION_FIELDS - {"state", *_REVISION_FIELDS}
        state = vals.get("state", "active")
        is_hidden = state == "active" and not vals.get("active", True)
        if state not in ("draft", "active") or is_hidden or any(map(vals.get, forbidden)):
            raise UserError(
                self.env._("A new commitment is a draft or active; the rest happens to it later.")
            )

    @api.model
    def _is_planned(self, vals):
        """Tell whether it is made in a template, where nothing is promised to anybody."""
        task = self.env["project.task"].browse(vals.get("task_id"))
        project = task.project_id or self.env["project.project"].browse(vals.get("project_id"))
        return project.is_template

    def _is_told(self):
        return self.state != "draft"
