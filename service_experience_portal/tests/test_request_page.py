# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import html

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from .section_page_common import PRIVATE, SectionPageCase
from .test_service_page import MARKER


@tagged("post_install", "-at_install")
class TestRequestPage(SectionPageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages = cls.env["project.task.type"].union(
            *(
                cls._create_internal("project.task.type", label, user_id=False, sequence=number)
                for number, label in enumerate(("Received", "Planned", "Being repaired", "Ready"))
            )
        )
        cls.inner = cls.env["project.task.type"].create(
            {"name": MARKER, "sequence": 2, "user_id": False}
        )
        cls.project.type_ids = cls.stages | cls.inner
        cls.request.write(
            {
                "stage_id": cls.stages[2].id,
                "date_deadline": datetime(2098, 5, 8, 15, 0),
                "user_ids": [Command.set(cls.employee.ids)],
            }
        )
        cls.request_url = f"{cls.url}/request/{cls.request.id}"

    def _steps(self):
        root = html.fromstring(self._page("page_customer", self.request_url).content)
        found = root.xpath("//*[@data-section='steps']//li")
        return [
            (
                step.get("class").rpartition("_")[2],
                " ".join(step.xpath(".//h3")[0].text_content().split()),
            )
            for step in found
        ]

    def test_header_and_status(self):
        page = self._page("page_customer", self.request_url)
        root = html.fromstring(page.content)
        self.assertEqual(root.xpath("string(//h1)").strip(), "Radiator")
        self.assertEqual(root.xpath("//header//p/a/@href")[-1], self.url)
        self.assertIn(f"Radiator · S-{self.project.id}", root.xpath("string(//title)"))
        words = self._text(page)
        self.assertIn("On track Work is going on as promised.", words)
        self.assertIn("Promised for Thursday, May 8, 2098", words)
        self.assertNotIn("January 5, 2099", words)
        self.assertIn("Back to the service", words)
        for name, value in PRIVATE.items():
            self.assertEqual(page.headers[name], value)
        [live] = root.xpath("//*[@class='o_service_live']")
        self.assertEqual(live.get("data-path"), self.request_url)

    def test_linked_from_the_service_and_back(self):
        root = html.fromstring(self._page("page_customer").content)
        links = root.xpath("//*[@data-section='requests']//a/@href")
        self.assertEqual(links, [self.request_url])
        root = html.fromstring(self._page("page_customer", self.request_url).content)
        self.assertFalse(root.xpath("//*[@data-section='requests']"))

    def test_stages_as_steps(self):
        since = self.request.date_last_stage_update
        self.assertTrue(since)
        self.assertEqual(
            self._steps(),
            [
                ("done", "Received"),
                ("done", "Planned"),
                ("current", "Being repaired"),
                ("next", "Ready"),
            ],
        )
        self.assertIn("2 of 4 steps", self._section("steps", url=self.request_url))
        self.assertIn("Current step Since", self._section("steps", url=self.request_url))

    def test_a_stage_without_words_belongs_to_the_one_before(self):
        self.request.stage_id = self.inner
        words = self._section("steps", url=self.request_url)
        self.assertEqual([state for state, _label in self._steps()].index("current"), 2)
        self.assertIn("Current step In progress", words)
        self.stages.customer_visible = False
        words = self._section("steps", url=self.request_url)
        self.assertIn("This request is not divided into steps.", words)

    def test_done_and_cancelled(self):
        self.request.state = "1_done"
        self.assertEqual({state for state, _label in self._steps()}, {"done"})
        self.assertEqual(len(self._steps()), 4)
        words = self._text(self._page("page_customer", self.request_url))
        self.assertIn("All work on this request is finished.", words)
        self.assertIn("Finished on", words)
        self.request.state = "1_canceled"
        self.assertEqual(len(self._steps()), 3)
        words = self._text(self._page("page_customer", self.request_url))
        self.assertIn("This request was cancelled.", words)

    def _promise_and_move(self):
        """Promise a day for the request, move it, and say who does what until then."""
        place = {"project_id": self.project.id, "task_id": self.request.id}
        promise = self.env["service.commitment"].create(
            {**place, "name": "Radiator is warm", "current_to": "2098-06-02"}
        )
        self.request.primary_commitment_id = promise
        promise.action_move("2098-06-09", "The valve is late.")
        self._ask(title="Send the valve", task_id=self.request.id)
        self.env["service.step"].create(
            {
                **place,
                "title": "Mount the valve",
                "party": "us",
                "customer_visible": True,
                "owner_user_id": self.employee.id,
                "due": "2098-06-01",
            }
        )

    def test_cancelled_promises_nothing(self):
        self._promise_and_move()
        with freeze_time("2097-03-05 10:00:00"):
            self.request.state = "1_canceled"
        self.env.flush_all()
        urls = (self.url, self.request_url)
        pages = {url: self._text(self._page("page_customer", url)) for url in urls}
        for url, text in pages.items():
            words = text.replace("Promised for Monday, January 5, 2099", "")  # of the service
            for promised in ("Promised for", "New date", "Why it moved", "Mount the valve"):
                self.assertNotIn(promised, words, url)
            self.assertNotIn("valve", self._section("needs", url=url))
        self.assertIn("Cancelled on Tuesday, March 5, 2097", pages[self.request_url])
        self.assertIn("Cancelled on Tue, Mar 5, 2097", pages[self.url])
        self.assertIn("Radiator is warm This was called off.", pages[self.url])

    def test_cancelled_after_it_was_met(self):
        """The clock of the promise stopped when it was done, not when it was cancelled."""
        self.env["service.sla.policy"].create(
            {
                "name": "Standard",
                "target_ids": [
                    Command.create({"metric": "resolution", "duration": 40, "unit": "hour"})
                ],
            }
        )
        request = self.request.copy({"partner_id": self.person.id})
        for moment, state in (("2097-03-04", "1_done"), ("2097-03-05", "1_canceled")):
            with freeze_time(f"{moment} 10:00:00"):
                request.state = state
                self.env.flush_all()
        self.assertEqual(str(request.service_done_at), "2097-03-05 10:00:00")

    def test_late(self):
        self.request.date_deadline = datetime(2026, 1, 7, 16, 30)
        words = self._section("status", url=self.request_url)
        self.assertIn("We have not kept the promised date, and that is our fault.", words)
        self.request.date_deadline = fields.Datetime.now() - timedelta(minutes=1)
        words = self._section("status", url=self.request_url)
        self.assertIn("We are late with “Radiator”, and that is our fault.", words)

    def test_a_promise_of_its_own(self):
        promise = self.env["service.commitment"].create(
            {
                "name": "Radiator is warm",
                "project_id": self.project.id,
                "task_id": self.request.id,
                "current_to": "2098-06-02",
            }
        )
        self.request.primary_commitment_id = promise
        words = self._text(self._page("page_customer", self.request_url))
        self.assertIn("Promised for Monday, June 2, 2098", words)
        self.assertIn("Radiator is warm", words)

    def test_only_what_belongs_to_it(self):
        self._ask(title="Service question")
        mine = self._ask(title="Send the valve", kind="answer", task_id=self.request.id)
        foreign = self._ask(title="Foreign question", task_id=self.foreign_request.id)
        promise = self.env["service.commitment"].create(
            {"name": "Service promise", "project_id": self.project.id, "current_to": "2098-01-01"}
        )
        self.project.primary_commitment_id = promise
        words = self._text(self._page("page_customer", self.request_url))
        self.assertIn("Send the valve", words)
        for text in ("Service question", "Foreign question", "Service promise"):
            self.assertNotIn(text, words)
        self._send(mine, response="Above the door")
        mine.with_user(self.employee).action_done()
        words = self._section("facts", url=self.request_url)
        self.assertIn("Above the door", words)
        self.assertNotEqual(foreign.state, "done")

    def test_documents_and_contact_of_its_own(self):
        other = new_test_user(self.env, "page_other", name="Nora Vidal")
        self.request.contact_user_id = other
        self.project.customer_document_ids = self._create_file("Whole.pdf")
        self.request.customer_document_ids = self._create_file("Part.pdf", self.request)
        words = self._text(self._page("page_customer", self.request_url))
        self.assertIn("Part.pdf", words)
        self.assertNotIn("Whole.pdf", words)
        self.assertIn("Nora Vidal", words)

    def test_requests_that_are_not_theirs(self):
        other = self.project.copy({"name": "Other", "partner_id": self.person.id})
        elsewhere = self.request.copy({"project_id": other.id})
        for values in (
            {"customer_visible": False},
            {"customer_label": False},
            {"active": False},
            {"is_template": True},
            {"partner_id": self.stranger.id},
        ):
            with self.subTest(**values):
                hidden = self.request.copy(values)
                self._assertNone(f"{self.url}/request/{hidden.id}")
        self._assertNone(f"{self.url}/request/{elsewhere.id}")
        self._assertNone(f"{self.url}/request/{self.foreign_request.id}")
        self._assertNone(f"{self.url}/request/2147483647")

    def _assertNone(self, url):
        for part in ("", "/sections?since=0"):
            self.assertEqual(self._status(url + part, "page_customer"), 404)

    def test_who_may_read(self):
        new_test_user(self.env, "page_staff", groups="project.group_project_user")
        for login, status in (
            ("page_colleague", 200),
            ("page_staff", 200),
            ("page_stranger", 404),
            (None, 303),
        ):
            with self.subTest(login):
                self.assertEqual(self._status(self.request_url, login), status)
        self._open_link("read")
        self.assertIn("Radiator", self._text(self.url_open(self.request_url)))

    def test_internal_words_stay_inside(self):
        page = self._page("page_customer", self.request_url)
        self.assertNotIn(MARKER, page.text)

    def test_sections_for_an_open_page(self):
        self.authenticate("page_customer", "page_customer")
        answer = self.url_open(f"{self.request_url}/sections?since=0").json()
        self.assertIn("Radiator", answer["sections"]["next"])
        self.assertNotIn("requests", answer["sections"])
        have = ",".join(f"{name}.{stamp}" for name, stamp in answer["stamps"].items())
        self.assertEqual(
            self.url_open(f"{self.request_url}/sections?have={have}").json()["sections"], {}
        )

    def test_seen(self):
        asked = self._ask(title="For the service")
        mine = self._ask(title="For the request", task_id=self.request.id)
        answer = self._post(f"{self.request_url}/seen", "page_customer")
        self.assertEqual(answer.status_code, 204)
        self.assertTrue(mine.seen_at)
        self.assertFalse(asked.seen_at)

    def test_number_of_queries(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.project._service_customer_snapshot(self.person, self.request.id)
            return self.env.cr.sql_log_count - before

        few = count()
        for number in range(20):
            self._ask(title=f"Question {number}", task_id=self.request.id)
        self.assertLessEqual(count(), few + 6)
