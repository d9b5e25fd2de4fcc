# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from ..models.project.health import (
    HEALTH_SELECTION,
    HealthFacts,
    explain_health,
    service_health,
)
from .common import ServiceExperienceCase

BEFORE, NOW, AFTER = datetime(2026, 3, 2, 9), datetime(2026, 3, 3, 9), datetime(2026, 3, 4, 9)
HALF_DAY, LATER = datetime(2026, 3, 2, 21), datetime(2026, 3, 5, 9)

# What is true besides "now", and the health it gives; in the order in which the rules apply.
TRUTH_TABLE = [
    ({}, "on_track"),
    ({"promised_at": AFTER}, "on_track"),
    ({"is_cancelled": True}, "cancelled"),
    ({"is_cancelled": True, "is_done": True}, "cancelled"),
    ({"is_cancelled": True, "promised_at": BEFORE}, "cancelled"),
    ({"is_cancelled": True, "has_late_part": True}, "cancelled"),
    ({"is_done": True}, "done"),
    ({"is_done": True, "promised_at": BEFORE}, "done"),
    ({"is_done": True, "is_paused": True, "is_at_risk": True}, "done"),
    ({"is_started": False}, "not_started"),
    ({"is_started": False, "promised_at": AFTER}, "not_started"),
    ({"is_started": False, "is_paused": True}, "not_started"),
    ({"is_started": False, "promised_at": BEFORE}, "late"),
    ({"is_paused": True}, "paused"),
    ({"is_paused": True, "promised_at": BEFORE}, "paused"),
    ({"is_paused": True, "is_at_risk": True}, "paused"),
    ({"promised_at": BEFORE}, "late"),
    ({"promised_at": NOW}, "on_track"),
    ({"promised_at": BEFORE, "is_at_risk": True}, "late"),
    ({"promised_at": datetime(2026, 3, 2, 12), "customer_wait_since": AFTER}, "late"),
    ({"promised_at": datetime(2026, 3, 2, 12), "customer_wait_since": BEFORE}, "waiting_customer"),
    ({"customer_wait_since": BEFORE}, "waiting_customer"),
    ({"customer_wait_since": BEFORE, "is_at_risk": True}, "waiting_customer"),
    ({"is_at_risk": True}, "at_risk"),
    ({"is_at_risk": True, "promised_at": AFTER}, "at_risk"),
    ({"has_late_part": True}, "late"),
    ({"has_late_part": True, "is_done": True}, "late"),
    ({"has_late_part": True, "is_paused": True}, "late"),
    ({"has_late_part": True, "is_started": False}, "late"),
    ({"has_late_part": True, "customer_wait_since": BEFORE}, "late"),
    # An agreed pause, with its moment
    ({"paused_since": BEFORE}, "paused"),
    ({"paused_since": BEFORE, "customer_wait_since": BEFORE}, "paused"),
    ({"paused_since": BEFORE, "broken_since": BEFORE}, "paused"),
    ({"paused_since": BEFORE, "is_done": True}, "done"),
    # The customer has the ball only while we cannot go on without them
    ({"customer_wait_since": BEFORE, "has_own_work": True}, "on_track"),
    ({"customer_wait_since": BEFORE, "has_own_work": True, "is_at_risk": True}, "at_risk"),
    ({"customer_wait_since": BEFORE, "has_own_work": True, "promised_at": AFTER}, "on_track"),
    (
        {"customer_wait_since": BEFORE, "has_own_work": True, "promised_at": HALF_DAY},
        "late",
    ),
    ({"customer_wait_since": BEFORE, "promised_at": BEFORE}, "waiting_customer"),
    ({"has_own_work": True}, "on_track"),
    ({"has_own_work": True, "promised_at": BEFORE}, "late"),
    # A promise that was broken and has no later date
    ({"broken_since": BEFORE}, "late"),
    ({"broken_since": BEFORE, "is_at_risk": True}, "late"),
    ({"broken_since": BEFORE, "promised_at": AFTER}, "late"),
    ({"broken_since": BEFORE, "customer_wait_since": BEFORE}, "waiting_customer"),
    ({"broken_since": BEFORE, "customer_wait_since": BEFORE, "has_own_work": True}, "late"),
    ({"broken_since": BEFORE, "is_cancelled": True}, "cancelled"),
    # A suspicion alone counts for nothing
    ({"forecast_at": LATER, "promised_at": AFTER}, "on_track"),
    ({"forecast_at": LATER, "promised_at": AFTER, "suspected_since": NOW}, "on_track"),
    ({"forecast_at": LATER, "promised_at": AFTER, "suspected_since": BEFORE}, "on_track"),
    ({"forecast_at": LATER, "promised_at": AFTER, "is_forecast_confirmed": True}, "at_risk"),
    ({"forecast_at": AFTER, "promised_at": AFTER, "is_forecast_confirmed": True}, "on_track"),
    ({"forecast_at": LATER, "is_forecast_confirmed": True}, "on_track"),
    (
        {"forecast_at": LATER, "promised_at": BEFORE, "is_forecast_confirmed": True},
        "late",
    ),
    ({"is_at_risk": True, "forecast_at": NOW, "promised_at": AFTER}, "at_risk"),
]


