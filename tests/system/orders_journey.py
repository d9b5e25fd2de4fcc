"""Orders about steps and promises: what customers and colleagues do to them."""

from conversation import attempt, transaction

from odoo import Command, fields
from odoo.exceptions import UserError


def create_service(registry):
    """Create a request with a promise, a promised date and a question that was delivered.

    :return: ids of task, step and promise
    """
    with transaction(registry) as env:
        customer = env["res.partner"].create({"name": "Nordlicht Bakery"})
        project = env["project.project"].create({"name": "Pump", "partner_id": customer.id})
        env["service.sla.policy"].create(
            {
                "name": "Fast",
                "project_ids": project.ids,
                "target_ids": [
                    Command.create({"metric": "resolution", "duration": 2, "unit": "hour"})
                ],
            }
        )
        task = env["project.task"].create({"name": "No hot water", "project_id": project.id})
        step = env["service.step"].create(
            {
                "title": "How old is the house?",
                "task_id": task.id,
                "party": "customer",
                "kind": "answer",
                "why": "It decides the pipes.",
                "due": fields.Date.add(fields.Date.today(), days=3),
                "blocking": True,
            }
        )
        promise = env["service.commitment"].create(
            {
                "name": "Warm again",
                "task_id": task.id,
                "current_to": fields.Date.add(fields.Date.today(), days=9),
            }
        )
        step.action_request()
        step._see()
        return task.id, step.id, promise.id


def answer_step(registry, step_id, words, *, waiting=False):
    """Answer as the customer does; return what they are told, nothing if all is well."""

    def work(env):
        step = env["service.step"].browse(step_id)
        step._submit(step.partner_id, {"response": words})

    return _attempt(registry, work, waiting=waiting)


def waive_step(registry, step_id, *, waiting=False):
    """Go on without the answer, as a colleague does; return what they are told."""

    def work(env):
        env["service.step"].browse(step_id).action_waive("Found it.")

    return _attempt(registry, work, waiting=waiting)


def see_step(registry, step_id, *, waiting=False):
    """Open the page, as the customer does; return what they are told."""

    def work(env):
        env["service.step"].browse(step_id)._see()

    return _attempt(registry, work, waiting=waiting)


def return_step(registry, step_id):
    """Ask again; return what the colleague is told."""

    def work(env):
        env["service.step"].browse(step_id).action_return("Which part of it?")

    return _attempt(registry, work)


def move_promise(registry, promise_id, days, *, waiting=False):
    """Move a promise by some days; return what the colleague is told."""

    def work(env):
        promise = env["service.commitment"].browse(promise_id)
        promise.action_move(fields.Date.add(fields.Date.today(), days=days), "It takes longer.")

    return _attempt(registry, work, waiting=waiting)


def _attempt(registry, work, *, waiting=False):
    try:
        attempt(registry, work, waiting=waiting)
    except UserError as refusal:
        return str(refusal)
    return ""


ORDERS = (create_service, answer_step, waive_step, see_step, return_step, move_promise)
