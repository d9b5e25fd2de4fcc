# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .api_common import ApiCase

CLIENT = Path(__file__).parents[2] / "docs" / "handoff_client.py"
METHOD = "service.handoff/ingest"
BATCH = 500
# Per item, whatever the size of the batch, and generous for slow machines.
QUERIES_PER_ITEM, SECONDS_PER_ITEM = 70, 0.4


@tagged("post_install", "-at_install")
class TestHandoffApi(ApiCase):
    """What other systems call, with the keys of real users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["service.team"].create(
            {"name": "Installation", "member_ids": [Command.set(cls.lead.ids)]}
        )
        cls.customer.write({"ref": "C-1", "is_company": True})
        cls.project.service_team_id = cls.team

    def _create_items(self, count):
        # Nobody works on them yet: so whoever may change them may hand them over.
        values = {"project_id": self.project.id, "user_ids": [Command.clear()]}
        tasks = self.env["project.task"].create(
            [{"name": f"Request {index}", **values} for index in range(count)]
        )
        return [
            {
                "external_ref": f"W-{task.id}",
                "customer": {"external_id": "C-1"},
                "requests": [{"id": task.id}],
                "urgency": "stable",
                "situation": "Ordered, and paid.",
                "no_steps": True,
            }
            for task in tasks
        ]

    def _ingest(self, *items, user=None):
        payload = {"schema_version": 1, "system": "erp", "items": items}
        body = json.dumps({"payload": payload}, allow_nan=True)
        return self._send(body, user or self.employee)

    def _send(self, body, user):
        """Send a body as it is; anything but a server error will do."""
        with mute_logger("odoo.http"):
            response = self.url_open(
                f"/json/2/{METHOD}",
                data=body,
                timeout=300,
                headers={
                    "Authorization": f"Bearer {self.keys[user]}",
                    "Content-Type": "application/json",
                },
            )
        self.assertLess(response.status_code, 500, response.text[:1000])
        return response

    def _get_results(self, *items):
        response = self._ingest(*items)
        self.assertEqual(response.status_code, 200, response.text[:1000])
        return response.json()["results"]

    def test_item_arrives_once(self):
        [item] = self._create_items(1)
        [first], [second] = self._get_results(item), self._get_results(item)
        self.assertEqual((first["status"], first["state"]), ("created", "offered"), first)
        self.assertEqual((second["status"], second["id"]), ("unchanged", first["id"]))

    def test_large_batch_with_three_bad_ones(self):
        items = self._create_items(BATCH)
        bad = {7: {"urgency": "bad"}, 250: {"customer": {}}, 499: {"requests": [{"id": 1}]}}
        for index, values in bad.items():
            items[index].update(values)
        queries, started = self.env.cr.sql_log_count, time.monotonic()
        results = self._get_results(*items)
        queries = self.env.cr.sql_log_count - queries
        seconds = time.monotonic() - started
        self.assertEqual(
            [one["external_ref"] for one in results], [i["external_ref"] for i in items]
        )
        statuses = {
            index: one["status"] for index, one in enumerate(results) if one["status"] != "created"
        }
        self.assertEqual(statuses, dict.fromkeys(bad, "triage"))
        self.assertLess(queries / BATCH, QUERIES_PER_ITEM)
        self.assertLess(seconds / BATCH, SECONDS_PER_ITEM)

    def test_five_megabytes(self):
        [item] = self._create_items(1)
        [result] = self._get_results({**item, "history": "x" * 5_000_000})
        self.assertEqual(result["status"], "triage")
        self.assertEqual(result["errors"][0]["path"], "items[0].history")
        handoff = self.env["service.handoff"].browse(result["id"])
        self.assertEqual(len(handoff.payload["history"]), 5_000_000)
        self.assertLess(len(handoff.payload_text), 200_000)
        [repaired] = self._get_results(item)
        self.assertEqual((repaired["status"], repaired["id"]), ("updated", result["id"]))

    def test_any_payload_gets_an_answer(self):
        [item] = self._create_items(1)
        bodies = [
            "1",
            "[]",
            '"x"',
            "null",
            "{}",
            "",
            "{",
            '{"payload": NaN}',
            '{"payload": {"schema_version": 1e999, "system": [], "items": {}}}',
            '{"payload": {"schema_version": 1, "system": "\\u0000\\ud800", "items": [null]}}',
            '{"payload": {"schema_version": 1, "system": "erp", "items": [%s]}}'
            % ("[" * 99 + "]" * 99),
            '{"payload": {"schema_version": 1, "system": "erp", "items": [%s]}}' % ("9" * 4000),
            '{"payload": %s}' % ("9" * 5000),
            '{"payload": {}, "other": 1}',
            '{"payload": {}, "ids": [1]}',
            '{"payload": {"\\u0000": {"\\ud800": "\\udfff"}}}',
            json.dumps({"payload": {"items": [item]}, "context": {"default_state": "accepted"}}),
        ]
        for body in bodies:
            with self.subTest(body[:80]):
                self._send(body, self.employee)

    def test_context_forges_nothing(self):
        [item] = self._create_items(1)
        payload = {"schema_version": 1, "system": "erp", "items": [item]}
        context = {"default_state": "accepted", "default_from_user_id": self.manager.id}
        context |= {"active_test": False, "tracking_disable": True}
        [result] = self.call(METHOD, payload=payload, context=context)["results"]
        handoff = self.env["service.handoff"].browse(result["id"])
        self.assertEqual((handoff.state, handoff.from_user_id.id), ("offered", False))

    def test_hostile_words_are_text_in_the_answer_and_in_notes(self):
        [item] = self._create_items(1)
        hostile = "<img src=x onerror=alert(1)>"
        [first] = self._get_results({**item, "situation": hostile})
        [second] = self._get_results({**item, "situation": hostile + "!"})
        self.assertEqual((first["id"], second["status"]), (second["id"], "updated"))
        handoff = self.env["service.handoff"].browse(first["id"])
        notes = "".join(map(str, handoff.message_ids.mapped("body")))
        self.assertIn("&lt;img", notes)
        self.assertNotIn("<img", notes)

    def test_keys_that_do_not_fit(self):
        payload = {"schema_version": 1, "system": "erp", "items": [{}]}
        self.assertRefused(401, METHOD, "nobody", payload=payload)
        self.assertRefused(403, METHOD, self.portal, payload=payload)
        self.assertRefused(422, METHOD, items=[])
        words = self.assertRefused(
            422, METHOD, payload={"schema_version": 1, "system": "erp", "items": [{}] * 501}
        )
        self.assertIn("split", words)
        self.assertFalse(self.env["service.handoff"].search([("from_system", "=", "erp")]))

    # The example for integrators

    def _run_client(self, items, key):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(items, file)
            file.flush()
            with self.allow_requests(all_requests=True):
                return subprocess.run(
                    [sys.executable, CLIENT, self.base_url(), "erp", file.name],
                    env={**os.environ, "ODOO_API_KEY": key},
                    capture_output=True,
                    text=True,
                    timeout=120,
                    check=False,
                )

    def test_example_client(self):
        items = self._create_items(3)
        items[1]["urgency"] = "bad"
        key = self.keys[self.employee]
        for statuses in (["created", "triage", "created"], ["unchanged", "triage", "unchanged"]):
            done = self._run_client(items, key)
            self.assertEqual(done.returncode, 1, done.stderr)
            lines = [line for line in done.stdout.splitlines() if line.startswith("W-")]
            self.assertEqual([line.split()[1] for line in lines], statuses)
            self.assertIn("items[1].urgency: Send one of", done.stdout)
            self.assertNotIn(key, done.stdout + done.stderr)

    def test_example_client_with_a_wrong_key(self):
        with mute_logger("odoo.http"):
            done = self._run_client(self._create_items(1), "wrong-key")
        self.assertEqual(done.returncode, 2)
        self.assertIn("401", done.stderr)
        self.assertNotIn("wrong-key", done.stdout + done.stderr)