@tagged("post_install", "-at_install")
class TestHealthRules(BaseCase):
    def test_truth_table(self):
        for facts, expected in TRUTH_TABLE:
            with self.subTest(**facts):
                self.assertEqual(service_health(HealthFacts(now=NOW, **facts)), expected)

    def test_every_health_names_its_reason(self):
        reasons = {
            "promise_passed": {"promised_at": BEFORE},
            "customer_asked": {"customer_wait_since": BEFORE},
            "promise_broken": {"broken_since": BEFORE},
            "agreed_pause": {"paused_since": BEFORE},
            "risk_confirmed": {"is_at_risk": True},
            "part_late": {"has_late_part": True},
            "on_track": {},
        }
        for reason, facts in reasons.items():
            with self.subTest(reason):
                health = explain_health(HealthFacts(now=NOW, **facts))
                self.assertEqual(health.reason, reason)
                self.assertIn(health.since, (BEFORE, None))
        self.assertEqual(explain_health(HealthFacts(now=NOW, promised_at=BEFORE)).since, BEFORE)

    def test_a_service_is_never_better_than_its_late_requests(self):
        for facts, _health in TRUTH_TABLE:
            with self.subTest(**facts):
                late = HealthFacts(now=NOW, **{**facts, "has_late_part": True})
                self.assertIn(service_health(late), ("late", "cancelled"))

    def test_table_shows_every_health(self):
        self.assertEqual({health for _facts, health in TRUTH_TABLE}, set(dict(HEALTH_SELECTION)))


@tagged("post_install", "-at_install")
class TestHealthOfRecords(ServiceExperienceCase):
    """The facts that Odoo's records give; the customer's days are days in Tokyo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.tz = "Asia/Tokyo"
        cls.project.partner_id = cls.contact

    def _health(self, record, at=NOW):
        record.invalidate_recordset(["service_health"])
        with self.at(at.isoformat()):
            return record.service_health

    def _task(self, **values):
        return self.env["project.task"].create(
            {
                "name": "Internal",
                "project_id": self.project.id,
                "user_ids": self.employee.ids,
                "customer_visible": True,
                "customer_label": "Radiator",
                **values,
            }
        )

    def test_service_is_late_after_its_last_day(self):
        self.project.write({"date_start": date(2026, 3, 1), "date": date(2026, 3, 2)})
        # The second of March ends in Tokyo at 15:00 UTC.
        self.assertEqual(self._health(self.project, datetime(2026, 3, 2, 15)), "on_track")
        self.assertEqual(self._health(self.project, datetime(2026, 3, 2, 15, 0, 1)), "late")

    def test_service_follows_the_word_of_a_person(self):
        for status, health in [
            ("to_define", "on_track"),
            ("on_track", "on_track"),
            ("at_risk", "at_risk"),
            ("off_track", "at_risk"),
            ("on_hold", "paused"),
            ("done", "done"),
        ]:
            self.project.last_update_status = status
            self.assertEqual(self._health(self.project), health, status)

    def test_service_starts_on_its_first_day(self):
        self.project.write({"date_start": date(2026, 3, 4), "date": date(2026, 3, 9)})
        self.assertEqual(self._health(self.project), "not_started")
        self.assertEqual(self._health(self.project, datetime(2026, 3, 3, 15)), "on_track")

    def test_service_with_all_steps_done_is_done(self):
        self.project.write({"date_start": date(2026, 3, 1), "date": date(2026, 3, 2)})
        step = self.env["project.milestone"].create(
            {
                "name": "Internal",
                "project_id": self.project.id,
                "customer_visible": True,
                "customer_label": "Handover",
            }
        )
        self.assertEqual(self._health(self.project, AFTER), "late")
        step.is_reached = True
        self.assertEqual(self._health(self.project, AFTER), "done")
        self._task()
        self.assertEqual(self._health(self.project, AFTER), "late")

    def test_service_is_as_late_as_its_visible_requests(self):
        task = self._task(date_deadline=BEFORE)
        self.assertEqual(self._health(self.project), "late")
        task.customer_visible = False
        self.assertEqual(self._health(self.project), "on_track")
        task.write({"customer_visible": True, "partner_id": self.other_customer.id})
        self.assertEqual(self._health(self.project), "on_track")
        task.partner_id = self.customer
        self.assertEqual(self._health(self.project), "late")
        task.state = "1_done"
        self.assertEqual(self._health(self.project), "on_track")

    def test_request(self):
        task = self._task(date_deadline=NOW)
        self.assertEqual(self._health(task), "on_track")
        self.assertEqual(self._health(task, AFTER), "late")
        task.user_ids = False
        self.assertEqual(self._health(task, BEFORE), "not_started")
        self.assertEqual(self._health(task, AFTER), "late")
        task.state = "1_done"
        self.assertEqual(self._health(task, AFTER), "done")
        task.state = "1_canceled"
        self.assertEqual(self._health(task, AFTER), "cancelled")

    def test_promise_of_a_timer_counts_before_the_internal_deadline(self):
        self._create_policy(("resolution", 4, "hour"))
        with self.at(BEFORE.isoformat()):
            task = self._task(date_deadline=AFTER)
            self.env.flush_all()
        promised_at = datetime(2026, 3, 2, 13)
        self.assertEqual(task.service_promised_at, promised_at)
        self.assertEqual(self._health(task, promised_at), "on_track")
        self.assertEqual(self._health(task), "late")
        self.assertEqual(self._health(self.project), "late")

    def test_unsaved_records_have_a_health(self):
        for model in ("project.project", "project.task"):
            self.assertIn(
                self.env[model].new({"name": "New"}).service_health, dict(HEALTH_SELECTION)
            )
