# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The plan of a template: its steps and commitments, copied to each service made from it."""

from odoo import api, models

# What was given up is no part of a plan.
_GIVEN_UP = ("waived", "cancelled", "withdrawn")


class ServiceStep(models.Model):
    _inherit = "service.step"

    @api.model
    def _copy_plan(self, source, target):
        """Copy the steps and commitments of a template, with dates counted from the start.

        :param source: project or task that is copied
        :param target: its copy, of the same model
        """
        # sudo: whoever makes a service from a template gets all that belongs to it.
        return self.sudo()._copy_plan_as_system(source.sudo(), target.sudo())

    @api.model
    def _copy_plan_as_system(self, source, target):
        place = "project_id" if source._name == "project.project" else "task_id"
        domain = [(place, "=", source.id), ("state", "not in", _GIVEN_UP)]
        if place == "project_id":
            target.service_topic_ids = source.service_topic_ids
            domain.append(("task_id", "=", False))  # those of a request are copied with it
        commitments = self.env["service.commitment"].search(domain)
        copies = {commitment: commitment._copy_planned(place, target) for commitment in commitments}
        if source.primary_commitment_id in copies:
            target.primary_commitment_id = copies[source.primary_commitment_id]
        steps = self.search(domain)
        twins = {
            step: step.copy(
                {
                    **step._prepare_planned(place, target),
                    "due": step._get_planned_day(target),
                    "commitment_id": copies[step.commitment_id].id
                    if step.commitment_id in copies
                    else False,
                }
            )
            for step in steps
        }
        for step, twin in twins.items():
            if after := step.depends_on_ids.filtered(lambda other: other in twins):
                twin._depend_on(self.union(*(twins[other] for other in after)))

    def _depend_on(self, steps):
        self.write({"depends_on_ids": steps.ids})
        if self._get_open_dependencies():
            self._go("planned")


class ServiceJourneyMixin(models.AbstractModel):
    _inherit = "service.journey.mixin"

    def _prepare_planned(self, place, target):
        """Return where the copy of a planned thing belongs, and who sees to it."""
        project = target if place == "project_id" else target.project_id
        owner = (
            (target.user_ids[:1] if place == "task_id" else project.user_id)
            or project.user_id
            or self.env.user
        )
        return {
            "project_id": project.id,
            "task_id": target.id if place == "task_id" else False,
            "owner_user_id": owner.id,
        }

    def _get_planned_day(self, target):
        project = target if target._name == "project.project" else target.project_id
        if not self.due_days or project.is_template:
            return False
        return project._service_day_after(self.due_days)


class ServiceCommitment(models.Model):
    _inherit = "service.commitment"

    def _copy_planned(self, place, target):
        """Copy a commitment as a draft: who makes it, looks at its date first."""
        return self.copy(
            {
                **self._prepare_planned(place, target),
                "state": "draft",
                "current_from": False,
                "current_to": self._get_planned_day(target),
                "known_by": False,
                "confidence": self.confidence,
            }
        )
