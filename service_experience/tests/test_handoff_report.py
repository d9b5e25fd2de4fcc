# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from ast import literal_eval
from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .handoff_common import GROUP, HandoffCase

MEASURES = ("accept_hours:avg", "accepted_first:avg", "overdue:avg", "completeness_offered:avg")
JUDGEMENTS = ("judged_count:sum", "asked_again:avg", "cost_hours:sum")


class HandoffReportCase(HandoffCase):
    """Four handoffs that can be computed by hand: eight working hours a day, from 9 to 17.

    quick   Monday 10 to 12                            2 h, first action 3 h later
    back    offered, returned; Monday 16 to Tuesday 10 2 h, not the first time
    late    Monday 9 to Wednesday 10                   17 h of 8, incomplete
    open    offered on Wednesday at 9
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workshop = cls.env["service.team"].create(
            {"name": "Workshop", "member_ids": [Command.set(cls.receiver.ids)]}
        )

    def setUp(self):
        super().setUp()
        with self.at("2026-03-02 09:00:00"):
            self.late = self._begin(self.workshop, self.kind.item_ids[-1].name)
            self.late.action_offer()
            self.quick, self.back = self._begin(self.team), self._begin(self.team)
        with self.at("2026-03-02 10:00:00"):
            (self.quick + self.back).action_offer()
        with self.at("2026-03-02 11:00:00"):
            self.back.with_user(self.receiver).action_return("Nothing is clear.")
            self.back.action_rework()
        with self.at("2026-03-02 12:00:00"):
            self._accept(self.quick)
        with self.at("2026-03-02 15:00:00"):
            self.quick.with_user(self.receiver).action_first_action()
        with self.at("2026-03-02 16:00:00"):
            self.back.action_offer()
        with self.at("2026-03-03 10:00:00"):
            self._accept(self.back)
        with self.at("2026-03-04 09:00:00"):
            self.open = self._begin(self.workshop)
            self.open.action_offer()
        with self.at("2026-03-04 10:00:00"):
            self._accept(self.late)
        self.handoffs = self.late + self.quick + self.back + self.open
        self.env.invalidate_all()

    def _begin(self, team, without=None):
        task = self.task.copy({"name": "Boiler"})
        handoff = self._complete(
            self._create_handoff(task_ids=[Command.set(task.ids)], to_team_id=team.id)
        )
        handoff.check_ids.filtered(lambda item: item.name == without).action_reopen()
        return handoff

    def _group(self, groupby, *aggregates):
        """Return ``{group: aggregates}`` of the rows of these handoffs."""
        rows = self.env["service.handoff.report"]._read_group(
            [("handoff_id", "in", self.handoffs.ids)], groupby, aggregates
        )
        return {values[0] if groupby else None: [*values[len(groupby) :]] for values in rows}


@tagged("post_install", "-at_install")
class TestHandoffReport(HandoffReportCase):
    def test_one_row_per_offered_handoff(self):
        self._create_handoff(task_ids=[Command.set(self.task.copy().ids)])  # a draft
        rows = self.env["service.handoff.report"].search([("project_id", "=", self.project.id)])
        self.assertEqual(rows.handoff_id, self.handoffs)
        row = rows.filtered(lambda one: one.handoff_id == self.quick)
        self.assertRecordValues(
            row,
            [
                {
                    "type_id": self.kind.id,
                    "from_team_id": self.sending_team.id,
                    "to_team_id": self.team.id,
                    "receiver_id": self.receiver.id,
                    "partner_id": self.customer.id,
                    "offered_at": datetime(2026, 3, 2, 10),
                    "accepted_first": 1,
                    "accept_hours": 2,
                    "first_action_hours": 3,
                    "judged_count": 0,
                }
            ],
        )
        self.assertEqual(row.action_open_handoff()["res_id"], self.quick.id)

    def test_rates_of_groups_count_what_they_apply_to(self):
        groups = self._group(["to_team_id"], *MEASURES, "bounce_count:sum", "__count")
        self.assertEqual(groups[self.team], [2, 0.5, 0, 1, 1, 2])
        # The open one has no time and no result yet, but an offer and a timer.
        self.assertEqual(groups[self.workshop], [17, 1, 0.5, 0.9375, 0, 2])
        [total] = self._group([], *MEASURES).values()
        self.assertEqual(total, [7, 2 / 3, 0.25, 0.96875])

    def test_groups_of_people_types_and_months(self):
        for field, key in (
            ("receiver_id", self.receiver),
            ("type_id", self.kind),
            ("offered_at:month", datetime(2026, 3, 1)),
        ):
            with self.subTest(field):
                self.assertEqual(self._group([field], "accept_hours:avg", "__count"), {key: [7, 4]})

    def test_time_in_which_the_sender_answers_does_not_count(self):
        received = self.open.with_user(self.receiver)
        with self.at("2026-03-04 11:00:00"):
            received.item_ids.create({"handoff_id": received.id, "name": "Which pump?"})
            received.action_ask()
        with self.at("2026-03-05 10:00:00"):
            self.open.question_ids.answer = "The red one."
            self.open.question_ids.action_done()
            self.open.action_answer()
        with self.at("2026-03-05 11:00:00"):
            self._accept(self.open)
        self.env.invalidate_all()
        row = self.env["service.handoff.report"].search([("handoff_id", "=", self.open.id)])
        self.assertEqual(row.accept_hours, 3)

    def test_without_a_timer_the_clock_on_the_wall_counts(self):
        self.back.sudo()._set(timer_id=False)
        [row] = self._group(["handoff_id"], "accept_hours:avg")[self.back]
        self.assertEqual(row, 18)

    def test_what_receivers_judge(self):
        self.assertEqual(self._group(["to_team_id"], *JUDGEMENTS)[self.team], [0, False, False])
        item = self.quick.check_ids[0]
        self.quick.with_user(self.receiver).action_judge(item.ids, "The key", 90, True)
        self.back.with_user(self.receiver).action_judge()
        groups = self._group(["to_team_id"], *JUDGEMENTS)
        self.assertEqual(groups[self.team], [2, 0.5, 1.5])
        self.assertEqual(groups[self.workshop], [0, False, False])

    def test_what_was_missing(self):
        item = self.quick.check_ids[0]
        self.quick.with_user(self.receiver).action_judge(item.ids)
        action = self.env.ref("service_experience.service_handoff_item_action_missing")
        items = self.env["service.handoff.item"].with_user(self.lead)
        domain = literal_eval(action.domain)
        missing = items.search([("handoff_id", "in", self.handoffs.ids), *domain])
        last = self.late.check_ids.filtered(lambda one: one.state == "open")
        self.assertEqual(missing, item + last)
        groups = items._read_group([("id", "in", missing.ids)], ["to_team_id", "name"], ["__count"])
        self.assertEqual(
            groups, [(self.team, item.name, 1), (self.workshop, self.kind.item_ids[-1].name, 1)]
        )
        for field, value in {
            "type_id": self.kind,
            "from_team_id": self.sending_team,
            "offered_at:month": datetime(2026, 3, 1),
        }.items():
            with self.subTest(field):
                rows = items._read_group([("id", "in", missing.ids)], [field], ["__count"])
                self.assertEqual(rows, [(value, 2)])

    # Access

    def test_only_leads_and_managers_read_it(self):
        row = self.env["service.handoff.report"].search([("handoff_id", "=", self.quick.id)])
        for user in (self.lead, self.manager):
            self.assertEqual(row.with_user(user).accept_hours, 2)
        for group in ("base.group_portal", "base.group_public", "project.group_project_manager"):
            user = new_test_user(self.env, group.replace(".", "_"), groups=group)
            with self.subTest(group), self.assertRaises(AccessError):
                row.with_user(user).search([])
        with self.assertRaises(AccessError):
            row.with_user(self.receiver)._read_group([], [], ["accept_hours:avg"])
        for operation in ("write", "create", "unlink"):
            self.assertFalse(row.with_user(self.manager).has_access(operation))

    def test_it_shows_what_the_reader_may_see(self):
        other = new_test_user(self.env, "other_lead", groups=GROUP + "lead")
        domain = [("handoff_id", "in", self.handoffs.ids)]
        for user in (self.lead, other):
            self.assertEqual(self._count(user, domain), 4)
        self.project.privacy_visibility = "followers"
        self.project.message_unsubscribe((self.lead + other).partner_id.ids)
        self.env.invalidate_all()
        self.assertEqual(self._count(self.lead, domain), 2)  # those of their team
        self.assertEqual(self._count(other, domain), 0)

    def test_another_company_is_not_in_the_figures(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups=GROUP + "manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        domain = [("handoff_id", "in", self.handoffs.ids)]
        self.project.company_id = self.env.company
        self.env.flush_all()
        self.env.cr.execute("UPDATE service_handoff SET company_id = %s", [self.env.company.id])
        self.env.invalidate_all()
        self.assertEqual(self._count(stranger, domain), 0)
        self.assertEqual(self._count(self.lead, domain), 4)

    def _count(self, user, domain):
        report = self.env["service.handoff.report"].with_user(user)
        [[count]] = report._read_group(domain, [], ["__count"])
        self.assertEqual(len(report.search(domain)), count)
        return count
