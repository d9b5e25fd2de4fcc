# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime

from lxml import etree

from odoo import Command
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from .common import ServiceExperienceCase


@tagged("post_install", "-at_install")
class TestSlaQueue(ServiceExperienceCase):
    """Eight working hours, at risk from 80 %, seen on Monday at 16: one timer in each situation.

    overdue   since Monday 15        at_risk  until 17, warned at 15:24
    fresh     until Tuesday 16       paused   for the customer
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._create_policy(("resolution", 8, "hour"))
        cls.lead = new_test_user(
            cls.env, "sla_lead", groups="service_experience.service_experience_group_lead"
        )
        cls.lead.tz = "UTC"
        cls.project.user_id = cls.lead

    def setUp(self):
        super().setUp()
        for name, moment in {
            "overdue": "2026-02-27 15:00:00",
            "at_risk": "2026-03-02 09:00:00",
            "paused": "2026-03-02 14:00:00",
            "fresh": "2026-03-02 16:00:00",
        }.items():
            with self.at(moment):
                task = self._create_task(name=name, user_ids=[Command.set(self.employee.ids)])
                setattr(self, name, task)
        with self.at("2026-03-02 15:00:00"):
            self.env["service.wait"].create({"task_id": self.paused.id, "kind": "customer"})
        self.tasks = self.overdue + self.at_risk + self.paused + self.fresh
        self.timers = self.env["service.sla.timer"].with_user(self.lead)
        self.now = "2026-03-02 16:00:00"

    def _search(self, domain, now=None):
        """Return the names of the requests found as people see them at a time."""
        domain = Domain(domain) & Domain("task_id", "in", self.tasks.ids)
        with self.at(now or self.now):
            self.env.invalidate_all()
            return self.timers.search(domain).task_id.mapped("name")

    def _get_filters(self, model, view):
        """Return the filters of a search view, ``{name: domain as written there}``."""
        arch = etree.fromstring(self.env[model].get_view(self.env.ref(view).id)["arch"])
        return {
            node.get("name"): safe_eval(node.get("domain"), {"uid": self.lead.id})
            for node in arch.iter("filter")
            if node.get("domain")
        }

    def test_situation_is_read_and_searched_alike(self):
        with self.at(self.now):
            timers = self.tasks.sla_timer_ids.with_user(self.lead)
            self.assertEqual(
                {timer.task_id.name: timer.display_state for timer in timers},
                {**{name: name for name in ("overdue", "at_risk", "paused")}, "fresh": "running"},
            )
        for state, name in {
            "overdue": "overdue",
            "at_risk": "at_risk",
            "paused": "paused",
            "running": "fresh",
        }.items():
            with self.subTest(state):
                self.assertEqual(self._search([("display_state", "=", state)]), [name])
        self.assertEqual(self._search([("display_state", "in", ("met", "missed"))]), [])
        self.assertEqual(
            set(self._search([("display_state", "not in", ("overdue", "paused"))])),
            {"at_risk", "fresh"},
        )

    def test_situation_changes_with_the_time_alone(self):
        at_risk = [("display_state", "=", "at_risk")]
        overdue = [("display_state", "=", "overdue")]
        self.assertEqual(self._search(at_risk, "2026-03-02 15:23:59"), [])
        self.assertEqual(self._search(at_risk, "2026-03-02 15:24:00"), ["at_risk"])
        self.assertEqual(self._search(overdue, "2026-03-02 17:00:00"), ["overdue"])
        self.assertEqual(self._search(overdue, "2026-03-02 17:00:01"), ["overdue", "at_risk"])

    def test_a_broken_promise_stays_overdue_with_a_later_deadline(self):
        with self.at("2026-03-02 15:30:00"):
            self.sweep()
            self.policy.target_ids.duration = 16
            self.policy._plan_apply().save()
        timer = self.overdue.sla_timer_ids
        self.assertTrue(timer.breached_at)
        self.assertGreater(timer.deadline, datetime(2026, 3, 2, 16))
        self.assertIn("overdue", self._search([("display_state", "=", "overdue")]))

    def test_queue_shows_the_most_urgent_first(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "service_experience.service_sla_timer_queue_action"
        )
        filters = self._get_filters(
            "service.sla.timer", "service_experience.service_sla_timer_view_search"
        )
        chosen = [name[15:] for name in safe_eval(action["context"])]
        domain = Domain(safe_eval(action["domain"])) & Domain.OR(filters[name] for name in chosen)
        self.assertEqual(self._search(domain), ["overdue", "at_risk"])
        self.assertEqual([mode for _view, mode in action["views"]], ["list", "kanban"])

    def test_filters_of_timers(self):
        filters = self._get_filters(
            "service.sla.timer", "service_experience.service_sla_timer_view_search"
        )
        for name, found in {
            "overdue": {"overdue"},
            "at_risk": {"at_risk"},
            "paused": {"paused"},
            "open": {"overdue", "at_risk", "paused", "fresh"},
            "due_today": {"overdue", "at_risk"},
            "due_week": {"overdue", "at_risk", "fresh"},
            "my_requests": set(),
            "my_projects": {"overdue", "at_risk", "paused", "fresh"},
            "breached": set(),
        }.items():
            with self.subTest(name):
                self.assertEqual(set(self._search(filters[name])), found)

    def test_filters_of_requests(self):
        filters = self._get_filters("project.task", "project.view_task_search_form")
        for name, found in {
            "sla_overdue": {"overdue"},
            "sla_at_risk": {"at_risk"},
            "sla_paused": {"paused"},
            "sla_due_today": {"overdue", "at_risk"},
            "sla_due_week": {"overdue", "at_risk", "fresh"},
        }.items():
            with self.subTest(name), self.at(self.now):
                domain = Domain(filters[name]) & Domain("id", "in", self.tasks.ids)
                tasks = self.env["project.task"].with_user(self.lead).search(domain)
                self.assertEqual(set(tasks.mapped("name")), found)

    def test_week_begins_where_the_language_says(self):
        filters = self._get_filters(
            "service.sla.timer", "service_experience.service_sla_timer_view_search"
        )
        with self.at("2026-03-07 10:00:00"):  # the Saturday before
            far = self._create_task(name="far")
        self.tasks += far  # due on Monday 9 March at 17
        lang = self.env["res.lang"]._lang_get(self.lead.lang)
        lang.week_start = "1"
        self.assertNotIn("far", self._search(filters["due_week"], "2026-03-08 12:00:00"))
        lang.week_start = "7"
        self.assertEqual(self._search(filters["due_week"], "2026-03-08 12:00:00"), ["far"])

    def test_filters_use_the_partial_indexes(self):
        """Where the planner may choose, it never reads the timers that have ended."""
        filters = self._get_filters(
            "service.sla.timer", "service_experience.service_sla_timer_view_search"
        )
        timers = self.timers.sudo()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for name in ("overdue", "at_risk", "paused", "due_today", "due_week"):
            query = timers._search(filters[name]).select("count(*)")
            rows = self.env.execute_query(SQL("EXPLAIN %s", query))
            plan = "\n".join(line for [line] in rows)
            with self.subTest(name):
                self.assertRegex(plan, r"service_sla_timer_(urgent|warn|deadline|paused)_idx")
                self.assertNotIn("Seq Scan", plan)

    def test_search_by_project_manager_policy_and_assignee(self):
        for domain in (
            [("project_manager_id", "=", self.lead.id)],
            [("user_ids", "in", self.employee.ids)],
            [("policy_id", "=", self.policy.id)],
        ):
            with self.subTest(domain):
                self.assertEqual(len(self._search(domain)), 4)
                negated = [(domain[0][0], "not in", domain[0][2])]
                self.assertFalse(self._search(negated))
        for field in ("project_manager_id", "user_ids", "policy_id", "project_id", "partner_id"):
            self.assertEqual(
                len(self.timers._read_group([("task_id", "in", self.tasks.ids)], [field])), 1
            )

    def test_status_is_what_the_badge_draws(self):
        with self.at(self.now):
            status = self.at_risk.sla_timer_ids.with_user(self.lead).status
            self.assertEqual(status, self.at_risk.with_user(self.lead).sla_status)
            self.assertEqual(status["timers"][0]["remaining"], 3600)

    def test_many_rows_cost_no_more_queries(self):
        """A screen of timers is read with as many queries as one timer."""
        fields = ["task_id", "status", "deadline", "user_ids", "policy_id", "partner_id"]
        specification = {name: {} for name in fields}
        with self.at(self.now):
            more = self.env["project.task"].create(
                [{"name": "more", "project_id": self.project.id} for _i in range(30)]
            )

            def count(tasks):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                rows = self.timers.web_search_read(
                    [("task_id", "in", tasks.ids)], specification, limit=80
                )
                self.assertEqual(rows["length"], len(tasks))
                return self.env.cr.sql_log_count - before

            count(more[:1])
            self.assertEqual(count(more), count(more[:1]))

    def test_row_opens_the_request(self):
        action = self.overdue.sla_timer_ids.with_user(self.lead).action_open_request()
        self.assertEqual(action["res_model"], "project.task")
        self.assertEqual(action["res_id"], self.overdue.id)

    def test_menus_are_for_leads(self):
        menus = self.env["ir.ui.menu"]
        for name in ("queue", "reporting", "attainment", "paused_time"):
            menu = self.env.ref(f"service_experience.service_experience_menu_{name}")
            with self.subTest(name):
                self.assertIn(menu.id, menus.with_user(self.lead)._visible_menu_ids())
                self.assertNotIn(menu.id, menus.with_user(self.employee)._visible_menu_ids())
