# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What the screens of delays do: open dialogs, and show what the customer reads."""

from odoo import api, fields, models
from odoo.fields import Domain

from .signal_words import get_signal_sentence


class ServiceDelay(models.Model):
    _inherit = "service.delay"

    preview = fields.Html(
        string="What the Customer Reads", compute="_compute_preview", sanitize=False
    )
    impact_hours = fields.Float(string="Later By (Working Hours)", compute="_compute_hours")
    explained_hours = fields.Float(
        string="Of It Waited For (Working Hours)",
        compute="_compute_hours",
        help="What a reason of the customer explains: no more than the measured wait.",
    )
    why = fields.Char(string="Why We Suspect It", compute="_compute_why")
    is_triage_overdue = fields.Boolean(
        compute="_compute_is_triage_overdue", search="_search_is_triage_overdue"
    )
    age_hours = fields.Float(
        string="Age", compute="_compute_age_hours", help="Working hours since it was noticed."
    )

    @api.depends("rule", "signal")
    @api.depends_context("lang", "tz")
    def _compute_why(self):
        for delay in self:
            delay.why = get_signal_sentence(self.env, delay.rule, delay.signal or {})

    @api.depends("impact_seconds", "explained_seconds")
    def _compute_hours(self):
        for delay in self:
            delay.impact_hours = delay.impact_seconds / 3600
            delay.explained_hours = delay.explained_seconds / 3600

    @api.depends("state", "triage_due")
    def _compute_is_triage_overdue(self):
        now = fields.Datetime.now()
        for delay in self:
            is_open = delay.state == "suspected" and delay.triage_due
            delay.is_triage_overdue = bool(is_open and delay.triage_due <= now)

    def _search_is_triage_overdue(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return Domain("state", "=", "suspected") & Domain("triage_due", "<=", fields.Datetime.now())

    @api.depends("detected_at", "ended_at", "communicated_at")
    def _compute_age_hours(self):
        now = fields.Datetime.now()
        hours = self.project_id._service_working_times()
        for delay in self:
            end = delay.communicated_at or delay.ended_at or now
            working = hours.get(delay.project_id)
            since = delay.detected_at
            delay.age_hours = working.elapsed(since, end) / 3600 if working and since else 0.0

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
