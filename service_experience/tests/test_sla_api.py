# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import tagged

from .api_common import ApiCase

EVIDENCE = (
    "service.sla.timer",
    "service.sla.segment",
    "service.sla.event",
    "service.calendar.version",
    "service.wait",
)


@tagged("post_install", "-at_install")
class TestSlaApi(ApiCase):
    """The calls of ``docs/api.md``, over HTTP and with the keys of real users."""

    def _create_evidence(self):
        """Create a request with a past: return it, its wait, and a record of each model."""
        with self.at("2026-03-02 09:00:00"):
            task_id = self._create_request()
        with self.at("2026-03-02 10:00:00"):
            [wait_id] = self.call("service.wait/create", vals_list=[{"task_id": task_id}])
        with self.at("2026-03-02 11:00:00"):
            self.call("service.wait/action_end", ids=[wait_id])
        self.env.invalidate_all()
        timers = self.env["project.task"].browse(task_id).sla_timer_ids
        records = (
            *(timers, timers.segment_ids, timers.event_ids, timers.calendar_version_id),
            *(timers.policy_id, timers.target_id, self.env["service.wait"].browse(wait_id)),
        )
        self.assertTrue(all(records))
        return task_id, {record._name: record.ids for record in records}

    def _read_timer(self, task_id, metric, *fields):
        [timer] = self.call(
            "service.sla.timer/search_read",
            domain=[["task_id", "=", task_id], ["metric", "=", metric]],
            fields=["state", "display_state", "deadline", *fields],
        )
        return timer

    def test_request_starts_its_timers(self):
        with self.at("2026-03-02 09:00:00"):
            task_id = self._create_request()
            [task] = self.call(
                "project.task/read",
                ids=[task_id],
                fields=["sla_state", "sla_deadline", "sla_status"],
            )
            timer = self._read_timer(task_id, "resolution", "target_seconds", "started_at")
        self.assertEqual(task["sla_state"], "running")
        self.assertEqual(task["sla_deadline"], "2026-03-02 11:00:00")
        self.assertEqual(len(task["sla_status"]["timers"]), 2)
        self.assertEqual(
            {name: timer[name] for name in timer if name != "id"},
            {
                "state": "running",
                "display_state": "running",
                "deadline": "2026-03-02 17:00:00",
                "target_seconds": 8 * 3600,
                "started_at": "2026-03-02 09:00:00",
            },
        )

    def test_answer_stops_the_clock(self):
        with self.at("2026-03-02 09:00:00"):
            task_id = self._create_request()
        with self.at("2026-03-02 09:30:00"):
            self.call(
                "project.task/message_post", ids=[task_id], body="A note: not for the customer"
            )
            self.assertEqual(self._read_timer(task_id, "first_response")["state"], "running")
        with self.at("2026-03-02 10:00:00"):
            self.call(
                "project.task/message_post",
                ids=[task_id],
                body="We come this afternoon.",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            timer = self._read_timer(task_id, "first_response", "stopped_at", "spent_seconds")
        self.assertEqual(timer["state"], "met")
        self.assertEqual(timer["stopped_at"], "2026-03-02 10:00:00")
        self.assertEqual(timer["spent_seconds"], 3600)

    def test_wait_pauses_the_clock(self):
        with self.at("2026-03-02 09:00:00"):
            task_id = self._create_request()
        with self.at("2026-03-02 10:00:00"):
            [wait_id] = self.call(
                "service.wait/create",
                vals_list=[{"task_id": task_id, "kind": "customer", "reason": "Asked for a photo"}],
            )
            timer = self._read_timer(task_id, "resolution", "pause_cause", "pause_user_id")
        self.assertEqual((timer["state"], timer["deadline"]), ("paused", False))
        self.assertEqual(timer["pause_cause"], "customer")
        self.assertEqual(timer["pause_user_id"][0], self.employee.id)
        with self.at("2026-03-02 12:00:00"):
            self.assertIsNone(self.call("service.wait/action_end", ids=[wait_id]))
            timer = self._read_timer(task_id, "resolution")
            segments = self.call(
                "service.sla.segment/search_read",
                domain=[["task_id", "=", task_id], ["kind", "=", "paused"]],
                fields=["from_at", "to_at", "seconds", "cause"],
            )
            events = self.call(
                "service.sla.event/search_read",
                domain=[["timer_id", "=", timer["id"]]],
                fields=["kind", "at", "deadline_before", "deadline_after", "cause"],
                order="at, id",
            )
            [wait] = self.call(
                "service.wait/read", ids=[wait_id], fields=["ended_at", "reason", "user_id"]
            )
        self.assertEqual((timer["state"], timer["deadline"]), ("running", "2026-03-03 11:00:00"))
        self.assertEqual([(row["seconds"], row["cause"]) for row in segments], [(7200, "customer")])
        self.assertEqual([event["kind"] for event in events], ["paused", "resumed"])
        self.assertEqual(wait["ended_at"], "2026-03-02 12:00:00")
        with self.at("2026-03-02 13:00:00"):
            message = self.assertRefused(422, "service.wait/action_end", ids=[wait_id])
        self.assertIn("over already", message)

    def test_policies_and_reports_are_read(self):
        [policy] = self.call(
            "service.sla.policy/search_read",
            domain=[["id", "=", self.policy.id]],
            fields=["name", "kind", "target_ids", "calendar_id"],
        )
        targets = self.call(
            "service.sla.target/read",
            ids=policy["target_ids"],
            fields=["metric", "duration", "unit", "warn_percent"],
        )
        self.assertEqual(
            {(row["metric"], row["duration"], row["unit"]) for row in targets},
            {("first_response", 2, "hour"), ("resolution", 8, "hour")},
        )
        with self.at("2026-03-02 09:00:00"):
            task_id = self._create_request()
        with self.at("2026-03-02 10:00:00"):
            self.call("project.task/write", ids=[task_id], vals={"state": "1_done"})
            self.call("service.sla.escalation/search_read", domain=[], fields=["basis", "action"])
            rows = self.call(
                "service.sla.report/formatted_read_group",
                user=self.lead,
                domain=[["task_id", "=", task_id]],
                groupby=["policy_id", "decided_at:month"],
                aggregates=["__count", "attained:avg", "attained_excused:avg", "paused_share:avg"],
            )
        self.assertEqual((rows[0]["__count"], rows[0]["attained:avg"]), (1, 1))
        self.assertRefused(403, "service.sla.report/search_read", domain=[], fields=["attained"])

    def test_evidence_cannot_be_written(self):
        task_id, ids = self._create_evidence()
        for user in (self.employee, self.lead, self.manager):
            for model in EVIDENCE:
                with self.subTest(f"{user.login} {model}"):
                    one = ids[model][:1]
                    # Without access, or because nothing may change it.
                    self.assertRefused((403, 422), f"{model}/write", user, ids=one, vals={"id": 1})
                    self.assertRefused(403, f"{model}/unlink", user, ids=one)
                    if model != "service.wait":
                        self.assertRefused(403, f"{model}/create", user, vals_list=[{}])
            for name in ("_note", "_sweep", "_sync", "_excuse"):
                timer_ids = ids["service.sla.timer"]
                self.assertRefused(403, f"service.sla.timer/{name}", user, ids=timer_ids)
        # Through the request, too.
        timers = self.env["service.sla.timer"].browse(ids["service.sla.timer"])
        for field, vals in {
            "sla_timer_ids": {"state": "met"},
            "service_wait_ids": {"kind": "x"},
        }.items():
            record_id = ids["service.sla.timer" if field == "sla_timer_ids" else "service.wait"][0]
            self.assertRefused(
                (403, 422),
                "project.task/write",
                self.manager,
                ids=[task_id],
                vals={field: [[1, record_id, vals]]},
            )
        self.env.invalidate_all()
        self.assertEqual(set(timers.mapped("state")), {"running"})

    def test_computed_fields_of_requests_stay_computed(self):
        with self.at("2026-03-02 09:00:00"):
            task_id = self._create_request()
            vals = {"sla_state": "met", "sla_deadline": "2030-01-01 00:00:00", "sla_status": {}}
            self._post(self.employee, "project.task/write", ids=[task_id], vals=vals)
            [task] = self.call(
                "project.task/read", ids=[task_id], fields=["sla_state", "sla_deadline"]
            )
        self.assertEqual(task["sla_state"], "running")
        self.assertEqual(task["sla_deadline"], "2026-03-02 11:00:00")

    def test_key_of_a_portal_user_is_refused(self):
        task_id, ids = self._create_evidence()
        self.call("project.task/read", user=self.portal, ids=[task_id], fields=["name"])
        for model, record_ids in ids.items():
            calls = {
                "search_read": {"domain": [], "fields": ["id"]},
                "read": {"ids": record_ids, "fields": ["id"]},
                "search_count": {"domain": []},
                "formatted_read_group": {"domain": []},
                "create": {"vals_list": [{"task_id": task_id}]},
                "write": {"ids": record_ids, "vals": {"active": False}},
                "unlink": {"ids": record_ids},
            }
            with self.subTest(model):
                for method, body in calls.items():
                    self.assertRefused((403, 422), f"{model}/{method}", self.portal, **body)
        self.assertRefused(403, "service.wait/action_end", self.portal, ids=ids["service.wait"])
        for model in ("service.sla.report", "service.sla.escalation"):
            self.assertRefused(403, f"{model}/search_read", self.portal, domain=[], fields=["id"])
        for name in ("sla_state", "sla_deadline", "sla_status", "sla_timer_ids"):
            self.assertRefused(403, "project.task/read", self.portal, ids=[task_id], fields=[name])
            domain = [[name, "!=", False]]
            self.assertRefused(403, "project.task/search", self.portal, domain=domain)

    def test_errors_an_integrator_sees(self):
        self.assertRefused(401, "service.sla.timer/search", "nobody", domain=[])
        self.assertRefused(404, "service.sla.timers/search", domain=[])
        self.assertRefused(404, "service.sla.timer/stop", ids=[1])
        message = self.assertRefused(422, "service.sla.timer/search", limit=1)
        self.assertIn("domain", message)
        with self.at("2026-03-02 09:00:00"):
            task_id = self._create_request()
            vals = {"task_id": task_id, "started_at": "2026-03-02 10:00:00"}
            message = self.assertRefused(422, "service.wait/create", vals_list=[vals])
        self.assertIn("future", message)
        self.project.privacy_visibility = "followers"
        self.env.flush_all()
        task = self.env["project.task"].browse(task_id)
        task.message_unsubscribe(self.employee.partner_id.ids)
        task.user_ids = False
        self.env.flush_all()
        self.assertRefused(403, "service.wait/create", vals_list=[{"task_id": task_id}])
