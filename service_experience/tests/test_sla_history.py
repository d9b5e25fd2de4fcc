# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import json
from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.service_experience.models.clock.service_sla_timer import epoch

from .common import ServiceExperienceCase

HOUR = 3600


def at(moment):
    """Return an instant (ISO, UTC) as the screen gets it."""
    return epoch(datetime.fromisoformat(moment))


@tagged("post_install", "-at_install")
class TestSlaHistory(ServiceExperienceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._create_policy(("resolution", 16, "hour"), calendar_id=cls.calendar.id)
        cls.emil, cls.petra = (
            new_test_user(
                cls.env,
                f"history_{name.lower()}",
                name=name,
                groups="service_experience.service_experience_group_user",
            )
            for name in ("Emil", "Petra")
        )

    def _start(self, moment="2026-03-02 09:00:00", **values):
        with self.at(moment):
            task = self._create_task(**values)
        return task, self.timer_of(task)

    def _wait(self, task, start, end=None, user=None, **values):
        waits = self.env["service.wait"].with_user(user or self.env.user)
        with self.at(start):
            wait = waits.create({"task_id": task.id, "kind": "customer", **values})
        if end:
            with self.at(end):
                wait.action_end()
        return wait

    def _work_example(self):
        """Asked on Monday 15:00, answered Wednesday 10:00; asked again at 14:30 that day."""
        task, timer = self._start()
        reason = "Photo of the type plate"
        self._wait(task, "2026-03-02 15:00:00", "2026-03-04 10:00:00", self.emil, reason=reason)
        self._wait(task, "2026-03-04 14:30:00", "2026-03-05 09:00:00", self.petra)
        return task, timer

    def _read(self, timer, moment, user=None):
        self.env.invalidate_all()
        with self.at(moment):
            [values] = timer.with_user(user or self.employee).read(["history"])
        return values["history"]

    def assertPieces(self, history, *pieces):
        """Compare (kind, from, to, working seconds)."""
        names = ("kind", "from", "to", "seconds")
        expected = [
            (kind, at(start), end and at(end), seconds) for kind, start, end, seconds in pieces
        ]
        found = [tuple(piece[name] for name in names) for piece in history["pieces"]]
        self.assertEqual(found, expected)

    # The worked example, to the second

    def test_worked_example(self):
        _task, timer = self._work_example()
        history = self._read(timer, "2026-03-05 11:00:00")
        self.assertPieces(
            history,
            ("running", "2026-03-02 09:00", "2026-03-02 15:00", 6 * HOUR),
            ("paused", "2026-03-02 15:00", "2026-03-04 10:00", 11 * HOUR),
            ("running", "2026-03-04 10:00", "2026-03-04 14:30", 4.5 * HOUR),
            ("paused", "2026-03-04 14:30", "2026-03-05 09:00", 2.5 * HOUR),
            ("running", "2026-03-05 09:00", None, 2 * HOUR),
        )
        expected = {
            "now": at("2026-03-05 11:00"),
            "started": at("2026-03-02 09:00"),
            "end": at("2026-03-05 14:30"),
            "stopped": None,
            "state": "running",
            "target": 16 * HOUR,
            "spent": 12.5 * HOUR,
            "remaining": 3.5 * HOUR,
            "deadline": at("2026-03-05 14:30"),
            "computed_deadline": at("2026-03-05 14:30"),
            "manual_deadline": None,
            "manual_reason": None,
            "warn_at": at("2026-03-05 11:18"),
            "breached_at": None,
            "breached": False,
            "excused": False,
        }
        self.assertEqual({name: history[name] for name in expected}, expected)

    def test_pauses_tell_cause_name_and_words(self):
        _task, timer = self._work_example()
        history = self._read(timer, "2026-03-05 11:00:00")
        why = [
            (piece["cause"], piece["by"], piece["reason"])
            for piece in history["pieces"]
            if piece["kind"] == "paused"
        ]
        customer = "Waiting for the customer"
        expected = [(customer, "Emil", "Photo of the type plate"), (customer, "Petra", None)]
        self.assertEqual(why, expected)
        self.assertEqual(
            {(piece["cause"], piece["by"], piece["reason"]) for piece in history["pieces"][::2]},
            {(None, None, None)},
        )

    def test_closed_hours(self):
        _task, timer = self._work_example()
        history = self._read(timer, "2026-03-05 11:00:00")
        nights = [(f"2026-03-0{day} 17:00", f"2026-03-0{day + 1} 09:00") for day in (2, 3, 4)]
        self.assertEqual(history["closed"], [[at(start), at(end)] for start, end in nights])

    # What is still open, and what has ended

    def test_open_pause(self):
        task, timer = self._start()
        self._wait(task, "2026-03-02 15:00:00", user=self.emil, reason="Photo")
        history = self._read(timer, "2026-03-03 10:00:00")
        self.assertPieces(
            history,
            ("running", "2026-03-02 09:00", "2026-03-02 15:00", 6 * HOUR),
            ("paused", "2026-03-02 15:00", None, 3 * HOUR),
        )
        self.assertEqual(history["pieces"][1]["by"], "Emil")
        self.assertEqual(history["reason"], "Waiting for the customer: Photo")
        self.assertEqual((history["deadline"], history["spent"]), (None, 6 * HOUR))
        # If work resumed now: ten hours are left.
        self.assertEqual(history["computed_deadline"], at("2026-03-04 12:00"))
        self.assertEqual(history["end"], at("2026-03-04 12:00"))

    def test_met_timer_keeps_its_deadline_in_view(self):
        task, timer = self._start()
        with self.at("2026-03-02 12:00:00"):
            task.state = "1_done"
        history = self._read(timer, "2026-06-01 09:00:00")
        self.assertPieces(history, ("running", "2026-03-02 09:00", "2026-03-02 12:00", 3 * HOUR))
        self.assertEqual(history["end"], at("2026-03-03 17:00"))
        self.assertEqual(history["closed"], [[at("2026-03-02 17:00"), at("2026-03-03 09:00")]])
        [event] = history["events"]
        self.assertEqual((event["kind"], event["label"]), ("met", "Met"))

    def test_breach_excuse_and_escalation(self):
        escalation = {"basis": "percent", "percent": 50, "action": "note"}
        self.policy.target_ids.escalation_ids = [Command.create(escalation)]
        task, timer = self._start()
        with self.at("2026-03-04 09:00:00"):
            self.sweep()
        with self.at("2026-03-04 12:00:00"):
            task.state = "1_done"
            timer.with_user(self.manager)._excuse("Flood in the cellar")
        history = self._read(timer, "2026-03-06 09:00:00")
        self.assertEqual(history["breached_at"], at("2026-03-03 17:00"))
        self.assertTrue(history["breached"] and history["excused"])
        kinds = ["escalated", "warned", "breached", "missed", "excused"]
        self.assertEqual([event["kind"] for event in history["events"]], kinds)
        excuse = history["events"][-1]
        self.assertEqual(excuse["reason"], "Flood in the cellar")
        self.assertEqual(excuse["by"], self.manager.name)
        # The system has no name: nobody did it.
        self.assertEqual({event["by"] for event in history["events"][:3]}, {None})

    def test_agreed_deadline_next_to_the_computed_one(self):
        task, timer = self._start()
        agreed, reason = datetime(2026, 3, 6, 12), "Part arrives on Friday"
        with self.at("2026-03-03 10:00:00"):
            timer.with_user(self.manager)._agree_deadline(agreed, reason)
        for end in (None, "2026-03-05 12:00:00"):
            with self.subTest(end=end):
                if end:
                    with self.at(end):
                        task.state = "1_done"
                history = self._read(timer, "2026-03-05 13:00:00")
                self.assertEqual(history["deadline"], at("2026-03-06 12:00"))
                self.assertEqual(history["manual_deadline"], at("2026-03-06 12:00"))
                self.assertEqual(history["manual_reason"], reason)
                self.assertEqual(history["computed_deadline"], at("2026-03-03 17:00"))
        event = next(event for event in history["events"] if event["kind"] == "recalculated")
        self.assertEqual((event["by"], event["reason"]), (self.manager.name, reason))
        self.assertEqual(event["before"], at("2026-03-03 17:00"))
        self.assertEqual(event["after"], at("2026-03-06 12:00"))

    def test_time_left_until_the_agreed_deadline(self):
        task, timer = self._start()
        with self.at("2026-03-03 10:00:00"):
            timer.with_user(self.manager)._agree_deadline(datetime(2026, 3, 6, 12), "Friday")
        history = self._read(timer, "2026-03-05 13:00:00")
        self.assertEqual((history["spent"], history["target"]), (28 * HOUR, 16 * HOUR))
        self.assertEqual((history["remaining"], history["breached"]), (7 * HOUR, False))
        with self.at("2026-03-05 13:00:00"):
            [status] = task.sla_status["timers"]
        self.assertEqual((status["remaining"], status["target"]), (7 * HOUR, 35 * HOUR))
        self._wait(task, "2026-03-05 14:00:00")
        history = self._read(timer, "2026-03-06 13:00:00")
        # What the pause began with is left, however long it lasts.
        self.assertEqual((history["state"], history["remaining"]), ("paused", 6 * HOUR))

    def test_day_and_night(self):
        self.policy.calendar_id = False
        self.env.company.resource_calendar_id = False
        _task, timer = self._start()
        history = self._read(timer, "2026-03-02 13:00:00")
        self.assertEqual(history["closed"], [])
        self.assertEqual(history["deadline"], at("2026-03-03 01:00"))

    # How much is read and sent

    def test_a_long_life_stays_small(self):
        self.policy.calendar_id = self._create_calendar(
            "With a break", [(9, 10), (11, 12), (13, 14), (15, 17)]
        )
        _task, timer = self._start()
        for days, at_most in ((3, 20), (59, 250), (120, 130), (4 * 365, 400)):
            with self.subTest(days=days):
                moment = datetime(2026, 3, 2, 9) + timedelta(days=days)
                history = self._read(timer, moment.isoformat())
                self.assertLess(len(json.dumps(history)), 50_000)
                self.assertLessEqual(len(history["closed"]), at_most)
        history = self._read(timer, "2026-06-30 09:00:00")
        # Breaks are too thin to be seen in four months, nights and weekends are not.
        self.assertEqual(history["closed"][0], [at("2026-03-02 17:00"), at("2026-03-03 09:00")])
        self.assertIn([at("2026-03-06 17:00"), at("2026-03-09 09:00")], history["closed"])

    def _count_queries(self, timer):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        timer.with_user(self.employee).read(["history"])
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_life(self):
        short, long = self._start(), self._start()
        for (task, _timer), pauses in ((short, 1), (long, 6)):
            for index in range(pauses):
                day = datetime(2026, 3, 2) + timedelta(days=index)
                self.calendar.attendance_ids[-1].hour_to = 16 - index / 4
                self._wait(
                    task,
                    (day + timedelta(hours=10)).isoformat(),
                    (day + timedelta(hours=15)).isoformat(),
                    (self.emil, self.petra)[index % 2],
                    reason=f"Question {index}",
                )
        self._count_queries(short[1])  # fills the caches of the process
        self.assertEqual(len(long[1].segment_ids), 12)
        self.assertGreater(len(long[1].segment_ids.calendar_version_id), 5)
        queries = self._count_queries(long[1])
        self.assertEqual(queries, self._count_queries(short[1]))
        self.assertLessEqual(queries, 17)

    def test_people_who_may_not_read_the_timer(self):
        _task, timer = self._work_example()
        outsider = new_test_user(self.env, "history_outsider", groups="base.group_user")
        with self.assertRaisesRegex(Exception, "not allowed to access"):
            self._read(timer, "2026-03-05 11:00:00", outsider)

    def test_hours_of_another_company(self):
        self.env["resource.calendar"].browse(self.calendar.id).company_id = self.env[
            "res.company"
        ].create({"name": "Elsewhere"})
        _task, timer = self._start(company_id=False)
        self.assertTrue(self._read(timer, "2026-03-02 11:00:00")["pieces"])
