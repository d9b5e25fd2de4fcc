# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""How long a customer may go without a word from us."""

from odoo import api, fields, models
from odoo.fields import Domain

# The longest silence in working days, per health; nobody waits for news of what is over.
SILENCE_FIELDS = {
    "not_started": "service_silence_on_track",
    "on_track": "service_silence_on_track",
    "at_risk": "service_silence_at_risk",
    "late": "service_silence_late",
    "waiting_customer": "service_silence_waiting",
    "paused": "service_silence_paused",
}


class ResCompany(models.Model):
    _inherit = "res.company"

    service_silence_on_track = fields.Integer("Silence When on Track", default=5)
    service_silence_at_risk = fields.Integer("Silence When at Risk", default=2)
    service_silence_late = fields.Integer("Silence When Late", default=1)
    service_silence_waiting = fields.Integer("Silence While Waiting for the Customer", default=3)
    service_silence_paused = fields.Integer("Silence While Paused", default=5)

    _check_service_silence = models.Constraint(
        "CHECK (LEAST(service_silence_on_track, service_silence_at_risk, service_silence_late,"
        " service_silence_waiting, service_silence_paused) > 0)",
        "The longest silence is one working day or more.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_silence_on_track = fields.Integer(
        related="company_id.service_silence_on_track", readonly=False
    )
    service_silence_at_risk = fields.Integer(
        related="company_id.service_silence_at_risk", readonly=False
    )
    service_silence_late = fields.Integer(related="company_id.service_silence_late", readonly=False)
    service_silence_waiting = fields.Integer(
        related="company_id.service_silence_waiting", readonly=False
    )
    service_silence_paused = fields.Integer(
        related="company_id.service_silence_paused", readonly=False
    )


class ServiceExperienceMixin(models.AbstractModel):
    _inherit = "service.experience.mixin"

    @api.depends("next_update_promised", "service_health")
    def _compute_customer_updates(self):
        told = self._service_last_updates()
        services = self.env["project.project"].union(*(record._service_of() for record in self))
        hours = services._service_working_times()
        for record in self:
            last = told.get(record._origin.id) or False
            record.last_customer_update = last
            record.next_update_due = record._service_next_update(
                last or record.create_date, hours.get(record._service_of())
            )

    def _service_next_update(self, last, hours):
        """Return when the customer should hear from us, as naive UTC, or False if never.

        What a person promised counts until something was said after it was promised for.
        """
        promised = self.next_update_promised
        if promised and (not last or last < promised):
            return promised
        silence = SILENCE_FIELDS.get(self.service_health)
        if not (silence and last and hours):
            return False
        company = self._service_of().company_id or self.env.company
        return hours.add_days(last, company[silence]) or False

    def _service_of(self):
        """Return the service: this one, or the one of this request."""
        raise NotImplementedError

    def _service_last_updates(self):
        """Return when a colleague last wrote something to the customer, in one query.

        :return: ``{id: naive UTC datetime}``
        """
        domain = (
            self.env["project.task"]._get_sla_message_domain()
            & Domain("model", "=", self._name)
            & Domain("res_id", "in", self._origin.ids)
            & Domain("author_id.user_ids.share", "=", False)
        )
        rows = self.env["mail.message"]._read_group(domain, ["res_id"], ["date:max"])
        return dict(rows)
