# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.fields import Domain

from .service_sla_policy import RequestFacts
from .service_sla_timer import OPEN_STATES, epoch

# A change of one of these may change which promise applies.
MATCH_FIELDS = {
    "active",
    "company_id",
    "display_in_project",
    "is_template",
    "parent_id",
    "partner_id",
    "priority",
    "project_id",
    "tag_ids",
}


class ProjectTask(models.Model):
    _inherit = "project.task"

    sla_timer_ids = fields.One2many(
        "service.sla.timer",
        "task_id",
        string="SLA Timers",
        readonly=True,
        copy=False,
        groups="service_experience.service_experience_group_user",
    )
    sla_status = fields.Json(
        string="SLA",
        compute="_compute_sla_status",
        # Who may read the task may read how its promises stand.
        compute_sudo=True,
        export_string_translation=False,
    )
    sla_state = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("at_risk", "At risk"),
            ("running", "Running"),
            ("paused", "Paused"),
            ("met", "Met"),
            ("missed", "Missed"),
        ],
        string="SLA State",
        compute="_compute_sla_state",
        search="_search_sla_state",
        compute_sudo=True,
        help="How the most urgent promise of this request stands.",
    )
    sla_deadline = fields.Datetime(
        string="SLA Deadline",
        compute="_compute_sla_state",
        search="_search_sla_deadline",
        compute_sudo=True,
        help="The next deadline of a running promise.",
    )

    @api.depends("sla_timer_ids.state", "sla_timer_ids.deadline", "sla_timer_ids.breached_at")
    @api.depends_context("lang")
    def _compute_sla_status(self):
        now = fields.Datetime.now()
        for task, timers in self._get_sla_timers().items():
            task.sla_status = timers and {
                "now": epoch(now),
                "timers": [timer._get_status(now) for timer in timers],
            }

    @api.depends("sla_timer_ids.state", "sla_timer_ids.deadline", "sla_timer_ids.breached_at")
    def _compute_sla_state(self):
        now = fields.Datetime.now()
        for task, timers in self._get_sla_timers().items():
            first = timers[:1]
            task.sla_state = first and first._get_display_state(now)
            task.sla_deadline = first.state == "running" and first.deadline

    def _get_sla_timers(self):
        """Return the timers to show per task, the most urgent first, in one query."""
        timers = self.env["service.sla.timer"].search(
            [("task_id", "in", self.ids), ("state", "!=", "cancelled")]
        )
        by_task = timers.grouped("task_id")
        return {
            task: by_task.get(task._origin, timers.browse()).sorted(
                lambda timer: (timer.state not in OPEN_STATES, not timer.deadline)
            )
            for task in self
        }

    def _search_sla_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        timers = self.env["service.sla.timer"]
        return Domain.OR(
            self._get_sla_domain(timers._get_state_domain(state)) for state in value if state
        )

    def _search_sla_deadline(self, operator, value):
        return self._get_sla_domain(
            Domain("state", "=", "running") & Domain("deadline", operator, value)
        )

    @api.model
    def _get_sla_domain(self, domain):
        # sudo: filters tasks by their promises; which tasks a user sees, the task rules say.
        timers_sudo = self.env["service.sla.timer"].sudo()
        return Domain("id", "in", timers_sudo._search(domain).subselect("task_id"))

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create(vals_list)
        self.env["service.sla.timer"]._note(tasks, "created_at")
        return tasks

    def write(self, vals):
        result = super().write(vals)
        timers = self.env["service.sla.timer"]
        if MATCH_FIELDS.intersection(vals):
            timers._note(self, "matched_at")
        if "state" in vals or "active" in vals:
            timers._note(self, "closed_at")
        return result

    def _compute_field_value(self, field):
        result = super()._compute_field_value(field)
        # The state follows the stage without a write.
        if field.name == "state":
            self.env["service.sla.timer"]._note(self, "closed_at")
        return result

    def _message_post_after_hook(self, message, msg_values):
        if self.env["service.sla.policy"]._is_in_use() and self._is_sla_response(message):
            self.env["service.sla.timer"]._note(self, "responded_at")
        return super()._message_post_after_hook(message, msg_values)

    @api.model
    def _is_sla_response(self, message):
        """Tell whether the customer reads this message as an answer of a person of ours.

        Notes, automatic messages and the words of customers are no answers.
        """
        # sudo: the author may be hidden from the poster by the rules of contacts.
        message_sudo = message.sudo()
        return bool(message_sudo.filtered_domain(self._get_sla_response_domain()))

    @api.model
    def _get_sla_response_domain(self):
        return (
            Domain("message_type", "in", ("comment", "email"))
            & Domain("is_internal", "=", False)
            & Domain("subtype_id.internal", "=", False)
            & Domain("subtype_id", "!=", False)
            & Domain("author_id.partner_share", "=", False)
            & Domain("author_id", "not in", [False, self.env.ref("base.partner_root").id])
        )

    def _get_first_responses(self):
        """Return ``{task id: instant}`` of the first answer each task has in its history."""
        groups = self.env["mail.message"]._read_group(
            Domain("model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & self._get_sla_response_domain(),
            ["res_id"],
            ["date:min"],
        )
        return dict(groups)

    def _is_sla_request(self):
        """Tell whether promises apply: to what customers ask for, not to its parts.

        Private tasks, templates, archived tasks and sub-tasks that the project does not show
        as tasks of their own get no timers.
        """
        self.ensure_one()
        return bool(
            self.project_id
            and self.active
            and self.display_in_project
            and not self.has_template_ancestor
            and not self.is_template
            and not self.project_id.is_template
        )

    def _get_sla_company(self):
        return self.company_id or self.project_id.company_id

    def _get_sla_facts(self):
        """Return what policies ask about these tasks."""
        return [
            RequestFacts(
                task_id=task.id,
                company_id=task._get_sla_company().id,
                project_id=task.project_id.id,
                partner_id=task.partner_id.commercial_partner_id.id,
                tag_ids=frozenset(task.tag_ids._ids),
                priority=task.priority,
            )
            for task in self
        ]
