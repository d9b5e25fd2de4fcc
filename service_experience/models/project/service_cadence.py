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

    service_silence_on_track = fields.Integer(
        "Silence When on Track", default=5, groups="base.group_user"
    )
    service_silence_at_risk = fields.Integer(
        "Silence When at Risk", default=2, groups="base.group_user"
    )
    service_silence_late = fields.Integer("Silence When Late", default=1, groups="base.group_user")
    service_silence_waiting = fields.Integer(
        "Silence While Waiting for the Customer", default=3, groups="base.group_user"
    )
    service_silence_paused = fields.Integer(
        "Silence While Paused", default=5, groups="base.group_user"
    )

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
        hours, deadlines = services._service_working_times(), self._service_update_deadlines()
        for record in self:
            last = told.get(record._origin.id) or False
            record.last_customer_update = last
            record.next_update_due = record._service_next_update(
                last or record.create_date,
                deadlines.get(record._origin.id),
                hours.get(record._service_of()),
            )

    def _service_next_update(self, last, deadline, hours):
        """Return when the customer should hear from us, as naive UTC, or False if never.

        What a person promised counts until something was said at that time or later; then the
        promise of a policy to keep the customer informed, then the longest silence.

        :param last: when the customer heard from us last
        :param deadline: of the timer that runs for the next update, or None
        :param hours: working hours of the service
        """
        promised = self.next_update_promised
        if promised and (not last or last < promised):
            return promised
        if deadline:
            return deadline
        silence = SILENCE_FIELDS.get(self.service_health)
        if not (silence and last and hours):
            return False
        # sudo: how often customers hear from us is no secret among colleagues.
        company_sudo = (self._service_of().company_id or self.env.company).sudo()
        return hours.add_days(last, company_sudo[silence]) or False

    def _service_update_deadlines(self):
        """Return the deadlines of timers that run for the next update.

        :return: ``{id: naive UTC datetime}``
        """
        return {}

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


class ProjectTask(models.Model):
    _inherit = "project.task"

    def _service_update_deadlines(self):
        rows = self.env["service.sla.timer"]._read_group(
            [
                ("task_id", "in", self._origin.ids),
                ("metric", "=", "update"),
                ("kind", "=", "sla"),
                ("state", "=", "running"),
            ],
            ["task_id"],
            ["deadline:min"],
        )
        return {task.id: deadline for task, deadline in rows}
