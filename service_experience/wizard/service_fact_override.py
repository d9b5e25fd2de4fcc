# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError


class ServiceFactOverride(models.TransientModel):
    """Opens the personal facts of a service to a lead who is no member of it, on the record.

    Why and who is written into the conversation of the service before anything is shown.
    """

    _name = "service.fact.override"
    _description = "Open Personal Facts"

    project_id = fields.Many2one(
        "project.project", string="Service", required=True, ondelete="cascade"
    )
    reason = fields.Char(required=True, help="Written into the conversation of the service.")
    content = fields.Html(readonly=True)

    def action_open(self):
        self.project_id.check_access("read")
        if not (self.reason or "").strip():
            raise UserError(self.env._("Enter why you open these facts."))
        # sudo: the override is what leads have; it leaves its trace in the same transaction.
        project_sudo = self.project_id.sudo()
        project_sudo.message_post(
            body=self.env._(
                "%(user)s opened the personal facts of this service: %(reason)s",
                user=self.env.user.name,
                reason=self.reason,
            ),
            author_id=self.env.user.partner_id.id,
        )
        facts_sudo = project_sudo.service_fact_ids.filtered(
            lambda fact: fact.sensitivity == "personal" and fact.is_valid
        )
        self.content = Markup("").join(
            Markup("<p><b>%s</b><br/>%s</p>") % (fact.question, fact.answer) for fact in facts_sudo
        ) or self.env._("There are none.")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Personal facts"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
