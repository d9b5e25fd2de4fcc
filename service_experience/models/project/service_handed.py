# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What a service and a request have in common when they are handed over."""

from odoo import fields, models

from ..handoff.service_handoff import INBOX_STATES
from ..journey.project_project import GROUP


class ServiceExperienceMixin(models.AbstractModel):
    _inherit = "service.experience.mixin"

    service_team_id = fields.Many2one(
        "service.team",
        string="Service Team",
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
        groups=GROUP,
        help="The team that works on it. It changes when a handoff to another team is accepted.",
    )
    service_handoff_ids = fields.Many2many(
        "service.handoff",
        string="Open Handoffs",
        compute="_compute_service_handoff_ids",
        compute_sudo=True,
        groups=GROUP,
    )
    service_transfer_since = fields.Datetime(
        "In Transfer Since",
        compute="_compute_service_handoff_ids",
        compute_sudo=True,
        groups=GROUP,
        help="Since when it was offered to somebody who has not accepted it yet: the sender is "
        "accountable until then.",
    )

    def _compute_service_handoff_ids(self):
        handoffs = self._get_open_handoffs()
        for record in self:
            record.service_handoff_ids = handoffs.get(record._origin.id)
            offered = record.service_handoff_ids.mapped("offered_at")
            record.service_transfer_since = min(offered, default=False)

    def _get_open_handoffs(self):
        """Return what was offered and is not accepted yet, in one query.

        :return: ``{id: handoffs}``
        """
        place = "project_id" if self._name == "project.project" else "task_id"
        domain = [
            (place, "in", self._origin.ids),
            ("handoff_id.state", "in", (*INBOX_STATES, "returned")),
        ]
        if place == "project_id":
            domain.append(("task_id", "=", False))
        rows = self.env["service.handoff.claim"]._read_group(
            domain, [place], ["handoff_id:recordset"]
        )
        return {record.id: handoffs for record, handoffs in rows}

    def action_service_hand_over(self):
        """Hand this over, or several requests of one service at once."""
        requests = self if self._name == "project.task" else self.env["project.task"]
        services = requests.project_id or self
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over"),
            "res_model": "service.handoff",
            "view_mode": "form",
            "context": {
                "default_project_id": services[:1].id,
                "default_task_ids": requests.ids,
            },
        }
