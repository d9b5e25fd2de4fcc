"""Orders about the addons as a whole: use them, look at them, remove them."""

from conversation import transaction
from orders_requests import create_overdue, create_requests, edit, reply
from orders_timers import close_for_a_day, sweep
from werkzeug.test import Client

import odoo.http
from odoo.modules.module import Manifest
from odoo.tests import Form
from odoo.tools import convert_file

USED = (
    "calendar.change",
    "calendar.version",
    "sla.escalation",
    "sla.event",
    "sla.policy",
    "sla.segment",
    "sla.target",
    "sla.timer",
    "wait",
)
VIEWS = {
    "project.task": ("form", "list", "kanban", "search"),
    "project.project": ("form", "list", "kanban", "search"),
    "project.milestone": ("form", "list"),
}


def live(registry):
    """Do a little of everything; return how many rows each table has."""
    [project_id, task_ids] = create_overdue(registry, 3, escalation="activity", answered=True)
    sweep(registry)
    with transaction(registry) as env:
        project = env["project.project"].browse(project_id)
        waiting_id = project.type_ids[-1].id
        project.partner_id = env["res.partner"].create({"name": "Nordlicht Bakery"})
    edit(registry, task_ids[0], {"state": "1_done"})
    edit(registry, task_ids[1], {"priority": "1"})
    edit(registry, task_ids[2], {"stage_id": waiting_id})
    reply(registry, task_ids[2])
    [project_id, _task_ids] = create_requests(registry, 1, minutes=6000)
    close_for_a_day(registry, project_id, days=2)
    with transaction(registry) as env:
        return {name: env[f"service.{name}"].search_count([]) for name in USED}


def read_kazakh(registry):
    """Let a colleague and a customer read the language that the addon has brought along.

    Its words for the addons of others are not loaded: they would stay.
    """
    with transaction(registry) as env:
        language = env["res.lang"]._activate_lang("kk_KZ")
        env.ref("base.user_admin").lang = language.code
        env["res.partner"].create({"name": "Aliya", "lang": language.code})


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


ORDERS = (live, read_kazakh, open_views, get, load_demo, uninstall)
