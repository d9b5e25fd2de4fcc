# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What a moved promise takes along: the promises that depend on it are suspected, too."""

from odoo import fields, models
from odoo.fields import Domain

from ..journey.service_commitment import OPEN_STATES as OPEN_PROMISES
from ..journey.service_step import OPEN_STATES as OPEN_STEPS


class ServiceDelay(models.Model):
    _inherit = "service.delay"

    def _cascade(self):
        """Suspect the promises that depend on these, each because of the one it follows."""
        known_on = self.env.ref("service_experience.delay_reason_rx_prev", raise_if_not_found=False)
        vals_list = [
            {
                **delay._prepare_cascade_values(promise),
                "reason_id": known_on.id if known_on else False,
            }
            for delay in self.filtered("new_to")
            for promise in delay._get_dependent_promises()
        ]
        self._suspect(vals_list)

    def _prepare_cascade_values(self, promise):
        return {
            "project_id": promise.project_id.id,
            "task_id": promise.task_id.id,
            "commitment_id": promise.id,
            "rule": "cascade",
            "detected_by": "system",
            "cascaded_from_id": self.id,
            "fingerprint": f"cascade:{self.id}:{promise.id}",
            "signal": {
                "name": self._get_promise_name(),
                "day": fields.Date.to_string(self.new_to),
                "hours": round(self.impact_seconds / 3600, 1),
            },
        }

    def _get_dependent_promises(self):
        """Return the open promises that come after this one and end before its new date is over.

        They belong to requests that this request blocks, to steps that come after its steps, or
        to the service of this request.
        """
        # sudo: which promises depend on it does not depend on who confirms the delay.
        delay_sudo = self.sudo()
        request = delay_sudo.task_id
        after = delay_sudo.env["service.step"].search(
            Domain("depends_on_ids", "any", [("commitment_id", "=", self.commitment_id.id)])
            & Domain("state", "in", OPEN_STEPS)
        )
        main = delay_sudo.project_id.primary_commitment_id if request else request.browse()
        promises = delay_sudo.env["service.commitment"].search(
            Domain("direction", "=", "ours")
            & Domain("state", "in", OPEN_PROMISES)
            & Domain("customer_visible", "=", True)
            & (
                Domain("task_id", "in", request.dependent_ids.ids)
                | Domain("id", "in", after.commitment_id.ids)
                | (Domain("id", "in", main.ids) & Domain("current_to", "<", self.new_to))
            )
        )
        return promises - delay_sudo.commitment_id
