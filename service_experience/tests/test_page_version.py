# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import json

from odoo.tests import tagged

from ..models.project.service_page_version import CHANGED
from .journey_common import JourneyCase


class PageVersionCase(JourneyCase):
    """A service, a request in it, and another service of somebody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.env["project.task"].create(
            {"name": "Radiator", "project_id": cls.project.id, "stage_id": cls.stage_new.id}
        )
        cls.other_project = cls.env["project.project"].create(
            {"name": "Roof", "partner_id": cls.other_customer.id, "privacy_visibility": "portal"}
        )
        cls._commit()

    @classmethod
    def _commit(cls):
        """End a transaction as far as its hooks can tell; nothing is sent."""
        cls.env.cr.flush()
        cls.env.cr.postcommit.clear()

    def _get_version(self, project=None):
        project = project or self.project
        project.invalidate_recordset(["service_version"])
        return project.service_version

    def _change(self, change, raised=1, project=None):
        """Do something in a transaction, and say how much the version of the page grows by it."""
        project = project or self.project
        before = self._get_version(project)
        change()
        self._commit()
        self.assertEqual(self._get_version(project) - before, raised)

    def _get_messages(self, project=None):
        """Return what was told on the channel of a service, in the order in which it was told."""
        channel = [
            self.env.cr.dbname,
            "project.project",
            (project or self.project).id,
            "service_portal",
        ]
        messages = self.env["bus.bus"].search([], order="id")
        return [json.loads(one.message) for one in messages if json.loads(one.channel) == channel]


@tagged("post_install", "-at_install")
class TestPageVersion(PageVersionCase):
    def test_service(self):
        for values in (
            {"customer_label": "Your heat pump"},
            {"date": "2026-05-04", "date_start": "2026-01-05"},
            {"customer_visible": False},
            {"customer_visible": True},
            {"partner_id": self.customer.id},
            {"user_id": self.employee.id},
            {"last_update_status": "at_risk"},
            {"active": False},
            {"active": True},
        ):
            with self.subTest(**values):
                self._change(lambda values=values: self.project.write(values))

    def test_request(self):
        for values in (
            {"stage_id": self.stage_done.id},
            {"customer_label": "A radiator", "customer_visible": True},
            {"date_deadline": "2026-04-04 10:00:00"},
            {"state": "1_done"},
            {"user_ids": self.employee.ids},
            {"active": False},
        ):
            with self.subTest(**values):
                self._change(lambda values=values: self.task.write(values))
        self._change(self.task.unlink)
        values = {"name": "Boiler", "project_id": self.project.id}
        self._change(lambda: self.env["project.task"].create(values))

    def test_what_the_page_does_not_show(self):
        for record, values in (
            (self.project, {"description": "Ask for the key", "color": 3}),
            (self.task, {"description": "Ask for the key", "priority": "1", "color": 3}),
            (self.stage_new, {"name": "Fresh"}),
            (self.customer, {"comment": "Pays late"}),
        ):
            with self.subTest(record._name):
                self._change(lambda record=record, values=values: record.write(values), raised=0)

    def test_writing_the_same_again(self):
        self._change(lambda: self.task.write({"customer_label": "A radiator"}))
        self._change(lambda: self.task.write({"customer_label": "A radiator"}), raised=0)

    def test_stage_with_words_for_customers(self):
        self._change(lambda: self.stage_new.write({"customer_label": "We have it"}))
        self._change(lambda: self.stage_done.write({"customer_label": "Ready"}), raised=0)

    def test_project_update(self):
        values = {"project_id": self.project.id, "name": "Week 9", "status": "on_track"}
        updates = self.env["project.update"]
        self._change(lambda: updates.create(values))
        update = self.project.last_update_id
        self._change(lambda: update.write({"date": "2026-02-27"}))
        self._change(lambda: update.write({"description": "All is well"}), raised=0)

    def test_milestone(self):
        milestones, found = self.env["project.milestone"], []
        values = {"name": "Visit", "project_id": self.project.id, "customer_label": "Visit"}
        self._change(lambda: found.append(milestones.create(values)))
        [milestone] = found
        self._change(lambda: milestone.write({"is_reached": True}))
        self._change(lambda: milestone.write({"name": "V-1"}), raised=0)
        self._change(milestone.unlink)

    def test_step(self):
        found = []
        self._change(lambda: found.append(self._create_step()))
        [step] = found
        self._change(step.action_request)
        self._change(lambda: step.write({"due": "2026-03-12"}))
        self._change(lambda: self._answer(step))

    def test_promise(self):
        found = []
        values = {"name": "Warm", "project_id": self.project.id, "current_to": "2998-03-06"}
        self._change(lambda: found.append(self.env["service.commitment"].create(values)))
        [promise] = found
        self._change(lambda: promise.action_move("2998-03-05", "It is faster."))
        revision = promise.revision_ids.sorted("sequence")[-1]
        told = {"told_at": "2026-03-02 10:00:00"}
        self._change(lambda: revision._set_once({revision.id: told}))
        self._change(lambda: promise.action_withdraw("Not needed any more."))

    def test_fact_of_one_service_and_of_all(self):
        second = self.env["project.project"].create(
            {"name": "Garden", "partner_id": self.customer.id, "privacy_visibility": "portal"}
        )
        self._commit()
        facts = self.env["service.fact"]
        values = {
            "topic_id": self.topic.id,
            "question": "Floors",
            "answer": "Two",
            "said_by_id": self.contact.id,
            "partner_id": self.customer.id,
        }
        here = {**values, "project_id": self.project.id}
        self._change(lambda: facts.create(here))
        self._change(lambda: facts.create({**here, "answer": "Three"}), 0, project=second)
        everywhere = {**values, "project_id": False, "answer": "Four"}
        self._change(lambda: facts.create(everywhere), project=second)
        self._change(lambda: facts.create(everywhere), 0, project=self.other_project)

    def test_wait_that_pauses_a_service(self):
        found = []
        values = {"project_id": self.project.id, "kind": "agreed_pause", "reason": "Holidays"}
        self._change(lambda: found.append(self.env["service.wait"].create(values)))
        self._change(found[0].action_end)

    def test_links_are_revoked(self):
        self._change(lambda: self.project.write({"service_epoch": 2}))

    def test_only_the_service_that_changed(self):
        self._change(lambda: self.task.write({"customer_label": "X"}), 0, self.other_project)

    def test_moved_request_changes_both(self):
        before = self._get_version(self.other_project)
        self._change(lambda: self.task.write({"project_id": self.other_project.id}))
        self.assertEqual(self._get_version(self.other_project), before + 1)


@tagged("post_install", "-at_install")
class TestPageVersionTransactions(PageVersionCase):
    def test_once_however_much_changes(self):
        def change():
            self.task.customer_label = "A radiator"
            self.task.flush_recordset()
            with self.env.cr.savepoint():
                self.task.stage_id = self.stage_done
            self._create_step()
            self.project.customer_label = "Your heat pump"

        before = len(self._get_messages())
        self._change(change)
        self.assertEqual(len(self._get_messages()), before + 1)

    def test_savepoint_that_is_rolled_back(self):
        """What was counted in it counts no more, and what comes later counts."""

        def fail():
            with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
                self.task.customer_label = "A radiator"
                self.env.cr.flush()
                raise ZeroDivisionError

        def fail_and_change():
            fail()
            self.task.customer_label = "A heater"

        told = len(self._get_messages())
        self._change(fail, raised=0)
        self.assertEqual(len(self._get_messages()), told)
        self._change(fail_and_change)
        self.assertEqual(len(self._get_messages()), told + 1)

    def test_rollback(self):
        self.task.customer_label = "A radiator"
        self.task.flush_recordset()
        told = len(self._get_messages())
        self.env.cr.clear()  # what a rollback does to the hooks
        self._commit()
        self.assertEqual(len(self._get_messages()), told)

    def test_a_failure_does_not_reach_the_user(self):
        def find_nothing(*_args):
            raise ValueError("broken")

        self.patch(type(self.env["project.task"]), "_get_page_services", find_nothing)
        with self.assertLogs("odoo.addons.service_experience", "WARNING"):
            self._change(lambda: self.task.write({"customer_label": "A radiator"}), raised=0)
        self.assertEqual(self.task.customer_label, "A radiator")

    def test_message_says_only_that_something_changed(self):
        self._change(lambda: self.task.write({"customer_label": "A radiator"}))
        payload = {"id": self.project.id, "version": self._get_version()}
        self.assertEqual(self._get_messages()[-1], {"type": CHANGED, "payload": payload})

    def test_who_is_told(self):
        """Pages that nobody can open are told nothing, unless that is what has changed."""
        for change, told in (
            (lambda: self.task.write({"customer_label": "A radiator"}), 1),
            (lambda: self.project.write({"customer_visible": False}), 1),
            (lambda: self.task.write({"customer_label": "A heater"}), 0),
            (lambda: self.project.write({"customer_visible": True}), 1),
            (lambda: self.project.write({"partner_id": False}), 1),
        ):
            before = len(self._get_messages())
            self._change(change)
            self.assertEqual(len(self._get_messages()), before + told)

    def test_deleted_service(self):
        lonely = self.env["project.project"].create({"name": "Shed"})
        self._commit()
        channel = self.env["project.project"].browse(lonely.id)
        lonely.unlink()
        self._commit()
        payload = {"id": channel.id, "version": 0}
        self.assertEqual(self._get_messages(channel)[-1], {"type": CHANGED, "payload": payload})

    def test_queries_do_not_grow_with_the_batch(self):
        tasks = self.env["project.task"].create(
            [{"name": str(n), "project_id": self.project.id} for n in range(500)]
        )
        self._commit()
        counts = []
        for batch in (tasks[:1], tasks):
            self.env["service.page.version"]._touch(batch)
            before = self.env.cr.sql_log_count
            self.env.cr.precommit.run()
            counts.append(self.env.cr.sql_log_count - before)
            self.env.cr.postcommit.clear()
        # A savepoint (2), the rows, the messages; whatever the number of records.
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 5)

    def test_clean_up(self):
        for number in range(3):
            self.task.customer_label = f"Radiator {number}"
            self._commit()
        version = self._get_version()
        rows = self.env["service.page.version"]
        done, remaining = rows._gc_rows()
        self.assertGreaterEqual(done, 1)
        self.assertFalse(remaining)
        rows.invalidate_model()
        self.assertEqual(self._get_version(), version)
        self.assertEqual(len(rows.search([("project_id", "=", self.project.id)])), 1)
        self.assertEqual(rows._gc_rows(), (0, 0))
