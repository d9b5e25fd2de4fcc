# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models


class ServiceHandoffItem(models.Model):
    _inherit = "service.handoff.item"

    def _doubt_flagged(self):
        """Suspect the commitments at once that whoever accepted does not believe in."""
        result = super()._doubt_flagged()
        flagged = self.filtered(lambda one: one.kind == "commitment" and one.state == "flagged")
        open_ones = flagged.filtered(lambda one: one.commitment_id._is_movable())
        self.env["service.delay"]._suspect([one._prepare_doubt_values() for one in open_ones])
        return result

    def _prepare_doubt_values(self):
        promise = self.commitment_id
        return {
            "project_id": promise.project_id.id,
            "task_id": promise.task_id.id,
            "commitment_id": promise.id,
            "rule": "flagged",
            "detected_by": "system",
            "fingerprint": f"flagged:{self.id}",
            "signal": {"reason": self.reason, "handoff": self.handoff_id.name},
        }
