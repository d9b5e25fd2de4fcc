# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date, datetime

from odoo.tests import new_test_user, tagged

from .common import ServiceExperienceCase

MARKER = "INTERNAL-MARKER"
# The only words of ours that a customer may read.
CUSTOMER_WORDS = {"customer_label", "customer_note"}
NOW = "2026-03-03 09:00:00"


class CustomerSnapshotCase(ServiceExperienceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project.customer_label = "Your heat pump"
        cls.env["res.partner"].browse(cls.manager.partner_id.id).function = "Project lead"
        cls.project.contact_user_id = cls.manager

    @classmethod
    def _create_request(cls, label="Radiator", **values):
        return cls.env["project.task"].create(
            {
                "name": MARKER,
                "project_id": cls.project.id,
                "customer_visible": True,
                "customer_label": label,
                **values,
            }
        )

    @classmethod
    def _create_step(cls, label, **values):
        return cls.env["project.milestone"].create(
            {
                "name": MARKER,
                "project_id": cls.project.id,
                "customer_visible": True,
                "customer_label": label,
                **values,
            }
        )

    def _snapshot(self, viewer=None):
        self.env.flush_all()
        self.env.invalidate_all()
        with self.at(NOW):
            return self.project._service_customer_snapshot(viewer or self.contact)

    def _labels(self, viewer=None):
        return [line["label"] for line in self._snapshot(viewer)["requests"]]


@tagged("post_install", "-at_install")
class TestCustomerSnapshot(CustomerSnapshotCase):
    def test_keys_are_the_whitelist(self):
        self._create_request(user_ids=self.employee.ids)
        self._create_step("Visit")
        snapshot = self._snapshot()
        header = {"reference", "id", "name", "health", "done_on", "progress", "timezone", "version"}
        header |= {"promised_on", "agreed_on", "known_by", "moved_why", "updated_at", "next_update"}
        header |= {"request", "version", "contact_level"}
        sections = {"milestones", "requests", "request_counts", "next_steps", "contact"}
        sections |= {"needs", "needs_more", "submitted", "promises", "facts", "handoff", "delays"}
        sections |= {"documents", "documents_more"}
        self.assertEqual(set(snapshot), header | sections | {"timeline", "timeline_more"})
        self.assertEqual(set(snapshot["progress"]), {"done", "total"})
        self.assertEqual(
            set(snapshot["milestones"][0]),
            {"label", "note", "state", "reached_on", "expected_from", "expected_to"},
        )
        self.assertEqual(
            set(snapshot["requests"][0]),
            {
                "id",
                "label",
                "health",
                "promised_at",
                "promise_paused",
                "moved_to",
                "done_at",
                "stage",
                "pauses",
            },
        )
        self.assertEqual(set(snapshot["request_counts"]), {"open", "done", "more"})
        self.assertEqual(set(snapshot["next_steps"][0]), {"id", "label", "party", "due", "who"})
        self.assertEqual(set(snapshot["contact"]), {"name", "role", "company", "hours"})

    def test_values_are_plain(self):
        self._create_request(user_ids=self.employee.ids, date_deadline=datetime(2026, 3, 4))
        self._create_step("Visit", is_reached=True)
        plain = (str, int, bool, date, datetime, type(None))

        def check(value):
            children = value.values() if isinstance(value, dict) else value
            if isinstance(value, (dict, list)):
                for child in children:
                    check(child)
            else:
                self.assertIsInstance(value, plain)

        check(self._snapshot())

    def test_internal_words_stay_inside(self):
        task = self._create_request(user_ids=self.employee.ids)
        step = self._create_step("Visit")
        for record in (self.project, task, step, self.stage_new, self.customer):
            self._fill_with_marker(record)
        self.assertEqual(task.name, MARKER)
        self.assertEqual(self.project.name, MARKER)
        self.assertNotIn(MARKER, repr(self._snapshot()))

    def _fill_with_marker(self, record):
        for name, field in record._fields.items():
            if (
                field.type in ("char", "text", "html")
                and field.store
                and not field.readonly
                and not field.related
                and name not in CUSTOMER_WORDS | {"alias_name", "alias_defaults", "lang", "tz"}
            ):
                record[name] = MARKER
        record.flush_recordset()

    def test_name_falls_back_for_the_service_only(self):
        self.project.customer_label = False
        self._create_request(label=False)
        snapshot = self._snapshot()
        self.assertEqual(snapshot["name"], "Heat pump")
        self.assertEqual(snapshot["requests"], [])

    def test_requests_of_the_own_customer_only(self):
        self._create_request("Own", partner_id=self.customer.id)
        self._create_request("Colleague", partner_id=self.contact.id)
        self._create_request("Nobody").partner_id = False
        self._create_request("Foreign", partner_id=self.other_customer.id)
        self.assertEqual(sorted(self._labels()), ["Colleague", "Nobody", "Own"])
        self.assertEqual(self._labels(self.other_customer), ["Foreign"])

    def test_requests_that_do_not_exist_for_the_customer(self):
        self._create_request("Hidden", customer_visible=False)
        self._create_request("Archived", active=False)
        template = self._create_request("Template", is_template=True)
        self._create_request("Part of a template", parent_id=template.id)
        self._create_request("Private", project_id=False)
        self.assertEqual(self._labels(), [])

    def test_steps(self):
        self._create_step("Visit", is_reached=True, sequence=1)
        self._create_step(
            "Work", sequence=2, expected_from=date(2026, 3, 5), customer_note="Two people."
        )
        self._create_step("Handover", sequence=3)
        self._create_step("Hidden", sequence=4, customer_visible=False)
        self._create_step(False, sequence=5)
        snapshot = self._snapshot()
        self.assertEqual(
            [(step["label"], step["state"]) for step in snapshot["milestones"]],
            [("Visit", "done"), ("Work", "current"), ("Handover", "next")],
        )
        self.assertEqual(snapshot["milestones"][1]["note"], "Two people.")
        self.assertEqual(snapshot["milestones"][1]["expected_from"], date(2026, 3, 5))
        self.assertEqual(snapshot["progress"], {"done": 1, "total": 3})

    def test_requests_in_the_order_of_their_promise(self):
        self._create_policy(("resolution", 4, "hour"))
        with self.at("2026-03-03 09:00:00"):
            self._create_request("Timer")  # promised for 13:00
        self.env["service.sla.policy"].search([]).active = False
        with self.at("2026-03-03 09:00:00"):
            self._create_request("None")
            self._create_request("Later", date_deadline=datetime(2026, 3, 3, 14))
            self._create_request("Sooner", date_deadline=datetime(2026, 3, 3, 12))
            self._create_request("Done").state = "1_done"
        snapshot = self._snapshot()
        self.assertEqual(
            [line["label"] for line in snapshot["requests"]],
            ["Sooner", "Timer", "Later", "None", "Done"],
        )
        self.assertEqual(snapshot["requests"][1]["promised_at"], datetime(2026, 3, 3, 13))
        self.assertEqual(snapshot["requests"][4]["done_at"], datetime(2026, 3, 3, 9))
        self.assertEqual(snapshot["request_counts"], {"open": 4, "done": 1, "more": 0})
        self.assertEqual(
            [step["label"] for step in snapshot["next_steps"]], ["Sooner", "Timer", "Later"]
        )

    def test_a_promise_that_stands_still_has_no_date_and_says_so(self):
        """Why it stands still are internal words: they stay inside."""
        self._create_policy(("resolution", 4, "hour"))
        with self.at("2026-03-03 09:00:00"):
            task = self._create_request("Timer")
            self._create_request("None", date_deadline=datetime(2026, 3, 4, 12))
            self.env["service.wait"].create({"task_id": task.id, "reason": MARKER})
        paused, running = self._snapshot()["requests"]
        if paused["label"] != "Timer":
            paused, running = running, paused
        self.assertEqual((paused["promised_at"], paused["promise_paused"]), (None, True))
        self.assertFalse(running["promise_paused"])
        self.assertNotIn(MARKER, str(self._snapshot()))

    def test_stage_in_the_words_of_the_customer(self):
        self._create_request(stage_id=self.stage_new.id)
        self.stage_new.customer_label = "Received"
        self.assertIsNone(self._snapshot()["requests"][0]["stage"])
        self.stage_new.customer_visible = True
        self.assertEqual(self._snapshot()["requests"][0]["stage"], "Received")

    def test_contact_and_owners_without_addresses(self):
        self.manager.partner_id.write({"email": "boss@example.com", "phone": "+36 1 555"})
        self.employee.name = "Ines Amsel"
        self._create_request(user_ids=self.employee.ids)
        snapshot = self._snapshot()
        self.assertEqual(snapshot["contact"]["name"], self.manager.name)
        self.assertEqual(snapshot["contact"]["role"], "Project lead")
        self.assertEqual(snapshot["next_steps"][0]["who"], "Ines")
        self.assertNotIn("boss@example.com", repr(snapshot))
        self.assertNotIn("+36 1 555", repr(snapshot))

    def test_number_of_queries_does_not_grow(self):
        self._create_request("First", user_ids=self.employee.ids)
        self._create_policy(("resolution", 4, "hour"))
        few = self._count_queries(10)
        many = self._count_queries(490)
        self.assertLessEqual(many, few)
        self.assertLessEqual(few, 19)
        snapshot = self._snapshot()
        self.assertEqual(len(snapshot["requests"]), 30)
        self.assertEqual(snapshot["request_counts"], {"open": 501, "done": 0, "more": 471})

    def _count_queries(self, number):
        self.env["project.task"].create(
            [
                {
                    "name": MARKER,
                    "project_id": self.project.id,
                    "customer_visible": True,
                    "customer_label": f"Request {index}",
                    "user_ids": self.employee.ids,
                    "stage_id": self.stage_new.id,
                }
                for index in range(number)
            ]
        )
        self._snapshot()
        self.env.invalidate_all()
        self.env.user.fetch(["partner_id"])  # what every request has read of its reader
        before = self.env.cr.sql_log_count
        self.project._service_customer_snapshot(self.contact)
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestServiceVisibility(CustomerSnapshotCase):
    def _assertVisible(self, expected, viewer=None):
        viewer = viewer or self.contact
        self.env.flush_all()
        domain = self.project._service_visible_domain(viewer)
        found = self.env["project.project"].with_context(active_test=False).search(domain)
        self.assertEqual(self.project in found, expected)
        self.assertEqual(self.project._service_is_visible_to(viewer), expected)

    def test_company_of_the_reader_counts(self):
        self._assertVisible(True, self.customer)
        self._assertVisible(True, self.contact)
        self._assertVisible(False, self.other_customer)

    def test_following_gives_nothing(self):
        self.project.message_subscribe(self.other_customer.ids)
        self._assertVisible(False, self.other_customer)

    def test_switched_off(self):
        for values in (
            {"customer_visible": False},
            {"active": False},
            {"is_template": True},
            {"partner_id": False},
            {"privacy_visibility": "followers"},
            {"privacy_visibility": "employees"},
        ):
            with self.subTest(**values):
                before = self.project.read(list(values), load="")[0]
                self.project.write(values)
                self._assertVisible(False)
                self.project.write({name: before[name] for name in values})
                self._assertVisible(True)

    def test_reader_without_a_company_of_their_own_sees_nothing_unowned(self):
        self.project.partner_id = False
        self._assertVisible(False, self.env["res.partner"])

    def test_company_of_another_reader(self):
        company = self.env["res.company"].create({"name": "Second company"})
        new_test_user(
            self.env, "snapshot_portal", groups="base.group_portal", partner_id=self.contact.id
        )
        self.project.company_id = self.env.company
        self._assertVisible(True)
        self.project.company_id = company
        self._assertVisible(False)

    def test_portal_users_cannot_read_the_fields(self):
        portal = new_test_user(self.env, "snapshot_portal_2", groups="base.group_portal")
        for record in (self.project, self._create_request(), self._create_step("Visit")):
            fields = record.with_user(portal).fields_get()
            for name in ("customer_label", "customer_visible", "service_health"):
                self.assertNotIn(name, fields, record._name)
