# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""What a customer may know about the journey: needs, next steps, promises, facts and history."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ..journey.service_step import ASKED_STATES, OPEN_STATES
from .customer_parts import of_company, of_service_or
from .service_snapshot_found import REQUEST_LIMIT
from .service_snapshot_lines import prepare_entry, prepare_handoff
from .service_snapshot_requests import REQUEST_FIELDS

STEP_LIMIT = 100
NEED_LIMIT = 30
NEXT_STEP_LIMIT = 6
NEXT_REQUEST_LIMIT = 3
PROMISE_LIMIT = 30
# What is still to come first, then what was fulfilled last.
PROMISE_ORDER = "kept_at desc nulls first, current_to, id"
FACT_LIMIT = 30
ENTRY_LIMIT = 20
# All that the page says of a promise follows from these.
PROMISE_FIELDS = (
    "confidence",
    "current_from",
    "current_to",
    "customer_visible",
    "direction",
    "kept_at",
    "known_by",
    "name",
    "partner_id",
    "project_id",
    "revision_ids",
    "state",
    "task_id",
)
# For so long the page says who took over; the history says it for good.
HANDOFF_DAYS = 30


class Journey(NamedTuple):
    """What one viewer may see of a service; records with the rights to read them.

    More was read than is shown: ``found`` are the requests that may be, by their ids, ``counts``
    those of all of them by their customer, and some of the ``promises`` only say when something is
    due. ``entries``, ``handoff`` and ``delays`` are plain values already.
    """

    steps: models.Model
    found: dict
    counts: dict
    promises: models.Model
    facts: models.Model
    entries: list
    entry_count: int
    handoff: dict | None
    delays: list


