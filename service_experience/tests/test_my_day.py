# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import json

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, json_default

from .journey_common import JourneyCase

# Tuesday, 11:00 in Brussels.
NOW = "2026-03-03 10:00:00"
QUERIES = 40


class MyDayCase(JourneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee.tz = "Europe/Brussels"
        cls.colleague = new_test_user(
            cls.env, "my_day_other", groups="service_experience.service_experience_group_user"
        )

    @classmethod
    def _age(cls, records):
        """Let records be created before the days of the tests."""
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                "UPDATE %s SET create_date = '2026-02-02' WHERE id IN %s",
                SQL.identifier(records._table),
                tuple(records.ids),
            )
        )
        cls.env.invalidate_all()

    def _get_section(self, key, user=None, moment=NOW):
        with self.at(moment):
            self.env.flush_all()
            day = self.env["service.my.day"].with_user(user or self.employee).get_day()
        day = json.loads(json.dumps(day, default=json_default))
        return next(section for section in day["sections"] if section["key"] == key)

    def _promise(self, name, last_day, **values):
        with self.at("2026-02-27 10:00:00"):
            return self.env["service.commitment"].create(
                {
                    "name": name,
                    "project_id": self.project.id,
                    "current_to": last_day,
                    "owner_user_id": self.employee.id,
                    **values,
                }
            )

    def _do(self, title, due=False, **values):
        return self._create_step(title=title, due=due, party="us", kind="do", **values)

    def _ask(self, title, due):
        with self.at("2026-02-27 10:00:00"):
            step = self._create_step(title=title, due=due)
            step.action_request()
        return step

    def assertLines(self, section, *titles):
        self.assertEqual([line["title"] for line in section["lines"]], list(titles))
        self.assertEqual(section["count"], sum(one["count"] for one in section["lists"]))

    def assertListed(self, section, records):
        """The list behind “All” holds these records."""
        for one in section["lists"]:
            found = self.env[one["model"]].with_user(self.employee).search(one["domain"])
            self.assertEqual(found, found & records)
            self.assertEqual(len(found), one["count"])
        self.assertEqual(section["count"], len(records))


@tagged("post_install", "-at_install")
class TestMyDay(MyDayCase):
    def test_nothing_to_do(self):
        for key in (
            "handoffs",
            "handoffs_back",
            "commitments",
            "reviews",
            "updates",
            "steps",
            "asked",
            "requests",
        ):
            with self.subTest(key):
                section = self._get_section(key, self.colleague)
                self.assertEqual((section["count"], section["lines"]), (0, []))

    def test_promises_until_tomorrow(self):
        tomorrow = self._promise("Quote sent", "2026-03-04")
        late = self._promise("Pump installed", "2026-03-02")
        today = self._promise("Plan explained", "2026-03-03")
        self._promise("Garden cleared", "2026-03-05")
        self._promise("Not mine", "2026-03-03", owner_user_id=self.colleague.id)
        self._promise("Fuse box reachable", "2026-03-03", direction="customers")
        section = self._get_section("commitments")
        self.assertLines(section, "Pump installed", "Plan explained", "Quote sent")
        self.assertEqual(
            [(line["badge"], line["date"]) for line in section["lines"]],
            [("overdue", "2026-03-02"), ("today", "2026-03-03"), ("tomorrow", "2026-03-04")],
        )
        self.assertListed(section, late + today + tomorrow)

    def test_a_promise_at_risk_says_so(self):
        self._promise("Quote sent", "2026-03-04")._go("at_risk", risk_reason="Nobody is here.")
        self.assertEqual(self._get_section("commitments")["lines"][0]["badge"], "at_risk")

    def test_place_of_a_line(self):
        commitment = self._promise("Quote sent", "2026-03-04")
        line = self._get_section("commitments")["lines"][0]
        self.assertEqual((line["model"], line["id"]), ("service.commitment", commitment.id))
        self.assertEqual(line["service"], [self.project.id, "Heat pump"])
        self.assertEqual(line["customer"], "Nordlicht Bakery")

    def test_answers_to_review(self):
        steps = self._ask("Send the plan", "2026-03-02") + self._ask("Send a photo", "2026-03-02")
        for moment, step in zip(("2026-03-02 09:00:00", "2026-03-02 15:00:00"), steps, strict=True):
            with self.at(moment):
                self._deliver(step)
                self._answer(step)
        self._ask("Not answered", "2026-03-10")
        section = self._get_section("reviews")
        self.assertLines(section, "Send the plan", "Send a photo")
        self.assertEqual(section["lines"][0]["badge"], "overdue")
        self.assertListed(section, steps)

    def test_my_steps_urgent_first(self):
        some_day = self._do("Some day")
        tomorrow = self._do("Order the pump", "2026-03-04")
        late = self._do("Call the electrician", "2026-03-02")
        self._do("Not mine", "2026-03-02", owner_user_id=self.colleague.id)
        self._do("Done", "2026-03-02").action_done()
        section = self._get_section("steps")
        self.assertLines(section, "Call the electrician", "Order the pump", "Some day")
        self.assertEqual(
            [line["badge"] for line in section["lines"]], ["overdue", "tomorrow", False]
        )
        self.assertListed(section, late + tomorrow + some_day)

    def test_steps_of_templates_and_archives_are_no_work(self):
        self._do("Planned in a template", project_id=self.project.copy({"is_template": True}).id)
        archived = self.project.copy()
        self._do("Of an archived service", project_id=archived.id)
        archived.active = False
        self.assertLines(self._get_section("steps"))

    def test_asked_and_overdue(self):
        late = self._ask("Send the plan", "2026-03-02")
        self._ask("Send a photo", "2026-03-03")
        section = self._get_section("asked")
        self.assertLines(section, "Send the plan")
        self.assertListed(section, late)

    def test_who_was_asked(self):
        with self.at("2026-02-27 10:00:00"):
            self._create_step(
                title="Register the pump",
                party="third_party",
                third_party_label="The grid operator",
                due="2026-03-02",
            ).action_request()
        self.assertEqual(self._get_section("asked")["lines"][0]["asked"], "The grid operator")

    def test_requests_by_their_first_deadline(self):
        self._create_policy(("resolution", 8, "hour"), ("first_response", 4, "hour"))
        with self.at("2026-03-02 09:00:00"):
            first = self._create_task(name="No hot water", user_ids=[self.employee.id])
        with self.at("2026-03-02 13:00:00"):
            second = self._create_task(name="Noise", user_ids=[self.employee.id])
            self._create_task(name="Not mine", user_ids=[self.colleague.id])
        with self.at("2026-03-03 09:50:00"):
            self._create_task(name="Just came in", user_ids=[self.employee.id])
        section = self._get_section("requests")
        self.assertLines(section, "No hot water", "Noise")
        self.assertEqual([line["badge"] for line in section["lines"]], ["overdue"] * 2)
        with self.at(NOW):
            self.assertListed(section, first + second)


