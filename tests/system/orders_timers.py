"""Orders about timers: what the scheduler does, and whether rows and evidence agree."""

from datetime import timedelta
from unittest.mock import patch

from conversation import transaction, watched

from odoo import Command, fields

CHANGES = "odoo.addons.service_experience.models.clock.service_calendar_change"


def sweep(registry, pause_at=None, minutes=0):
    """Run the sweep; pause in the given batch, after its writes and before its commit.

    :param minutes: how much later it runs
    :return: how many timers each batch had
    """
    now = fields.Datetime.now() + timedelta(minutes=minutes)
    with (
        patch.object(fields.Datetime, "now", lambda *_: now),
        watched(registry, "service.sla.timer", "_sweep", pause_at) as sizes,
        transaction(registry) as env,
    ):
        env["service.sla.timer"]._cron_sweep()
    return [size for size in sizes if size]


def close_for_a_day(registry, project_id, *, days):
    """Give the hours of the project's policy a holiday, in so many days."""
    with transaction(registry) as env:
        policy = env["service.sla.policy"].search([("project_ids", "in", project_id)])
        start = fields.Datetime.now() + timedelta(days=days)
        env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": policy.calendar_id.id,
                "date_from": start,
                "date_to": start + timedelta(days=1),
            }
        )


def follow_hours(registry, batch, pause_at=None):
    """Bring open timers to changed hours; pause in the given batch, before its commit.

    :param batch: how many timers one has
    :return: how many timers each batch had
    """
    with (
        patch(f"{CHANGES}.BATCH", batch),
        watched(registry, "service.calendar.change", "_move", pause_at) as sizes,
        transaction(registry) as env,
    ):
        env["service.calendar.change"]._cron_follow()
    return sizes


def give_company_new_hours(registry):
    """Give the company hours by which nothing was ever measured, and a policy that uses them."""
    with transaction(registry) as env:
        env.company.resource_calendar_id = env["resource.calendar"].create(
            {"name": "Office", "tz": "UTC", "company_id": env.company.id}
        )
        project = env["project.project"].create({"name": "Heat pumps"})
        target = {"metric": "resolution", "duration": 1, "unit": "hour"}
        env["service.sla.policy"].create(
            {
                "name": "In office hours",
                "project_ids": project.ids,
                "target_ids": [Command.create(target)],
            }
        )
        return project.id


def find_differences(registry, project_id):
    """Return where timers of the project and their evidence do not agree, in words."""
    with transaction(registry) as env:
        timers = env["service.sla.timer"].search([("task_id.project_id", "=", project_id)])
        return [
            f"{timer.display_name} ({timer.id}): {column} is {stored}, by evidence {replayed}"
            for timer, column, stored, replayed in timers._get_differences()
        ]


ORDERS = (sweep, close_for_a_day, follow_hours, give_company_new_hours, find_differences)
