"""Orders about the page of a service: what staff does while a customer has it open."""

from conversation import attempt, pause, transaction

from odoo import Command, fields

PASSWORD = "live-customer"  # noqa: S105 (of a database that is thrown away)


def create_open_service(registry):
    """Create a service with a delay that was told, and somebody who can sign in to its page.

    :return: id of the project, login and password
    """
    with transaction(registry) as env:
        company = env["res.partner"].create({"name": "Nordlicht Bakery"})
        number = env["res.users"].search_count([]) + 1
        user = env["res.users"].create(
            {
                "name": "Ada Crumb",
                "login": f"ada{number}",
                "password": PASSWORD,
                "email": "ada@nordlicht.example",
                "tz": "UTC",
                "group_ids": [Command.set(env.ref("base.group_portal").ids)],
            }
        )
        user.partner_id.parent_id = company
        project = env["project.project"].create(
            {
                "name": "Pump",
                "customer_label": "Your heat pump",
                "partner_id": user.partner_id.id,
                "privacy_visibility": "portal",
                "user_id": env.ref("base.user_admin").id,
            }
        )
        env["project.milestone"].create(
            [
                {
                    "name": name,
                    "customer_label": name,
                    "customer_visible": True,
                    "project_id": project.id,
                }
                for name in ("Order", "Visit", "Installation", "Test", "Handover")
            ]
        )
        _tell_delay(env, project, "Heat pump runs")
        return project.id, user.login, PASSWORD


def make_link(registry, project_id):
    """Return the token of a new link to a page."""
    with transaction(registry) as env:
        project = env["project.project"].browse(project_id)
        links = env["service.portal.link"]
        return links._make(project, project.partner_id, f"/my/service/{project_id}")


def revoke_links(registry, project_id):
    """Let no link to a page open it any more."""
    _work(registry, lambda env: _get_project(env, project_id).action_revoke_service_links())


def rename_service(registry, project_id, name):
    """Give a service another name for its customer; return how often it took."""
    return _work(
        registry, lambda env: _get_project(env, project_id).write({"customer_label": name})
    )


def reach_milestone(registry, project_id, name):
    """Finish a step of a service."""

    def work(env):
        steps = _get_project(env, project_id).milestone_ids
        steps.filtered(lambda one: one.customer_label == name).is_reached = True

    _work(registry, work)


def tell_of_delay(registry, project_id, name):
    """Promise something and tell the customer that it takes longer."""
    _work(registry, lambda env: _tell_delay(env, _get_project(env, project_id), name))


def ask_customer(registry, project_id, titles):
    """Ask the customer for something."""

    def work(env):
        steps = env["service.step"].create(
            [
                {
                    "title": title,
                    "project_id": project_id,
                    "party": "customer",
                    "kind": "upload",
                    "why": "We plan the pipes on it.",
                    "due": fields.Date.add(fields.Date.today(), days=30),
                    "blocking": True,
                }
                for title in titles
            ]
        )
        steps.action_request()

    _work(registry, work)


def count_unseen_delays(registry, project_id):
    """Return how many delays the customer was told of and has not looked at."""
    with transaction(registry) as env:
        delays = _get_project(env, project_id).service_delay_ids
        return len(delays.filtered(lambda one: one.sent_at and not one.seen_at))


def change_milestones(registry, project_id, name, *, waiting=False):
    """Rename the steps of a service; return how often it took.

    :param waiting: pause after the change and before anything follows from it
    """
    paused = []

    def work(env):
        _get_project(env, project_id).milestone_ids.customer_label = name
        env.flush_all()
        if waiting and not paused:
            paused.append(True)
            pause()

    return attempt(registry, work)


def read_page_version(registry, project_id):
    """Return the version of the page of a service."""
    with transaction(registry) as env:
        return _get_project(env, project_id).service_version


def add_up_versions(registry, *, waiting=False):
    """Do the daily clean-up of versions; return how often it took.

    :param waiting: pause before the commit
    """
    return _work(
        registry, lambda env: env["service.page.version"].sudo()._gc_rows(), waiting=waiting
    )


def _get_project(env, project_id):
    return env["project.project"].browse(project_id)


def _tell_delay(env, project, name):
    promise = env["service.commitment"].create(
        {"name": name, "project_id": project.id, "current_to": "2998-03-06"}
    )
    delay = env["service.delay"].create({"project_id": project.id, "commitment_id": promise.id})
    delay.write(
        {
            "reason_id": env.ref("service_experience.delay_reason_tp_sup").id,
            "new_to": "2998-03-13",
            "customer_explanation": f"{name}: the part arrived damaged. We sent it back.",
            "doing": "A new one is on its way.",
            "next_update_due": "2998-03-10 15:00:00",
            "option_ids": [Command.create({"name": "A loan device until then"})],
        }
    )
    delay.action_confirm()
    delay.action_tell()


def _work(registry, work, *, waiting=False):
    return attempt(registry, work, waiting=waiting)


ORDERS = (
    create_open_service,
    make_link,
    revoke_links,
    rename_service,
    reach_milestone,
    tell_of_delay,
    ask_customer,
    count_unseen_delays,
    change_milestones,
    read_page_version,
    add_up_versions,
)
