# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import logging
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError

from .service_handoff import OPEN_STATES

_logger = logging.getLogger(__name__)


class Before(NamedTuple):
    """How a request stood before somebody changed it."""

    users: models.Model
    stage: models.Model
    is_visible: bool
    team: models.Model


class ProjectTask(models.Model):
    """Requests change hands by handoffs: anything else is told, or refused where types say so."""

    _inherit = "project.task"

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create(vals_list)
        tasks._begin_stage_handoffs()
        return tasks

    def write(self, vals):
        before = self._get_before_change(vals)
        result = super().write(vals)
        if before:
            self._follow_change(before)
        if {"active", "company_id", "project_id"}.intersection(vals):
            self.env["service.handoff"]._get_open_of(self)._follow_requests()
        return result

    def unlink(self):
        handoffs_sudo = self.env["service.handoff"]._get_open_of(self)
        result = super().unlink()
        handoffs_sudo._follow_requests()
        return result

    def _get_before_change(self, vals):
        """Return how these requests stood that people take from each other or move.

        :return: ``{request: Before}``; nothing when a handoff does it, or the system
        """
        if self.env.su:
            return {}
        types = self.env["service.handoff.type"]
        is_watched = types._get_stage_ids() or types._get_blocking_ids()
        if "user_ids" not in vals and not ("stage_id" in vals and is_watched):
            return {}
        # sudo: whoever changes a request may be hidden fields of it, as portal users are.
        return {
            task: Before(
                task.user_ids,
                task.stage_id,
                task.customer_visible,
                task.service_team_id or task.project_id.service_team_id,
            )
            for task in self.sudo()
        }

    def _follow_change(self, before):
        """Judge a change by what was before it: nobody hides a request to take it."""
        seen_sudo = self.sudo().filtered(
            lambda task: task.customer_visible or before[task].is_visible
        )
        taken_sudo = seen_sudo.filtered(lambda task: before[task].users - task.user_ids)
        moved_sudo = self.sudo().filtered(lambda task: task.stage_id != before[task].stage)
        (moved_sudo & seen_sudo | taken_sudo)._check_by_handoff(taken_sudo, before)
        if taken_sudo:
            taken_sudo._warn_taken()
        moved_sudo._begin_stage_handoffs()

    def _check_by_handoff(self, taken, before):
        """Refuse to move or reassign, to all but leads, where a type allows it by handoff only.

        :param taken: those of these requests that were taken from somebody
        :param before: how each of them stood
        """
        types_sudo = self.env["service.handoff.type"].sudo()._get_blocking()
        for task in self if types_sudo else ():
            for kind in types_sudo:
                if kind._blocks(task, task in taken) and not kind._is_exempt(before[task].team):
                    raise UserError(
                        self.env._(
                            "“%(request)s” changes hands by a handoff of the type “%(type)s” only: "
                            "use “Hand Over”, or ask a team lead.",
                            request=task.name,
                            type=kind.name,
                        )
                    )

    def _warn_taken(self):
        """Tell whoever reassigned something that its context stayed behind."""
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "warning",
                "title": self.env._("Reassigned without a handoff"),
                "message": self.env._(
                    "Customers see “%(requests)s”. Use “Hand Over” next time, so that whoever "
                    "takes over knows what was promised and what the customer told already.",
                    requests=", ".join(self.mapped("name")),
                ),
            },
        )

    def _begin_stage_handoffs(self):
        """Draft the handoffs that the stage of these requests asks for."""
        watched = self.env["service.handoff.type"]._get_stage_ids()
        # sudo: the stage asks for it, whoever moved the request.
        for task_sudo in self.sudo() if watched else ():
            if task_sudo.stage_id.id in watched and task_sudo.project_id:
                task_sudo._begin_stage_handoff()

    def _begin_stage_handoff(self):
        kind = self.env["service.handoff.type"]._get_of(
            "stage", self._get_sla_company(), stage_to_id=self.stage_id.id
        )
        if not kind or self.has_template_ancestor or self.project_id.is_template:
            return
        handoffs = self.env["service.handoff"]
        is_open = [("task_ids", "in", self.ids), ("state", "in", OPEN_STATES)]
        if handoffs.search_count([*is_open, ("type_id", "=", kind.id)], limit=1):
            return
        try:
            with self.env.cr.savepoint():
                handoffs._begin(kind, self.project_id, self, self._get_handing_user())
        except Exception:
            # Moving a request never fails because of what should follow it.
            _logger.warning("Handoff of request %s could not begin", self.id, exc_info=True)

    def _get_handing_user(self):
        """Return who hands this over: whoever acts, if they work here, else who is accountable."""
        user = self.env.user
        is_colleague = user._is_internal() and not user._is_superuser()
        return user if is_colleague else self.accountable_user_id
