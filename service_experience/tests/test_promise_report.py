# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date, datetime

from odoo.tests import tagged

from .delay_report_common import DelayReportCase

REPORT = "service.promise.report"


@tagged("post_install", "-at_install")
class TestPromiseReport(DelayReportCase):
    """Which dates held. Monday is 2026-03-02; promised is Friday, 6 March unless said otherwise."""

    def _keep(self, promise, at):
        with self.at(at):
            promise.action_customer_accepted()

    def _get_held(self, promise, at="2026-03-06 12:00:00"):
        """Return for each date of a promise whether it held, None while that is not known."""
        with self.at(at):
            domain = [("commitment_id", "in", promise.ids)]
            rows = self.env[REPORT]._read_group(domain, ["sequence"], ["held:avg", "held:count"])
        return [held if count else None for _sequence, held, count in rows]

    def test_one_row_per_date_that_was_told(self):
        promise = self._promise(confidence="likely")
        self._tell(promise, "2026-03-10", "2026-03-04 09:00:00", confidence="estimate")
        self._keep(promise, "2026-03-09 15:00:00")
        rows = self._rows(REPORT, promise)
        self.assertRecordValues(
            rows,
            [
                {
                    "sequence": 1,
                    "confidence": "likely",
                    "is_move": 0,
                    "told_at": datetime(2026, 3, 2, 9),
                    "date_to": date(2026, 3, 6),
                    "held": 0,
                },
                {
                    "sequence": 2,
                    "confidence": "estimate",
                    "is_move": 1,
                    "told_at": datetime(2026, 3, 4, 9),
                    "date_to": date(2026, 3, 10),
                    "held": 1,
                },
            ],
        )
        for row in rows:
            self.assertRecordValues(
                row,
                [
                    {
                        "project_id": self.project.id,
                        "partner_id": self.customer.id,
                        "team_id": self.team.id,
                        "state": "broken",  # nobody had agreed to the new date
                        "kept_at": datetime(2026, 3, 9, 15),
                    }
                ],
            )
        self.assertEqual(rows[0].action_open_promise()["res_id"], promise.id)

    def test_held_until_the_end_of_the_day(self):
        for moment, held in (("2026-03-06 23:59:59", 1), ("2026-03-07 00:00:00", 0)):
            with self.subTest(moment):
                promise = self._promise()
                self._keep(promise, moment)
                self.assertEqual(self._get_held(promise, moment), [held])

    def test_not_known_before_the_day_is_over(self):
        promise = self._promise()
        self.assertEqual(self._get_held(promise, "2026-03-06 23:59:59"), [None])
        self.assertEqual(self._get_held(promise, "2026-03-07 00:00:00"), [0])

    def test_a_later_date_decides_about_the_one_before(self):
        promise = self._promise()
        self._move(promise, "2026-03-13", "2026-03-04 09:00:00")
        self.assertEqual(self._get_held(promise, "2026-03-04 10:00:00"), [0, None])
        # It was fulfilled by the first date after all: both held.
        self._keep(promise, "2026-03-05 12:00:00")
        self.assertEqual(self._get_held(promise), [1, 1])

    def test_an_earlier_date_decides_nothing(self):
        promise = self._promise("2026-03-13")
        self._move(promise, "2026-03-06", "2026-03-04 09:00:00")
        self.assertEqual(self._get_held(promise, "2026-03-04 10:00:00"), [None, None])
        self._keep(promise, "2026-03-10 12:00:00")
        self.assertEqual(self._get_held(promise, "2026-03-10 12:00:00"), [1, 0])
        self.assertEqual(self._rows(REPORT, promise).mapped("is_move"), [0, 0])

    def test_withdrawn_promises_say_nothing(self):
        promise = self._promise()
        with self.at("2026-03-04 09:00:00"):
            promise.action_withdraw("They no longer need it.")
        self.assertEqual(self._get_held(promise, "2026-03-10 09:00:00"), [None])

    def test_a_date_not_known_yet_says_nothing(self):
        promise = self._promise(day=False, known_by="2026-03-04")
        self.assertEqual(self._get_held(promise, "2026-03-10 09:00:00"), [None])

    def test_what_the_customer_was_not_told_is_no_date(self):
        promise = self._promise()
        delay = self._explain(promise, "2026-03-13", "2026-03-04 09:00:00")
        self.assertEqual(self._get_held(promise, "2026-03-04 10:00:00"), [0])
        self._arrive(delay, "2026-03-04 12:00:00")
        self.assertEqual(self._get_held(promise, "2026-03-04 12:00:00"), [0, None])
        for values in ({"customer_visible": False}, {"direction": "customers"}):
            self.assertEqual(self._get_held(self._promise(**values)), [])

    def test_calibration(self):
        """Of five dates called likely four held, of two firm ones one."""
        kept = self.env["service.commitment"]
        for confidence, day, kept_at in (
            ("likely", "2026-03-06", "2026-03-06 09:00:00"),
            ("likely", "2026-03-06", "2026-03-06 09:00:00"),
            ("likely", "2026-03-06", "2026-03-05 09:00:00"),
            ("likely", "2026-02-27", "2026-02-26 09:00:00"),
            ("likely", "2026-02-27", "2026-03-02 09:00:00"),
            ("firm", "2026-03-06", "2026-03-06 09:00:00"),
            ("firm", "2026-03-06", "2026-03-07 09:00:00"),
        ):
            promise = self._promise(day, "2026-02-23 09:00:00", confidence=confidence)
            self._keep(promise, kept_at)
            kept += promise
        self.env.invalidate_all()
        groups = self._group(REPORT, kept, ["confidence"], "held:avg", "__count")
        self.assertEqual(groups, {"likely": [0.8, 5], "firm": [0.5, 2]})
        months = self._group(REPORT, kept, ["date_to:month"], "held:avg")
        self.assertEqual(months, {date(2026, 2, 1): [0.5], date(2026, 3, 1): [0.8]})

    def test_moves_per_promise(self):
        """Three promises: one moves twice, one once, one never."""
        twice, once, never = self._promise(), self._promise(confidence="likely"), self._promise()
        for promise, day in ((twice, "2026-03-13"), (once, "2026-03-13"), (twice, "2026-03-20")):
            self._move(promise, day, "2026-03-04 09:00:00")
        self.env.invalidate_all()
        promises = twice + once + never
        domain = [("commitment_id", "in", promises.ids)]
        [[total], groups] = self.env[REPORT].formatted_read_grouping_sets(
            domain, [[], ["confidence"]], ["moves_per_promise:avg", "__count"]
        )
        self.assertEqual((total["moves_per_promise:avg"], total["__count"]), (1, 6))
        self.assertEqual(
            {group["confidence"]: group["moves_per_promise:avg"] for group in groups},
            {"firm": 1, "likely": 1},
        )
        groups = self._group(REPORT, promises, ["commitment_id"], "moves_per_promise:avg")
        self.assertEqual(groups, {twice: [2], once: [1], never: [0]})
