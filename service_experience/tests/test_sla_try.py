# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import re
from datetime import datetime

from lxml import html

from odoo import Command
from odoo.tests import Form, new_test_user, tagged

from ..business_time import Hold
from ..models.clock.try_scene import Scene
from ..models.clock.try_story import Story
from .common import ServiceExperienceCase

FRIDAY = "2026-03-06 16:30:00"


@tagged("post_install", "-at_install")
class TestSlaTry(ServiceExperienceCase):
    """A policy is tried out in its form; what it tells is what the engine does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._create_policy(
            ("resolution", 4, "hour", {"warn_percent": 0}), calendar_id=cls.calendar.id
        )
        cls.target = cls.policy.target_ids

    def _try(self, start=FRIDAY, policy=None, user=None, **values):
        """Return what the screen says, as lines of text."""
        policy = (policy or self.policy).with_user(user or self.env.user)
        with self.at("2026-03-01 12:00:00"):
            form = Form(policy)
            form.try_start = start
            for name, value in values.items():
                form[name] = value
            return self._lines(form.try_result)

    def _lines(self, result):
        blocks = html.fromstring(str(result)).xpath("//p | //header | //li | //div[@role='status']")
        text = (" ".join(block.text_content().split()) for block in blocks)
        return [line.replace("\u202f", " ") for line in text]

    def _tell(self, lines):
        return "\n".join(lines)

    # What is told

    def test_friday_afternoon_step_by_step(self):
        lines = self._try()
        self.assertEqual(
            lines,
            [
                "Measured by the working hours Office hours. Times are in your time zone, UTC.",
                "Resolution: 4 hours from the request Deadline Mon, Mar 9 at 12:30 PM",
                "Fri, Mar 6 at 4:30 PM The clock starts, in open time.",
                "Fri, Mar 6 at 4:30 PM Open until 5:00 PM. 30 min",
                "Fri, Mar 6 at 5:00 PM Closed until Mon, Mar 9 at 9:00 AM.",
                "Mon, Mar 9 at 9:00 AM Open: the rest of the time, until 12:30 PM. 3 h 30 min",
                "Mon, Mar 9 at 12:30 PM Deadline. One second later the promise is missed.",
            ],
        )

    def test_a_start_in_closed_time_and_an_end_at_closing_time(self):
        self.target.duration = 8
        words = self._tell(self._try("2026-03-07 10:00:00"))
        self.assertIn("The clock starts, in closed time", words)
        self.assertIn("Closed until Mon, Mar 9 at 9:00 AM", words)
        self.assertIn("exactly at closing time, so this is the deadline", words)
        self.assertIn("Deadline Mon, Mar 9 at 5:00 PM", words)

    def test_a_holiday_has_its_name(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Founder's Day",
                "calendar_id": self.calendar.id,
                "date_from": "2026-03-09 00:00:00",
                "date_to": "2026-03-09 23:59:59",
            }
        )
        words = self._tell(self._try())
        self.assertIn("Closed until Tue, Mar 10 at 9:00 AM (Founder's Day).", words)
        self.assertIn("Deadline Tue, Mar 10 at 12:30 PM", words)

    def test_working_days_are_named(self):
        self.target.write({"duration": 2, "unit": "day"})
        words = self._tell(self._try())
        self.assertIn("Working days after that of the start: Mon, Mar 9 · Tue, Mar 10.", words)
        self.assertIn("16 h of working time", words)
        self.assertIn("Deadline Tue, Mar 10 at 4:30 PM", words)
        self.target.duration = 30
        words = self._tell(self._try())
        self.assertIn("Mon, Mar 9 · Tue, Mar 10 · … · Fri, Apr 17.", words)

    def test_a_long_promise_is_told_in_short(self):
        self.target.duration = 100
        lines = self._try()
        skipped = [line for line in lines if "more opening times" in line]
        self.assertEqual(
            skipped,
            ["Tue, Mar 10 at 5:00 PM 9 more opening times until Tue, Mar 24 at 9:00 AM. 72 h"],
        )
        self.assertLess(len(lines), 20)
        spans = [re.findall(r"(\d+) h(?: (\d+) min)?$|(\d+) min$", line) for line in lines]
        minutes = sum(
            int(hours or 0) * 60 + int(part or 0) + int(alone or 0)
            for found in spans
            for hours, part, alone in found
        )
        self.assertEqual(minutes, 100 * 60, "the steps account for all of the time")

    def test_day_and_night(self):
        self.policy.calendar_id = False
        self.env.company.resource_calendar_id = False
        words = self._tell(self._try())
        self.assertIn("There are no working hours: the clock runs day and night.", words)
        self.assertIn("Deadline Fri, Mar 6 at 8:30 PM", words)

    def test_the_hours_of_the_company_are_named_as_such(self):
        self.policy.calendar_id = False
        words = self._tell(self._try())
        self.assertIn("Measured by the working hours Office hours", words)
        self.assertIn("those of the company that does the work apply", words)
        self.assertIn("Deadline Mon, Mar 9 at 12:30 PM", words)

    def test_the_zone_of_the_hours_is_named_where_it_differs(self):
        self.manager.tz = "America/New_York"
        words = self._tell(self._try(user=self.manager))
        self.assertIn("of the time zone UTC", words)
        self.assertIn("Times are in your time zone, America/New_York", words)
        # Summer time begins there on that Sunday.
        self.assertIn("Deadline Mon, Mar 9 at 8:30 AM 12:30 PM in UTC", words)
        self.assertIn("Fri, Mar 6 at 11:30 AM 4:30 PM in UTC The clock starts", words)

    # Warnings, escalations, pauses

    def test_warnings_and_escalations_are_told_when_they_come(self):
        self.target.write(
            {
                "duration": 8,
                "warn_percent": 50,
                "escalation_ids": [
                    Command.create({"basis": "percent", "percent": 75}),
                    Command.create({"basis": "after", "minutes": 60, "action": "note"}),
                ],
            }
        )
        lines = self._try("2026-03-09 09:00:00")
        self.assertIn("Mon, Mar 9 at 1:00 PM Warning at 50 %", lines)
        self.assertIn("Mon, Mar 9 at 3:00 PM 75 %: Activity", lines)
        self.assertIn("Tue, Mar 10 at 10:00 AM 60 min after the deadline: Internal note", lines)
        self.assertIn("Warning Mon, Mar 9 at 1:00 PM", lines[1])
        self.assertLess(self._index(lines, "Warning at"), self._index(lines, "75 %"))
        self.assertLess(self._index(lines, "Deadline. "), self._index(lines, "60 min after"))

    def _index(self, lines, words):
        return next(number for number, line in enumerate(lines) if words in line)

    def test_the_last_moment_to_act(self):
        """80 % of 80 minutes would come six minutes before closing."""
        self.target.write({"duration": 80, "unit": "minute", "warn_percent": 80})
        words = self._tell(self._try("2026-03-06 15:50:00"))
        self.assertIn("Fri, Mar 6 at 4:00 PM Warning at 80 %. It would be due", words)
        self.assertIn("It would be due Fri, Mar 6 at 4:54 PM", words)
        self.assertIn("this is the last moment to act", words)

    def test_a_pause_moves_the_deadline(self):
        self.target.duration = 8
        values = {
            "try_pause": "customer",
            "try_pause_from": "2026-03-09 11:00:00",
            "try_pause_until": "2026-03-10 10:00:00",
        }
        lines = self._try("2026-03-09 09:00:00", **values)
        self.assertIn("Deadline Tue, Mar 10 at 4:00 PM", lines[1])
        self.assertIn(
            "Mon, Mar 9 at 11:00 AM Waiting for the customer: the clock stands still. "
            "2 h are used, 6 h are left.",
            lines,
        )
        self.assertIn(
            "Tue, Mar 10 at 10:00 AM The pause is over: the clock goes on with the time that is "
            "left.",
            lines,
        )
        lines = self._try("2026-03-09 09:00:00", **{**values, "try_pause": "third_party"})
        self.assertIn("Deadline Mon, Mar 9 at 5:00 PM", lines[1])
        self.assertIn("This target does not pause for that: its clock runs on.", lines)

    def test_a_pause_that_goes_on_has_no_deadline(self):
        lines = self._try(try_pause="agreed_pause", try_pause_from="2026-03-06 16:45:00")
        self.assertIn("No deadline while the clock stands still", lines[1])
        self.assertIn("Agreed pause: the clock stands still.", self._tell(lines))

    def test_a_pause_that_changes_nothing_says_so(self):
        words = self._tell(self._try(try_pause="customer", try_pause_from="2026-03-09 13:00:00"))
        self.assertIn("begins after the deadline: it does not undo a breach", words)
        words = self._tell(
            self._try(
                try_pause="customer",
                try_pause_from="2026-03-06 10:00:00",
                try_pause_until="2026-03-06 11:00:00",
            )
        )
        self.assertIn("The pause is over before the clock starts", words)

    def test_only_the_targets_of_a_priority(self):
        self.policy.target_ids = [
            Command.create({"metric": "resolution", "priority": "3", "duration": 1}),
            Command.create({"metric": "first_response", "duration": 2}),
        ]
        for priority, hours in ((False, [4, 1, 2]), ("3", [1, 2]), ("1", [4, 2])):
            with self.subTest(priority):
                headers = [line for line in self._try(try_priority=priority) if "from the" in line]
                found = [int(re.search(r"(\d+) hour", header)[1]) for header in headers]
                self.assertCountEqual(found, hours)

    # What cannot be tried is said in a sentence

    def test_one_clear_sentence_for_what_cannot_be_tried(self):
        flexible = self._create_calendar("Flexible", flexible_hours=True)
        closed = self._create_calendar("Closed")
        closed.attendance_ids.unlink()
        for calendar, words in ((flexible, "are flexible"), (closed, "have no opening hours")):
            with self.subTest(calendar.name):
                [line] = self._try(calendar_id=calendar)
                self.assertIn(words, line)
        pause = {"try_pause": "customer"}
        for values, words in (
            ({"try_start": False}, "Enter a moment"),
            (pause, "Enter when the pause begins"),
            (
                {
                    **pause,
                    "try_pause_from": "2026-03-06 12:00:00",
                    "try_pause_until": "2026-03-06 12:00:00",
                },
                "must end after it begins",
            ),
        ):
            with self.subTest(words):
                [line] = self._try(**values)
                self.assertIn(words, line)

    def test_hours_that_lost_their_opening_hours_do_not_break_the_form(self):
        self.calendar.attendance_ids.unlink()
        [line] = self._try()
        self.assertIn("have no opening hours", line)

    def test_a_target_of_zero_or_out_of_reach(self):
        self.policy.target_ids = [Command.create({"metric": "first_response", "duration": 1})]
        with self.at("2026-03-01 12:00:00"):
            form = Form(self.policy)
            form.try_start = FRIDAY
            with form.target_ids.edit(0) as target:
                target.duration = 0
            lines = self._lines(form.try_result)
            self.assertIn("Enter how long this promise may take: at least 1.", lines)
            self.assertIn("Deadline", self._tell(lines), "the other target is told all the same")
            for unit in ("hour", "day"):
                with form.target_ids.edit(0) as target:
                    target.duration = 100000
                    target.unit = unit
                self.assertIn("do not offer enough time", self._tell(self._lines(form.try_result)))

    def test_a_policy_without_targets(self):
        policy = self._create_policy(calendar_id=self.calendar.id)
        [line] = self._try(policy=policy)
        self.assertIn("Add a target first", line)

    def test_names_are_text(self):
        self.calendar.name = "<script>alert(1)</script>"
        with self.at("2026-03-01 12:00:00"):
            self.assertNotIn("<script>", str(self.policy.try_result))

    # Nothing is kept

    def test_what_is_not_saved_counts_and_nothing_is_kept(self):
        with self.at("2026-03-01 12:00:00"):
            form = Form(self.policy)
            self.assertEqual(str(form.try_start), "2026-03-01 12:00:00")
            form.try_start = FRIDAY
            with form.target_ids.edit(0) as target:
                target.duration = 5
            self.assertIn("Deadline Mon, Mar 9 at 1:30", self._tell(self._lines(form.try_result)))
            with form.target_ids.new() as target:
                target.metric = "first_response"
                target.duration = 15
                target.unit = "minute"
                with target.escalation_ids.new() as line:
                    line.percent = 60
            words = self._tell(self._lines(form.try_result))
            self.assertIn("Deadline Fri, Mar 6 at 4:45", words)
            self.assertIn("60 %: Activity", words)
        self.env.invalidate_all()
        self.assertEqual(self.policy.target_ids.mapped("duration"), [4])

    def test_a_policy_that_does_not_exist_yet(self):
        with self.at("2026-03-01 12:00:00"):
            form = Form(self.env["service.sla.policy"].with_user(self.manager))
            form.try_start = FRIDAY
            self.assertIn("Add a target first", str(form.try_result))
            with form.target_ids.new() as target:
                target.metric = "resolution"
                target.duration = 4
            self.assertIn("Deadline Mon, Mar 9 at 12:30", self._tell(self._lines(form.try_result)))

    def test_readers_may_look(self):
        lead = new_test_user(
            self.env, "try_lead", groups="service_experience.service_experience_group_lead"
        )
        with self.at("2026-03-06 16:30:00"):
            self.assertIn("Mar 9", str(self.policy.with_user(lead).try_result))

    # It never says something else than the engine

    def _story(self, start, pause=None):
        scene = Scene(
            env=self.env,
            time=self.calendar._service_version()._working_time(),
            zone="UTC",
            hours_zone="UTC",
            start=datetime.fromisoformat(start),
            hold=Hold("customer") if pause else None,
            hold_from=pause and datetime.fromisoformat(pause[0]),
            hold_until=pause and datetime.fromisoformat(pause[1]),
        )
        story = Story(scene, self.target)
        story.tell()
        return story.found

    def _lines_of_targets(self):
        for number, unit in ((30, "minute"), (80, "minute"), (4, "hour"), (20, "hour"), (3, "day")):
            yield {"duration": number, "unit": unit, "warn_percent": 80}

    def test_the_same_as_a_real_timer(self):
        starts = (FRIDAY, "2026-03-06 15:50:00", "2026-03-07 10:00:00", "2026-03-09 09:00:00")
        for values in self._lines_of_targets():
            self.target.write(values)
            for start in starts:
                with self.subTest(f"{values} {start}"):
                    with self.at(start):
                        timer = self._create_task().sla_timer_ids
                    found = self._story(start)
                    self.assertEqual(
                        (timer.deadline, timer.warn_at), (found["deadline"], found["warning"])
                    )

    def test_the_same_as_a_real_timer_that_pauses(self):
        pauses = (
            ("2026-03-06 16:40:00", "2026-03-09 10:00:00"),
            ("2026-03-06 16:40:00", "2026-03-07 10:00:00"),
            ("2026-03-06 16:30:00", "2026-03-06 16:50:00"),
        )
        for values in self._lines_of_targets():
            self.target.write(values)
            for pause in pauses:
                with self.subTest(f"{values} {pause}"):
                    timer = self._pause_a_timer(*pause)
                    found = self._story(FRIDAY, pause)
                    self.assertEqual(timer.deadline, found["deadline"])
                    if not timer.event_ids.filtered(lambda event: event.kind == "warned"):
                        self.assertEqual(timer.warn_at, found["warning"])

    def _pause_a_timer(self, start, end):
        with self.at(FRIDAY):
            task = self._create_task()
        with self.at(start):
            wait = self.env["service.wait"].create({"task_id": task.id, "kind": "customer"})
            self.assertEqual(task.sla_timer_ids.state, "paused")
        with self.at(end):
            wait.action_end()
            return task.sla_timer_ids
