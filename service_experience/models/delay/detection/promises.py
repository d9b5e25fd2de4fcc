# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Which promises the customers of requests and services count on, read for many at once."""

from odoo.fields import Domain

from ...journey.service_commitment import OPEN_STATES
from ...journey.service_step import OPEN_STATES as OPEN_STEPS
from .rules import Promise


def get_promises(places, now):
    """Return what the customer of each place counts on, the main promise first.

    :param places: requests or services that are open, with the rights to read everything
    :param now: naive UTC
    :return: ``{id: [Promise, ...]}``; empty for a place that promises nothing
    """
    commitments = _get_commitments(places)
    is_request = places._name == "project.task"
    timers = places._service_resolution_timers() if is_request else {}
    return {
        place.id: _get_commitment_promises(place, commitments.get(place.id))
        or _get_dated_promises(place, now, "timer" if place.id in timers else "date")
        for place in places
    }


def _get_commitments(places):
    """Return the open commitments of each place, in one query besides those for their dates."""
    is_service = places._name == "project.project"
    here = Domain("project_id" if is_service else "task_id", "in", places.ids)
    if is_service:
        here &= Domain("task_id", "=", False)
    commitments = places.env["service.commitment"].search(
        here
        & Domain("state", "in", (*OPEN_STATES, "broken"))
        & Domain("kept_at", "=", False)
        & Domain("direction", "=", "ours")
        & Domain("customer_visible", "=", True)
        & Domain("partner_id", "!=", False),
        order="current_to, id",
    )
    # What was promised for a request stays with its customer, wherever the request has gone.
    here = commitments.filtered(lambda one: is_service or one.project_id == one.task_id.project_id)
    return here.grouped(lambda one: (one.project_id if is_service else one.task_id).id)


def _get_commitment_promises(place, commitments):
    if not commitments:
        return []
    main = place.primary_commitment_id
    is_near_end = place._is_near_end()
    return [
        _get_commitment_promise(commitment, is_near_end)
        for commitment in commitments.sorted(lambda one: one != main)
        if commitment._get_last_day()
    ]


def _get_commitment_promise(commitment, is_near_end):
    day = commitment._get_last_day()
    steps = commitment.step_ids
    if steps:
        is_near_end = len(steps.filtered(lambda step: step.state in OPEN_STEPS)) <= 1
    return Promise(
        key=f"commitment{commitment.id}",
        day=day,
        end=commitment._get_end_of_day(day),
        commitment_id=commitment.id,
        is_near_end=is_near_end,
    )


def _get_dated_promises(place, now, source):
    """Return the date that stands on the customer's page without a commitment, if there is one."""
    service = place._service_of()
    at = place._is_shown_to_customer() and place._get_promised_at(now)
    if not at:
        return []
    is_request = place._name == "project.task"
    return [
        Promise(
            key=f"{'task' if is_request else 'project'}{place.id}",
            day=service._service_last_day(at),
            end=at,
            source=source,
            is_near_end=place._is_near_end(),
        )
    ]
