# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.fields import Domain

from .health import HealthFacts


class ProjectTask(models.Model):
    _name = "project.task"
    _inherit = ["project.task", "service.experience.mixin"]

    customer_visible = fields.Boolean(tracking=True)

    @api.model
    def _service_health_depends(self):
        timer = "sla_timer_ids"
        return [
            "state",
            "date_deadline",
            "user_ids",
            f"{timer}.state",
            f"{timer}.deadline",
            f"{timer}.breached_at",
        ]

    def _service_health_facts(self, now):
        promises = self._service_promises()
        return {
            task: HealthFacts(
                now=now,
                promised_at=promises[task]["promised_at"],
                is_started=bool(task.user_ids),
                is_done=task.state == "1_done",
                is_cancelled=task.state == "1_canceled",
            )
            for task in self
        }

    def _service_promises(self):
        """Return what the customer was promised, and when it was done, per task.

        :return: ``{task: {"promised_at": datetime | None, "done_at": datetime | None}}``
        """
        timers = self._service_resolution_timers()
        return {task: task._service_promise(timers.get(task._origin.id)) for task in self}

    def _service_promise(self, timer):
        # A timer that paused after its breach has no deadline any more, but stays late.
        promised_at = timer and (timer.deadline or timer.breached_at) or self.date_deadline
        done_at = None
        if self.is_closed:
            done_at = timer and timer.stopped_at or self.date_last_stage_update
        return {"promised_at": promised_at or None, "done_at": done_at or None}

    def _service_resolution_timers(self):
        """Return the timer that carries the promise to the customer, per task id.

        An open task is measured by its open timer only: one that was met before the task
        was opened again promises nothing for the work that is left.
        """
        # Timers are internal records; which of them count is decided here and nowhere else.
        timers = (
            self.env["service.sla.timer"]
            .sudo()
            .search_fetch(
                Domain("task_id", "in", self._origin.ids) & self._service_resolution_timer_domain(),
                ["task_id", "state", "deadline", "breached_at", "stopped_at"],
                order="cycle, id",
            )
        )
        return {
            timer.task_id.id: timer
            for timer in timers
            if timer.task_id.is_closed or timer.state in ("running", "paused")
        }

    @api.model
    def _service_resolution_timer_domain(self):
        return Domain(
            [("kind", "=", "sla"), ("metric", "=", "resolution"), ("state", "!=", "cancelled")]
        )

    @api.model
    def _service_open_timer_domain(self):
        return self._service_resolution_timer_domain() & Domain(
            "state", "in", ("running", "paused")
        )

    @api.model
    def _service_visible_domain(self):
        """Return the domain of the requests that some customer may see.

        A task never falls back to its internal name: without a label it does not exist.
        """
        return Domain(
            [
                ("customer_visible", "=", True),
                ("customer_label", "!=", False),
                ("project_id", "!=", False),
                ("active", "=", True),
                ("is_template", "=", False),
                ("has_template_ancestor", "=", False),
            ]
        )

    @api.model
    def _service_late_domain(self, now):
        """Return the domain of the open tasks whose promise has passed."""
        open_timer = self._service_open_timer_domain()
        late_timer = open_timer & (
            Domain("deadline", "<", now) | Domain("breached_at", "!=", False)
        )
        return Domain("is_closed", "=", False) & (
            Domain("sla_timer_ids", "any", late_timer)
            | Domain("date_deadline", "<", now) & Domain("sla_timer_ids", "not any", open_timer)
        )