@tagged("post_install", "-at_install")
class TestMyDayUpdates(MyDayCase):
    """Customers whom somebody has to tell something today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project.contact_user_id = cls.employee
        cls._age(cls.project)

    def _assert_due(self, *titles, moment=NOW, user=None):
        section = self._get_section("updates", user, moment)
        self.assertLines(section, *titles)

    def test_long_silence(self):
        with self.at("2026-03-02 09:00:00"):
            self._say(self.project, self.employee.partner_id)
        self._assert_due(moment="2026-03-03 10:00:00")
        self._assert_due("Heat pump", moment="2026-03-09 10:00:00")
        line = self._get_section("updates", moment="2026-03-09 10:00:00")["lines"][0]
        self.assertEqual((line["badge"], line["date"]), ("overdue", "2026-03-09"))
        with self.at("2026-03-09 11:00:00"):
            self._say(self.project, self.employee.partner_id)
        self._assert_due(moment="2026-03-09 12:00:00")

    def test_promised_for_today(self):
        with self.at("2026-03-03 09:00:00"):
            self._say(self.project, self.employee.partner_id)
            self.project.next_update_promised = "2026-03-03 15:00:00"
        self._assert_due("Heat pump")
        self.project.next_update_promised = "2026-03-04 15:00:00"
        self._assert_due()

    def test_the_contact_before_the_manager(self):
        self.project.write({"user_id": self.colleague.id})
        self.project.next_update_promised = NOW
        self._assert_due("Heat pump")
        self._assert_due(user=self.colleague)
        self.project.contact_user_id = False
        self._assert_due()
        self._assert_due("Heat pump", user=self.colleague)

    def test_requests_that_the_customer_sees(self):
        values = {"user_ids": [Command.link(self.employee.id)], "next_update_promised": NOW}
        self._create_task(name="Internal", **values)
        shown = {"customer_visible": True, "customer_label": "Repair", **values}
        request = self._create_task(name="No hot water", **shown)
        self._create_task(name="Over", state="1_done", **shown)
        self._age(self.project.task_ids)
        with self.at("2026-03-03 08:00:00"):
            self._say(self.project, self.employee.partner_id)
        section = self._get_section("updates")
        self.assertLines(section, "No hot water")
        self.assertEqual(section["lines"][0]["model"], "project.task")
        self.assertListed(section, request)

    def test_services_without_a_page_need_no_news(self):
        self.project.next_update_promised = NOW
        self.project.customer_visible = False
        self._assert_due()


@tagged("post_install", "-at_install")
class TestMyDayAccess(MyDayCase):
    def test_only_what_the_user_may_see(self):
        self._do("Secret step", "2026-03-02")
        self._promise("Secret commitment", "2026-03-02")
        self.project.privacy_visibility = "followers"
        self.assertLines(self._get_section("steps"))
        self.assertLines(self._get_section("commitments"))

    def test_work_for_a_request_of_a_service_out_of_sight(self):
        task = self._create_task(user_ids=[self.employee.id])
        self._do("Find the leak", "2026-03-02", task_id=task.id)
        self.project.privacy_visibility = "followers"
        section = self._get_section("steps")
        self.assertLines(section, "Find the leak")
        self.assertEqual(section["lines"][0]["service"][1], "Heat pump")

    def test_refused_to_others(self):
        for groups in ("base.group_user", "base.group_portal", "base.group_public"):
            user = new_test_user(self.env, f"day_{groups}", groups=groups)
            with self.subTest(groups), self.assertRaises(AccessError):
                self.env["service.my.day"].with_user(user).get_day()

    def test_days_of_the_user(self):
        self._do("Order the pump", "2026-03-04")
        self.employee.tz = "Pacific/Auckland"
        for moment, badge in (("10:59", "tomorrow"), ("11:01", "today")):
            section = self._get_section("steps", moment=f"2026-03-03 {moment}:00")
            self.assertEqual(section["lines"][0]["badge"], badge)

    def test_promised_days_are_days_of_the_service(self):
        self._promise("Quote sent", "2026-03-04")
        for zone in ("America/New_York", "UTC", "Asia/Tokyo"):
            self.employee.tz = zone
            with self.subTest(zone):
                line = self._get_section("commitments")["lines"][0]
                self.assertEqual((line["date"], line["badge"]), ("2026-03-04", "tomorrow"))


@tagged("post_install", "-at_install")
class TestMyDayQueries(MyDayCase):
    def _add_steps(self, count):
        self.env["service.step"].create(
            [
                {
                    "title": f"Step {number}",
                    "project_id": self.project.id,
                    "owner_user_id": self.employee.id,
                    "due": "2026-03-02",
                }
                for number in range(count)
            ]
        )

    def _multiply_steps(self, count):
        """Copy the steps in the database until there are so many."""
        self.env.flush_all()
        step = self.env["service.step"].search([], limit=1)
        names = SQL(", ").join(
            SQL.identifier(field.name)
            for field in step._fields.values()
            if field.store and field.column_type and field.name != "id"
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO service_step (%(names)s)
                   SELECT %(names)s FROM service_step, generate_series(1, %(count)s)
                    WHERE id = %(step)s""",
                names=names,
                count=count,
                step=step.id,
            )
        )

    def _add_services(self, count):
        services = self.env["project.project"].create(
            [
                {
                    "name": f"Service {number}",
                    "partner_id": self.contact.id,
                    "privacy_visibility": "portal",
                    "contact_user_id": self.employee.id,
                    "next_update_promised": NOW,
                }
                for number in range(count)
            ]
        )
        requests = self.env["project.task"].create(
            [
                {
                    "name": "Repair",
                    "project_id": service.id,
                    "customer_label": "Repair",
                    "customer_visible": True,
                    "user_ids": [Command.link(self.employee.id)],
                    "next_update_promised": NOW,
                }
                for service in services
            ]
        )
        self._age(requests)
        self._age(services)

    def _count_queries(self):
        day = self.env["service.my.day"].with_user(self.employee)
        with self.at(NOW):
            day.get_day()  # what is cached once for all
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            day.get_day()
            return self.env.cr.sql_log_count - before

    def test_ten_thousand_steps(self):
        self._add_steps(20)
        few = self._count_queries()
        self._multiply_steps(9980)
        self.env.invalidate_all()
        self.assertEqual(self._get_section("steps")["count"], 10000)
        self.assertEqual(len(self._get_section("steps")["lines"]), 15)
        self.assertEqual(self._count_queries(), few)
        self.assertLessEqual(few, QUERIES)

    def test_many_services(self):
        self._add_services(20)
        few = self._count_queries()
        self._add_services(60)
        self.assertEqual(self._get_section("updates")["count"], 160)
        self.assertEqual(self._count_queries(), few)
        self.assertLessEqual(few, QUERIES)

    def test_more_services_than_are_looked_at(self):
        self._add_services(210)
        section = self._get_section("updates")
        self.assertTrue(section["is_partial"])
        self.assertEqual((section["count"], len(section["lines"])), (400, 15))
