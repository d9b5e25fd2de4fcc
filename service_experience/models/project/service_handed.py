# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What a service and a request have in common when they are handed over."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..handoff.service_handoff import INBOX_STATES
from ..journey.project_project import GROUP


class ServiceExperienceMixin(models.AbstractModel):
    _inherit = "service.experience.mixin"

    service_team_id = fields.Many2one(
        "service.team",
        copy=False,
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
    service_transfer_to = fields.Char(
        "In Transfer To",
        compute="_compute_service_handoff_ids",
        compute_sudo=True,
        groups=GROUP,
    )

    def copy(self, default=None):
        copies = super().copy(default)
        for record, new_record in zip(self, copies, strict=True):
            # sudo: whoever makes a service from a template may not see its team.
            team_sudo = record.sudo().service_team_id
            if team_sudo:
                new_record.sudo().service_team_id = team_sudo
        return copies

    def _compute_service_handoff_ids(self):
        handoffs = self._get_open_handoffs()
        for record in self:
            handed = handoffs.get(record._origin.id, self.env["service.handoff"])
            # Whoever may read a request may not read what is said when it changes hands.
            record.service_handoff_ids = handed.sudo(False)._filtered_access("read")
            offered = handed.mapped("offered_at")
            record.service_transfer_since = min(offered, default=False)
            receivers = [
                (handoff.to_user_id or handoff.to_team_id).display_name for handoff in handed
            ]
            record.service_transfer_to = ", ".join(dict.fromkeys(receivers))

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
        services = requests.project_id if requests else self
        if len(services) != 1:
            raise UserError(
                self.env._("Choose requests of one service: they are handed over together.")
            )
        view = self.env.ref("service_experience.service_handoff_view_form_quick")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over"),
            "res_model": "service.handoff",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {
                "default_project_id": services.id,
                "default_task_ids": requests.ids,
                **self._get_handoff_defaults(),
            },
        }

    def _get_handoff_defaults(self):
        """Return between whom this is handed over, as far as it can be foreseen."""
        user, here = self.env.user, self[:1].service_team_id
        own = self.env["service.team"].search([("member_ids", "in", user.ids)])
        sending = (own & here) or own[:1] or here
        return {
            "default_from_team_id": sending.id,
            "default_to_team_id": (here - sending).id,
            "default_to_user_id": (self[:1].backup_user_id - user).id,
        }

    def action_service_handoffs(self):
        """Show all handoffs of this, also those that are over."""
        self.ensure_one()
        place = "project_id" if self._name == "project.project" else "task_ids"
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "service_experience.service_handoff_action"
        )
        return {**action, "domain": [(place, "=", self.id)]}

    def action_service_transfer(self):
        """Open what is not accepted yet."""
        self.ensure_one()
        handoffs = self.service_handoff_ids
        return (
            handoffs.action_open_handoff() if len(handoffs) == 1 else self.action_service_handoffs()
        )