class Scope(NamedTuple):
    """What a page is about: a service, or one request of it.

    :param parts: domain of the parts of the journey that are shown
    :param requests: ``Query`` of the requests that are shown
    :param request: the request, empty for the service
    :param limit: how many requests are shown
    """

    parts: Domain
    requests: Query
    request: models.Model
    limit: int


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_scope(self, viewer, request=None, limit=REQUEST_LIMIT):
        """Return what ``viewer`` may see of this service, or of one request that is theirs."""
        domain = self._service_request_domain(viewer)
        if request:
            domain &= Domain("id", "=", request.id)
        requests = self.env["project.task"]._search(domain)
        parts = self._service_part_domain(viewer, requests)
        if request:
            parts &= Domain("task_id", "=", request.id)
        return Scope(parts, requests, request or self.env["project.task"], limit)

    def _service_journey_domain(self, viewer):
        """Return the domain of the parts of this service that belong to ``viewer``.

        Each keeps the customer it was meant for, whoever the customer of the service is now.
        """
        requests = self.env["project.task"]._search(self._service_request_domain(viewer))
        return self._service_part_domain(viewer, requests)

    def _service_part_domain(self, viewer, requests):
        return (
            Domain("project_id", "=", self.id)
            & of_company(viewer.commercial_partner_id)
            & of_service_or(requests)
        )

    def _service_journey(self, viewer, scope, has):
        here, subject, env = scope.parts, scope.request or self, self.env
        steps = self._service_shown_steps(here) if has.steps else env["service.step"]
        found, counts = self._service_requests(viewer, scope)
        tasks = self.env["project.task"].browse(found) | steps.task_id
        tasks.fetch(REQUEST_FIELDS)
        main_promises = tasks.primary_commitment_id | subject.primary_commitment_id
        return Journey(
            steps,
            found,
            counts,
            self._service_promises(here, main_promises) if has.promises else main_promises,
            self._service_facts_of(viewer, scope) if has.facts else env["service.fact"],
            *(self._service_entries(here) if has.entries else ([], 0, None)),
            self._service_told_delays(here) if has.delays else [],
        )

    def _service_shown_steps(self, here):
        """Return open steps: those of the customer before all others, then by their day."""
        asked = Domain("state", "in", (*ASKED_STATES, "submitted"))
        return self.env["service.step"].search_fetch(
            here
            & Domain("customer_visible", "=", True)
            & Domain("state", "in", OPEN_STATES)
            & (Domain("party", "!=", "customer") | asked)
            & self._service_wanted_domain(),
            order="party, due, sequence, id",
            limit=STEP_LIMIT,
        )

    def _service_wanted_domain(self):
        """Return the domain of the steps that are of use: none of a cancelled request is."""
        is_wanted = Domain("state", "!=", "1_canceled")
        return Domain("task_id", "=", False) | Domain("task_id", "any!", is_wanted)

    def _service_promises(self, here, main_promises):
        """Return the promises that may be shown, and those by which something is judged."""
        Commitment = self.env["service.commitment"]
        shown = here & Domain("customer_visible", "=", True) & Domain("state", "!=", "draft")
        first = Commitment._search(shown, order=PROMISE_ORDER, limit=PROMISE_LIMIT)
        # One list of ids: two conditions would be checked for every promise there is.
        ids = SQL("(%s) UNION SELECT UNNEST(%s::int[])", first.select(), main_promises.ids)
        is_one = Domain("id", "any!", ids)
        return Commitment.search_fetch(is_one, PROMISE_FIELDS, order=PROMISE_ORDER)

    def _service_shown_promises(self, viewer, promises):
        # Nothing comes before the first ones: what was read besides falls off the end.
        shown = promises.filtered(lambda one: one._is_shown_to(viewer))[:PROMISE_LIMIT]
        shown.task_id.fetch(["state"])  # mostly known: those of the requests that are shown
        return shown

    def _service_facts_of(self, viewer, scope):
        """Return what the customer told; about a request, what they answered to its steps."""
        asked = Domain("step_id.task_id", "=", scope.request.id) if scope.request else Domain.TRUE
        return self.env["service.fact"].search_fetch(
            self._service_fact_domain(viewer) & Domain("is_valid", "=", True) & asked,
            limit=FACT_LIMIT,
        )

    def _service_fact_domain(self, viewer):
        """Return the domain of what the company of ``viewer`` told and may see.

        What is personal is shown to whoever said it, alone: colleagues of ours who look at the
        page as the customer see nothing of it.
        """
        is_reader = viewer == self.env.user.partner_id
        return (
            of_company(viewer.commercial_partner_id)
            & Domain("project_id", "in", [False, self.id])
            & Domain("customer_visible", "=", True)
            & (
                Domain("sensitivity", "!=", "personal")
                | Domain("said_by_id", "=", viewer.id if is_reader else 0)
            )
        )

    def _service_entries(self, here):
        """Return the latest lines of the history, how many there are, and who took over last.

        All in one query. Of a handoff nothing is read but the line by which the customer was told
        of it: that is all they may know.
        """
        Entry = self.env["service.timeline.entry"]
        since = fields.Datetime.now() - timedelta(days=HANDOFF_DAYS)
        told = Domain("key", "=", "handoff_accepted") & Domain("occurred_at", ">=", since)
        latest = Entry._search(here, order=Entry._order, limit=ENTRY_LIMIT)
        last_told = Entry._search(here & told, order=Entry._order, limit=1)
        rows = self.env.execute_query_dict(
            SQL(
                "(%s) UNION ALL (%s) ORDER BY count, occurred_at DESC, id DESC",
                latest.select(*Entry._service_columns(latest), SQL("COUNT(*) OVER () AS count")),
                last_told.select(*Entry._service_columns(last_told), SQL("NULL")),
            )
        )
        lines = [row for row in rows if row["count"]]
        return (
            [prepare_entry(row) for row in lines],
            lines[0]["count"] if lines else 0,
            next((prepare_handoff(row) for row in rows if not row["count"]), None),
        )

    def _fetch_service_people(self, viewer, journey):
        """Read the names of all people in one query, wherever they are named."""
        steps, found = journey.steps, journey.found
        users = (
            self.contact_user_id
            | self.user_id
            | self.env["project.task"].browse(found).contact_user_id
            | self.env["res.users"].browse(one.user_id for one in found.values() if one.user_id)
            | steps.owner_user_id
        )
        people = (
            users._service_people()
            | steps.owner_partner_id
            | steps.task_id.partner_id
            | steps.submitted_by_id
            | steps.partner_id
            | journey.facts.said_by_id
            | journey.promises.partner_id
            | self.partner_id
            | viewer.commercial_partner_id
        )
        people.fetch(["name", "is_company", "function", "commercial_partner_id", "tz"])

    def _prepare_service_journey(self, viewer, journey, requests):
        open_requests = requests.filtered(lambda request: not request.is_closed)
        asked = journey.steps.filtered(lambda step: step.state in ASKED_STATES)
        needs = asked.filtered(lambda step: step.party == "customer")
        submitted = journey.steps.filtered(lambda step: step.state == "submitted")
        told = {delay["revision_id"]: delay for delay in journey.delays}
        return {
            "needs": [step._prepare_service_need(viewer) for step in needs[:NEED_LIMIT]],
            "needs_more": len(needs) > NEED_LIMIT,
            "submitted": [step._prepare_service_submitted() for step in submitted],
            "next_steps": self._prepare_service_next_steps(
                journey.steps - submitted, open_requests[:NEXT_REQUEST_LIMIT], journey.found
            ),
            "delays": [delay for delay in journey.delays if delay["is_open"]],
            "promises": [
                promise._prepare_service_promise(told)
                for promise in self._service_shown_promises(viewer, journey.promises)
            ],
            "facts": [fact._prepare_service_fact(viewer) for fact in journey.facts],
            "handoff": journey.handoff,
            "timeline": journey.entries,
            "timeline_more": journey.entry_count - len(journey.entries),
        }

    def _prepare_service_next_steps(self, steps, requests, found):
        lines = [
            *(task._prepare_service_next_step(found[task.id].user_id) for task in requests),
            *(step._prepare_service_next_step() for step in steps),
        ]
        return sorted(lines, key=_get_due)[:NEXT_STEP_LIMIT]

    def _service_find_step(self, viewer, step_id):
        """Return the step that ``viewer`` was asked for, with all rights; empty if none is theirs.

        Also one that is answered or no longer needed, so that an old mail leads somewhere.
        """
        # The viewer may read no steps; the domain is the whole answer.
        service_sudo = self.sudo()
        return service_sudo.env["service.step"].search(
            service_sudo._service_journey_domain(viewer.sudo())
            & Domain("id", "=", step_id)
            & Domain("party", "=", "customer")
            & Domain("customer_visible", "=", True)
            & Domain("requested_at", "!=", False)
        )

    def _service_asked_steps(self, viewer):
        """Return the steps that ``viewer`` is asked for now, with all rights."""
        service_sudo = self.sudo()  # as above
        return service_sudo.env["service.step"].search(
            service_sudo._service_journey_domain(viewer.sudo())
            & Domain("party", "=", "customer")
            & Domain("customer_visible", "=", True)
            & Domain("state", "in", ASKED_STATES)
            & service_sudo._service_wanted_domain()
            # What a colleague was asked has not reached them because others look at the page.
            & Domain("owner_partner_id", "in", [False, viewer.id]),
            order="due, sequence, id",
            limit=NEED_LIMIT,
        )


def _get_due(line):
    """Return the key that sorts days and moments; a day lasts until its end."""
    due = line["due"] or datetime.max
    return due if isinstance(due, datetime) else datetime.combine(due, time.max)
