# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What is noted as a change: whatever a rule could judge otherwise from now on."""

from odoo import api, models

_TASK_FIELDS = {
    "active",
    "customer_label",
    "customer_visible",
    "date_deadline",
    "depend_on_ids",
    "is_template",
    "next_update_promised",
    "parent_id",
    "partner_id",
    "primary_commitment_id",
    "project_id",
    "stage_id",
    "state",
    "tag_ids",
}
_COMPUTED_FIELDS = {"project_id", "stage_id", "state"}
_PROJECT_FIELDS = {
    "active",
    "customer_visible",
    "date",
    "is_template",
    "last_update_id",
    "next_update_promised",
    "partner_id",
    "primary_commitment_id",
    "privacy_visibility",
}


# What decides whether the requests of a service are seen, or worked on, at all.
_SHOWING_FIELDS = _PROJECT_FIELDS - {"date", "next_update_promised", "primary_commitment_id"}
# Facts about a request that change no deadline.
_WORDS = ("answered", "asked")


class ProjectTask(models.Model):
    _inherit = "project.task"

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create(vals_list)
        self.env["service.delay.change"]._note(tasks)
        return tasks

    def write(self, vals):
        result = super().write(vals)
        if _TASK_FIELDS.intersection(vals):
            self.env["service.delay.change"]._note(self)
        return result

    def _compute_field_value(self, field):
        # The state follows the stage without a write.
        if field.name in _COMPUTED_FIELDS:
            self.env["service.delay.change"]._note(self)
        return super()._compute_field_value(field)


class ProjectProject(models.Model):
    _inherit = "project.project"

    @api.model_create_multi
    def create(self, vals_list):
        projects = super().create(vals_list)
        self.env["service.delay.change"]._note(projects)
        return projects

    def write(self, vals):
        result = super().write(vals)
        if names := _PROJECT_FIELDS.intersection(vals):
            is_shown = bool(_SHOWING_FIELDS.intersection(names))
            self.env["service.delay.change"]._note(self, with_requests=is_shown)
        return result


class ProjectUpdate(models.Model):
    _inherit = "project.update"

    def write(self, vals):
        result = super().write(vals)
        if "status" in vals:
            self.env["service.delay.change"]._note(self.project_id, with_requests=True)
        return result


class ProjectMilestone(models.Model):
    _inherit = "project.milestone"

    @api.model_create_multi
    def create(self, vals_list):
        milestones = super().create(vals_list)
        self.env["service.delay.change"]._note(milestones.project_id)
        return milestones

    def write(self, vals):
        result = super().write(vals)
        if {"deadline", "is_reached", "customer_visible", "customer_label"}.intersection(vals):
            self.env["service.delay.change"]._note(self.project_id)
        return result


class ServiceJourneyMixin(models.AbstractModel):
    _inherit = "service.journey.mixin"

    def _note_delay_change(self):
        """Let the detection look at where these belong."""
        changes = self.env["service.delay.change"]
        changes._note(self.task_id)
        changes._note(self.filtered(lambda one: not one.task_id).project_id)


class ServiceStep(models.Model):
    _inherit = "service.step"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._note_delay_change()
        return steps

    def write(self, vals):
        result = super().write(vals)
        if {"due", "commitment_id"}.intersection(vals):
            self._note_delay_change()
        return result

    def _go(self, state, **values):
        result = super()._go(state, **values)
        self._note_delay_change()
        return result


class ServiceWait(models.Model):
    _inherit = "service.wait"

    def _note_held(self, field):
        # First: reading a wait afterwards would bring the timers up to date too early.
        self._note_delay_change()
        return super()._note_held(field)


class ServiceCommitmentRevision(models.Model):
    _inherit = "service.commitment.revision"

    @api.model
    def _add_rows(self, rows):
        revisions = super()._add_rows(rows)
        revisions.commitment_id._note_delay_change()
        return revisions

    def _set_once(self, rows):
        result = super()._set_once(rows)
        self.browse(rows).commitment_id._note_delay_change()
        return result


class ServiceSlaTimer(models.Model):
    _inherit = "service.sla.timer"

    @api.model
    def _sync(self, pending):
        """Look at the requests whose deadlines may have changed; words change none."""
        result = super()._sync(pending)
        changed = [
            task_id
            for task_id, facts in pending.items()
            if any(fact.kind not in _WORDS for fact in facts)
        ]
        self.env["service.delay.change"]._note(self.env["project.task"].browse(changed))
        return result

    def _agree_deadline(self, at, reason):
        result = super()._agree_deadline(at, reason)
        self.env["service.delay.change"]._note(self.task_id)
        return result


class ServiceCalendarChange(models.Model):
    _inherit = "service.calendar.change"

    def _move(self, timers):
        result = super()._move(timers)
        self.env["service.delay.change"]._note(timers.task_id)
        return result


class ServiceCommitment(models.Model):
    _inherit = "service.commitment"

    def write(self, vals):
        result = super().write(vals)
        if {"customer_visible", "active"}.intersection(vals):
            self._note_delay_change()
        return result

    def _go(self, state, **values):
        result = super()._go(state, **values)
        self._note_delay_change()
        return result


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    def _go(self, state, **values):
        result = super()._go(state, **values)
        changes = self.env["service.delay.change"]
        changes._note(self.task_ids)
        changes._note(self.project_id)
        return result
