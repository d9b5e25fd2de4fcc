# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .health import HealthFacts
from .journey_facts import get_journey_facts


class ProjectTask(models.Model):
    _name = "project.task"
    _inherit = ["project.task", "service.experience.mixin"]

    customer_visible = fields.Boolean(tracking=True)
    service_promised_at = fields.Datetime(
        "Promised For",
        compute="_compute_service_promise",
        compute_sudo=True,
        groups="base.group_user",
        help="When the customer can expect this to be done: the deadline of the promise that "
        "runs for it, otherwise the deadline of the task.",
    )
    service_done_at = fields.Datetime(
        "Done At",
        compute="_compute_service_promise",
        compute_sudo=True,
        groups="base.group_user",
        help="When this was done or cancelled.",
    )

    service_promise_paused = fields.Boolean(
        "Promise Paused",
        compute="_compute_service_promise",
        compute_sudo=True,
        groups="base.group_user",
        help="The clock of the promise stands still: its date is set when work goes on.",
    )

    @api.depends(
        "state",
        "date_deadline",
        "date_last_stage_update",
        "sla_timer_ids.state",
        "sla_timer_ids.deadline",
        "sla_timer_ids.breached_at",
        "sla_timer_ids.stopped_at",
        "primary_commitment_id.due_at",
    )
    def _compute_service_promise(self):
        timers, now = self._service_resolution_timers(), fields.Datetime.now()
        for task in self:
            timer = timers.get(task._origin.id)
            # A timer that paused after its breach has no deadline any more, but stays late.
            deadline = timer and (timer.deadline or timer.breached_at)
            task.service_promised_at = (
                task.primary_commitment_id._get_reference_at(now) or deadline or task.date_deadline
            )
            task.service_promise_paused = bool(
                timer and timer.state == "paused" and not task.service_promised_at
            )
            # A timer that was met before it was cancelled says nothing of that.
            met_at = task.state != "1_canceled" and timer and timer.stopped_at
            task.service_done_at = task.is_closed and (met_at or task.date_last_stage_update)

    def _forget_sla(self):
        result = super()._forget_sla()
        self.invalidate_recordset(
            [
                "service_promised_at",
                "service_promise_paused",
                "service_done_at",
                "service_health",
            ],
            flush=False,
        )
        self.env["project.project"].invalidate_model(["service_health"], flush=False)
        return result

    @api.model
    def _service_health_depends(self):
        return [
            "state",
            "service_promised_at",
            "user_ids",
            "service_step_ids.state",
            "service_commitment_ids.state",
            "service_commitment_ids.delay_ids.state",
            "service_wait_ids.ended_at",
        ]

    def _service_health_facts(self, now):
        journeys = get_journey_facts(self._origin, now)
        return {
            task: task._service_facts(now, journeys[task._origin.id], bool(task.user_ids))
            for task in self
        }

    def _service_facts(self, now, journey, is_assigned):
        return HealthFacts(
            now=now,
            promised_at=self.service_promised_at or None,
            is_started=is_assigned,
            is_done=self.state == "1_done",
            is_cancelled=self.state == "1_canceled",
            paused_since=journey.paused_since,
            customer_wait_since=journey.wait_since,
            has_own_work=journey.has_own_steps,
            is_at_risk=journey.is_at_risk,
            broken_since=journey.broken_since,
            forecast_at=journey.forecast_at,
            is_forecast_confirmed=journey.forecast_at is not None,
            suspected_since=journey.suspected_since,
            has_late_part=self._service_has_late_part(journey, now),
        )

    @api.model
    def _service_accountable_depends(self):
        return ["user_ids", "project_id.contact_user_id", "project_id.user_id"]

    def _service_accountable_candidates(self):
        project = self.project_id
        return self.user_ids | project.contact_user_id | project.user_id | self.create_uid

    def _service_of(self):
        return self.project_id

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
            ]
        ) & Domain.custom(
            # The stored column: searching the field would first look for all templates.
            to_sql=lambda tasks, alias, query: SQL(
                "%s IS NOT TRUE", tasks._field_to_sql(alias, "has_template_ancestor", query)
            ),
            predicate=lambda task: not task.has_template_ancestor,
        )

    @api.model
    def _service_late_domain(self, now):
        """Return the domain of the open tasks whose promise has passed."""
        is_late = Domain.custom(
            to_sql=lambda tasks, alias, query: SQL(
                "%s < %s", tasks._service_promise_to_sql(alias, query), now
            )
        )
        return Domain("is_closed", "=", False) & is_late

    def _service_promise_to_sql(self, alias, query):
        """Return until when an open task was promised, as SQL, see ``service_promised_at``.

        The end of its main commitment, if that has a date yet, else of its timer, else its
        deadline. A timer that paused after its breach has no deadline any more, but stays late.
        """
        commitments, timers = self.env["service.commitment"], self.env["service.sla.timer"]
        main = query.left_join(alias, "primary_commitment_id", commitments._table, "id", "main")
        running = timers._search(self._service_open_timer_domain())
        task_id, deadline, breached_at = (
            timers._field_to_sql(timers._table, name, running)
            for name in ("task_id", "deadline", "breached_at")
        )
        running.add_where(SQL("%s = %s", task_id, SQL.identifier(alias, "id")))
        return SQL(
            "COALESCE(%s, %s, %s)",
            commitments._field_to_sql(main, "due_at", query),
            running.subselect(SQL("MIN(COALESCE(%s, %s))", deadline, breached_at)),
            self._field_to_sql(alias, "date_deadline", query),
            to_flush=self._fields["primary_commitment_id"],
        )
