# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from .delay_report_common import DelayReportCase

REPORT = "service.delay.report"


@tagged("post_install", "-at_install")
class TestDelayReport(DelayReportCase):
    """Moves that can be computed by hand. Monday is 2026-03-02; the old date is Friday, 6 March.

    before      Wednesday at 12, 60 hours before its end    told, to Tuesday: 16 h later
    after       Monday at 12, 60 hours after its end        too late, to Thursday: 32 h later
    unexplained Wednesday at 9, 63 hours before its end     no delay
    """

    def setUp(self):
        super().setUp()
        self.before, self.after, self.unexplained = (
            self._promise(name=name) for name in ("before", "after", "unexplained")
        )
        self.told = self._explain(self.before, "2026-03-10", "2026-03-04 09:00:00")
        self._arrive(self.told, "2026-03-04 12:00:00")
        self._move(self.unexplained, "2026-03-20", "2026-03-04 09:00:00")
        self._tell(self.after, "2026-03-12", "2026-03-09 12:00:00", self.supplier)
        self.promises = self.before + self.after + self.unexplained
        self.env.invalidate_all()

    def _row(self, promise):
        rows = self._rows(REPORT, promise)
        self.assertEqual(len(rows), 1)
        return rows

    def test_one_row_per_move(self):
        row = self._row(self.before)
        self.assertRecordValues(
            row,
            [
                {
                    "delay_id": self.told.id,
                    "project_id": self.project.id,
                    "task_id": False,
                    "partner_id": self.customer.id,  # the company of the contact
                    "team_id": self.team.id,
                    "reason_id": self.ours.id,
                    "process": "planning",
                    "party": "us",
                    "is_cascade": False,
                    "is_repeat": False,
                    "confidence": "firm",
                    "moved_at": datetime(2026, 3, 4, 9),
                    "told_at": datetime(2026, 3, 4, 12),
                    "old_to": date(2026, 3, 6),
                    "new_to": date(2026, 3, 10),
                    "moves": 1,
                    "hours": 16,
                    "told_before": 1,
                    "lead_hours": 60,
                }
            ],
        )
        self.assertEqual(row.action_open_move()["res_id"], self.told.id)
        row = self._row(self.unexplained)
        self.assertEqual(row.action_open_move()["res_model"], "service.commitment")

    def test_told_after_the_old_date(self):
        row = self._row(self.after)
        self.assertEqual((row.told_before, row.lead_hours, row.hours), (0, -60, 32))

    def test_moved_without_a_delay_is_not_told(self):
        self.assertRecordValues(
            self._row(self.unexplained),
            [{"delay_id": False, "reason_id": False, "party": False, "moves": 1, "lead_hours": 63}],
        )
        groups = self._group(
            REPORT, self.promises, ["commitment_id"], "told_before:avg", "hours:sum"
        )
        self.assertEqual(groups[self.unexplained], [0, None])
        self.assertEqual(groups[self.before], [1, 16])

    def test_not_delivered_counts_when_the_old_date_is_over(self):
        promise = self._promise()
        self._explain(promise, "2026-03-13", "2026-03-05 09:00:00")
        for moment, expected in (
            ("2026-03-06 23:59:59", [None, 1, None]),
            ("2026-03-07 00:00:00", [0, 1, None]),
        ):
            with self.at(moment), self.subTest(moment):
                figures = ("told_before:avg", "moves:sum", "lead_hours:avg")
                [row] = self._group(REPORT, promise, [], *figures).values()
                self.assertEqual(row, expected)

    def test_what_was_told_without_saying_what_we_do_is_not_told(self):
        self.env.cr.execute("UPDATE service_delay SET doing = E' \\n' WHERE id = %s", self.told.ids)
        self.assertEqual(self._row(self.before).told_before, 0)

    def test_lead_time_of_a_group_is_the_median(self):
        """60, -60 and 63 hours: the median is 60, their mean would be 21."""
        domain = [("commitment_id", "in", self.promises.ids)]
        report = self.env[REPORT]
        # As lists and graphs ask for it, then as pivot tables do, with the total of all.
        [total] = report.formatted_read_group(domain, [], ["lead_hours:avg", "told_before:avg"])
        self.assertEqual(total["lead_hours:avg"], 60)
        self.assertAlmostEqual(total["told_before:avg"], 1 / 3)
        [[total], teams, parties] = report.formatted_read_grouping_sets(
            domain, [[], ["team_id"], ["team_id", "party"]], ["lead_hours:avg", "moves:sum"]
        )
        self.assertEqual((total["lead_hours:avg"], total["moves:sum"]), (60, 3))
        self.assertEqual([group["lead_hours:avg"] for group in teams], [60])
        medians = {group["party"]: group["lead_hours:avg"] for group in parties}
        self.assertEqual(medians, {"us": 60, "third_party": -60, False: 63})
        groups = report.web_read_group(domain, ["team_id"], ["lead_hours:avg"])["groups"]
        self.assertEqual([group["lead_hours:avg"] for group in groups], [60])

    def test_median_of_two_is_between_them(self):
        groups = self._group(REPORT, self.before + self.after, [], "lead_hours:avg")
        self.assertEqual(groups[None], [0])

    def test_two_moves_of_one_promise(self):
        second = self._tell(self.before, "2026-03-12", "2026-03-06 09:00:00", confidence="firm")
        rows = self._rows(REPORT, self.before)
        self.assertEqual(rows.delay_id, self.told + second)
        self.assertRecordValues(
            rows,
            [
                {"old_to": date(2026, 3, 6), "hours": 16, "confidence": "firm", "lead_hours": 60},
                {
                    "old_to": date(2026, 3, 10),
                    "hours": 16,
                    "confidence": "likely",
                    "lead_hours": 111,
                },
            ],
        )
        # The days of the customer are counted, and what was resolved counts all the same.
        with self.at("2026-03-12 10:00:00"):
            self.before.action_customer_accepted()
        self.assertEqual(second.state, "resolved")
        figures = ("moves:sum", "hours:sum", "told_before:avg", "__count")
        self.assertEqual(self._group(REPORT, self.before, [], *figures)[None], [2, 32, 1, 2])

    def test_days_end_where_the_customer_lives(self):
        """In New York, Friday 6 March ends at 5:00 in UTC; without a delay it is computed."""
        self.customer.tz = "America/New_York"
        self.env.flush_all()
        self.assertEqual(self._row(self.unexplained).lead_hours, 68)
        self.assertEqual(self._row(self.before).lead_hours, 60)  # as it was when it was told
        promise = self._promise("2026-03-08")  # the clocks go forward on that day
        self._move(promise, "2026-03-20", "2026-03-08 04:00:00")
        self.assertEqual(self._row(promise).lead_hours, 24)
        self.contact.tz = "Asia/Tokyo"
        self.env.flush_all()
        self.assertEqual(self._row(self.unexplained).lead_hours, 54)
        self.project.partner_id = self.other_customer
        self.calendar.tz = "Europe/Berlin"
        self.env.flush_all()
        self.assertEqual(self._row(self.unexplained).lead_hours, 62)

    def test_what_is_no_move(self):
        for name, values in {
            "hidden": {"customer_visible": False},
            "theirs": {"direction": "customers"},
        }.items():
            with self.subTest(name):
                promise = self._promise(**values)
                self._move(promise, "2026-03-20", "2026-03-04 09:00:00")
                self.assertFalse(self._rows(REPORT, promise))
        promise = self._promise()
        self._move(promise, "2026-03-05", "2026-03-03 09:00:00")
        self._move(promise, "2026-03-05", "2026-03-03 10:00:00", confidence="likely")
        self.assertFalse(self._rows(REPORT, promise))
        internal = self._create_service(self.env["res.partner"])
        promise = self._promise(project_id=internal.id)
        self._move(promise, "2026-03-20", "2026-03-04 09:00:00")
        self.assertFalse(self._rows(REPORT, promise))

    def test_a_date_not_known_yet(self):
        promise = self._promise()
        self._move(promise, None, "2026-03-04 09:00:00", known_by="2026-03-05")
        row = self._row(promise)
        self.assertEqual((row.old_to, row.new_to), (date(2026, 3, 6), False))
        self._move(promise, "2026-03-20", "2026-03-05 09:00:00")
        self.assertEqual(self._rows(REPORT, promise).mapped("old_to")[1], date(2026, 3, 5))
        # To tell the first date in time moves nothing; to put it off does.
        promise = self._promise(day=False, known_by="2026-03-05")
        self._move(promise, None, "2026-03-04 09:00:00", known_by="2026-03-10")
        self._move(promise, "2026-03-20", "2026-03-09 09:00:00")
        self.assertEqual(self._row(promise).old_to, date(2026, 3, 5))
        # Whoever explains a delay says that it is one.
        promise = self._promise(day=False, known_by="2026-03-05")
        self._tell(promise, "2026-03-09", "2026-03-04 09:00:00")
        self.assertEqual(self._row(promise).hours, 16)

    def test_dates_of_a_draft_were_told_to_nobody(self):
        plan = self.env["service.commitment"].create(
            {
                "name": "x",
                "project_id": self.project.id,
                "state": "draft",
                "current_to": "2026-03-04",
            }
        )
        plan.current_to = "2026-03-11"
        plan.action_promise()
        self.assertEqual(plan.state, "active")
        self.assertFalse(self._rows(REPORT, plan))
        self._move(plan, "2026-03-18", "2026-03-04 09:00:00")
        self.assertEqual(self._row(plan).old_to, date(2026, 3, 11))

    def test_answers(self):
        figures = ("accepted:avg", "contested:avg")
        self.assertEqual(self._group(REPORT, self.promises, [], *figures)[None], [None, None])
        with self.at("2026-03-09 13:00:00"):
            self.after.delay_ids._answer(self.contact, "contested", "Wednesday is better.")
            self.unexplained.revision_ids[-1].action_accept()
        self.assertEqual(self._group(REPORT, self.promises, [], *figures)[None], [0.5, 0.5])
        # Whoever lets it pass has answered as well.
        cron = self.env.ref("service_experience.service_commitment_cron")
        with self.at("2026-03-12 08:00:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.before.revision_ids[-1].acknowledgement, "tacit")
        shares = self._group(REPORT, self.promises, [], *figures)[None]
        self.assertEqual([round(share, 4) for share in shares], [0.3333, 0.3333])
        with self.at("2026-03-12 09:00:00"), self.assertRaisesRegex(UserError, "have your answer"):
            self.told._answer(self.contact, "contested", "We cannot wait that long.")
