# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The facts that the rules judge, read for many places in a fixed number of queries."""

from collections import defaultdict

from odoo.fields import Domain

from ...handoff.service_handoff import INBOX_STATES
from ...handoff.service_handoff import OPEN_STATES as OPEN_HANDOFFS
from ...journey.service_step import ASKED_STATES
from .promises import get_promises
from .rules import BOUNCES, Clock, Deadline, Facts, Overdue, Transfer


def get_facts(places, now):
    """Return the facts about each of these places that promises something.

    :param places: open requests, or services, with the rights to read everything
    :param now: naive UTC
    :return: ``{id: Facts}``
    """
    promises = get_promises(places, now)
    places = places.filtered(lambda place: promises[place.id])
    if not places:
        return {}
    services = places.env["project.project"].union(*(place._service_of() for place in places))
    hours = services._service_working_times()
    overdue, transfers = _get_overdue(places), _get_transfers(places)
    facts = {
        place.id: Facts(
            now=now,
            hours=hours[place._service_of()],
            promises=promises[place.id],
            overdue=overdue[place.id],
            transfers=transfers[place.id],
            next_update_due=place.next_update_due or None,
        )
        for place in places
    }
    add = _add_request_facts if places._name == "project.task" else _add_service_facts
    add(places, facts)
    return facts


def _get_place_field(places):
    return "project_id" if places._name == "project.project" else "task_id"


def _here(places):
    """Return the domain of what belongs to these places themselves."""
    name = _get_place_field(places)
    here = Domain(name, "in", places.ids)
    return here & Domain("task_id", "=", False) if name == "project_id" else here


def _get_overdue(places):
    """Return the steps that the customer or a third party owes us, per place."""
    name, found = _get_place_field(places), defaultdict(list)
    steps = places.env["service.step"].search_fetch(
        _here(places)
        & Domain("party", "in", ("customer", "third_party"))
        & Domain("state", "in", ASKED_STATES)
        & Domain("due", "!=", False),
        ["title", "party", "due", "project_id", "task_id"],
        order="due, id",
    )
    for step in steps:
        at = step.project_id._service_end_of(step.due)
        found[step[name].id].append(Overdue(step.id, step.title, step.party, at))
    return found


def _get_transfers(places):
    """Return the handoffs that are not accepted in time, or that came back, per place."""
    name, found = _get_place_field(places), defaultdict(list)
    claims = places.env["service.handoff.claim"].search_fetch(
        _here(places) & Domain("handoff_id.state", "in", OPEN_HANDOFFS), ["handoff_id", name]
    )
    for claim in claims:
        handoff = claim.handoff_id
        timer = handoff.timer_id
        is_waiting = handoff.state in INBOX_STATES
        due = (timer.breached_at or timer.deadline) if is_waiting else None
        if due or handoff.bounce_count >= BOUNCES:
            found[claim[name].id].append(
                Transfer(handoff.id, handoff.name or "", due or None, handoff.bounce_count)
            )
    return found


# Requests


def _add_request_facts(tasks, facts):
    clocks = _get_clocks(tasks)
    samples = tasks.env["service.forecast.case"]._get_samples(tasks)
    for task in tasks:
        fact, sample = facts[task.id], samples.get(task.id)
        fact.deadlines = _get_own_deadline(task, fact.promises)
        fact.predecessors = _get_predecessors(task, fact.now)
        fact.clocks = clocks[task.id]
        fact.stage = task.stage_id.name or ""
        fact.stage_since = task.date_last_stage_update or task.create_date
        fact.stale_after_days = task.stage_id.rotting_threshold_days
        if sample and sample.values:
            fact.sample, fact.stage_since = sample.values, sample.entered_at


def _get_own_deadline(task, promises):
    """Return the deadline of a request, unless it is itself what was promised."""
    if not task.date_deadline or promises[0].source != "commitment":
        return ()
    return (Deadline(f"task{task.id}", task.name, task.date_deadline),)


def _get_predecessors(task, now):
    """Return the requests that block this one and have an end by which they should be done."""
    return [
        Deadline(f"task{other.id}", other.name, end)
        for other in task.depend_on_ids
        if not other.is_closed and (end := other._get_promised_at(now) or other.date_deadline)
    ]


def _get_clocks(tasks):
    """Return the running timers towards the end of the work, per request."""
    found = defaultdict(list)
    timers = tasks.env["service.sla.timer"].search_fetch(
        Domain("task_id", "in", tasks.ids)
        & Domain("kind", "=", "sla")
        & Domain("metric", "in", ("resolution", "stage"))
        & Domain("state", "in", ("running", "paused")),
        ["task_id", "warn_at", "deadline", "breached_at"],
    )
    for timer in timers:
        found[timer.task_id.id].append(
            Clock(
                timer.id, timer.warn_at or None, timer.deadline or None, timer.breached_at or None
            )
        )
    return found


# Services


def _add_service_facts(projects, facts):
    milestones = projects.env["project.milestone"].search_fetch(
        Domain("project_id", "in", projects.ids)
        & Domain("is_reached", "=", False)
        & Domain("deadline", "!=", False),
        ["project_id", "name", "deadline"],
        order="deadline, id",
    )
    for project_id, deadline in _get_first_deadlines(projects).items():
        facts[project_id].deadlines = [deadline]
    for milestone in milestones:
        fact, end = facts[milestone.project_id.id], milestone.project_id._service_end_of
        own = Deadline(f"milestone{milestone.id}", milestone.name, end(milestone.deadline))
        fact.deadlines = [*fact.deadlines, own]


def _get_first_deadlines(projects):
    """Return the first deadline among the open tasks of each service that promise nothing."""
    tasks = projects.env["project.task"]
    internal = ~tasks._service_visible_domain() | Domain("customer_visible", "=", False)
    rows = tasks._read_group(
        Domain("project_id", "in", projects.ids)
        & Domain("is_closed", "=", False)
        & Domain("is_template", "=", False)
        & Domain("date_deadline", "!=", False)
        & internal,
        ["project_id"],
        ["date_deadline:min"],
    )
    return {
        project.id: Deadline(f"tasks{at.isoformat()}", project.env._("Open tasks"), at)
        for project, at in rows
    }
