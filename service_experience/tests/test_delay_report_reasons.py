# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import tagged

from .delay_report_common import DelayReportCase

REPORT = "service.delay.report"


@tagged("post_install", "-at_install")
class TestDelayReportReasons(DelayReportCase):
    """Whose hours they are. From Friday 13 to Tuesday, 17 March it is 16 working hours."""

    def _blame(self, **values):
        """Move a promise by 16 hours because of the customer, who took 10 of them."""
        promise = self._promise("2026-03-13")
        self._tell(
            promise,
            "2026-03-17",
            "2026-03-10 09:00:00",
            self.theirs,
            step_id=self._wait_for_plan().id,
            **values,
        )
        return promise

    def test_the_customer_explains_what_was_waited(self):
        promise = self._blame(second_reason_id=self.supplier.id)
        rows = self._rows(REPORT, promise)
        self.assertRecordValues(
            rows,
            [
                {"reason_id": self.theirs.id, "party": "customer", "hours": 10, "moves": 1},
                {"reason_id": self.supplier.id, "party": "third_party", "hours": 6, "moves": 0},
            ],
        )
        self.assertEqual(rows.mapped("process"), ["intake", "delivery"])
        self.assertEqual(len(rows.delay_id), 1)
        figures = ("moves:sum", "hours:sum", "told_before:avg", "lead_hours:avg")
        # Told at 9 on Tuesday, 10 March: 87 hours before the end of the 13th.
        self.assertEqual(self._group(REPORT, promise, [], *figures)[None], [1, 16, 1, 87])
        groups = self._group(REPORT, promise, ["party"], *figures)
        self.assertEqual(groups["third_party"], [0, 6, None, None])

    def test_the_rest_is_nobody_elses_but_ours(self):
        also = self.theirs.copy({"name": "Approval missing", "code": "TEST-approval"})
        for values in ({}, {"second_reason_id": also.id}):
            with self.subTest(values):
                rows = self._rows(REPORT, self._blame(**values))
                self.assertRecordValues(
                    rows[1:], [{"reason_id": False, "process": False, "party": "us", "hours": 6}]
                )

    def test_no_rest_without_hours(self):
        promise = self._promise("2026-03-13")
        self._tell(
            promise,
            "2026-03-16",  # one working day, of ten hours waited
            "2026-03-10 09:00:00",
            self.theirs,
            step_id=self._wait_for_plan().id,
        )
        self.assertRecordValues(self._rows(REPORT, promise), [{"party": "customer", "hours": 8}])

    def test_a_reason_of_ours_keeps_its_hours(self):
        promise = self._promise("2026-03-13")
        self._tell(
            promise,
            "2026-03-17",
            "2026-03-10 09:00:00",
            second_reason_id=self.theirs.id,
            step_id=self._wait_for_plan().id,
        )
        self.assertRecordValues(self._rows(REPORT, promise), [{"party": "us", "hours": 16}])

    def test_knock_on_delays(self):
        first, second = self._promise(), self._promise()
        cause = self._tell(first, "2026-03-10", "2026-03-04 09:00:00")
        self._tell(
            second, "2026-03-13", "2026-03-04 10:00:00", self.supplier, cascaded_from_id=cause.id
        )
        rows = self._rows(REPORT, first + second)
        self.assertEqual(rows.mapped("is_cascade"), [False, True])
        groups = self._group(REPORT, first + second, ["cascaded_from_id"], "moves:sum", "hours:sum")
        self.assertEqual(groups[cause], [1, 40])

    def test_the_same_reason_again_within_180_days(self):
        """At 9 on 2 March, and on 29 August: exactly 180 days, a second later is too late."""
        first = self._promise(day="2026-03-06")
        self._tell(first, "2026-03-10", "2026-03-02 09:00:00")
        for moment, is_repeat in (("2026-08-29 09:00:01", False), ("2026-08-29 09:00:00", True)):
            with self.subTest(moment):
                again = self._promise(day="2026-09-04", at="2026-08-28 09:00:00")
                self._tell(again, "2026-09-08", moment)
                self.assertEqual(self._rows(REPORT, first).is_repeat, is_repeat)
                if not is_repeat:
                    self.assertFalse(self._rows(REPORT, again).is_repeat)
        self.assertTrue(self._rows(REPORT, again).is_repeat)

    def test_no_repeat_of_other_reasons_customers_or_none(self):
        elsewhere = self._create_service(self.other_customer)
        self.other_customer.email = "desk@lamps.example"
        promises = self._promise() + self._promise() + self._promise(project_id=elsewhere.id)
        for promise, reason in zip(promises, (self.ours, self.supplier, self.ours), strict=True):
            self._tell(promise, "2026-03-10", "2026-03-04 09:00:00", reason)
        for _number in range(2):
            promises += self._promise()
            self._move(promises[-1], "2026-03-10", "2026-03-04 09:00:00")
        rows = self._rows(REPORT, promises)
        self.assertEqual(rows.mapped("moves"), [1] * 5)
        self.assertEqual(rows.mapped("is_repeat"), [False] * 5)

    def test_the_team_of_the_request_goes_first(self):
        workshop = self.env["service.team"].create({"name": "Workshop"})
        task = self._create_task(service_team_id=workshop.id, partner_id=self.contact.id)
        promise = self._promise(task_id=task.id)
        self._tell(promise, "2026-03-10", "2026-03-04 09:00:00")
        self.assertEqual(self._rows(REPORT, promise).team_id, workshop)
        task.service_team_id = False
        self.assertEqual(self._rows(REPORT, promise).team_id, self.team)
