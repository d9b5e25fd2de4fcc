# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What nobody writes by hand: the state of a step, and what somebody was asked."""

from odoo import api, models
from odoo.exceptions import UserError

from .service_step import ENDED_STATES

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
    "title",
    "why",
}


class ServiceStep(models.Model):
    _inherit = "service.step"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_first_values(vals)
        steps = super(ServiceStep, self._without_defaults(_TRANSITION_FIELDS)).create(vals_list)
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
        for step in self.filtered(lambda one: one._is_fixed()) if names else ():
            changed = step.new({name: vals[name] for name in names})
            if any(changed[name] != step[name] for name in names):
                raise UserError(
                    self.env._(
                        "“%(title)s” was asked as it is, and stays so: waive it, and ask anew.",
                        title=step.title,
                    )
                )

    def _is_fixed(self):
        return bool(self.requested_at or self.state in ENDED_STATES)

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
