# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models.delay.detection.facts import get_facts
from .delay_detection_common import DelayDetectionCase

DETECTION = "odoo.addons.service_experience.models.delay.service_delay_detection"


@tagged("post_install", "-at_install")
class TestDelayDetectionJob(DelayDetectionCase):
    """A fact is suspected once; the job costs little, and one that fails holds up no other."""

    # Once

    def test_a_fact_is_suspected_once(self):
        promise = self._promise()
        self._detect("2026-03-07 10:00:00")
        delay = self._found(commitment_id=promise)
        self.assertEqual(delay.rule, "deadline_passed")
        with self.at("2026-03-07 11:00:00"):
            delay.action_dismiss("We are nearly there.")
            self.env["service.delay.change"]._note(self.project)
        self._detect("2026-03-07 11:15:00")
        self.assertEqual(self._found(commitment_id=promise), delay)

    def test_nothing_more_is_suspected_of_what_is_confirmed(self):
        task = self._request()
        promise = self._promise(task_id=task.id)
        delay = self._confirmed(promise=promise)
        self._detect("2026-03-05 10:00:00")
        self.assertEqual(self._found(task_id=task), delay)

    def test_the_new_date_is_watched_again(self):
        promise = self._promise()
        delay = self._told(promise=promise)
        self._detect("2026-03-03 11:15:00")
        self._detect("2026-03-07 10:00:00")
        found = self._found(commitment_id=promise) - delay
        self.assertFalse(found.filtered(lambda one: one.rule == "deadline_passed"))
        self._detect("2026-03-14 00:00:00")
        found = self._found(commitment_id=promise) - delay
        self.assertIn("deadline_passed", found.mapped("rule"))

    def test_flagged_at_a_handoff(self):
        promise = self._promise(day="2026-03-20")
        item = self.env["service.handoff.item"].sudo()
        with self.at("2026-03-03 10:00:00"):
            handoff = self.env["service.handoff"].create(
                {
                    "type_id": self.env.ref("service_experience.handoff_type_team").id,
                    "project_id": self.project.id,
                    "from_user_id": self.accountable.id,
                    "to_user_id": self.employee.id,
                    "urgency": "watch",
                    "situation": "All is ready.",
                    "has_no_steps": True,
                }
            )
            handoff.check_ids.action_done()
            handoff.action_offer()
            item = handoff.item_ids.filtered(lambda one: one.commitment_id == promise)
            item.with_user(self.employee).action_flag("The pipes are too old.")
            handoff.with_user(self.employee).action_accept(
                "Run the pump", "Look at the cellar", "The old pipes", "Known."
            )
        delay = self._found(commitment_id=promise)
        self.assertEqual((delay.rule, delay.detected_by), ("flagged", "system"))
        self.assertIn("The pipes are too old.", delay.why)

    # What it costs

    def _count_queries(self, number):
        """Return the queries of looking at so many requests of which none is late."""
        tasks = self.env["project.task"].union(
            *(self._request(date_deadline="2026-05-04 12:00:00") for _number in range(number))
        )
        self.env.flush_all()
        self.env.cr.precommit.run()
        with self.at("2026-03-02 10:00:00"):
            self.env["service.delay"]._look(
                set(tasks.ids), set(), self.instant("2026-03-02 10:00:00")
            )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["service.delay"]._look(
                set(tasks.ids), set(), self.instant("2026-03-02 10:00:00")
            )
        return self.env.cr.sql_log_count - before

    def test_a_batch_costs_the_same_queries_whatever_its_size(self):
        few, many = self._count_queries(3), self._count_queries(30)
        self.assertLessEqual(many, few)

    def test_noting_changes_costs_one_insert_a_transaction(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env["service.delay.change"].search([]).unlink()
        tasks = self.env["project.task"].union(*(self._request() for _number in range(5)))
        before = self.env.cr.sql_log_count
        self.env.cr.precommit.run()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 6)
        changes = self.env["service.delay.change"].search([("task_id", "!=", False)])
        self.assertEqual(changes.task_id, tasks)

    def test_a_failing_note_never_blocks_the_work(self):
        broken = patch.object(
            type(self.env["service.delay.change"]), "_add", side_effect=ValueError("A bug")
        )
        with broken, mute_logger("odoo.addons.service_experience.models.delay.service_delay_watch"):
            task = self._request()
            self.env.flush_all()
            self.env.cr.precommit.run()
        self.assertTrue(task.exists())

    def test_one_that_fails_does_not_hold_up_the_others(self):
        bad, good = (
            self._request(date_deadline="2026-03-02 09:30:00"),
            self._request(date_deadline="2026-03-02 09:30:00"),
        )
        original = get_facts

        def fail(places, now):
            if places._name == "project.task" and bad in places:
                places.env.cr.execute("SELECT 1 / 0")  # a bug that breaks the transaction, too
            return original(places, now)

        with patch(f"{DETECTION}.get_facts", fail), mute_logger(DETECTION, "odoo.sql_db"):
            self._detect("2026-03-02 10:00:00")
        self.assertFalse(self._found(task_id=bad))
        self.assertTrue(self._found(task_id=good))
        self._detect("2026-03-02 11:00:00")
        self.assertTrue(self._found(task_id=bad), "tried again in an hour")

    def test_the_job_says_what_is_left(self):
        for _number in range(2):
            self._request()
        self.env.cr.precommit.run()
        said = []

        def note(_cron, processed=0, remaining=None, **_values):
            said.append((processed, remaining))
            return 0  # no time left

        cron = type(self.env["ir.cron"])
        with (
            patch.object(cron, "_commit_progress", note),
            patch(f"{DETECTION}.BATCH", 1),
            self.at("2026-03-02 10:00:00"),
        ):
            self.env["service.delay"]._cron_detect()
        self.assertEqual(said, [(1, 1)])
        self.assertTrue(self.env["service.delay.change"].search_count([]))

    def test_the_job_orders_a_run_for_the_next_look(self):
        self._request(date_deadline="2026-03-02 10:05:00")
        self._detect("2026-03-02 10:00:00")
        cron = self.env.ref("service_experience.service_delay_cron_detect")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn(self.instant("2026-03-02 10:05:00"), triggers.mapped("call_at"))

    def _check_left_to_the_other(self, model, values, take):
        """Expect a row that another run holds to be left to it at once, not waited for."""
        with self.registry.cursor() as cr:
            row_id = self.env(cr=cr)[model].create(values).id
        self.addCleanup(self._remove, model, row_id)
        with self.registry.cursor() as ours, self.registry.cursor() as theirs:
            self.env(cr=theirs)[model].browse(row_id).lock_for_update()
            ours.execute("SET LOCAL lock_timeout = '2s'")
            rows = self.env(cr=ours)[model]
            take(rows)
            self.assertTrue(rows.browse(row_id).exists())
            ours.rollback()

    def _remove(self, model, row_id):
        with self.registry.cursor() as cr:
            self.env(cr=cr)[model].browse(row_id).unlink()

    def test_a_change_that_another_run_takes_is_left_to_it(self):
        self._check_left_to_the_other("service.delay.change", {}, lambda rows: rows._take(1000))

    def test_a_batch_is_no_larger_whatever_the_database_plans(self):
        """Without statistics the planner may run the choice of the rows once for each row."""
        changes = self.env["service.delay.change"]
        changes.create([{} for _number in range(20)])
        before = changes.search_count([])
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize"):
            self.env.cr.execute(SQL("SET LOCAL %s = off", SQL.identifier(f"enable_{way}")))
        changes._take(3)
        self.assertEqual(before - changes.search_count([]), 3)

    def test_a_look_that_another_run_takes_is_left_to_it(self):
        self._check_left_to_the_other(
            "service.delay.watch",
            {"look_at": "2000-01-01"},
            lambda rows: rows._take_due(self.instant("2026-03-02 10:00:00"), 1000),
        )
