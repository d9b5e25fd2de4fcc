# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import datetime

from lxml import html

from odoo.tests import tagged

from .delay_page_common import READ, DelayPageCase

TITLE = "Why it takes longer and what we do"


@tagged("post_install", "-at_install")
class TestDelaySection(DelayPageCase):
    """What the customer reads about what takes longer."""

    def test_all_that_they_were_told(self):
        self._tell()
        text = self._read()
        for words in (
            f"Nothing needed from you right now. {TITLE} Heat pump runs A part came late",
            "The pump arrived damaged. We sent it back.",
            "New date Probably Thu, Mar 12 to Fri, Mar 13. Old date Fri, Mar 6",
            "What we do A new one is on its way.",
            "What it means for you Your old boiler keeps running.",
            "You hear from us again By Tue, Mar 10, 3:00 PM at the latest.",
            "We wrote to you on Wed, Mar 4, 10:00 AM.",
        ):
            self.assertIn(words, text)

    def test_paragraphs_and_places_in_the_page(self):
        delay = self._tell()
        root = html.fromstring(self._get().content)
        [section] = root.xpath("//section[@aria-labelledby='service_delays_title']")
        slot = section.getparent()
        [before] = slot.getprevious()
        self.assertEqual(before.get("aria-labelledby"), "service_needs_title")
        self.assertIn("o_service_page_grid", slot.getnext().get("class"))
        [line] = section.xpath(f".//li[@id='service_delay_{delay.id}']")
        [told] = line.xpath(".//p[@dir='auto']")
        self.assertEqual(told.text, "The pump arrived damaged.\nWe sent it back.")
        [link] = root.xpath("//a[starts-with(normalize-space(), 'Answer to this date')]")
        self.assertEqual(link.get("href"), self._delay_url(delay))

    def test_how_sure_the_new_date_is(self):
        for values, words in (
            ({"confidence": "firm"}, "Thu, Mar 12 to Fri, Mar 13. This date is firm."),
            ({"confidence": "estimate"}, "Mar 13, as far as we can tell today."),
            ({"new_from": False}, "New date Probably Fri, Mar 13."),
            (
                {"new_from": False, "new_to": False, "known_by": "2026-03-09"},
                "New date We tell you the new date by Mon, Mar 9.",
            ),
        ):
            with self.subTest(**values):
                self._tell(**values)
                self.assertIn(words, self._read())

    def test_nothing_is_said_that_time_has_overtaken(self):
        self._tell()
        text = self._read(moment="2026-03-16 09:00:00")
        self.assertIn("Fri, Mar 13. We did not keep this date either, and that is our", text)
        self.assertIn("We wanted to tell you more by Tue, Mar 10", text)
        self.assertNotIn("at the latest", text)

    def test_a_new_date_that_was_not_told_in_time(self):
        self._tell(new_from=False, new_to=False, known_by="2026-03-09")
        text = self._read(moment="2026-03-16 09:00:00")
        self.assertIn("We wanted to tell you the new date by Mon, Mar 9 and have not", text)

    def test_the_reason_beside_the_move(self):
        delay = self._tell()
        moved = "Moved to Thu, Mar 12 to Fri, Mar 13 A part came late The pump arrived"
        self.assertIn(moved, self._read())
        self.assertIn("Answer to this date: Heat pump runs", self._read())
        self._answer(delay, "accepted")
        self.assertNotIn("Answer to this date", self._read())

    def test_what_was_cancelled_takes_no_longer(self):
        request = self._create_internal(
            "project.task", "Radiator", project_id=self.project.id, partner_id=self.person.id
        )
        self._tell(self._promise("Radiator is warm", task_id=request.id))
        url = f"{self.url}/request/{request.id}"
        for page in (self.url, url):
            self.assertIn(TITLE, self._read(page))
        with self.at(READ):
            request.state = "1_canceled"
        for page in (self.url, url):
            text = self._read(page)
            self.assertNotIn(TITLE, text)
            self.assertNotIn("Answer to this date", text)
            self.assertIn("Radiator is warm This was called off.", text)

    def test_nothing_of_what_was_not_sent(self):
        self._confirm()
        text = self._read()
        self.assertNotIn("A part came late", text)
        self.assertIn(f"{TITLE} The promised date may not hold, and we have not told", text)

    def test_what_is_over_is_left_out(self):
        promise = self._promise()
        self._tell(promise)
        with self.at(READ):
            promise.action_customer_accepted()
        self.assertNotIn(TITLE, self._read())

    def test_words_of_people_are_text(self):
        self._tell(
            customer_explanation="<script>alert(1)</script> Late.", doing="<b>All</b> of it."
        )
        for url in (self.url, self._delay_url(self.project.service_delay_ids)):
            page = self._get(url).text
            self.assertNotIn("<script>alert(1)", page)
            self.assertNotIn("<b>All</b>", page)
            self.assertIn("&lt;script&gt;alert(1)", page)

    def test_the_mail_leads_to_the_page(self):
        delay = self._tell()
        url = delay._get_page_url(self.person)
        self.assertTrue(url.startswith("http"), url)
        self.assertTrue(url.endswith(f"{self.url}#service_delay_{delay.id}"), url)
        self.assertIn(url, delay.message_id.body)
        stranger = self.other_customer
        self.assertEqual(delay._get_page_url(stranger), "")
        self.assertEqual(delay._get_page_url(stranger.browse()), "")
        hidden = self._tell_hidden()
        self.assertEqual(hidden._get_page_url(self.person), "")

    def _tell_hidden(self):
        task = self.env["project.task"].create({"name": "x", "project_id": self.project.id})
        return self._tell(self._promise("Hidden", task_id=task.id))

    def test_nothing_of_a_hidden_request(self):
        delay = self._tell_hidden()
        self.assertNotIn("A part came late", self._read())
        self.assertEqual(self._get_status(self._delay_url(delay), "page_customer"), 404)

    def test_number_of_queries_does_not_grow(self):
        self._tell()
        few = self._count_queries()
        for number in range(12):
            self._tell(self._promise(f"Promise {number}"), options=["A loan device"])
        self.assertLessEqual(self._count_queries(), few)
        self.assertLessEqual(few, 19)
        page = self._get()
        self.assertEqual(page.text.count("A new one is on its way."), 3)
        self.assertEqual(page.text.count('id="service_delay_text_'), 3)
        self.assertIn("And 10 more, which you find below under", self._text(page))
        for delay in self.project.service_commitment_ids.delay_ids:
            self.assertIn(f"/delay/{delay.id}/answer", page.text)
        self.assertLess(len(page.content), 60_000)

    def _count_queries(self):
        self.env.flush_all()
        with self.at(READ):
            self.project._service_customer_snapshot(self.person)  # now the caches are warm
            self.env.invalidate_all()
            self.env.user.fetch(["partner_id"])  # what every request has read of its reader
            before = self.env.cr.sql_log_count
            self.project._service_customer_snapshot(self.person)
            return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestDelayStatus(DelayPageCase):
    """The first sentence of the page and what was told say the same."""

    def test_a_date_that_may_move_has_moved(self):
        self._tell()
        self.assertIn(
            "a promised date has moved. Below you read why, and what we do.", self._read()
        )

    def test_the_date_of_the_service(self):
        promise = self._promise()
        self.project.primary_commitment_id = promise
        self._tell(promise)
        text = self._read(moment="2026-03-09 09:00:00")
        self.assertIn("We have not kept the date of Fri, Mar 6", text)
        self.assertIn("The new date is Fri, Mar 13.", text)

    def test_another_promise_than_the_date_of_the_service(self):
        self.project.write({"date_start": "2026-01-05", "date": "2026-03-06"})
        self._tell()
        text = self._read(moment="2026-03-09 09:00:00")
        self.assertIn("Below you read why it takes longer, and what we do.", text)
        self.assertNotIn("We have not set a new date yet.", text)

    def test_the_date_of_a_request(self):
        task = self._create_internal(
            "project.task",
            "Radiator",
            project_id=self.project.id,
            date_deadline=datetime(2026, 3, 6, 16, 0),
        )
        late = "We are late with “Radiator”, and that is our fault. We promised it for Fri, Mar 6"
        for values, words in (
            ({}, "; the new date is Fri, Mar 13."),
            (
                {"new_from": False, "new_to": False, "known_by": "2026-03-11"},
                " and tell you the new date by Wed, Mar 11.",
            ),
        ):
            with self.subTest(words):
                delay = self._tell(self._promise("Warm water", task_id=task.id), **values)
                text = self._read(moment="2026-03-09 09:00:00")
                self.assertIn(late, text)
                self.assertIn(words, text)
                self.assertNotIn("not set a new date yet", text)
                with self.at("2026-03-09 10:00:00"):
                    delay.commitment_id.action_customer_accepted()

    def test_nothing_told(self):
        self.project.write({"date_start": "2026-01-05", "date": "2026-03-06"})
        text = self._read(moment="2026-03-09 09:00:00")
        self.assertIn("We have not set a new date yet.", text)
        late = f"{TITLE} We are late and have not told you the reason yet. Both are our fault."
        self.assertIn(f"{late} As soon as we know more, we tell you here", text)
        self.project.next_update_promised = "2026-03-10 15:00:00"
        text = self._read(moment="2026-03-09 09:00:00")
        self.assertIn(f"{late} You hear from us by Tue, Mar 10", text)
        text = self._read(moment="2026-03-10 15:00:00")
        self.assertNotIn("You hear from us by", text)


