# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime

from odoo.tests import tagged

from .delay_report_common import DelayReportCase

REPORT = "service.delay.rule.report"
PRECISION = ("precision:avg", "precision:count")


@tagged("post_install", "-at_install")
class TestDelayRuleReport(DelayReportCase):
    """Whether suspicions come true, and what the rules notice. Promised is Friday, 6 March."""

    def _suspect(self, promise, rule="stale", at="2026-03-04 09:00:00", **values):
        with self.at(at):
            return self.env["service.delay"]._suspect(
                [self._prepare_suspicion(promise, rule, **values)]
            )

    def _get_precision(self, delay):
        """Return whether a suspicion came true, None while that is not known."""
        self.env.flush_all()
        domain = [("delay_id", "=", delay.id)]
        [(precision, count)] = self.env[REPORT]._read_group(domain, [], PRECISION)
        return precision if count else None

    def _get_recall(self, promise):
        """Return the rules that had noticed what happened, for each time that it happened."""
        self.env.invalidate_all()
        domain = [("commitment_id", "in", promise.ids), ("suspicion_count", "=", 0)]
        rows = self.env[REPORT].search(domain)
        return {
            moment: set(found.filtered("recall").mapped("rule"))
            for moment, found in rows.grouped("occurred_at").items()
        }

    def _dismiss(self, delay, at="2026-03-04 10:00:00"):
        with self.at(at):
            delay.action_dismiss("We are nearly there.")

    def _break(self, at="2026-03-09 08:00:00"):
        cron = self.env.ref("service_experience.service_commitment_cron")
        with self.at(at), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    # Precision

    def test_confirmed_suspicions_came_true(self):
        promise = self._promise()
        delay, other = self._suspect(promise), self._suspect(promise, "silence")
        self.assertEqual([self._get_precision(one) for one in (delay, other)], [None, None])
        with self.at("2026-03-04 10:00:00"):
            delay.write(
                {
                    "reason_id": self.ours.id,
                    "new_to": "2026-03-10",
                    "customer_explanation": "We planned too little time for the pipes.",
                    "doing": "A second fitter joins us.",
                    "next_update_due": "2026-03-05 09:00:00",
                }
            )
            delay.action_confirm()
        self.assertEqual(other.state, "superseded")
        self.assertEqual([self._get_precision(one) for one in (delay, other)], [1, 1])
        with self.at("2026-03-04 11:00:00"):
            delay.action_absorb()
        # The promise is kept all the same: none of them was right.
        self.assertEqual([self._get_precision(one) for one in (delay, other)], [0, 0])

    def test_dismissed_suspicions_did_not(self):
        promise = self._promise()
        delay = self._suspect(promise)
        self._dismiss(delay)
        self.assertEqual(self._get_precision(delay), 0)
        with self.at("2026-03-06 12:00:00"):
            promise.action_customer_accepted()
        self.assertEqual(self._get_precision(delay), 0)

    def test_dismissed_and_moved_all_the_same(self):
        promise = self._promise()
        delay = self._suspect(promise)
        self._dismiss(delay)
        self._move(promise, "2026-03-05", "2026-03-04 11:00:00")
        self.assertEqual(self._get_precision(delay), 0)  # earlier is no delay
        self._move(promise, "2026-03-13", "2026-03-05 09:00:00")
        self.assertEqual(self._get_precision(delay), 1)
        late = self._suspect(promise, at="2026-03-05 10:00:00")
        self._dismiss(late, "2026-03-05 11:00:00")
        self.assertEqual(self._get_precision(late), 0)  # it was moved before

    def test_dismissed_and_broken_all_the_same(self):
        promise = self._promise()
        delay = self._suspect(promise)
        self._dismiss(delay)
        self._break()
        self.assertEqual((promise.state, self._get_precision(delay)), ("broken", 1))

    def test_noticed_when_the_day_was_over(self):
        promise = self._promise()
        self._break()
        delay = self._suspect(promise, "deadline_passed", "2026-03-09 09:00:00")
        self._dismiss(delay, "2026-03-09 10:00:00")
        self.assertEqual(self._get_precision(delay), 1)

    def test_a_second_date_that_holds_after_a_breach(self):
        """The first date was broken, the second one was in doubt and held."""
        promise = self._promise()
        self._break()
        self._move(promise, "2026-03-13", "2026-03-09 09:00:00")
        delay = self._suspect(promise, at="2026-03-10 09:00:00")
        self._dismiss(delay, "2026-03-10 10:00:00")
        with self.at("2026-03-13 12:00:00"):
            promise.action_customer_accepted()
            self.assertEqual((promise.state, self._get_precision(delay)), ("broken", 0))

    def test_a_second_date_that_does_not_hold_either(self):
        promise = self._promise()
        self._break()
        self._move(promise, "2026-03-13", "2026-03-09 09:00:00")
        delay = self._suspect(promise, at="2026-03-10 09:00:00")
        self._dismiss(delay, "2026-03-10 10:00:00")
        for moment, precision in (("2026-03-13 23:59:59", 0), ("2026-03-14 00:00:00", 1)):
            with self.at(moment):
                self.assertEqual(self._get_precision(delay), precision)

    def test_a_breach_after_the_suspicion_is_enough(self):
        """The customer did not agree to the second date: the first one broke, the second held."""
        promise = self._promise()
        self._move(promise, "2026-03-13", "2026-03-04 09:00:00").action_contest()
        delay = self._suspect(promise, at="2026-03-05 09:00:00")
        self._dismiss(delay, "2026-03-05 10:00:00")
        with self.at("2026-03-12 12:00:00"):
            promise.action_customer_accepted()
            self.assertEqual((promise.state, self._get_precision(delay)), ("broken", 1))

    def test_promised_for_a_day_that_was_over(self):
        promise = self._promise("2026-02-27")
        self._break()
        self.assertEqual(promise.state, "broken")
        self.assertEqual(self._get_recall(promise), {})  # nobody could have noticed it before

    def test_suspicions_of_people_are_none_of_a_rule(self):
        delay = self._suspect(self._promise(), "customer", detected_by="customer")
        self.assertFalse(self.env[REPORT].search([("delay_id", "=", delay.id)]))

    # Recall

    def test_noticed_before_the_customer_was_told(self):
        promise = self._promise()
        self._suspect(promise, "stale", "2026-03-04 09:00:00")
        self._suspect(promise, "silence", "2026-03-05 10:00:00")
        delay = self._explain(promise, "2026-03-10", "2026-03-05 09:00:00")
        self._arrive(delay, "2026-03-05 10:00:00")
        self.assertEqual(self._get_recall(promise), {datetime(2026, 3, 5, 10): {"stale"}})

    def test_every_rule_is_measured_and_nothing_else(self):
        promise = self._promise()
        self._move(promise, "2026-03-10", "2026-03-05 09:00:00")
        rows = self._rows(REPORT, promise)
        self.assertEqual(len(rows), 13)
        self.assertEqual(len(set(rows.ids)), 13)
        others = {"cascade", "reason_unknown", "flagged", "customer", "person"}
        self.assertFalse(others.intersection(rows.mapped("rule")))
        self.assertEqual(set(rows.mapped("recall")), {0})
        self.assertEqual(rows[0].action_open_behind()["res_id"], promise.id)

    def test_a_breach_that_is_told_later_counts_once(self):
        promise = self._promise()
        self._suspect(promise, "stale", "2026-03-04 09:00:00")
        self._suspect(promise, "deadline_passed", "2026-03-07 00:00:00")
        self._break()
        self._tell(promise, "2026-03-12", "2026-03-09 09:00:00")
        self.assertEqual(self._get_recall(promise), {datetime(2026, 3, 7): {"stale"}})

    def test_each_date_is_noticed_by_itself(self):
        promise = self._promise()
        self._suspect(promise, "stale", "2026-03-04 09:00:00")
        self._tell(promise, "2026-03-10", "2026-03-05 09:00:00")
        self._suspect(promise, "forecast", "2026-03-06 09:00:00")
        self._tell(promise, "2026-03-12", "2026-03-09 09:00:00")
        self._break("2026-03-20 08:00:00")
        # The customer agreed to no later date: it was the first one that broke, after it moved.
        self.assertEqual(promise.broken_at, datetime(2026, 3, 7))
        self.assertEqual(
            self._get_recall(promise),
            {datetime(2026, 3, 5, 9): {"stale"}, datetime(2026, 3, 9, 9): {"forecast"}},
        )

    def test_a_date_on_the_page_becomes_a_promise(self):
        """Before there is a commitment, a suspicion belongs to the place and the day."""
        self.project.write({"date_start": "2026-03-02", "date": "2026-03-06"})
        none = self.env["service.commitment"]
        stale = self._suspect(none, "stale", "2026-03-03 09:00:00")
        self._dismiss(stale)
        self.assertEqual(self._get_precision(stale), 0)
        with self.at("2026-03-05 09:00:00"):
            delay = self.env["service.delay"].create(
                {
                    "project_id": self.project.id,
                    "reason_id": self.ours.id,
                    "new_to": "2026-03-10",
                    "customer_explanation": "We planned too little time for the pipes.",
                    "doing": "A second fitter joins us.",
                    "next_update_due": "2026-03-06 09:00:00",
                }
            )
            delay.action_confirm()
            delay.action_tell()
        self._arrive(delay, "2026-03-05 10:00:00")
        promise = delay.commitment_id
        self.assertTrue(promise)
        self.assertEqual(self._get_recall(promise), {datetime(2026, 3, 5, 10): {"stale"}})
        self.assertEqual(self._get_precision(stale), 1)

    def test_figures_of_a_rule(self):
        """Three suspicions: one true, one false, one open. Two dates moved, one was noticed."""
        moved, held, open_, missed = (self._promise() for _number in range(4))
        for promise in (moved, held, open_):
            self._suspect(promise)
        self._dismiss(held.delay_ids)
        for promise in (moved, missed):
            self._move(promise, "2026-03-10", "2026-03-05 09:00:00")
        self.env.invalidate_all()
        figures = ("precision:avg", "recall:avg", "suspicion_count:sum", "event_key:count_distinct")
        promises = moved + held + open_ + missed
        [[total], groups] = self.env[REPORT].formatted_read_grouping_sets(
            [("commitment_id", "in", promises.ids)], [[], ["rule"]], [*figures, "__count"]
        )
        stale = next(group for group in groups if group["rule"] == "stale")
        self.assertEqual([stale[name] for name in (*figures, "__count")], [0.5, 0.5, 3, 2, 5])
        # Two dates, however many rules there are to notice them.
        self.assertEqual(total["event_key:count_distinct"], 2)
        self.assertEqual(total["__count"], 3 + 2 * 13)
