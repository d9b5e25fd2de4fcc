# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import logging

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class ServiceSlaEscalation(models.Model):
    """What has to be done at one point of a promise, at most once per cycle."""

    _name = "service.sla.escalation"
    _description = "SLA Escalation"
    _order = "target_id, basis desc, percent, minutes, id"

    target_id = fields.Many2one("service.sla.target", required=True, index=True, ondelete="cascade")
    policy_id = fields.Many2one(related="target_id.policy_id")
    basis = fields.Selection(
        [
            ("percent", "% of the time"),
            ("before", "Working minutes before the deadline"),
            ("after", "Working minutes after the deadline"),
        ],
        string="When",
        required=True,
        default="percent",
    )
    percent = fields.Integer(default=90, help="Share of the promised time that is used up.")
    minutes = fields.Integer(default=60, help="Working minutes before or after the deadline.")
    action = fields.Selection(
        [
            ("activity", "Activity"),
            ("note", "Internal note"),
            ("server_action", "Server action"),
        ],
        required=True,
        default="activity",
    )
    recipient = fields.Selection(
        [
            ("assignee", "Assignees"),
            ("lead", "Project manager"),
            ("user", "Named person"),
        ],
        required=True,
        default="assignee",
        help="Who gets the activity, or is told by the note. Where there is nobody, the project "
        "manager, else the person responsible for the policy.",
    )
    user_id = fields.Many2one(
        "res.users", string="Person", domain="[('share', '=', False)]", ondelete="set null"
    )
    server_action_id = fields.Many2one(
        "ir.actions.server",
        domain="[('model_name', '=', 'project.task')]",
        ondelete="set null",
        groups="base.group_system",
        help="Runs on the request, with the rights of the system: administrators choose it.",
    )

    @api.constrains("basis", "percent", "minutes")
    def _check_point(self):
        for line in self:
            if line.basis == "percent" and not 1 <= line.percent <= 1000:
                raise ValidationError(
                    self.env._("Enter the share of the time as a percentage from 1 to 1000.")
                )
            if line.basis != "percent" and line.minutes < 1:
                raise ValidationError(
                    self.env._("Enter at least one working minute before or after the deadline.")
                )

    @api.constrains("action", "recipient", "user_id", "server_action_id")
    def _check_action(self):
        for line in self:
            if line.action == "server_action":
                # sudo: only administrators see which action it is.
                if line.sudo().server_action_id.model_name != "project.task":
                    raise ValidationError(
                        self.env._(
                            "This escalation needs a server action that runs on tasks: an "
                            "administrator has to choose it."
                        )
                    )
            elif line.recipient == "user" and not line.user_id:
                raise ValidationError(self.env._("Choose the person this escalation is for."))

    @api.depends("basis", "percent", "minutes", "action")
    def _compute_display_name(self):
        actions = dict(self._fields["action"]._description_selection(self.env))
        for line in self:
            line.display_name = f"{line._get_point_label()}: {actions.get(line.action, '')}"

    def _get_point_label(self):
        if self.basis == "percent":
            return self.env._("%(percent)s %%", percent=self.percent)
        if self.basis == "before":
            return self.env._("%(minutes)s min before the deadline", minutes=self.minutes)
        return self.env._("%(minutes)s min after the deadline", minutes=self.minutes)

    @api.model
    def _carry_out(self, actions):
        """Carry out what the sweep has put on record.

        :param actions: list of ``(TimerDraft, point)``; the point names the escalation
        """
        lines = self.browse({int(point) for _draft, point in actions}).exists()
        by_point = {str(line.id): line for line in lines}
        timers = self.env["service.sla.timer"]
        for draft, point in actions:
            timer, line = timers.browse(draft.id), by_point.get(point)
            # An action before this one may have closed the request.
            if line and timer.state == "running":
                line._carry_out_one(timer)

    def _carry_out_one(self, timer):
        """Carry the action out; one that fails is told and stops nothing else."""
        try:
            with self.env.cr.savepoint():
                getattr(self, f"_do_{self.action}")(timer)
        except Exception as error:
            if self._is_repeated_after(error):
                raise
            _logger.warning(
                "SLA escalation %s of timer %s failed", self.id, timer.id, exc_info=True
            )
            self.policy_id._tell_failed_escalation(self, timer, error)

    def _is_repeated_after(self, error):
        """Tell whether the sweep repeats the batch: somebody else was at the same rows.

        Two may add the same row, a follower for example: one that fails every time is a fault.
        """
        if isinstance(error, UniqueViolation):
            return not self.env.context.get("service_sla_last_attempt")
        return isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)

    def _do_activity(self, timer):
        for user in self._get_users(timer):
            task = timer.task_id.with_context(lang=user.lang)
            words = self._get_words(timer.with_env(task.env))
            task.activity_schedule(
                "mail.mail_activity_data_warning",
                date_deadline=fields.Date.context_today(task.with_user(user)),
                summary=words["summary"],
                note=words["note"],
                user_id=user.id,
            )

    def _do_note(self, timer):
        users = self._get_users(timer)
        task = timer.task_id.with_context(lang=users[:1].lang)
        words = self._get_words(timer.with_env(task.env))
        task.message_post(
            body=words["note"],
            subject=words["summary"],
            message_type="notification",
            subtype_xmlid="mail.mt_note",
            partner_ids=users.partner_id.ids,
        )

    def _do_server_action(self, timer):
        task = timer.task_id
        self.server_action_id.with_context(
            active_model=task._name, active_id=task.id, active_ids=task.ids
        ).run()

    def _get_users(self, timer):
        """Return who is meant; where that is nobody, whoever can be found."""
        task = timer.task_id
        manager = task.project_id.user_id
        wanted = {"assignee": task.user_ids, "lead": manager, "user": self.user_id}
        for users in (wanted[self.recipient], manager):
            if active := users.filtered("active"):
                return active
        return timer.policy_id._get_responsible()

    def _get_words(self, timer):
        """Return summary and note in the language of the environment."""
        env = timer.env
        summary = env._(
            "%(promise)s: %(point)s",
            promise=timer._get_metric_label(),
            point=self.with_env(env)._get_point_label(),
        )
        note = env._(
            "The promise “%(promise)s” of policy “%(policy)s” needs attention. Its deadline is "
            "%(deadline)s.",
            promise=timer._get_metric_label(),
            policy=timer.policy_id.name,
            deadline=timer._format_deadline(),
        )
        return {"summary": summary, "note": note}
