# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.sql_db import Cursor
from odoo.tests import new_test_user

from .delay_page_common import PROMISED, READ, TOLD, DelayPageCase
from .step_page_common import PDF

REQUESTS = 1_000


class FullServiceCase(DelayPageCase):
    """A service with a thousand requests that has something to say in every section."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.staff = cls.employee | new_test_user(
            cls.env, "page_fitter", groups="project.group_project_user", name="Ines Amsel"
        )
        cls.stages = cls.env["project.task.type"].create(
            [
                {"name": "New", "customer_visible": True, "customer_label": "Received"},
                {"name": "Work", "customer_visible": True, "customer_label": "Being repaired"},
                {"name": "Ready", "fold": True},
            ]
        )
        cls.project.type_ids = cls.stages
        cls.env["service.sla.policy"].create(
            {
                "name": "Standard",
                "target_ids": [
                    Command.create({"metric": "resolution", "duration": 40, "unit": "hour"})
                ],
            }
        )

    def _fill(self):
        """Give the service more of everything than its page shows."""
        with self._without_messages(), self.at(PROMISED):
            requests = self._create_requests(REQUESTS)
            self._create_milestones(8)
            self._create_steps(requests)
            self._create_facts(35)
            self._create_documents(12)
            self.env["service.wait"].create(
                [{"task_id": task.id, "reason": "Part"} for task in requests[:5]]
            )
        self._move_promises(requests)
        for number in range(6):
            self._tell(self._promise(f"Promise {number}"), options=["A loan device"])
        with self.at(TOLD):
            self.env["service.timeline.entry"]._record(
                self.project, "handoff_accepted", {"who": "Ines"}
            )

    def _create_requests(self, count):
        """Create requests of the service, two of five of them done; return all."""
        open_stages, done_stage = self.stages[:2], self.stages[2]
        tasks = self.env["project.task"].with_context(tracking_disable=True)
        requests = tasks.create(
            [
                {
                    "name": "INTERNAL-MARKER",
                    "project_id": self.project.id,
                    "customer_visible": True,
                    "customer_label": f"Repair of radiator {number}",
                    "stage_id": open_stages[number % 2].id,
                    "user_ids": self.staff[number % 2].ids,
                    "contact_user_id": self.staff[number % 2].id,
                }
                for number in range(count)
            ]
        )
        requests[count * 3 // 5 :].write({"stage_id": done_stage.id, "state": "1_done"})
        return requests

    def _create_milestones(self, count):
        self.env["project.milestone"].create(
            [
                {
                    "name": "INTERNAL-MARKER",
                    "project_id": self.project.id,
                    "customer_visible": True,
                    "customer_label": f"Floor {number}",
                    "sequence": number,
                    "is_reached": number < count // 2,
                    "expected_from": date(2026, 3, 9) + timedelta(weeks=number),
                }
                for number in range(count)
            ]
        )

    def _create_steps(self, requests):
        """Ask for more than the page shows; some is answered, some is for others to do."""
        owner = {"project_id": self.project.id, "owner_user_id": self.employee.id}
        common = {**owner, "due": "2026-03-20", "why": "We plan the pipes on it."}
        steps = self.env["service.step"].create(
            [
                {
                    **common,
                    "title": f"Send us plan {number}",
                    "task_id": requests[number].id if number % 4 == 0 else False,
                    "party": "customer",
                    "kind": "answer",
                    "effort_minutes": 10,
                }
                for number in range(25)
            ]
        )
        steps.action_request()
        for step in steps[-5:]:
            step._submit(self.person, {"response": "Yes"})
        for party in ("us", "third_party"):
            common |= {"party": party, "customer_visible": True, "third_party_label": "the grid"}
            self.env["service.step"].create([{**common, "title": "Look at it"} for _ in range(5)])

    def _create_facts(self, count):
        self.env["service.fact"].create(
            [
                {
                    "project_id": self.project.id,
                    "question": f"Question {number}",
                    "answer": "In the cellar, behind the door to the garden.",
                    "said_by_id": self.person.id,
                }
                for number in range(count)
            ]
        )

    def _create_documents(self, count):
        self.project.customer_document_ids = self.env["ir.attachment"].create(
            [{"name": f"Plan {number}.pdf", "raw": PDF} for number in range(count)]
        )
        self.project._service_choose_level(self.person, "needed")

    def _move_promises(self, requests):
        """Promise a day for the service and for some requests, and move it twice."""
        promises = [
            self._promise(f"Day {number}", task_id=request.id)
            for number, request in enumerate(requests[:6])
        ]
        for promise, request in zip(promises, requests, strict=False):
            request.primary_commitment_id = promise
        promises.append(self._promise())
        self.project.primary_commitment_id = promises[-1]
        for at, day in ((TOLD, date(2026, 3, 9)), (TOLD, date(2026, 3, 12))):
            with self._without_messages(), self.at(at):
                for promise in promises:
                    promise.action_move(day, "The part is late.")

    @contextmanager
    def _without_messages(self):
        """Leave out what only takes time: the mails, which no page shows."""
        nothing = lambda *_args, **_values: self.env["mail.message"]  # noqa: E731
        with patch.object(self.env.registry["mail.thread"], "message_post", nothing):
            yield

    def _measure(self, url, login="page_customer"):
        """Return the answer to the second request of an address, and the queries it took.

        :param login: None to go on in the session there is
        """
        if login:
            self.authenticate(login, login)
        with self.at(READ):
            self.url_open(url)
        with self.at(READ), recorded_queries() as queries:
            response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        return response, queries


@contextmanager
def recorded_queries():
    """Give the queries of all cursors of this process, as text."""
    queries, execute = [], Cursor.execute

    def record(cursor, query, *args, **options):
        execute(cursor, query, *args, **options)
        queries.append(cursor._obj.query.decode())

    with patch.object(Cursor, "execute", record):
        yield queries
