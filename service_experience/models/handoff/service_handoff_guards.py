# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What nobody writes by hand, who may write what, and until when."""

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

# What only the transitions write: who did it and when is evidence, not an entry field.
_TRANSITION_FIELDS = {
    "name",
    "state",
    "readback_goal",
    "readback_action",
    "readback_risk",
    "offered_at",
    "offered_by_id",
    "accepted_at",
    "accepted_by_id",
    "override_reason",
    "returned_at",
    "return_reason",
    "cancel_reason",
    "bounce_count",
    "completeness_offered",
    "first_action_at",
    "overlap_until",
    "closed_at",
    "way_back_of_id",
    "quality_at",
    "source_ref",
    "from_system",
    "timer_id",
}
# Whom it is for: a lead may still send it to somebody else while it waits.
_RECEIVER_FIELDS = {"to_user_id", "to_team_id"}
# What is handed over, and the words about it.
CONTENT_FIELDS = {
    "type_id",
    "project_id",
    "task_ids",
    "from_user_id",
    "from_team_id",
    "to_system",
    "urgency",
    "situation",
    "history",
    "tried",
    "customer_mood",
    "contingency",
    "step_ids",
    "has_no_steps",
    "temporary",
    "return_on",
    "customer_message",
    *_RECEIVER_FIELDS,
}
_EDITABLE_STATES = ("draft", "clarification")


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_first_values(vals)
        handoffs = super(ServiceHandoff, self._without_defaults(_TRANSITION_FIELDS)).create(
            vals_list
        )
        handoffs._check_subjects_access()
        for handoff in handoffs:
            handoff._set(name=self._next_number(handoff))
        handoffs._claim()
        handoffs._fill()
        return handoffs

    def write(self, vals):
        self._refuse_transition_fields(vals)
        self._check_may_write(vals)
        result = super().write(vals)
        if {"project_id", "task_ids"}.intersection(vals):
            self._check_subjects_access()
        if {"project_id", "task_ids", "type_id"}.intersection(vals):
            self._claim()
            self._fill()
        if _RECEIVER_FIELDS.intersection(vals):
            self.filtered(lambda one: one.state == "offered")._call_receivers()
        return result

    def _go(self, state, **values):
        """Write the state and what belongs to it; only the transitions call this."""
        return self._set(state=state, **values)

    def _set(self, **values):
        """Write what follows from what people do; only methods of this model call this."""
        # The write of this model refuses these fields, for everybody.
        return super().write(values)  # pylint: disable=super-method-mismatch

    @api.model
    def _next_number(self, handoff):
        # sudo: whoever hands over takes a number.
        sequence_sudo = self.env["ir.sequence"].sudo().with_company(handoff.company_id)
        return sequence_sudo.next_by_code("service.handoff")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_offered(self):
        if any(handoff.offered_at or handoff.state != "draft" for handoff in self):
            raise UserError(
                self.env._("A handoff that was offered once is not deleted: cancel it instead.")
            )
        self._check_role("sender", "lead")

    @api.model
    def _check_first_values(self, vals):
        first = {name: value for name, value in vals.items() if value}
        if first.get("state") == "draft":
            first.pop("state")
        if self.env.su:  # what begins by itself knows where it came from
            for name in ("source_ref", "from_system", "way_back_of_id"):
                first.pop(name, None)
        self._refuse_transition_fields(first)
        sender_id = vals.get("from_user_id", self.env.uid)
        if sender_id != self.env.uid and not (self.env.su or self._is_lead_group()):
            raise UserError(
                self.env._("Only a team lead hands over for somebody else: choose yourself.")
            )

    @api.model
    def _refuse_transition_fields(self, vals):
        if names := _TRANSITION_FIELDS.intersection(vals):
            raise UserError(
                self.env._(
                    "“%(field)s” follows from what people do with a handoff and cannot be "
                    "entered: use the buttons of the handoff.",
                    field=self._fields[min(names)]._description_string(self.env),
                )
            )

    def _check_may_write(self, vals):
        names = CONTENT_FIELDS.intersection(vals)
        if not names or self.env.su:
            return
        self._check_role("sender", "lead")
        for handoff in self:
            states = (*_EDITABLE_STATES, "offered") if names <= _RECEIVER_FIELDS else None
            if handoff.state in (states or _EDITABLE_STATES):
                continue
            raise UserError(
                self.env._(
                    "%(name)s is “%(state)s”: what it says stays as the receiver read it.",
                    name=handoff.name,
                    state=handoff._get_state_label(),
                )
            )
        if vals.get("from_user_id", self.env.uid) != self.env.uid:
            self._check_role("lead")

    def _check_open(self):
        for handoff in self:
            if handoff._is_ended():
                raise UserError(handoff._get_state_refusal())

    def _check_subjects_access(self):
        """Refuse what whoever hands over may not see; relations alone do not ask."""
        for handoff in self.with_context(active_test=False):
            # Who works on a request may hand it over, also where they do not see its project.
            handoff._get_subjects().check_access("read")

    @api.constrains("project_id", "task_ids", "type_id", "to_user_id", "to_team_id", "from_team_id")
    def _check_company(self):
        """Let nothing leave its company."""
        for handoff in self:
            handoff._check_same_company()

    def _check_same_company(self):
        # sudo: told apart by their companies, seen or not.
        handoff_sudo = self.sudo()
        if any(task.project_id != handoff_sudo.project_id for task in handoff_sudo.task_ids):
            raise ValidationError(
                self.env._(
                    "All requests of a handoff belong to one service: hand over the others "
                    "separately."
                )
            )
        company = handoff_sudo.company_id
        parts = (handoff_sudo.type_id, handoff_sudo.from_team_id, handoff_sudo.to_team_id)
        is_foreign = any(part.company_id and part.company_id != company for part in parts)
        people = handoff_sudo.to_user_id
        if company and (is_foreign or any(company not in one.company_ids for one in people)):
            raise ValidationError(
                self.env._(
                    "This belongs to %(company)s: choose a type, a team and a receiver of that "
                    "company.",
                    company=company.name,
                )
            )
        if handoff_sudo.task_ids.company_id - company:
            raise ValidationError(
                self.env._("The requests belong to different companies: hand them over separately.")
            )
