"""The program of an `OdooProcess`: it reads orders from its input, one JSON object a line.

Started with a configuration file and the name of a database.
"""

import json
import sys
import traceback
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from werkzeug.test import Client

import odoo.http
import odoo.init
from odoo import SUPERUSER_ID, Command, fields
from odoo.api import Environment
from odoo.modules.module import Manifest
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import Form
from odoo.tools import config, convert_file

USED = ("calendar.version", "sla.policy", "sla.target", "sla.timer", "sla.segment", "sla.event")
VIEWS = {
    "project.task": ("form", "list", "kanban", "search"),
    "project.project": ("form", "list", "kanban", "search"),
    "project.milestone": ("form", "list"),
}


def main():
    config.parse_config(["-c", sys.argv[1], "--log-level=warn"], setup_logging=True)
    for line in sys.stdin:
        order = json.loads(line)
        try:
            registry = Registry(sys.argv[2]).check_signaling()
            answer({"result": ORDERS[order["order"]](registry, **order["arguments"])})
        except Exception:
            answer({"error": traceback.format_exc()})


def answer(message):
    print(json.dumps(message), flush=True)


def pause():
    """Wait in the middle of an order until the test says to go on."""
    answer({"paused": True})
    sys.stdin.readline()


@contextmanager
def transaction(registry):
    with registry.cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})
    registry.signal_changes()


def create_overdue(registry, count):
    """Create requests that were promised to be done by yesterday; return project and tasks."""
    yesterday = fields.Datetime.now() - timedelta(days=1)
    with transaction(registry) as env, patch.object(fields.Datetime, "now", lambda: yesterday):
        project = env["project.project"].create({"name": "Heat pumps"})
        create_policy(env, project)
        return project.id, create_tasks(env, project, count).ids


def create_policy(env, project):
    days = [
        {"name": "Always", "dayofweek": str(day), "hour_from": 0, "hour_to": 24} for day in range(7)
    ]
    calendar = env["resource.calendar"].create(
        {
            "name": "Day and night",
            "tz": "UTC",
            "attendance_ids": [Command.clear(), *map(Command.create, days)],
        }
    )
    targets = [
        {"metric": "resolution", "duration": 1, "unit": "hour"},
        {"metric": "resolution", "duration": 1, "unit": "minute", "priority": "1"},
    ]
    return env["service.sla.policy"].create(
        {
            "name": "Always fast",
            "project_ids": project.ids,
            "calendar_id": calendar.id,
            "target_ids": [Command.create(target) for target in targets],
        }
    )


def create_tasks(env, project, count):
    rows = [{"name": f"Request {number}", "project_id": project.id} for number in range(count)]
    return env["project.task"].with_context(tracking_disable=True).create(rows)


def sweep(registry, pause_at=None):
    """Run the sweep; pause in the given batch, after its writes and before its commit.

    :return: how many timers each batch had
    """
    batches = []
    model = registry["service.sla.timer"]
    original = model._sweep

    def watched(timers, now):
        original(timers, now)
        timers.env.flush_all()
        batches.append(len(timers))
        if len(batches) == pause_at:
            pause()

    with patch.object(model, "_sweep", watched), transaction(registry) as env:
        env["service.sla.timer"]._cron_sweep()
    return [size for size in batches if size]


def edit(registry, task_id, values, *, waiting=False):
    """Write a task as a request of a user does; return how often it took to succeed."""
    return attempt(registry, lambda env: env["project.task"].browse(task_id).write(values), waiting)


def create(registry, project_id, *, waiting=False):
    """Create a task as a request of a user does; return how often it took to succeed."""
    return attempt(
        registry,
        lambda env: create_tasks(env, env["project.project"].browse(project_id), 1),
        waiting,
    )


def attempt(registry, work, waiting):
    """Work the way Odoo serves a request, repeated on conflicts; pause before the first commit."""
    attempts = []
    with transaction(registry) as env:

        def try_once():
            attempts.append(work(env))
            env.cr.flush()
            if waiting and len(attempts) == 1:
                pause()

        retrying(try_once, env(user=env.ref("base.user_admin")))
    return len(attempts)


def close_on_holidays(registry, project_id):
    """Give the working hours of the project's policy a content that nobody has met."""
    with transaction(registry) as env:
        policy = env["service.sla.policy"].search([("project_ids", "in", project_id)])
        start = fields.Datetime.now() + timedelta(days=100)
        env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": policy.calendar_id.id,
                "date_from": start,
                "date_to": start + timedelta(days=1),
            }
        )


def live(registry):
    """Do a little of everything; return how many rows each table has."""
    [project_id, task_ids] = create_overdue(registry, 3)
    sweep(registry)
    edit(registry, task_ids[0], {"state": "1_done"})
    edit(registry, task_ids[1], {"priority": "1"})
    with transaction(registry) as env:
        env["project.project"].browse(project_id).partner_id = env["res.partner"].create(
            {"name": "Nordlicht Bakery"}
        )
        env["project.task"].browse(task_ids[2]).message_post(
            body="On our way", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
    with transaction(registry) as env:
        return {name: env[f"service.{name}"].search_count([]) for name in USED}


def open_views(registry):
    """Load what a user of tasks and projects opens, and one form; return the size of each."""
    sizes = {}
    with transaction(registry) as env:
        for model, kinds in VIEWS.items():
            records = env[model].with_user(env.ref("base.user_admin"))
            views = records.get_views([(False, kind) for kind in kinds])["views"]
            sizes[model] = sum(len(view["arch"]) for view in views.values())
        Form(env["project.task"].search([("project_id", "!=", False)], limit=1))
    return sizes


def get(registry, path):
    """Ask for a page as somebody who is not signed in; return the status of the answer."""
    return Client(odoo.http.root).get(path, base_url="http://127.0.0.1").status_code


def load_demo(registry, names):
    """Load the demo data of the addons, as an installation with demo data does."""
    with transaction(registry) as env:
        for name in names:
            for path in Manifest.for_addon(name)["demo"]:
                convert_file(env, name, path, {}, mode="init")


def uninstall(registry, names):
    with transaction(registry) as env:
        env["ir.module.module"].search([("name", "in", names)]).button_immediate_uninstall()


ORDERS = {
    order.__name__: order
    for order in (
        create_overdue,
        sweep,
        edit,
        create,
        close_on_holidays,
        live,
        open_views,
        get,
        load_demo,
        uninstall,
    )
}

if __name__ == "__main__":
    main()
