# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The quick actions of the page of a service, and of a request: open a dialog, confirm."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..journey.service_commitment import OPEN_STATES

# Until when somebody should answer or act if nothing else is said, in working days.
DUE_DAYS = 3


class ServiceExperienceMixin(models.AbstractModel):
    _inherit = "service.experience.mixin"

    def action_service_ask(self):
        """Ask the customer for something."""
        return self._open_service_step(
            self.env._("Ask the customer"),
            default_party="customer",
            default_kind="answer",
            service_ask=True,
        )

    def action_service_add_step(self):
        """Note what is to be done next, by us or by somebody else."""
        return self._open_service_step(self.env._("Add a step"), default_party="us")

    def action_service_commitment(self):
        """Record what was promised to the customer."""
        return self._open_service_dialog(
            self.env._("Record a commitment"),
            "service.commitment",
            "service_commitment_view_form_quick",
            {**self._get_service_defaults(), "default_confidence": "firm"},
        )

    def action_service_move(self):
        """Give a commitment another date: the main one, unless somebody chooses another."""
        movable = self.service_commitment_ids.filtered(
            lambda one: one.state in (*OPEN_STATES, "broken") and not one.kept_at
        )
        if not movable:
            raise UserError(self.env._("Nothing is promised that could move: record a commitment."))
        main = self.primary_commitment_id & movable or movable[:1]
        return self._open_service_dialog(
            self.env._("Move a commitment"),
            "service.commitment.move",
            "service_commitment_move_view_form",
            {"default_commitment_id": main.id, "service_movable_ids": movable.ids},
        )

    def action_service_note_fact(self):
        """Note what the customer told us."""
        service = self._service_of()
        person = self.partner_id or service.partner_id
        return self._open_service_dialog(
            self.env._("Note a fact"),
            "service.fact",
            "service_fact_view_form_quick",
            {"default_project_id": service.id, "default_said_by_id": person.id},
        )

    def _open_service_step(self, name, **context):
        service = self._service_of()
        due = not service.is_template and service._service_due_day()
        return self._open_service_dialog(
            name,
            "service.step",
            "service_step_view_form_quick",
            {
                **self._get_service_defaults(),
                "default_due": due and fields.Date.to_string(due),
                **context,
            },
        )

    def _open_service_dialog(self, name, model, view, context):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(self.env.ref(f"service_experience.{view}").id, "form")],
            "target": "new",
            "context": context,
        }

    def _get_service_defaults(self):
        """Return where a new part of the journey belongs, as defaults."""
        is_request = self._name == "project.task"
        return {
            "default_project_id": self._service_of().id,
            "default_task_id": is_request and self.id,
        }


class ProjectProject(models.Model):
    _inherit = "project.project"

    def action_open_service(self):
        """Open the page from which this service is run."""
        self.ensure_one()
        view = self.env.ref("service_experience.project_project_view_form_service")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
        }

    def action_service_open_personal(self):
        """Open the personal facts to a lead, who says why."""
        return self._open_service_dialog(
            self.env._("Open personal facts"),
            "service.fact.override",
            "service_fact_override_view_form",
            {"default_project_id": self.id},
        )

    def _service_due_day(self, days=DUE_DAYS):
        """Return the day that is so many working days ahead; None if no work is planned."""
        midnight = self._service_midnight(self._service_today(fields.Datetime.now()))
        at = self._service_working_time().add_days(midnight, days)
        return at and self._service_today(at)


class ServiceCommitment(models.Model):
    _inherit = "service.commitment"

    def action_make_main(self):
        """Let this be the commitment by which the customer judges the service, or the request."""
        self.ensure_one()
        self.check_access("write")
        # sudo: whoever may change the commitments of a service may not change the project itself.
        self._get_thread().sudo().primary_commitment_id = self
