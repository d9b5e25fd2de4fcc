# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime, timedelta

from odoo import Command

from ..models.clock.engine import bulk
from .common import ServiceExperienceCase

GROUP = "service_experience.service_experience_group_"
MONDAY = datetime(2026, 3, 2, 9)
HOUR = 3600
DAY = 8 * HOUR


class ForecastCase(ServiceExperienceCase):
    """Requests that go through three stages: New, Repair and Check."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage_repair, cls.stage_check = cls.env["project.task.type"].create(
            [{"name": "Repair"}, {"name": "Check"}]
        )
        cls.project.type_ids = [
            Command.link(stage.id) for stage in cls.stage_repair + cls.stage_check
        ]
        cls.stages = cls.stage_new + cls.stage_repair + cls.stage_check
        cls.tag, cls.other_tag = cls.env["project.tags"].create(
            [{"name": "Boiler"}, {"name": "Pump"}]
        )
        cls.cases = cls.env["service.forecast.case"]

    @classmethod
    def _create_tasks(cls, count, **values):
        rows = [
            {"name": "No hot water", "project_id": cls.project.id, **values} for _ in range(count)
        ]
        tasks = cls.env["project.task"].with_context(tracking_disable=True).create(rows)
        return tasks.with_context(tracking_disable=False)

    @classmethod
    def _create_cases(cls, seconds, stage=None, **values):
        """Create one case of each length, of requests that are done; the last is the latest."""
        tags = [Command.set(filter(None, [values.get("tag_id")]))]
        tasks = cls._create_tasks(len(seconds), state="1_done", tag_ids=tags)
        closed_at = values.pop("closed_at", datetime(2026, 2, 2, 9))
        rows = [
            {
                "task_id": task.id,
                "project_id": cls.project.id,
                "stage_id": (stage or cls.stage_new).id,
                "tag_id": None,
                "company_id": None,
                "entered_at": datetime(2026, 1, 5, 9),
                "closed_at": closed_at + number * timedelta(minutes=1),
                "seconds": spent,
                **values,
            }
            for number, (task, spent) in enumerate(zip(tasks, seconds, strict=True))
        ]
        return cls.cases.browse(bulk.insert(cls.cases, rows))

    @classmethod
    def _create_history(cls, plans, **values):
        """Create finished requests as if Odoo had tracked what they went through.

        :param plans: ``[(created at, [(stage, working seconds in it), ...]), ...]``
        """
        tasks = cls._create_tasks(len(plans), stage_id=cls.stage_new.id, **values)
        hours = cls.project._service_working_time()
        requests, moves, closings = {}, [], []
        for task, (created_at, steps) in zip(tasks, plans, strict=True):
            at, before = created_at, None
            for stage, spent in steps:
                if before:
                    moves.append((task.id, at, before.id, stage.id))
                at, before = hours.deadline(at, spent), stage
            closings.append((task.id, at, 0, 0))
            requests[task.id] = {
                "create_date": created_at,
                "state": "1_done",
                "stage_id": before.id,
            }
        bulk.update(tasks, requests)
        cls._track("stage_id", moves)
        cls._track("state", closings)
        cls.env.invalidate_all()
        return tasks

    @classmethod
    def _track(cls, name, changes):
        """Note changes of a field as Odoo tracks them."""
        message, value = cls.env["mail.message"], cls.env["mail.tracking.value"]
        field = cls.env["ir.model.fields"]._get("project.task", name)
        message_ids = bulk.insert(
            message,
            [
                {
                    "model": "project.task",
                    "res_id": task_id,
                    "date": at,
                    "message_type": "notification",
                }
                for task_id, at, _before, _after in changes
            ],
        )
        bulk.insert(
            value,
            [
                {
                    "field_id": field.id,
                    "mail_message_id": message_id,
                    "old_value_integer": before,
                    "new_value_integer": after,
                }
                for message_id, (_id, _at, before, after) in zip(message_ids, changes, strict=True)
            ],
        )

    def _get_cases(self, tasks):
        return self.cases.search([("task_id", "in", tasks.ids)], order="entered_at, id")

    def _get_facts(self, tasks):
        """Return all that the cases of these requests say, without their ids."""
        self.env.cr.execute(
            """SELECT task_id, stage_id, project_id, company_id, tag_id, entered_at, closed_at,
                      seconds, forecast_count, forecast_p50, forecast_p80, held, held_half
                 FROM service_forecast_case
                WHERE task_id = ANY(%s)
             ORDER BY task_id, stage_id""",
            [tasks.ids],
        )
        return self.env.cr.fetchall()

    def _sample_of(self, task):
        return self.cases._get_samples(task)[task.id]
