# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.fields import Domain

from .engine.facts import is_closed
from .service_sla_policy_matching import RequestFacts
from .service_sla_timer import URGENCY, epoch

# What a fact of each kind needs to know of the task, as it is at that moment.
_SLA_VALUES = {
    "created": lambda task: (task.stage_id.id, is_closed(task.state, task.active)),
    "matched": lambda task: None,
    "staged": lambda task: task.stage_id.id,
    "state": lambda task: (task.state, task.active, is_closed(task.state, task.active)),
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
    # For staff: customers learn of promises through their page, of internal ones never.
    sla_status = fields.Json(
        string="SLA",
        compute="_compute_sla_status",
        # Who may read the task may read how its promises stand.
        compute_sudo=True,
        groups="base.group_user",
        export_string_translation=False,
    )
    sla_state = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("at_risk", "At risk"),
            ("running", "Running"),
            ("paused", "Paused"),
            ("missed", "Missed"),
            ("met", "Met"),
        ],
        string="SLA State",
        compute="_compute_sla_state",
        search="_search_sla_state",
        compute_sudo=True,
        groups="base.group_user",
        help="How the most urgent promise of this request stands.",
    )
    sla_deadline = fields.Datetime(
        string="SLA Deadline",
        compute="_compute_sla_state",
        search="_search_sla_deadline",
        compute_sudo=True,
        groups="base.group_user",
        help="The next deadline of a running promise.",
    )

    @api.depends("sla_timer_ids.state", "sla_timer_ids.deadline", "sla_timer_ids.breached_at")
    @api.depends_context("lang")
    def _compute_sla_status(self):
        now = fields.Datetime.now()
        for task, timers in self._get_sla_timers(now).items():
            task.sla_status = timers and {
                "now": epoch(now),
                "timers": [timer._get_status(now) for timer in timers],
            }

    @api.depends("sla_timer_ids.state", "sla_timer_ids.deadline", "sla_timer_ids.breached_at")
    def _compute_sla_state(self):
        now = fields.Datetime.now()
        for task, timers in self._get_sla_timers(now).items():
            running = timers.filtered(lambda timer: timer.state == "running")
            task.sla_state = timers and timers[0]._get_display_state(now)
            task.sla_deadline = running and min(running.mapped("deadline"))

    def _get_sla_timers(self, now):
        """Return the timers to show per task, the most urgent first, in one query."""
        timers = self.env["service.sla.timer"].search(
            [("task_id", "in", self.ids), ("state", "!=", "cancelled")]
        )
        by_task = timers.grouped("task_id")
        return {
            task: by_task.get(task._origin, timers.browse()).sorted(
                lambda timer: URGENCY.index(timer._get_display_state(now))
            )
            for task in self
        }

    def _search_sla_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = tuple(state for state in URGENCY if state in value)
        domain = ~self._has_sla_timer(Domain("state", "!=", "cancelled"))
        return Domain.OR([domain] if False in value else []) | self._get_sla_state_domain(wanted)

    @api.model
    def _get_sla_state_domain(self, wanted):
        """Return the tasks whose most urgent timer is in one of the wanted states."""
        now = fields.Datetime.now()
        timers = self.env["service.sla.timer"]
        by_state = {state: timers._get_state_domain(state, now) for state in URGENCY}
        if wanted == URGENCY[: len(wanted)]:  # nothing is more urgent: any such timer will do
            return self._has_sla_timer(Domain.OR(by_state[state] for state in wanted))
        return Domain.OR(
            self._has_sla_timer(by_state[state])
            & ~self._has_sla_timer(
                Domain.OR(by_state[other] for other in URGENCY[: URGENCY.index(state)])
            )
            for state in wanted
        )

    def _search_sla_deadline(self, operator, value):
        """Search by the first deadline of the running timers."""
        running = Domain("state", "=", "running")
        if operator in ("<", "<="):
            return self._has_sla_timer(running & Domain("deadline", operator, value))
        if operator in (">", ">="):
            earlier = Domain("deadline", "<" if operator == ">=" else "<=", value)
            return self._has_sla_timer(running) & ~self._has_sla_timer(running & earlier)
        if operator == "in" and set(value) == {False}:
            return ~self._has_sla_timer(running)
        return NotImplemented

    @api.model
    def _has_sla_timer(self, domain):
        # The ORM does not ask for fields that search in a way of their own.
        self._check_field_access(self._fields["sla_state"], "read")
        if domain.is_false():
            return domain
        # sudo: filters tasks by their promises; which tasks a user sees, the task rules say.
        timers_sudo = self.env["service.sla.timer"].sudo()
        return Domain("id", "in", timers_sudo._search(domain).subselect("task_id"))

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create(vals_list)
        if self._has_sla():
            self._note_sla(tasks, "created")
        return tasks

    def write(self, vals):
        if not self._has_sla():
            return super().write(vals)
        is_turn = "state" in vals or "active" in vals
        closed = self._get_closed_ids() if is_turn else None
        result = super().write(vals)
        if self.env["service.sla.policy"]._get_match_fields().intersection(vals):
            self._note_sla(self, "matched")
        if "stage_id" in vals:
            self._note_sla(self, "staged")
        if is_turn:
            self._note_sla(self, "state", closed)
        return result

    def _get_closed_ids(self):
        # sudo: as in `_note_sla`.
        return {task.id for task in self.sudo() if is_closed(task.state, task.active)}

    def _compute_field_value(self, field):
        result = super()._compute_field_value(field)
        if not self._has_sla():
            return result
        # The state follows the stage, the stage, customer and company the project, without a write.
        if field.name == "state":
            self._note_sla(self, "state")
        elif field.name == "stage_id":
            self._note_sla(self, "staged")
        if field.name in self.env["service.sla.policy"]._get_match_fields():
            self._note_sla(self, "matched")
        return result

    @api.model
    def _has_sla(self):
        return self.env["service.sla.policy"]._is_in_use()

    @api.model
    def _note_sla(self, tasks, kind, closed=None):
        """Note a fact with what it left on each task.

        :param closed: ids of those that were closed before; as they are now when not given,
            because what Odoo computes opens and closes nothing
        """
        # sudo: whoever changes a task may be hidden fields of it, as portal users are.
        tasks_sudo = tasks.sudo()
        values = {task.id: _SLA_VALUES[kind](task) for task in tasks_sudo}
        if closed is not None:
            values = {task_id: (*value[:2], task_id in closed) for task_id, value in values.items()}
        self.env["service.sla.timer"]._note(tasks, kind, values)

    def _forget_sla(self):
        """Forget what is remembered of these tasks' timers: something happened to them."""
        self.invalidate_recordset(
            ["sla_timer_ids", "sla_status", "sla_state", "sla_deadline"], flush=False
        )

    def _message_post_after_hook(self, message, msg_values):
        if self._has_sla() and (kind := self._get_sla_message_kind(message)):
            self.env["service.sla.timer"]._note(self, kind, dict.fromkeys(self.ids, message.id))
        return super()._message_post_after_hook(message, msg_values)

    def _get_sla_message_kind(self, message):
        """Tell what a message means to the promises: an answer of ours, a word of the customer.

        Notes, automatic messages and the message that made the task are neither. The words of
        its customer, be it a colleague, are no answers.

        :return: ``"answered"``, ``"asked"`` or None
        """
        self.ensure_one()
        # sudo: the author may be hidden from the poster by the rules of contacts.
        message_sudo = message.sudo()
        if not message_sudo.filtered_domain(self._get_sla_message_domain()):
            return None
        author_sudo = message_sudo.author_id
        if author_sudo == self.sudo().partner_id or not author_sudo._is_sla_colleague():
            return "asked"
        return "answered"

    @api.model
    def _get_sla_message_domain(self):
        """Return the messages that people wrote and the customer can read."""
        # Not `env.ref`: it asks the database each time, and this is asked for every message.
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        is_written = Domain("message_type", "=", "email") | (
            Domain("message_type", "=", "comment") & Domain("author_id", "!=", False)
        )
        return (
            is_written
            & Domain("is_internal", "=", False)
            & Domain("subtype_id", "=", get_id("mail.mt_comment"))
            & Domain("author_id", "!=", get_id("base.partner_root"))
        )

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
                team_id=task._get_sla_team_id(),
            )
            for task in self
        ]

    def _get_sla_team_id(self):
        """Return the id of the team that works on the request; False where there is none."""
        return False
