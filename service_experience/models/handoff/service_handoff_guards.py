# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What nobody writes by hand, who may write what, and until when."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

# What only the transitions write: who did it and when is evidence, not an entry field.
_TRANSITION_FIELDS = {
    "name",
    "state",
    "task_id",
    "is_whole",
    "completeness",
    "urgency_rank",
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
    "quality_due_at",
    "quality_asked_at",
    "quality_at",
    "quality_missing_ids",
    "quality_missing",
    "quality_cost_minutes",
    "asked_again",
    "source_ref",
    "from_system",
    "timer_id",
    "external_ref",
    "payload",
    "payload_hash",
    "payload_version",
    "ingest_error",
    "in_triage",
}
# What it is about, and how.
_SUBJECT_FIELDS = {"project_id", "task_ids", "type_id", "from_team_id"}
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
        handoffs._check_sender()
        for handoff in handoffs:
            handoff._set(name=self._next_number(handoff), is_whole=not handoff.task_ids)
        handoffs._check_subjects_access()
        handoffs._claim()
        handoffs._fill()
        return handoffs

    def write(self, vals):
        if not self:  # as when contacts are merged, whatever refers to them
            return True
        self._refuse_transition_fields(vals)
        self._check_may_write(vals)
        result = super().write(vals)
        if _SUBJECT_FIELDS.intersection(vals):
            self._follow_subjects(vals)
        if _RECEIVER_FIELDS.intersection(vals):
            self._follow_new_receiver()
        return result

    def _follow_subjects(self, vals):
        for handoff in self if "task_ids" in vals else ():
            handoff._set(is_whole=not handoff.task_ids)
        self._check_subjects_access()
        self._claim()
        self._fill()

    def _follow_new_receiver(self):
        self._check_same_company()
        for handoff in self.filtered(lambda one: one.state == "offered"):
            if not handoff._get_receivers():
                raise UserError(self.env._("Choose somebody who can accept %s.", handoff.name))
            handoff._forget_takeovers()
            handoff._call_receivers()

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

    def _check_sender(self):
        """Let only leads hand over for somebody else, whatever the defaults say."""
        is_other = any(handoff.from_user_id != self.env.user for handoff in self)
        if is_other and not (self.env.su or self._is_lead_group()):
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
            raise UserError(handoff._get_locked_refusal())
        if vals.get("from_user_id", self.env.uid) != self.env.uid and not self._is_lead_group():
            raise AccessError(
                self.env._("Only a team lead hands over for somebody else: choose yourself.")
            )

    def _check_open(self):
        for handoff in self:
            if handoff._is_ended():
                raise UserError(handoff._get_state_refusal())

    def _check_editable(self):
        for handoff in self:
            if handoff.state not in _EDITABLE_STATES:
                raise UserError(handoff._get_locked_refusal())

    def _get_locked_refusal(self):
        return self.env._(
            "%(name)s is “%(state)s”: what it says stays as the receiver read it.",
            name=self.name,
            state=self._get_state_label(),
        )

    def _check_subjects_access(self):
        """Refuse to hand over what is not one's own; relations alone do not ask."""
        self._check_same_company()
        for handoff in self:
            # Who works on a request may hand it over, also where they do not see its project.
            handoff.task_ids.check_access("write")
            handoff._check_may_give_requests()
            if handoff.is_whole:
                handoff.project_id.check_access("read")
                handoff._check_may_give_service()

    def _check_may_give_requests(self):
        """Let a request be handed over by those who work on it or answer for it, and by leads."""
        if self.env.su or self._is_lead_group():
            return
        for task in self.task_ids:
            people = task.user_ids | task.accountable_user_id | task.contact_user_id
            people |= task.backup_user_id | task.project_id.user_id
            people |= (task.service_team_id | task.project_id.service_team_id)._get_people()
            if task.user_ids and self.env.user not in people:
                raise UserError(
                    self.env._(
                        "“%(request)s” is handed over by whoever works on it, their team, or "
                        "a team lead.",
                        request=task.display_name,
                    )
                )

    def _check_may_give_service(self):
        """Let a whole service be handed over by those who answer for it, and by leads."""
        service = self.project_id
        people = service.user_id | service.contact_user_id | service.backup_user_id
        people |= service.service_team_id.lead_user_id
        # Its manager becomes whoever accepts: nobody gives away what they do not lead.
        is_theirs = self.env.user in people or service.has_access("write")
        if service and not (self.env.su or is_theirs or self._is_lead_group()):
            raise UserError(
                self.env._(
                    "“%(service)s” is handed over by its manager, its contact or a team lead: hand "
                    "over single requests instead.",
                    service=service.display_name,
                )
            )

    def _check_same_company(self):
        """Let nothing leave its company."""
        for handoff in self:
            handoff._check_one_company()

    def _check_one_company(self):
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
