"""Orders about requests: what people do to them."""

import random
from datetime import timedelta
from unittest.mock import patch

from conversation import attempt, transaction
from psycopg2 import OperationalError

from odoo import Command, fields
from odoo.exceptions import ValidationError

STAGES = ("New", "In progress", "Waiting")


def create_overdue(registry, count, **promises):
    """Create requests that were promised to be done by yesterday; return project and tasks."""
    return create_requests(registry, count, minutes=60, ago=24 * 60, **promises)


def create_requests(registry, count, *, minutes, ago=0, answered=False, escalation=None):
    """Create requests that are promised to be done in time, day and night.

    :param ago: how many minutes ago they arrived
    :param answered: promise an answer as well, in half of the time
    :param escalation: what happens five minutes after a promise is missed: ``activity`` for the
        administrator, or ``server_action``, which counts in the color of the task
    """
    then = fields.Datetime.now() - timedelta(minutes=ago)
    with transaction(registry) as env, patch.object(fields.Datetime, "now", lambda *_: then):
        project = _create_project(env)
        policy = create_policy(env, project, minutes)
        if answered:
            _add_response(policy, minutes // 2)
        if escalation:
            _add_escalations(policy, escalation)
        return project.id, create_tasks(env, project, count).ids


def _create_project(env):
    stages = env["project.task.type"].create([{"name": name} for name in STAGES])
    stages[-1].clock = "pause_customer"
    return env["project.project"].create(
        {"name": "Heat pumps", "type_ids": [Command.set(stages.ids)]}
    )


def create_policy(env, project, minutes):
    targets = [
        {"metric": "resolution", "duration": minutes, "unit": "minute"},
        {"metric": "resolution", "duration": 10, "unit": "minute", "priority": "1"},
    ]
    return env["service.sla.policy"].create(
        {
            "name": "Always fast",
            "project_ids": project.ids,
            "calendar_id": create_calendar(env).id,
            "target_ids": [Command.create(target) for target in targets],
        }
    )


def create_calendar(env):
    days = [
        {"name": "Always", "dayofweek": str(day), "hour_from": 0, "hour_to": 24} for day in range(7)
    ]
    return env["resource.calendar"].create(
        {
            "name": "Day and night",
            "tz": "UTC",
            "attendance_ids": [Command.clear(), *map(Command.create, days)],
        }
    )


def _add_response(policy, minutes):
    target = {"metric": "first_response", "duration": minutes, "unit": "minute"}
    policy.target_ids = [Command.create(target)]


def _add_escalations(policy, action):
    env = policy.env
    line = {"basis": "after", "minutes": 5, "action": action}
    if action == "activity":
        line |= {"recipient": "user", "user_id": env.ref("base.user_admin").id}
    else:
        line["server_action_id"] = _create_counting_action(env).id
    policy.target_ids.escalation_ids = [Command.create(line)]


def _create_counting_action(env):
    return env["ir.actions.server"].create(
        {
            "name": "Count",
            "model_id": env.ref("project.model_project_task").id,
            "state": "code",
            "code": "record.write({'color': record.color + 1})",
        }
    )


def create_tasks(env, project, count):
    values = {"project_id": project.id, "stage_id": project.type_ids[:1].id}
    rows = [{"name": f"Request {number}", **values} for number in range(count)]
    return env["project.task"].with_context(tracking_disable=True).create(rows)


def create(registry, project_id, *, waiting=False):
    """Create a task as a request of a user does; return how often it took to succeed."""

    def work(env):
        return create_tasks(env, env["project.project"].browse(project_id), 1)

    return attempt(registry, work, waiting=waiting)


def edit(registry, task_id, values, *, waiting=False):
    """Write a task as a request of a user does; return how often it took to succeed."""

    def work(env):
        return env["project.task"].browse(task_id).write(values)

    return attempt(registry, work, waiting=waiting)


def reply(registry, task_id, *, waiting=False):
    """Post a message that the customer reads; return how often it took to succeed."""

    def work(env):
        env["project.task"].browse(task_id).message_post(
            body="On our way", message_type="comment", subtype_xmlid="mail.mt_comment"
        )

    return attempt(registry, work, waiting=waiting)


def set_clock(registry, stage_id, clock):
    """Say what the clocks do in a stage."""
    with transaction(registry) as env:
        env["project.task.type"].browse(stage_id).clock = clock


def follow(registry, task_id, *, waiting=False):
    """Let the administrator follow a task; return how often it took to succeed."""

    def work(env):
        env["project.task"].browse(task_id).message_subscribe(env.user.partner_id.ids)

    return attempt(registry, work, waiting=waiting)


def work_along(registry, task_ids, seed, count):
    """Do this and that to the requests, as one of many people; return how often it succeeded."""
    chance = random.Random(seed)  # noqa: S311  (the same in every run)
    with transaction(registry) as env:
        stage_ids = env["project.task"].browse(task_ids).project_id.type_ids.ids
    done = 0
    for _ in range(count):
        task_id = chance.choice(task_ids)
        values = chance.choice(
            [
                {"stage_id": chance.choice(stage_ids)},
                {"stage_id": chance.choice(stage_ids)},
                {"state": chance.choice(["1_done", "1_canceled"])},
                {"state": "01_in_progress"},
                {"priority": chance.choice("01")},
                None,
            ]
        )
        try:
            edit(registry, task_id, values) if values else reply(registry, task_id)
            done += 1
        except (OperationalError, ValidationError):
            continue  # a user would be asked to try again
    return done


ORDERS = (create_overdue, create_requests, create, edit, reply, set_clock, follow, work_along)
