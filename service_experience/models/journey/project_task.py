# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ProjectTask(models.Model):
    _inherit = "project.task"

    service_wait_ids = fields.One2many(
        "service.wait",
        "task_id",
        string="Waits",
        copy=False,
        groups="service_experience.service_experience_group_user",
    )

    def _forget_sla(self):
        result = super()._forget_sla()
        self.invalidate_recordset(["service_wait_ids"], flush=False)
        return result

    def _get_sla_waits(self):
        waits = {}
        stopping = self.env["service.wait"].search_fetch(
            [("task_id", "in", self.ids), ("stops_clock", "=", True)],
            ["task_id", "kind", "started_at", "ended_at", "user_id"],
            order="started_at, id",
        )
        for wait in stopping:
            waits.setdefault(wait.task_id.id, []).append(
                (wait.started_at, wait.ended_at or None, wait._get_hold())
            )
        return waits
