# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What finished requests teach about open ones: one row per request and stage."""

from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..clock.engine import bulk


class Subject(NamedTuple):
    """What forecasts need to know of a request.

    :param tag_id: its type: the first of its tags
    :param staged_at: when Odoo last noted a change of stage or state
    :param ended_at: when it ended, if Odoo did not track that
    """

    task_id: int
    project_id: int
    company_id: int | None
    stage_id: int | None
    tag_id: int | None
    state: str
    is_active: bool
    created_at: datetime
    staged_at: datetime
    ended_at: datetime

    @property
    def key(self):
        return self.company_id, self.stage_id, self.tag_id

    def get_entries(self, moves, stage_before=None):
        """Return when each stage was entered for the first time, as ``{stage id: at}``.

        :param moves: ``[(at, stage before, stage after), ...]``, the oldest first
        :param stage_before: where it was before a move that Odoo has yet to track
        """
        if stage_before and stage_before != self.stage_id:
            moves = [*moves, (self.staged_at, stage_before, self.stage_id)]
        entries = {moves[0][1] if moves else self.stage_id: self.created_at}
        for at, _stage_before, stage_id in moves:
            entries.setdefault(stage_id, at)
        return entries

    def prepare_case(self, stage_id, entered_at, closed_at, hours):
        return {
            "task_id": self.task_id,
            "project_id": self.project_id,
            "company_id": self.company_id,
            "stage_id": stage_id,
            "tag_id": self.tag_id,
            "entered_at": entered_at,
            "closed_at": closed_at,
            "seconds": hours.elapsed(entered_at, closed_at),
        }


class ServiceForecastCase(models.Model):
    """How long a finished request took from entering a stage until it was done.

    Nobody writes these rows: they follow from what Odoo tracked, and from the working hours, and
    can be learned anew at any time.
    """

    _name = "service.forecast.case"
    _description = "Forecast Case"
    _rec_name = "task_id"
    _order = "closed_at desc, id desc"

    # The index of the pair below begins with it.
    task_id = fields.Many2one(
        "project.task", string="Request", required=True, readonly=True, ondelete="cascade"
    )
    project_id = fields.Many2one(
        "project.project",
        string="Service",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    # So do the indexes of what is known.
    stage_id = fields.Many2one(
        "project.task.type", required=True, readonly=True, ondelete="cascade"
    )
    tag_id = fields.Many2one(
        "project.tags",
        string="Type",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The first tag of the request.",
    )
    entered_at = fields.Datetime(
        required=True, readonly=True, help="When the request entered the stage for the first time."
    )
    closed_at = fields.Datetime(string="Done At", required=True, readonly=True)
    seconds = fields.Integer(
        required=True,
        readonly=True,
        aggregator=None,
        help="Working time from entering the stage until the request was done.",
    )

    _task_stage_uniq = models.UniqueIndex(
        "(task_id, stage_id)", "A request gives one case for each stage."
    )
    _known_idx = models.Index("(stage_id, COALESCE(company_id, 0), closed_at, task_id)")
    _typed_idx = models.Index(
        "(stage_id, COALESCE(company_id, 0), tag_id, closed_at, task_id) WHERE tag_id IS NOT NULL"
    )

    @api.model
    def _learn(self, tasks):
        """Replace the cases of these requests by what their history says now.

        Those that are not done have none. To be called with the rights of the system.
        """
        self.flush_model()
        self.env.cr.execute(
            SQL("DELETE FROM service_forecast_case WHERE task_id = ANY(%s)", tasks.ids)
        )
        self.invalidate_model(flush=False)
        self.browse(bulk.insert(self, self._prepare_cases(tasks)))._test_back()

    @api.model
    def _prepare_cases(self, tasks):
        """Return the rows of these requests, in as many queries for one as for all."""
        subjects = [one for one in self._get_subjects(tasks) if one.state == "1_done"]
        done = tasks.browse([one.task_id for one in subjects])
        moves, closings = done._get_sla_moves(), done._get_closings()
        hours = self._get_hours(subjects)
        rows = []
        for one in subjects:
            closed_at, time = closings.get(one.task_id, one.ended_at), hours[one.project_id]
            for stage_id, entered_at in one.get_entries(moves[one.task_id]).items():
                if entered_at <= closed_at:
                    rows.append(one.prepare_case(stage_id, entered_at, closed_at, time))
        stages = self.env["project.task.type"].browse({row["stage_id"] for row in rows})
        present = set(stages.exists().ids)
        return [row for row in rows if row["stage_id"] in present]

    @api.model
    def _get_hours(self, subjects):
        """Return the working hours by which the work of each project is done."""
        projects = self.env["project.project"].browse({one.project_id for one in subjects})
        return {project.id: time for project, time in projects._service_working_times().items()}

    @api.model
    def _get_subjects(self, tasks):
        """Return a ``Subject`` for each request of a service, open or not; none for templates."""
        tags = tasks._fields["tag_ids"]
        tasks.flush_model()
        self.env["project.project"].flush_model(["company_id", "is_template"])
        rows = self.env.execute_query(
            SQL(
                """SELECT task.id,
                          task.project_id,
                          COALESCE(task.company_id, project.company_id),
                          task.stage_id,
                          (SELECT MIN(%(tag)s) FROM %(tags)s WHERE %(task)s = task.id),
                          task.state,
                          task.active IS TRUE,
                          DATE_TRUNC('second', task.create_date),
                          DATE_TRUNC(
                              'second', COALESCE(task.date_last_stage_update, task.create_date)
                          ),
                          DATE_TRUNC(
                              'second',
                              COALESCE(
                                  task.date_end, task.date_last_stage_update, task.create_date
                              )
                          )
                     FROM project_task task
                     JOIN project_project project ON project.id = task.project_id
                    WHERE task.id = ANY(%(ids)s)
                      AND task.is_template IS NOT TRUE
                      AND task.has_template_ancestor IS NOT TRUE
                      AND project.is_template IS NOT TRUE
                 ORDER BY task.id""",
                tag=SQL.identifier(tags.column2),
                tags=SQL.identifier(tags.relation),
                task=SQL.identifier(tags.column1),
                ids=tasks.ids,
            )
        )
        return [Subject(*row) for row in rows]
