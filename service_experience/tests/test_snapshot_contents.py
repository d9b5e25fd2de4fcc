# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import tagged

from .test_customer_snapshot import NOW, CustomerSnapshotCase


@tagged("post_install", "-at_install")
class TestSnapshotContents(CustomerSnapshotCase):
    """What is the only thing of a service is found by itself."""

    def _create(self, model, **values):
        with self.at(NOW):
            return self.env[model].create({"project_id": self.project.id, **values})

    def _forget_history(self):
        """Take away what the history tells, so that nothing else is there."""
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM service_timeline_entry")

    def test_nothing(self):
        has = self.project._service_contents(self.contact)
        self.assertFalse(any(has), has)
        snapshot = self._snapshot()
        for name in ("needs", "promises", "facts", "timeline", "delays", "milestones", "documents"):
            self.assertEqual(snapshot[name], [], name)
        self.assertEqual((snapshot["health"], snapshot["contact_level"]), ("on_track", "all"))

    def test_an_agreed_pause(self):
        request = self._create_request()
        self._create("service.wait", task_id=request.id, kind="agreed_pause", reason="Holidays")
        self._forget_history()
        self.assertEqual(self._snapshot()["requests"][0]["health"], "paused")

    def test_a_step(self):
        step = {"title": "Visit", "party": "us", "customer_visible": True}
        self._create("service.step", owner_user_id=self.employee.id, **step)
        self._forget_history()
        self.assertEqual([one["label"] for one in self._snapshot()["next_steps"]], ["Visit"])

    def test_a_promise(self):
        self._create("service.commitment", name="Warm", current_to="2026-03-20")
        self._forget_history()
        self.assertEqual([one["name"] for one in self._snapshot()["promises"]], ["Warm"])

    def test_a_promise_that_was_broken(self):
        promise = self._create("service.commitment", name="Warm", current_to="2026-03-03")
        with self.at("2026-03-04 09:00:00"):
            promise._go("broken", broken_at="2026-03-04 00:00:00")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.at("2026-03-04 09:00:00"):
            snapshot = self.project._service_customer_snapshot(self.contact)
        self.assertEqual(snapshot["health"], "late")

    def test_a_fact_of_no_service(self):
        fact = {"question": "Where is it?", "answer": "In the cellar"}
        person = {"partner_id": self.contact.id, "said_by_id": self.contact.id}
        self._create("service.fact", project_id=False, **person, **fact)
        self.assertEqual([one["answer"] for one in self._snapshot()["facts"]], ["In the cellar"])

    def test_a_milestone(self):
        self._create_step("Visit")
        self.assertEqual([one["label"] for one in self._snapshot()["milestones"]], ["Visit"])

    def test_a_preference(self):
        self.project._service_choose_level(self.contact, "needed")
        self.assertEqual(self._snapshot()["contact_level"], "needed")

    def test_a_document_of_the_service(self):
        self.project.customer_document_ids = self._create_file()
        self.assertEqual([one["name"] for one in self._snapshot()["documents"]], ["plan.pdf"])

    def test_a_document_of_a_request(self):
        self._create_request().customer_document_ids = self._create_file()
        self.assertEqual([one["name"] for one in self._snapshot()["documents"]], ["plan.pdf"])

    def _create_file(self):
        return self.env["ir.attachment"].create({"name": "plan.pdf", "raw": b"%PDF-1.4 plan"})

    def test_a_late_part_of_a_request(self):
        parent = self._create_request("Floor", date_deadline="2026-03-20")
        self._create_request("Pipe", parent_id=parent.id, date_deadline="2026-03-02")
        by_label = {line["label"]: line["health"] for line in self._snapshot()["requests"]}
        self.assertEqual(by_label["Floor"], "late")

    def test_a_late_part_of_another_customer(self):
        parent = self._create_request("Floor", date_deadline="2026-03-20")
        foreign = {"partner_id": self.other_customer.id, "date_deadline": "2026-03-02"}
        self._create_request("Pipe", parent_id=parent.id, **foreign)
        [line] = self._snapshot()["requests"]
        self.assertEqual((line["label"], line["health"]), ("Floor", "on_track"))
        with self.at(NOW):
            self.env.invalidate_all()
            self.assertEqual(parent.service_health, "on_track")

    def test_nothing_of_a_request_that_went_elsewhere(self):
        """What the customer knows of it stays with their service, which no longer shows it."""
        request = self._create_request("Floor")
        with self.at("2026-02-20 09:00:00"):
            place = {"project_id": self.project.id, "task_id": request.id}
            promise = {"name": "Warm", "current_to": "2026-02-25"}
            commitment = self.env["service.commitment"].create({**place, **promise})
        with self.at("2026-02-27 09:00:00"):
            commitment._go("broken", broken_at="2026-02-26 00:00:00")
            other = {"name": "Hotel", "partner_id": self.other_customer.id}
            request.project_id = self.project.create({**other, "privacy_visibility": "portal"})
            request.partner_id = self.other_customer
        self.assertEqual(commitment.project_id, self.project)
        snapshot = self._snapshot()
        self.assertEqual((snapshot["promises"], snapshot["health"]), ([], "on_track"))
        with self.at(NOW):
            self.assertEqual(self.project.service_health, "on_track")

    def test_nothing_of_a_cancelled_request_is_late(self):
        request = self._create_request("Gone")
        step = {"title": "Visit", "party": "us", "customer_visible": True, "due": "2026-02-25"}
        with self.at("2026-02-20 09:00:00"):
            place = {"project_id": self.project.id, "task_id": request.id}
            promise = {"name": "Warm", "current_to": "2026-02-25"}
            commitment = self.env["service.commitment"].create({**place, **promise})
            self.env["service.step"].create({**place, **step})
        with self.at("2026-02-27 09:00:00"):
            commitment._go("broken", broken_at="2026-02-26 00:00:00")
            self.assertEqual(self.project.service_health, "late")
            request.state = "1_canceled"
        snapshot = self._snapshot()
        self.assertEqual((snapshot["health"], snapshot["next_steps"]), ("on_track", []))
        self.assertEqual([one["state"] for one in snapshot["promises"]], ["withdrawn"])
        with self.at(NOW):
            self.assertEqual(self.project.service_health, "on_track")
