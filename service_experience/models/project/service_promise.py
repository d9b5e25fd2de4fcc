# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What a request and a service say about their promise, and how far their work is."""

from datetime import timedelta

from odoo import models
from odoo.fields import Domain

from ..journey.service_commitment import OPEN_STATES
from .project_project import CUSTOMER_PRIVACY


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_last_day(self, end):
        """Return the last day of the service before ``end`` (naive UTC)."""
        return self._service_today(end - timedelta(seconds=1))

    def _get_main_promise(self):
        """Return our open commitment by which the customer judges it; empty if there is none."""
        return self._pick_main_promise(
            Domain("project_id", "=", self.id) & Domain("task_id", "=", False)
        )

    def _get_promised_at(self, now):
        """Return until when the customer counts on it, as naive UTC, or None."""
        return self._service_promised_at(now)

    def _is_near_end(self):
        """Tell whether only the last of the steps is left that the customer sees."""
        steps = self.milestone_ids.filtered(lambda one: one.customer_visible and one.customer_label)
        return len(steps.filtered(lambda one: not one.is_reached)) <= 1

    def _is_shown_to_customer(self):
        return bool(
            self.customer_visible
            and self.partner_id
            and self.privacy_visibility in CUSTOMER_PRIVACY
        )

    def _is_watched(self):
        """Tell whether its promises can still be late: it is at work, and no plan."""
        is_over = self.last_update_status == "done"
        return bool(self.active and not self.is_template and not is_over)

    def _pick_main_promise(self, here):
        commitments = self.env["service.commitment"].search(
            here
            & Domain("direction", "=", "ours")
            & Domain("customer_visible", "=", True)
            & Domain("state", "in", (*OPEN_STATES, "broken"))
            & Domain("kept_at", "=", False),
            order="current_to, id",
        )
        return commitments & self.primary_commitment_id or commitments[:1]


class ProjectTask(models.Model):
    _inherit = "project.task"

    def _get_main_promise(self):
        """Return our open commitment by which the customer judges it; empty if there is none."""
        here = Domain("task_id", "=", self.id)
        commitments = self.project_id._pick_main_promise(here)
        return self.primary_commitment_id & commitments or commitments

    def _get_promised_at(self, now):
        """Return until when the customer counts on it, as naive UTC, or None."""
        return self.service_promised_at or None

    def _is_near_end(self):
        """Tell whether it is in the last stage of work, before those of what is finished."""
        stages = self.project_id.type_ids.filtered(lambda stage: not stage.fold).sorted()
        return not stages or self.stage_id not in stages[:-1]

    def _is_shown_to_customer(self):
        is_shown = self.customer_visible and self.customer_label and self.project_id
        return bool(is_shown and self.project_id._is_shown_to_customer())

    def _is_watched(self):
        """Tell whether its promises can still be late: it is open, and no plan."""
        return bool(
            self.active
            and not self.is_closed
            and not self.is_template
            and not self.has_template_ancestor
            and self.project_id._is_watched()
        )
