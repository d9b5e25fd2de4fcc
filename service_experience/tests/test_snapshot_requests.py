# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import random
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .test_customer_snapshot import NOW, CustomerSnapshotCase

NOON = datetime.fromisoformat(NOW)
LIVES = 6
REQUESTS = 24


@tagged("post_install", "-at_install")
class TestSnapshotRequests(CustomerSnapshotCase):
    """Which requests the page shows first, against the same asked of each of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_policy(("resolution", 4, "hour"), domain="[('priority', '=', '1')]")
        cls.supplier = cls.env["res.partner"].create({"name": "Kupfer & Sons"})

    def _live(self, chance, earliest):
        """Create requests with every kind of promise, in every state, of several customers.

        :param earliest: the first of their moments, in hours after now
        """
        owners = [self.customer, self.contact, self.env["res.partner"], self.supplier]
        requests = self.env["project.task"]
        for number in range(REQUESTS):
            created = NOON - timedelta(hours=chance.choice((1, 24 if earliest < 0 else 2)))
            with self.at(str(created)):
                request = self._create_request(
                    f"Request {number}",
                    project_id=self.project.id,
                    priority=chance.choice("001"),
                    customer_visible=chance.random() > 0.1,
                    date_deadline=chance.choice((False, self._moment(chance, earliest))),
                )
                request.partner_id = chance.choice(owners)
                self.env.flush_all()
            self._go_on(chance, request, created, earliest)
            requests += request
        return requests

    def _moment(self, chance, earliest):
        return NOON + timedelta(minutes=chance.randrange(earliest * 60, 30_000))

    def _go_on(self, chance, request, created, earliest):
        at = created + timedelta(minutes=chance.choice((5, 300)))
        with self.at(str(min(at, NOON))):
            kind = chance.choice(("promise", "wait", "done", "cancelled", "work", "work"))
            if kind == "promise":
                day = self._moment(chance, earliest).date()
                values = {"name": "Day", "project_id": self.project.id, "task_id": request.id}
                promise = self.env["service.commitment"].create({**values, "current_to": day})
                request.primary_commitment_id = promise
            elif kind == "wait":
                self.env["service.wait"].create({"task_id": request.id, "reason": "Part"})
            elif kind in ("done", "cancelled"):
                state = "1_done" if kind == "done" else "1_canceled"
                request.write({"state": state, "stage_id": self.stage_done.id})
            self.env.flush_all()

    def _expect(self, requests, viewer):
        """Return the requests as the page has to show them, and whether one of them is late."""
        company = viewer.commercial_partner_id
        theirs = requests.filtered(
            lambda one: (
                one.customer_visible
                and (one.partner_id.commercial_partner_id == company or not one.partner_id)
            )
        )
        is_open = theirs.filtered(lambda one: not one.is_closed)
        closed = theirs - is_open
        in_order = [
            *sorted(is_open, key=lambda one: (one.service_promised_at or datetime.max, one.id)),
            *sorted(closed, key=lambda one: (one.date_last_stage_update, one.id), reverse=True),
        ]
        late = [
            one for one in is_open if one.service_promised_at and one.service_promised_at < NOON
        ]
        return [one.id for one in in_order], bool(late), (len(is_open), len(closed))

    def test_every_order_and_count(self):
        seen = set()
        for seed in range(LIVES):
            chance = random.Random(seed)  # noqa: S311 (a test)
            self.project = self.project.create(
                {
                    "name": "Heat pump",
                    "partner_id": self.customer.id,
                    "privacy_visibility": "portal",
                    "type_ids": [Command.set((self.stage_new + self.stage_done).ids)],
                }
            )
            requests = self._live(chance, earliest=-80 if seed % 2 else 1)
            self.env.flush_all()
            self.env.invalidate_all()
            with self.at(NOW):
                _ids, _is_late, (is_open, _closed) = self._expect(requests, self.contact)
            for limit in (1, 7, is_open + 1, 30):
                with self.subTest(seed=seed, limit=limit), self.at(NOW):
                    seen.add(self._check(requests, limit))
        self.assertEqual(seen, {True, False})

    def _check(self, requests, limit):
        ids, is_late, (is_open, closed) = self._expect(requests, self.contact)
        snapshot = self.project._service_customer_snapshot(self.contact, limit=limit)
        shown = [line["id"] for line in snapshot["requests"]]
        self.assertEqual(shown, ids[:limit])
        counts = {"open": is_open, "done": closed, "more": is_open + closed - len(shown)}
        self.assertEqual(snapshot["request_counts"], counts)
        self.assertEqual(snapshot["health"] == "late", is_late)
        self.assertEqual(snapshot["health"], self.project.service_health)
        return is_late

    def test_a_timer_that_paused_after_its_breach_stays_late(self):
        with self.at("2026-03-02 09:00:00"):
            late = self._create_request("Late", priority="1", date_deadline="2026-03-20")
        with self.at("2026-03-02 14:00:00"):
            self.env["service.wait"].create({"task_id": late.id, "reason": "Part"})
        with self.at("2026-03-02 15:00:00"):
            self._create_request("Soon", date_deadline="2026-03-04")
        timer = self.timer_of(late)
        self.assertEqual((timer.state, timer.deadline), ("paused", False))
        snapshot = self._snapshot()
        self.assertEqual([line["label"] for line in snapshot["requests"]], ["Late", "Soon"])
        self.assertEqual(snapshot["health"], "late")

    def test_a_breach_that_got_a_later_deadline(self):
        more_time = {"name": "More time", "domain": "[('priority', '=', '0')]"}
        self._create_policy(("resolution", 40, "hour"), **more_time)
        with self.at("2026-03-02 09:00:00"):
            moved = self._create_request("Moved", priority="1")
            soon = self._create_request("Soon", priority="1", date_deadline="2026-03-04")
            soon.primary_commitment_id = self._create_promise(soon, current_to="2026-03-04")
        with self.at("2026-03-02 15:00:00"):
            moved.priority = "0"
        timer = self.timer_of(moved)
        self.assertEqual((str(timer.breached_at), timer.state), ("2026-03-02 13:00:00", "running"))
        self.assertGreater(timer.deadline, NOON)
        self.assertEqual(self._get_first(), (["Soon"], "on_track"))

    def test_a_main_promise_without_a_date_yet(self):
        with self.at("2026-03-01 09:00:00"):
            late, timed = (
                self._create_request(label, date_deadline=deadline, priority=priority)
                for label, deadline, priority in (
                    ("Late", "2026-03-02", "0"),
                    ("Timed", False, "1"),
                )
            )
            soon, last = self._create_request("Soon"), self._create_request("Last")
            for request in (late, timed, last):
                request.primary_commitment_id = self._create_promise(request, state="draft")
            soon.primary_commitment_id = self._create_promise(soon, current_to="2026-03-03")
        self.assertEqual(self.timer_of(timed).deadline, self.instant("2026-03-02 13:00:00"))
        for limit in range(1, 5):
            labels = ["Late", "Timed", "Soon", "Last"]
            self.assertEqual(self._get_first(limit), (labels[:limit], "late"))

    def test_a_late_request_of_nobody(self):
        """Colleagues look at the page of a service that has no customer yet."""
        self.project.partner_id = False
        self._create_request("Late", date_deadline="2026-03-02").partner_id = False
        nobody = self.env["res.partner"]
        self.assertEqual(self._get_first(viewer=nobody), (["Late"], "late"))

    def test_promises_of_other_services_are_not_looked_at(self):
        request = self._create_request("Soon")
        request.primary_commitment_id = self._create_promise(request, current_to="2026-03-04")
        self._fill_another_service()
        queries, execute = [], self.env.cr.execute

        def note(query, *args, **kwargs):
            queries.append(query)
            return execute(query, *args, **kwargs)

        with patch.object(self.env.cr, "execute", note):
            self._get_first()
        [query] = [one for one in queries if '"service_commitment"."known_by"' in str(one)]
        plan = self.env.execute_query(SQL("EXPLAIN %s", query))
        self.assertNotIn("Seq Scan on service_commitment", str(plan))

    def _fill_another_service(self):
        other = self.project.create({"name": "Hotel", "partner_id": self.other_customer.id})
        self.env.cr.execute(
            """INSERT INTO service_commitment (name, project_id, direction, kind, state, active)
                    SELECT 'Day', %s, 'ours', 'date', 'active', TRUE
                      FROM generate_series(1, 5000)""",
            [other.id],
        )
        self.env.cr.execute("ANALYZE service_commitment")

    def _create_promise(self, request, **values):
        place = {"project_id": self.project.id, "task_id": request.id}
        return self.env["service.commitment"].create({"name": "Day", **place, **values})

    def _get_first(self, limit=1, viewer=None):
        """Return the labels of the first requests, and the health; that of ours is the same."""
        viewer = self.contact if viewer is None else viewer
        self.env.flush_all()
        self.env.invalidate_all()
        with self.at(NOW):
            snapshot = self.project._service_customer_snapshot(viewer, limit=limit)
            self.assertEqual(snapshot["health"], self.project.service_health)
        return [line["label"] for line in snapshot["requests"]], snapshot["health"]
