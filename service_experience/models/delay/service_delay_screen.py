# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What the screens of delays do: open dialogs, and show what the customer reads."""

from odoo import fields, models


class ServiceDelay(models.Model):
    _inherit = "service.delay"

    preview = fields.Html(
        string="What the Customer Reads", compute="_compute_preview", sanitize=False
    )

    def _compute_preview(self):
        for delay in self:
            person = delay._get_customer_person()
            words = delay.with_context(lang=person.lang or delay.env.lang)
            delay.preview = words._get_body(words._prepare_message(person))

    def action_open_explain(self):
        """Open the dialog that turns this into a message to the customer."""
        self.ensure_one()
        return self._open_dialog(
            self.env._("Explain a delay"), "service.delay.explain", default_delay_id=self.id
        )

    def action_open_dismiss(self):
        """Ask why these are no delays."""
        return self._open_dialog(
            self.env._("Dismiss the suspicion"),
            "service.delay.dismiss",
            dialog_size="medium",
            default_delay_ids=self.ids,
        )

    def _open_dialog(self, name, model, **context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large", **context},
        }

    def action_open_place(self):
        """Open the request, or the service."""
        self.ensure_one()
        if not self.task_id:
            return self.project_id.action_open_service()
        return self.task_id.get_formview_action()
