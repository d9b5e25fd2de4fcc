"""A service with very many requests, for the customer and for Odoo's own page of the project."""

import base64
import io
import random
from datetime import timedelta

from PIL import Image

from odoo import Command, fields
from odoo.tools import SQL

from benchmarks.filling import BY_HAND, multiply
from benchmarks.session import create_office_calendar, transaction

LOGIN = "nordlicht"
# Two of five requests are done.
DONE = BY_HAND * 2 // 5
AVATAR = 128
PROMISED_HOURS = 400


def fill(database: str, count: int, *, has_journey: bool = True) -> int:
    """Create a service with `count` requests, each with a promise; return the project's id.

    :param has_journey: whether there is something to tell in the other sections of its page, too
    """
    with transaction(database) as env:
        project = _create_service(env)
        _create_requests(env, project)
        if has_journey:
            _create_journey(env, project)
        project_id = project.id
    # The commit started the timers.
    with transaction(database) as env:
        _multiply_requests(env, project_id, count)
        env.cr.execute("ANALYZE")
    return project_id


def _create_service(env):
    company = env["res.partner"].create({"name": "Nordlicht Bakery", "is_company": True})
    customer = env["res.users"].create(
        {
            "name": "Nora Licht",
            "login": LOGIN,
            "password": LOGIN,
            "email": "nora@nordlicht.example",
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        }
    )
    customer.partner_id.parent_id = company
    stages = env["project.task.type"].create(
        [
            {"name": "New", "customer_visible": True, "customer_label": "Received"},
            {"name": "Work", "customer_visible": True, "customer_label": "Being repaired"},
            {"name": "Ready", "fold": True},
        ]
    )
    project = env["project.project"].create(
        {
            "name": "Radiators",
            "partner_id": company.id,
            "privacy_visibility": "portal",
            "type_ids": [Command.set(stages.ids)],
            "user_id": env.uid,
        }
    )
    project.message_subscribe(customer.partner_id.ids)
    return project


def _create_requests(env, project):
    """Create the requests that all others are copies of: with a promise, and somebody on it."""
    target = {"metric": "resolution", "duration": PROMISED_HOURS, "unit": "hour"}
    env["service.sla.policy"].create(
        {
            "name": "Standard",
            "calendar_id": create_office_calendar(env).id,
            "project_ids": project.ids,
            "target_ids": [Command.create(target)],
        }
    )
    staff = env["res.users"].create(
        [
            {"name": f"Fitter {name}", "login": f"fitter_{name}", "image_1920": _photo(name)}
            for name in ("amsel", "buche", "clee")
        ]
    )
    new, work, ready = project.type_ids.sorted()
    requests = env["project.task"].create(
        [
            {
                "name": f"Repair of radiator {number}",
                "project_id": project.id,
                "customer_visible": True,
                "customer_label": f"Repair of radiator {number}",
                "stage_id": (new, work)[number % 2].id,
                "user_ids": staff[number % len(staff)].ids,
            }
            for number in range(BY_HAND)
        ]
    )
    requests[-DONE:].write({"stage_id": ready.id, "state": "1_done"})
    requests.message_subscribe(project.message_partner_ids.ids)


def _photo(seed):
    """Return a picture that is as hard to compress as a photo of a face."""
    chance = random.Random(seed)  # noqa: S311 (a picture)
    grid = Image.new("RGB", (AVATAR // 4, AVATAR // 4))
    grid.putdata([tuple(chance.choices(range(256), k=3)) for _ in range(grid.width * grid.height)])
    content = io.BytesIO()
    grid.resize((AVATAR, AVATAR), Image.Resampling.BICUBIC).save(content, "JPEG", quality=80)
    return base64.b64encode(content.getvalue())


def _create_journey(env, project):
    """Give the service steps, promises, milestones, facts and a history."""
    _create_steps(env, project)
    day = fields.Date.today()
    env["service.commitment"].create(
        [
            {
                "name": f"Floor {number} is warm",
                "project_id": project.id,
                "current_to": day + timedelta(days=20 + number),
            }
            for number in range(5)
        ]
    )
    env["project.milestone"].create(
        [
            {
                "name": f"Floor {number}",
                "project_id": project.id,
                "customer_visible": True,
                "customer_label": f"Floor {number}",
                "is_reached": number < 3,
            }
            for number in range(8)
        ]
    )
    env["service.fact"].create(
        [
            {
                "project_id": project.id,
                "question": f"Question {number}",
                "answer": "In the cellar, behind the door to the garden.",
                "said_by_id": project.partner_id.child_ids[:1].id,
            }
            for number in range(10)
        ]
    )


def _create_steps(env, project):
    """Ask the customer for some, and plan some visits."""
    requests = project.task_ids
    due = fields.Date.today() + timedelta(days=9)
    common = {"project_id": project.id, "owner_user_id": env.uid, "due": due}
    asked = env["service.step"].create(
        [
            {
                **common,
                "title": f"Send us plan {number}",
                "why": "We plan the pipes on it.",
                "effort_minutes": 10,
                "party": "customer",
                "kind": "answer",
                "task_id": requests[number].id if number % 2 else False,
            }
            for number in range(6)
        ]
    )
    asked.action_request()
    env["service.step"].create(
        [
            {**common, "title": f"Visit {number}", "party": "us", "customer_visible": True}
            for number in range(5)
        ]
    )


def _multiply_requests(env, project_id, count):
    """Copy the requests with their timers, who works on them and who follows them."""
    here = SQL("project_id = %s", project_id)
    series = SQL("generate_series(2, %s)", count // BY_HAND)
    env.cr.execute("ALTER TABLE project_task ADD COLUMN copied_from integer")
    multiply(env, "project_task", here, {"copied_from": SQL("project_task.id")}, series)
    for table, column in (
        ("service_sla_timer", "task_id"),
        ("project_task_user_rel", "task_id"),
        ("mail_followers", "res_id"),
    ):
        source = SQL(
            "%s = copied_from%s",
            SQL.identifier(table, column),
            SQL(" AND res_model = 'project.task'") if column == "res_id" else SQL(),
        )
        copies = SQL("(SELECT id, copied_from FROM project_task)")
        multiply(env, table, source, {column: SQL("number.id")}, copies)
    env.cr.execute("ALTER TABLE project_task DROP COLUMN copied_from")
