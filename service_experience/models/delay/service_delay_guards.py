# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What nobody writes by hand, and what stays as the customer was told it."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# What only the transitions write: who did it and when is evidence, not an entry field.
_TRANSITION_FIELDS = {
    "activity_id",
    "approved_at",
    "approved_by_id",
    "bounced_at",
    "communicated_at",
    "confirmed_at",
    "confirmed_by_id",
    "detected_at",
    "detected_by",
    "detected_user_id",
    "dismiss_reason",
    "ended_at",
    "escalated_at",
    "explained_seconds",
    "fingerprint",
    "importance",
    "impact_seconds",
    "message_id",
    "old_at",
    "old_from",
    "old_to",
    "option_id",
    "reason_asked_at",
    "reason_due_at",
    "responded_at",
    "response",
    "response_text",
    "seen_at",
    "revision_id",
    "rule",
    "sent_at",
    "signal",
    "state",
    "superseded_by_id",
    "told_before",
    "triage_due",
    "user_id",
}
# What colleagues may still note when the customer has been told.
_INTERNAL_FIELDS = {"internal_cause", "lesson"}
_LINKS = {
    "cascaded_from_id",
    "commitment_id",
    "project_id",
    "reason_id",
    "second_reason_id",
    "step_id",
    "task_id",
}
# What it is about: fixed from the beginning.
_PLACE_FIELDS = {"project_id", "task_id", "commitment_id"}


class ServiceDelay(models.Model):
    _inherit = "service.delay"

    activity_id = fields.Many2one(
        "mail.activity", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    bounced_at = fields.Datetime(
        string="Not Delivered At",
        readonly=True,
        copy=False,
        help="The message came back: the customer does not know yet. Call them.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_first_values(vals)
            self._check_links(vals)
        clean = self._without_defaults(_TRANSITION_FIELDS)
        vals_list = [{**vals, **self._prepare_begin_values(vals)} for vals in vals_list]
        self._refuse_repeated(vals_list)
        delays = super(ServiceDelay, clean).create(vals_list)
        delays._begin()
        delays._keep_evidence()
        return delays

    def write(self, vals):
        self._refuse_transition_fields(vals)
        self._check_links(vals)
        if not _INTERNAL_FIELDS.issuperset(vals):
            self._check_may_change(vals)
        result = super().write(vals)
        if "evidence_ids" in vals:
            self._keep_evidence()
        if {"reason_id", "second_reason_id"}.intersection(vals):
            for delay in self.filtered(lambda one: one.state == "confirmed"):
                delay._set_reason_due()
        return result

    @api.model
    def _check_links(self, vals):
        """Let nobody name what they may not see: names would come back."""
        for name in _LINKS.intersection(vals):
            if vals[name] and not self.env.su:
                self.env[self._fields[name].comodel_name].browse(vals[name]).check_access("read")

    def _keep_evidence(self):
        """Let new files belong to the delay: whoever reads that, reads them, and nobody else."""
        for delay in self:
            # A dialog that is cleared away takes its files along.
            new = delay.evidence_ids.filtered(
                lambda file: not file.res_id or file.res_model == "service.delay.explain"
            )
            new.write({"res_model": delay._name, "res_id": delay.id})

    def _go(self, state, **values):
        """Write the state and what belongs to it; only the transitions call this."""
        # sudo: what a transition writes was checked by it. The write of this model refuses these
        # fields, for everybody.
        delays_sudo = super(ServiceDelay, self.sudo())
        return delays_sudo.write({"state": state, **values})  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_noticed(self):
        raise UserError(
            self.env._("What was noticed is kept, to see how good our noticing is: dismiss it.")
        )

    @api.model
    def _check_first_values(self, vals):
        first = {name for name, value in vals.items() if value}
        if vals.get("state", "suspected") == "suspected":
            first.discard("state")
        if not self.env.su and _TRANSITION_FIELDS.intersection(first):
            raise UserError(
                self.env._("A delay begins as a suspicion; the rest happens to it later.")
            )

    @api.model
    def _refuse_transition_fields(self, vals):
        if names := _TRANSITION_FIELDS.intersection(vals):
            raise UserError(
                self.env._(
                    "“%(field)s” follows from what people do with a delay and cannot be entered: "
                    "use its buttons.",
                    field=self._fields[min(names)]._description_string(self.env),
                )
            )

    def _check_may_change(self, vals):
        """Keep what the customer was told, and what somebody approved."""
        for delay in self:
            if _PLACE_FIELDS.intersection(vals) and any(
                delay[name].id != vals[name] for name in _PLACE_FIELDS.intersection(vals)
            ):
                raise UserError(
                    self.env._("A delay stays with its promise: dismiss it, and note another one.")
                )
            if delay.sent_at or delay.state not in ("suspected", "confirmed"):
                raise UserError(
                    self.env._(
                        "What the customer was told about “%(name)s” stays as it was told: note a "
                        "new delay instead.",
                        name=delay.display_name,
                    )
                )
        own = self.filtered(
            lambda delay: delay.state == "suspected" and delay.detected_user_id == self.env.user
        )
        (self - own)._check_role("accountable", "lead")
        # What was approved is not what it becomes now.
        approved = self.filtered("approved_at")
        approved._go("confirmed", approved_at=False, approved_by_id=False)

    @api.constrains("new_from", "new_to", "known_by")
    def _check_new_days(self):
        for delay in self:
            self.env["service.commitment.revision"]._check_not_too_far(
                {"date_to": delay.new_to, "known_by": delay.known_by}
            )
            if delay.new_from and delay.new_to and delay.new_from > delay.new_to:
                raise ValidationError(
                    self.env._("The first day of the new date cannot be after its last day.")
                )

    @api.depends("commitment_id.revision_ids.told_at", "state")
    def _compute_approval(self):
        """The first move is ours to tell, the second a lead's, every further one a manager's."""
        for delay in self:
            moves = delay.commitment_id._get_moves()
            number = len(moves - delay.revision_id) + 1
            needs_lead = number == 2 or any(delay._get_reasons().mapped("needs_approval"))
            delay.approval = "manager" if number > 2 else "lead" if needs_lead else "none"
