"""Orders about all pages of a customer: one service with something of everything."""

from conversation import transaction
from orders_live import create_open_service

from odoo import Command, fields


def create_full_service(registry):
    """Create a service in which the customer can do all that they ever can.

    :return: ids by what they are of; login and password of the customer; a token to open it by
    """
    number, login, password = create_open_service(registry)
    with transaction(registry) as env:
        project = env["project.project"].browse(number)
        project.user_id = _create_colleague(env, number)
        step = _ask(env, project)
        request = env["project.task"].create(
            {
                "name": "T",
                "customer_label": "Radiator",
                "customer_visible": True,
                "project_id": number,
                "partner_id": project.partner_id.id,
            }
        )
        promise = env["service.commitment"].create(
            {"name": "It runs quietly", "project_id": number, "current_to": "2998-04-01"}
        )
        fact = _create_fact(env, project)
        delay = env["service.delay"].search([("project_id", "=", number)])
        link = env["service.portal.link"]
        return {
            "login": login,
            "password": password,
            "project": number,
            "step": step.id,
            "request": request.id,
            "promise": promise.id,
            "delay": delay.id,
            "fact": fact.id,
            "token": link._make(project, project.partner_id, f"/my/service/{number}"),
        }


def _create_colleague(env, number):
    return env["res.users"].create(
        {
            "name": "Emil Kettle",
            "login": f"emil{number}",
            "group_ids": [
                Command.link(env.ref("service_experience.service_experience_group_user").id)
            ],
        }
    )


def _ask(env, project):
    step = env["service.step"].create(
        {
            "title": "Choose the tiles",
            "project_id": project.id,
            "party": "customer",
            "kind": "answer",
            "why": "We order them on it.",
            "due": fields.Date.add(fields.Date.today(), days=30),
            "owner_user_id": project.user_id.id,
        }
    )
    step.action_request()
    return step


def _create_fact(env, project):
    return env["service.fact"].create(
        {
            "project_id": project.id,
            "question": "How old is the house?",
            "answer": "Built in 1962.",
            "said_by_id": project.partner_id.id,
        }
    )


def read_service(registry, found):
    """Return what the customer did: to the step, the delay, the promise and the fact."""
    with transaction(registry) as env:
        delay = env["service.delay"].browse(found["delay"])
        fact = env["service.fact"].browse(found["fact"])
        project = env["project.project"].browse(found["project"])
        return {
            "step": env["service.step"].browse(found["step"]).response,
            "delay": [delay.response, delay.response_text, delay.option_id.name],
            "doubts": env["service.delay"].search_count(
                [("commitment_id", "=", found["promise"]), ("rule", "=", "customer")]
            ),
            "fact": fact.superseded_by_id.answer,
            "question": project.message_ids.filtered(
                lambda one: one.author_id == project.partner_id
            )[:1].preview,
            "level": project._service_contact_level(project.partner_id),
        }


def publish_language(registry, lang):
    """Add a language to all websites."""
    with transaction(registry) as env:
        env["res.lang"]._activate_lang(lang)
        language = env["res.lang"].search([("code", "=", lang)])
        env["website"].search([]).language_ids = [Command.link(language.id)]


ORDERS = (create_full_service, read_service, publish_language)
