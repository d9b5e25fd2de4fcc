# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models
from odoo.fields import Domain

from .project_project import GROUP


class ProjectTask(models.Model):
    _inherit = "project.task"

    service_wait_ids = fields.One2many(
        "service.wait", "task_id", string="Waits", copy=False, groups=GROUP
    )
    service_step_ids = fields.One2many(
        "service.step", "task_id", string="Next Steps", copy=False, groups=GROUP
    )
    service_commitment_ids = fields.One2many(
        "service.commitment", "task_id", string="Commitments", copy=False, groups=GROUP
    )
    service_timeline_ids = fields.One2many(
        "service.timeline.entry", "task_id", string="History", readonly=True, groups=GROUP
    )
    service_ball = fields.Selection(
        [("customer", "The customer"), ("third_party", "A third party"), ("us", "Us")],
        string="Who Has the Ball",
        compute="_compute_service_ball",
        search="_search_service_ball",
        compute_sudo=True,
        groups="base.group_user",
        help="Whom the work waits for now.",
    )

    def _compute_service_ball(self):
        """The customer or a third party while they are waited for, otherwise us."""
        waits = self.env["service.wait"].search_fetch(
            self._get_service_ball_domain() & Domain("task_id", "in", self._origin.ids),
            ["task_id", "kind"],
            order="kind, id",  # the customer before a third party
        )
        holders = {}
        for wait in waits:
            holders.setdefault(wait.task_id.id, wait.kind)
        for task in self:
            is_open = task.project_id and not task.is_closed
            task.service_ball = is_open and holders.get(task._origin.id, "us")

    def _search_service_ball(self, operator, value):
        # The ORM does not ask for fields that search in a way of their own.
        self._check_field_access(self._fields["service_ball"], "read")
        if operator != "in":
            return NotImplemented
        is_open = Domain("project_id", "!=", False) & Domain("is_closed", "=", False)
        waits = self._get_service_ball_domain()
        held = {
            kind: Domain("id", "in", self._get_waiting_query(waits & Domain("kind", "=", kind)))
            for kind in ("customer", "third_party")
        }
        domains = {
            "customer": is_open & held["customer"],
            "third_party": is_open & held["third_party"] & ~held["customer"],
            "us": is_open & ~held["customer"] & ~held["third_party"],
            False: ~is_open,
        }
        return Domain.OR(domains[holder] for holder in value if holder in domains)

    def _get_waiting_query(self, domain):
        # sudo: filters requests by their waits; which requests a user sees, the rules say.
        return self.env["service.wait"].sudo()._search(domain).subselect("task_id")

    def _get_service_ball_domain(self):
        return (
            Domain("ended_at", "=", False)
            & Domain("task_id", "!=", False)
            & Domain("kind", "in", ("customer", "third_party"))
        )

    def copy(self, default=None):
        tasks = super().copy(default)
        for task, new_task in zip(self, tasks, strict=True):
            if task.is_template or task.project_id.is_template or new_task.project_id.is_template:
                self.env["service.step"]._copy_plan(task, new_task)
        return tasks

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
