# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Whom and what the items of a batch mean, as far as the caller may see it.

Each model is asked once for the whole batch, with the rights of the caller: nothing they may not
see is found, and no error tells of it. Nothing is ever created on a guess.
"""

from typing import NamedTuple

from odoo import models
from odoo.tools.translate import LazyTranslate

from .ingest_customer import CustomerLookup

_lt = LazyTranslate(__name__)

SUBJECT_KEYS = {"customer", "service", "requests"}
ENDED_HEALTH = ("done", "cancelled")


class Found(NamedTuple):
    """The records that an item means; empty ones were not named."""

    project: models.Model
    tasks: models.Model
    kind: models.Model
    team: models.Model
    user: models.Model


class Lookup:
    """What the items of one batch may mean."""

    def __init__(self, env, items):
        self.env = env
        self.customers = CustomerLookup(env, [item.get("customer", {}) for item in items])
        self.projects = self._get_projects()
        self.task_ids = self._get_task_ids(items)
        self.kinds = self._get_by_name(
            "service.handoff.type", "code", {item.get("type", "system_in") for item in items}
        )
        self.teams = self._get_by_name(
            "service.team", "name", {item["to_team"] for item in items if "to_team" in item}
        )
        self.users = self._get_by_name(
            "res.users", "login", self._get_logins(items), [("share", "=", False)]
        )
        self.topics = self._get_by_name(
            "service.topic",
            "name",
            {fact["topic"] for item in items for fact in item.get("facts", ()) if "topic" in fact},
        )

    def _get_projects(self):
        projects = self.env["project.project"].search(
            [
                ("partner_id.commercial_partner_id", "in", self.customers.found.ids),
                ("is_template", "=", False),
            ]
        )
        return projects.grouped(lambda project: project.partner_id.commercial_partner_id)

    def _get_task_ids(self, items):
        wanted = {row["id"] for item in items for row in item.get("requests", ())}
        return set(self.env["project.task"].search([("id", "in", list(wanted))]).ids)

    def _get_by_name(self, model, field, names, domain=()):
        return self.env[model].search([(field, "in", list(names)), *domain]).grouped(field)

    @staticmethod
    def _get_logins(items):
        owners = {row["owner"] for item in items for row in item.get("steps", ()) if "owner" in row}
        return owners | {item["to_user"] for item in items if "to_user" in item}

    # One item

    def find(self, item, path, errors, project=None):
        """Return what an item means.

        :param path: where the item is, for the errors
        :param errors: what cannot be found is added to them
        :param project: the service, where it is known already
        """
        project = project or self._find_project(item, path, errors)
        kind = self._find_kind(item, project, path, errors)
        self._find_checks(item, kind, path, errors)
        self._find_named(item, path, errors)
        return Found(
            project,
            self._find_tasks(item, project, path, errors),
            kind,
            self._find_one(self.teams, item, "to_team", path, errors),
            self._find_one(self.users, item, "to_user", path, errors),
        )

    def _find_project(self, item, path, errors):
        nothing = self.env["project.project"]
        customer = self.customers.find(item.get("customer", {}), f"{path}.customer", errors)
        if not customer:
            return nothing
        services, wanted = self.projects.get(customer, nothing), item.get("service", {})
        chosen = self._choose(services, wanted, item)
        if len(chosen) == 1:
            return chosen
        errors.add(
            f"{path}.service",
            _lt("This customer has several services: send the id of the one it is about.")
            if chosen
            else _lt("This customer has no such service that you may see: correct the service."),
        )
        return nothing

    def _choose(self, services, wanted, item):
        if "id" in wanted:
            services = services.filtered(lambda one: one.id == wanted["id"])
        if "name" in wanted:
            name = wanted["name"].casefold()
            services = services.filtered(lambda one: one.name.strip().casefold() == name)
        elif not wanted and item.get("requests"):
            services &= self._get_tasks(item).project_id
        if not wanted and len(services) > 1:
            services = services.filtered(lambda one: one.service_health not in ENDED_HEALTH)
        return services

    def _get_tasks(self, item):
        wanted = {row["id"] for row in item.get("requests", ())}
        return self.env["project.task"].browse(wanted & self.task_ids)

    def _find_tasks(self, item, project, path, errors):
        tasks = self._get_tasks(item).filtered(lambda task: task.project_id == project)
        for index, row in enumerate(item.get("requests", ())):
            if project and row["id"] not in tasks.ids:
                errors.add(
                    f"{path}.requests[{index}].id",
                    _lt("The service has no such request that you may see: correct the id."),
                )
        return tasks

    def _find_kind(self, item, project, path, errors):
        """Return the type of the company with this code before that of all companies."""
        company = project.company_id or self.env.company
        kinds = self.kinds.get(item.get("type", "system_in"), self.env["service.handoff.type"])
        own = kinds.filtered(lambda kind: kind.company_id == company)
        kind = (own or kinds.filtered(lambda one: not one.company_id))[:1]
        if not kind:
            errors.add(
                f"{path}.type", _lt("No handoff type has this code: use the code of a type.")
            )
        return kind

    def _find_checks(self, item, kind, path, errors):
        names = kind._get_item_names() if kind else {}
        for index, check in enumerate(item.get("checks", ()) if kind else ()):
            if check["name"].casefold() not in names:
                errors.add(
                    f"{path}.checks[{index}].name",
                    _lt("The type of the handoff has no item of this name: correct the name."),
                )

    def _find_named(self, item, path, errors):
        for index, step in enumerate(item.get("steps", ())):
            self._find_one(self.users, step, "owner", f"{path}.steps[{index}]", errors)
        for index, fact in enumerate(item.get("facts", ())):
            self._find_one(self.topics, fact, "topic", f"{path}.facts[{index}]", errors)

    def _find_one(self, known, values, key, path, errors):
        nobody = self.env["res.users"]
        if key not in values:
            return nobody
        found = known.get(values[key], nobody)
        if len(found) == 1:
            return found
        errors.add(
            f"{path}.{key}",
            _lt("Several have this name: rename one, or leave it out.")
            if found
            else _lt("Nobody and nothing that you may see has this name: correct it."),
        )
        return nobody