@tagged("post_install", "-at_install")
class TestDelaySeen(DelayPageCase):
    """Told is what a customer has looked at, and nothing else."""

    def _see(self, login="page_customer", moment=READ, to="/seen"):
        return self._post_form(self.url + to, login, moment).status_code

    def _assertUnseen(self, delay):
        self.assertEqual((delay.state, delay.communicated_at), ("confirmed", False))

    def test_the_page_asks_to_be_told_of(self):
        delay = self._tell()
        self.assertIn(f'data-seen-url="{self.url}/seen"', self._get().text)
        single = f"{self.url}/delay/{delay.id}/seen"
        self.assertIn(f'data-seen-url="{single}"', self._get(self._delay_url(delay)).text)
        self._see()
        for url in (self.url, self._delay_url(delay)):
            self.assertNotIn("data-seen-url", self._get(url).text)
        self.assertIn("We told you on Thu, Mar 5", self._read())

    def test_seen_before_the_old_date(self):
        delay = self._tell()
        self.assertEqual(self._see(), 204)
        self.assertEqual((delay.state, delay.told_before), ("communicated", True))
        self.assertEqual(delay.communicated_at, datetime.fromisoformat(READ))
        self.assertEqual(delay.revision_id.told_at, delay.communicated_at)
        evidence = self._get_evidence()
        self.assertEqual(self._see(moment="2026-03-09 09:00:00"), 204)
        self.assertEqual(self._get_evidence(), evidence)

    def test_seen_after_the_old_date(self):
        delay = self._tell()
        self._see(moment="2026-03-07 09:00:00")
        self.assertEqual((delay.state, delay.told_before), ("communicated", False))

    def test_seen_by_colleagues_of_the_customer(self):
        delay = self._tell()
        self._see("page_colleague")
        self.assertEqual(delay.state, "communicated")

    def test_not_seen_by_others(self):
        delay = self._tell()
        self.assertEqual(self._see("page_stranger"), 404)
        self._create_staff()
        self.assertEqual(self._see("page_staff"), 204)
        self.assertEqual(self._see("page_staff", to=f"/delay/{delay.id}/seen"), 204)
        self._assertUnseen(delay)

    def test_seen_on_its_own_page(self):
        delay, other = self._tell(), self._tell(self._promise("Warm water"))
        self._see(to=f"/delay/{delay.id}/seen")
        self.assertEqual(delay.state, "communicated")
        self._assertUnseen(other)

    def test_not_seen_on_the_page_of_a_step(self):
        delay, step, other = self._tell(), self._ask(), self._ask()
        page = self._get(self._step_url(step)).text
        self.assertIn(f'data-seen-url="{self._step_url(step)}/seen"', page)
        self._see(to=f"/step/{step.id}/seen")
        self.assertTrue(step.seen_at)
        self.assertFalse(other.seen_at)
        self._assertUnseen(delay)

    def test_reading_changes_nothing(self):
        delay = self._tell(options=["A loan device"])
        evidence = self._get_evidence()
        for url in (self.url, f"{self.url}?answered={delay.id}&asked={delay.commitment_id.id}"):
            self._get(url)
        for method in ("GET", "HEAD"):
            status = self._get_status(self._delay_url(delay), "page_customer", method=method)
            self.assertEqual(status, 200)
        self._assertUnseen(delay)
        self.assertEqual(self._get_evidence(), evidence)
