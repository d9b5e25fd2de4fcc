# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestJourneyEvidence(JourneyCase):
    """What happened is written once, for everybody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.env["project.task"].create(
            {"name": "No hot water", "project_id": cls.project.id}
        )
        cls.promise = cls.env["service.commitment"].create(
            {"name": "Done", "task_id": cls.task.id, "current_to": "2026-03-06"}
        )
        cls.step = cls.env["service.step"].create(
            {
                "title": "Send the plan",
                "task_id": cls.task.id,
                "party": "customer",
                "why": "To plan",
                "due": "2026-03-06",
                "blocking": True,
            }
        )
        cls.step.action_request()
        cls.step._see()
        cls.evidence = [
            cls.promise.revision_ids,
            cls.step.wait_ids,
            cls.env["service.timeline.entry"].search([("project_id", "=", cls.project.id)]),
        ]

    def test_nobody_changes_or_deletes_evidence(self):
        admin = self.env.ref("base.user_admin")
        for rows in self.evidence:
            self.assertTrue(rows)
            for who in (rows.sudo(), rows.with_user(admin)):
                with self.subTest(model=rows._name, su=who.env.su):
                    with self.assertRaises(UserError):
                        who.write({"create_date": "2020-01-01"})
                    with self.assertRaises(UserError):
                        who.unlink()

    def test_nobody_adds_history_or_dates_by_hand(self):
        values = {
            "service.timeline.entry": {
                "project_id": self.project.id,
                "type": "step",
                "key": "step_done",
            },
            "service.commitment.revision": {
                "commitment_id": self.promise.id,
                "sequence": 7,
                "set_at": "2026-03-02 09:00:00",
            },
        }
        for model, vals in values.items():
            with self.subTest(model), self.assertRaises(UserError):  # AccessError is one
                self.env[model].with_user(self.manager).create(vals)

    def test_what_the_database_refuses(self):
        """What two transactions could do at once, the database refuses by itself."""
        wait, revision = self.step.wait_ids, self.promise.revision_ids
        copies = {
            "service_step_uniq|service_wait": SQL(
                "INSERT INTO service_wait (project_id, step_id, kind, started_at) "
                "SELECT project_id, step_id, kind, started_at FROM service_wait WHERE id = %s",
                wait.id,
            ),
            "sequence": SQL(
                "INSERT INTO service_commitment_revision "
                "(commitment_id, sequence, date_to, confidence, set_at, acknowledgement) "
                "SELECT commitment_id, sequence, date_to, confidence, set_at, acknowledgement "
                "FROM service_commitment_revision WHERE id = %s",
                revision.id,
            ),
        }
        for name, statement in copies.items():
            with (
                self.subTest(name),
                self.assertRaises(psycopg2.errors.UniqueViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)
        checks = (
            SQL(
                "UPDATE service_commitment_revision SET date_from = '2026-12-24' WHERE id = %s",
                revision.id,
            ),
            SQL(
                "UPDATE service_commitment_revision SET acknowledgement = 'accepted' WHERE id = %s",
                revision.id,
            ),
        )
        for statement in checks:
            with (
                self.assertRaises(psycopg2.errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_one_correction_per_fact(self):
        fact = self.env["service.fact"].create(
            {"project_id": self.project.id, "question": "Year", "answer": "1987"}
        )
        fact._correct("1988", self.contact, "Mail")
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                SQL(
                    "INSERT INTO service_fact (partner_id, question, answer, said_at, certainty, "
                    "sensitivity, correction_of_id) SELECT partner_id, question, answer, said_at, "
                    "certainty, sensitivity, id FROM service_fact WHERE id = %s",
                    fact.id,
                )
            )

    def test_services_can_be_deleted_with_their_past(self):
        self.task.unlink()
        self.assertFalse(self.promise.exists())
        self.assertFalse(self.step.exists())
        project = self.project
        self.env["service.fact"].create(
            {"project_id": project.id, "question": "Year", "answer": "1987"}
        )
        project.unlink()
        self.assertFalse(
            self.env["service.timeline.entry"].search([("project_id", "=", project.id)])
        )
