# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged, warmup

from .delay_report_common import GROUP, DelayReportCase

REPORTS = {
    "service.delay.report": ("hours:sum", "moves:sum", "told_before:avg", "lead_hours:avg"),
    "service.promise.report": ("held:avg", "is_move:sum", "moves_per_promise:avg"),
    "service.delay.rule.report": ("precision:avg", "recall:avg", "event_key:count_distinct"),
}
ACTIONS = (
    "service_delay_report_action",
    "service_delay_report_action_told",
    "service_delay_report_action_repeat",
    "service_promise_report_action",
    "service_delay_rule_report_action",
)
MENUS = ("delay_reasons_report", "told_before", "repeat_causes", "calibration", "delay_rules")


@tagged("post_install", "-at_install")
class TestDelayReportAccess(DelayReportCase):
    def setUp(self):
        super().setUp()
        self.promise = self._promise()
        self._tell(self.promise, "2026-03-10", "2026-03-04 09:00:00")
        self.env.invalidate_all()

    def _count(self, model, user):
        report = self.env[model].with_user(user)
        domain = [("commitment_id", "=", self.promise.id)]
        [[count]] = report._read_group(domain, [], ["__count"])
        self.assertEqual(len(report.search(domain)), count)
        return count

    def _count_all(self, user):
        return [self._count(model, user) for model in REPORTS]

    def test_only_leads_and_managers_read_them(self):
        for user in (self.lead, self.manager):
            self.assertEqual(self._count_all(user), [1, 2, 13])
        groups = ("base.group_portal", "base.group_public", "project.group_project_manager")
        users = [new_test_user(self.env, name.replace(".", "_"), groups=name) for name in groups]
        for model, measures in REPORTS.items():
            for user in (*users, self.employee):
                report = self.env[model].with_user(user)
                with self.subTest(model=model, user=user.login):
                    with self.assertRaises(AccessError):
                        report.search([])
                    with self.assertRaises(AccessError):
                        report._read_group([], [], measures)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(self.env[model].with_user(self.manager).has_access(operation))

    def test_they_show_what_the_reader_may_see(self):
        self.project.privacy_visibility = "followers"
        self.project.message_unsubscribe(self.lead.partner_id.ids)
        self.env.invalidate_all()
        self.assertEqual(self._count_all(self.lead), [0, 0, 0])
        self.project.message_subscribe(self.lead.partner_id.ids)
        self.env.invalidate_all()
        self.assertEqual(self._count_all(self.lead), [1, 2, 13])
        self.project.message_unsubscribe(self.lead.partner_id.ids)
        self.project.user_id = self.lead
        self.env.invalidate_all()
        self.assertEqual(self._count_all(self.lead), [1, 2, 13])

    def test_project_administrators_see_all(self):
        admin = new_test_user(
            self.env, "delay_admin", groups=f"{GROUP}lead,project.group_project_manager"
        )
        self.project.privacy_visibility = "followers"
        self.project.message_unsubscribe(admin.partner_id.ids)
        self.env.invalidate_all()
        self.assertEqual(self._count_all(admin), [1, 2, 13])

    def test_another_company_is_not_in_the_figures(self):
        stranger = self._create_stranger()
        self.assertEqual(self._count_all(stranger), [1, 2, 13])  # a service of no company
        self.project.company_id = self.env.company
        self.env.invalidate_all()
        self.assertEqual(self.promise.company_id, self.env.company)
        self.assertEqual(self._count_all(stranger), [0, 0, 0])
        self.assertEqual(self._count_all(self.lead), [1, 2, 13])

    def test_what_another_company_moved_repeats_nothing(self):
        self.project.company_id = self.env.company
        elsewhere = self._create_service(
            self.contact, company_id=self._create_stranger().company_id.id
        )
        self._tell(self._promise(project_id=elsewhere.id), "2026-03-10", "2026-03-04 10:00:00")
        rows = self._rows("service.delay.report", self.promise)
        self.assertFalse(rows.is_repeat)
        self._tell(self._promise(), "2026-03-10", "2026-03-04 11:00:00")
        self.assertTrue(self._rows("service.delay.report", self.promise).is_repeat)

    def test_menus_are_for_leads(self):
        menus = [
            self.env.ref(f"service_experience.service_experience_menu_{name}").id for name in MENUS
        ]
        reporting = self.env.ref("service_experience.service_experience_menu_reporting")
        for user, expected in ((self.lead, set(menus)), (self.employee, set())):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(set(menus) & set(visible), expected)
        self.assertEqual(self.env["ir.ui.menu"].browse(menus).parent_id, reporting)

    # Screens

    def test_every_group_of_the_screens_works(self):
        for name, model in (
            ("service_delay_report_view_search", "service.delay.report"),
            ("service_promise_report_view_search", "service.promise.report"),
            ("service_delay_rule_report_view_search", "service.delay.rule.report"),
        ):
            report = self.env[model].with_user(self.lead)
            specs = self._get_groups(self.env.ref(f"service_experience.{name}"))
            self.assertGreater(len(specs), 5)
            for spec in specs:
                with self.subTest(model=model, spec=spec):
                    groups = report.formatted_read_group(
                        [("commitment_id", "=", self.promise.id)],
                        [spec],
                        ["__count", *REPORTS[model]],
                    )
                    self.assertEqual(
                        sum(group["__count"] for group in groups), self._count(model, self.lead)
                    )

    def test_every_screen_and_filter_opens(self):
        for name in ACTIONS:
            action = self.env.ref(f"service_experience.{name}")
            report = self.env[action.res_model].with_user(self.lead)
            views = [*action.views, (action.search_view_id.id, "search")]
            with self.subTest(name):
                self.assertEqual(
                    {kind for _view, kind in views}, {"graph", "pivot", "list", "search"}
                )
                loaded = report.get_views(views)["views"]
                # What is no measure and can be grouped by is grouped by at once.
                groups = etree.fromstring(loaded["graph"]["arch"]).xpath(
                    "//field[not(@type)]/@name"
                )
                kinds = {report._fields[group].type for group in groups}
                self.assertLessEqual(kinds, {"float", "many2one", "selection", "date", "datetime"})
                self.assertIn("search_default_last_months", literal_eval(action.context))
                self.assertTrue(action.help)

    def test_filters(self):
        for (name, filter_name), expected in {
            ("service_delay_report_view_search", "late_told"): 0,
            ("service_delay_report_view_search", "unexplained"): 0,
            ("service_delay_report_view_search", "contested"): 0,
            ("service_delay_report_view_search", "ours"): 1,
            ("service_delay_report_view_search", "knock_on"): 0,
            ("service_delay_report_view_search", "repeated"): 0,
            ("service_promise_report_view_search", "firm"): 1,
            ("service_promise_report_view_search", "likely"): 1,
            ("service_promise_report_view_search", "estimate"): 0,
            ("service_promise_report_view_search", "held"): 0,
            ("service_promise_report_view_search", "not_held"): 2,
            ("service_promise_report_view_search", "first"): 1,
            ("service_promise_report_view_search", "moved"): 1,
            ("service_delay_rule_report_view_search", "suspicions"): 0,
            ("service_delay_rule_report_view_search", "false_alarms"): 0,
            ("service_delay_rule_report_view_search", "events"): 13,
            ("service_delay_rule_report_view_search", "missed"): 13,
        }.items():
            with self.subTest(name=name, filter=filter_name):
                view = self.env.ref(f"service_experience.{name}")
                domain = self._get_filter_domain(view, filter_name)
                promise = [("commitment_id", "=", self.promise.id)]
                self.assertEqual(self.env[view.model].search_count(promise + domain), expected)

    def test_what_is_not_decided_yet_is_no_failure(self):
        suspected, on_its_way = self._promise(), self._promise()
        with self.at("2026-03-04 09:00:00"):
            self.env["service.delay"]._suspect([self._prepare_suspicion(suspected)])
        self._explain(on_its_way, "2026-03-10", "2026-03-04 10:00:00")
        for name, filter_name, expected in (
            ("service_delay_report_view_search", "late_told", []),
            # Its first date did not hold: there is a later one.
            ("service_promise_report_view_search", "not_held", on_its_way.ids),
            ("service_delay_rule_report_view_search", "false_alarms", []),
        ):
            view = self.env.ref(f"service_experience.{name}")
            domain = [("commitment_id", "in", (suspected + on_its_way).ids)]
            domain += self._get_filter_domain(view, filter_name)
            with self.subTest(name), self.at("2026-03-04 11:00:00"):
                found = self.env[view.model].search(domain)
                self.assertEqual(found.commitment_id.ids, expected)

    def test_the_last_months(self):
        for name in (
            "service_delay_report_view_search",
            "service_promise_report_view_search",
            "service_delay_rule_report_view_search",
        ):
            view = self.env.ref(f"service_experience.{name}")
            domain = self._get_filter_domain(view, "last_months")
            domain += [("commitment_id", "=", self.promise.id)]
            for moment, is_in in (("2026-08-15 09:00:00", True), ("2026-09-15 09:00:00", False)):
                with self.subTest(name=name, moment=moment), self.at(moment):
                    self.assertEqual(bool(self.env[view.model].search_count(domain)), is_in)

    # Size

    @warmup
    def test_one_query_however_many_promises_there_are(self):
        for number in (1, 10):
            for model, measures in REPORTS.items():
                with self.subTest(model=model, number=number):
                    self.env.flush_all()
                    self.env.invalidate_all()
                    with self.assertQueryCount(1):
                        self.env[model]._read_group([], ["partner_id"], measures)
            for _promise in range(9 if number == 1 else 0):
                self._tell(self._promise(), "2026-03-10", "2026-03-04 09:00:00")

    def test_nothing_has_been_promised(self):
        self.env.cr.execute("DELETE FROM service_delay")
        self.env.cr.execute("DELETE FROM service_commitment")
        self.env.invalidate_all()
        for model, measures in REPORTS.items():
            report = self.env[model].with_user(self.lead)
            with self.subTest(model):
                self.assertFalse(report.search([]))
                [row] = report._read_group([], [], [*measures, "__count"])
                self.assertFalse(any(row))
                [groups] = report.formatted_read_grouping_sets([], [["commitment_id"]], measures)
                self.assertEqual(groups, [])
