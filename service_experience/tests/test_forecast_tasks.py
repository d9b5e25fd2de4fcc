# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .forecast_common import DAY, HOUR, ForecastCase

NOW = "2026-03-02 13:00:00"
NOTHING = {
    "service_forecast_text": False,
    "service_forecast_from": False,
    "service_forecast_to": False,
    "service_forecast_cases": 0,
}


@tagged("post_install", "-at_install")
class TestForecastTasks(ForecastCase):
    """Requests from Monday at nine; at one they have taken four hours."""

    def setUp(self):
        super().setUp()
        with self.at("2026-03-02 09:00:00"):
            self.task = self._create_task()

    def _say(self, task=None, now=NOW):
        self.env.invalidate_all()
        with self.at(now):
            return (task or self.task).service_forecast_text

    def test_dates_with_the_number_of_cases(self):
        # Of 13 cases three were over by now; of the other ten 5.5 and 8.8 are asked for.
        self._create_cases([HOUR, 2 * HOUR, 4 * HOUR, *range(DAY, 11 * DAY, DAY)])
        with self.at(NOW):
            self.assertRecordValues(
                self.task,
                [
                    {
                        "service_forecast_from": datetime(2026, 3, 9, 13),
                        "service_forecast_to": datetime(2026, 3, 12, 15, 24),
                        "service_forecast_cases": 10,
                    }
                ],
            )
            self.assertEqual(
                self.task._service_forecasts(self.instant(NOW)),
                {self.task.id: (datetime(2026, 3, 9, 13), datetime(2026, 3, 12, 15, 24), 10)},
            )
        self.assertEqual(
            self._say(),
            "Probably done by Mar 9, very probably by Mar 12: 10 finished requests like this one.",
        )

    def test_one_date_is_said_once(self):
        self._create_cases([6 * HOUR] * 37)
        self.assertEqual(
            self._say(), "Very probably done by Mar 2: 37 finished requests like this one."
        )

    def test_days_of_the_reader(self):
        self._create_cases([30 * DAY] * 20)  # over on 10 April at 17 in UTC
        self.env["res.lang"]._activate_lang("de_DE")
        reader = self.env.user.copy({"login": "reader", "lang": "de_DE", "tz": "Asia/Tokyo"})
        for task, day in (
            (self.task, "Apr 10"),
            (self.task.with_context(tz="Asia/Tokyo"), "Apr 11"),
            (self.task.with_user(reader).with_context(lang="de_DE"), "11. Apr."),
        ):
            with self.subTest(day):
                self.assertIn(day, self._say(task))
        self._create_cases([300 * DAY] * 80)
        self.assertIn("Apr 23, 2027", self._say())

    def test_too_little_history(self):
        expected = "Not enough history: %s of the 10 finished requests needed."
        self.assertEqual(self._say(), expected % 0)
        self._create_cases([DAY] * 4)
        self.assertEqual(self._say(), expected % 4)
        # Those that were done sooner than this one are not comparable.
        self._create_cases([HOUR] * 20)
        self.assertEqual(self._say(), expected % 4)
        self.assertEqual(self.task.service_forecast_cases, 4)
        self.assertFalse(self.task.service_forecast_from or self.task.service_forecast_to)
        self.assertEqual(self.task._service_forecasts(self.instant(NOW)), {})

    def test_nothing_is_said_of_what_is_no_open_request(self):
        self._create_cases([DAY] * 20)
        done, cancelled, archived, private, template = (self._create_task() for _ in range(5))
        done.state, cancelled.state, archived.active = "1_done", "1_canceled", False
        private.project_id, template.is_template = False, True
        new = self.env["project.task"].new({"project_id": self.project.id})
        for task in (done, cancelled, archived, private, template, new):
            with self.at(NOW):
                self.assertRecordValues(task, [NOTHING])
                self.assertEqual(task._service_forecasts(self.instant(NOW)), {})

    def test_hours_that_never_open(self):
        self._create_cases([DAY] * 20)
        words = "cannot be told from the working hours, in spite of 20 finished requests"
        with self.at(NOW):
            self.calendar.attendance_ids.unlink()
        self.assertIn(words, self._say())
        self.assertRecordValues(
            self.task,
            [{**NOTHING, "service_forecast_text": self._say(), "service_forecast_cases": 20}],
        )
        self.assertEqual(self.task._service_forecasts(self.instant(NOW)), {})
        self.env.company.resource_calendar_id = False  # day and night
        self.assertIn("Very probably done by Mar 2", self._say())

    def test_a_date_further_away_than_the_hours_are_known(self):
        self._create_cases([DAY] * 14 + [9999 * DAY] * 6)
        self.assertIn("cannot be told", self._say())
        self.assertFalse(self.task.service_forecast_from)

    def test_another_stage_has_other_cases(self):
        self._create_cases([20 * DAY] * 20)
        self._create_cases([2 * DAY] * 12, stage=self.stage_repair)
        self.assertIn("20 finished", self._say())
        with self.at("2026-03-03 09:00:00"):
            self.task.stage_id = self.stage_repair
        self.assertEqual(
            self._say(now="2026-03-03 13:00:00"),
            "Very probably done by Mar 4: 12 finished requests like this one.",
        )
        with self.at("2026-03-03 14:00:00"):
            self.task.stage_id = self.stage_check
        self.stage_repair.unlink()
        self.assertIn("0 of the 10", self._say(now="2026-03-03 15:00:00"))

    def test_a_service_without_stages(self):
        project = self.env["project.project"].create({"name": "Bare", "type_ids": False})
        task = self.env["project.task"].create({"name": "Bare", "project_id": project.id})
        task.stage_id = False
        self.assertIn("0 of the 10", self._say(task))

    def test_a_reopened_request(self):
        """What it took before counts: its cases were measured until their last end, too."""
        self._create_cases([2 * DAY] * 12)
        with self.at("2026-03-02 10:00:00"):
            self.task.state = "1_done"
        self.assertFalse(self._say())
        with self.at("2026-03-03 12:00:00"):
            self.task.state = "01_in_progress"
        self.assertIn("by Mar 3: 12", self._say(now="2026-03-03 13:00:00"))
        self.assertIn("0 of the 10", self._say(now="2026-03-05 10:00:00"))

    def test_many_requests_at_once(self):
        self._create_cases([2 * DAY] * 12)
        tasks = self._create_tasks(30, stage_id=self.stage_new.id)
        counts = []
        for some in (tasks[:5], tasks[:5], tasks):  # the first fills the caches
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(all(some.mapped("service_forecast_text")))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_staff_read_it_and_customers_do_not(self):
        self._create_cases([2 * DAY] * 12)
        self.assertIn("12 finished", self._say(self.task.with_user(self.employee)))
        internal = new_test_user(self.env, "internal", groups="project.group_project_user")
        self.assertIn("12 finished", self._say(self.task.with_user(internal)))
        portal = new_test_user(self.env, "portal", groups="base.group_portal")
        self.project.message_subscribe(portal.partner_id.ids)
        for name in NOTHING:
            with self.subTest(name), self.assertRaises(AccessError):
                self.task.with_user(portal).read([name])

    def test_it_is_not_in_the_snapshot_of_the_customer(self):
        self._create_cases([2 * DAY] * 12)
        self.task.write({"customer_visible": True, "customer_label": "Your hot water"})
        with self.at(NOW):
            snapshot = self.project._service_customer_snapshot(self.contact)
            forecast = self.task._service_forecasts(self.instant(NOW))[self.task.id]
        self.assertIn("Your hot water", str(snapshot))
        for piece in ("finished requests", str(forecast.p80_at), repr(forecast.p80_at)):
            self.assertNotIn(piece, str(snapshot))

    def test_it_is_on_the_form(self):
        self._create_cases([2 * DAY] * 12)
        with self.at(NOW), Form(self.task.with_user(self.employee)) as form:
            self.assertIn("12 finished", form.service_forecast_text)
            form.tag_ids.add(self.tag)
        self.assertEqual(self.task.tag_ids, self.tag)
        arch = self.task.with_user(self.employee).get_view(view_type="form")["arch"]
        self.assertIn("service_forecast_text", arch)

    def test_the_type_of_the_request(self):
        self._create_cases([20 * DAY] * 20)
        self._create_cases([2 * DAY] * 10, tag_id=self.tag.id)
        self.assertIn("30 finished", self._say())
        self.task.tag_ids = [Command.link(self.tag.id)]
        self.assertIn("10 finished", self._say())
