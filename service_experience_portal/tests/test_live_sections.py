# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import UTC, datetime

from lxml import html

from odoo.tests import tagged

from ..controllers.page_sections import SECTIONS
from .delay_page_common import PROMISED
from .live_common import READ, LiveCase

AHEAD = "2998-03-06"


@tagged("post_install", "-at_install")
class TestLiveSections(LiveCase):
    """What an open page gets for what it has."""

    def _open(self, **options):
        """Open the page; return its root."""
        return html.fromstring(self._ask_for("", **options).content)

    def _get_stamps(self, root):
        slots = root.xpath("//*[@data-section]")
        return {slot.get("data-section"): slot.get("data-stamp") for slot in slots}

    def _refresh(self, stamps, since="0", **options):
        have = ",".join(f"{name}.{stamp}" for name, stamp in stamps.items())
        return self._get_json("sections", params={"since": since, "have": have}, **options)

    def _assertChanged(self, change, *names, moment=READ):
        """Assert that a change of staff changes exactly these sections of an open page."""
        stamps = self._get_stamps(self._open(moment=moment))
        with self.at(moment):
            change()
        answer = self._refresh(stamps, moment=moment)
        self.assertEqual(set(answer["sections"]), set(names))
        self.assertEqual(set(answer["stamps"]), set(names))
        self.assertTrue(answer["announce"])
        stamps |= answer["stamps"]
        self.assertFalse(self._refresh(stamps, moment=moment)["sections"])
        return answer

    def test_nothing_new(self):
        root = self._open()
        [live] = root.xpath("//*[@data-service]")
        answer = self._refresh(self._get_stamps(root), live.get("data-version"))
        self.assertEqual((answer["sections"], answer["stamps"]), ({}, {}))
        self.assertEqual((answer["announce"], answer["seen_url"]), ("", None))
        self.assertEqual(str(answer["version"]), live.get("data-version"))
        self.assertIn('<time datetime="', answer["updated"])
        now = datetime.fromisoformat(READ).replace(tzinfo=UTC)
        self.assertAlmostEqual(answer["now"] / 1000, now.timestamp(), delta=60)
        self.assertEqual(live.get("data-zone"), "UTC")
        self.assertEqual(set(self._get_stamps(root)), set(SECTIONS))

    def test_what_a_page_says_it_has(self):
        """Whatever is not what we would send is sent; what is no stamp is nothing."""
        version = str(self._get_json("version")["version"])
        stamps = self._get_stamps(self._open())
        full = set(SECTIONS)
        for since, have, names in (
            (None, None, full),
            ("0", None, full),
            (version, None, set()),
            ("-1", "", full),
            ("²", "", full),
            ("9" * 5000, "", full),
            ("x", "status", full),
            (version, "status", set()),
            (version, ".,,.,a.b.c", full),
            (version, "\x00\N{PILE OF POO}", set()),
            (version, "status.", full),
            (version, f"status.{stamps['status']}", full - {"status"}),
            ("0", f"status.{stamps['status']},none.00000000", full - {"status"}),
        ):
            with self.subTest(since=since and since[:9], have=have):
                params = {"since": since, "have": have}
                self.assertEqual(set(self._get_json("sections", params=params)["sections"]), names)

    def test_sections_are_those_of_the_page(self):
        """Forms can be sent from them, too."""
        self._tell()
        root = self._open()
        answer = self._get_json("sections")
        for name in SECTIONS:
            [slot] = root.xpath(f"//*[@data-section='{name}']")
            section = html.fragment_fromstring(answer["sections"][name], create_parent="div")
            for part in (slot, section):
                for token in part.xpath(".//input[@name='csrf_token']"):
                    self.assertTrue(token.attrib.pop("value"))
            inside = "".join(html.tostring(child, encoding="unicode") for child in slot)
            sent = "".join(html.tostring(child, encoding="unicode") for child in section)
            self.assertEqual(inside.strip(), sent.strip())
            self.assertEqual(slot.get("data-stamp"), answer["stamps"][name])

    def test_request(self):
        task = self._create_internal("project.task", "Radiator", project_id=self.project.id)
        done = self.env["project.task.type"].create(
            {"name": "Ready", "customer_label": "Ready", "customer_visible": True}
        )
        self.project.type_ids = done
        self._assertChanged(lambda: task.write({"stage_id": done.id}), "requests")
        self._assertChanged(lambda: done.write({"customer_label": "Tested"}), "requests")

    def test_milestone(self):
        step = self._create_internal("project.milestone", "Visit", project_id=self.project.id)
        self._assertChanged(lambda: step.write({"customer_label": "Your visit"}), "steps")

    def test_step(self):
        answer = self._assertChanged(
            lambda: self._ask(due="2998-03-06"), "needs", "next", "timeline"
        )
        self.assertEqual(answer["seen_url"], f"{self.url}/seen")

    def test_promise_moves(self):
        promise = self._promise(current_to=AHEAD)
        answer = self._assertChanged(
            lambda: promise.action_move("2998-03-04", "We have it earlier."),
            "promises",
            "timeline",
        )
        self.assertEqual(answer["announce"], "A promised date has changed.")

    def test_delay_is_told(self):
        delay = self._confirm(self._promise(current_to=AHEAD), new_from=False, new_to="2998-03-13")
        answer = self._assertChanged(delay.action_tell, "delays", "promises", "status", "timeline")
        self.assertEqual(answer["seen_url"], f"{self.url}/seen")
        self.assertIn("takes longer", answer["announce"])

    def test_fact(self):
        topic = self.env["service.topic"].create({"name": "House"})
        values = {"topic_id": topic.id, "question": "Floors", "answer": "Two"}
        here = {"project_id": self.project.id, "said_by_id": self.person.id}
        facts = self.env["service.fact"]
        self._assertChanged(lambda: facts.create({**values, **here}), "facts")

    def test_contact(self):
        self._assertChanged(
            lambda: self.project.write({"contact_user_id": self.env.uid}), "contact"
        )

    def test_name(self):
        answer = self._assertChanged(
            lambda: self.project.write({"customer_label": "Your new pump"}), "title"
        )
        self.assertEqual(answer["announce"], "Something on this page has changed.")

    def test_health(self):
        answer = self._assertChanged(
            lambda: self.project.write({"last_update_status": "on_hold"}), "status", "next"
        )
        self.assertEqual(answer["announce"], "Work on this service is at rest for the moment.")

    def test_over(self):
        """Nothing is listened to on a page that does not change any more."""
        [live] = self._open().xpath("//*[@data-service]")
        self.assertTrue(live.get("data-channel").startswith("service.progress:"))
        self.assertEqual(self._get_json("sections")["channel"], live.get("data-channel"))
        self.project.last_update_status = "done"
        self.assertIsNone(self._get_json("sections")["channel"])
        [live] = self._open().xpath("//*[@data-service]")
        self.assertIsNone(live.get("data-channel"))

    def test_time_passes(self):
        """The page looks again when something on it changes by itself."""
        with self.at(PROMISED):
            self.project.write({"date_start": "2026-01-05", "date": "2026-03-06"})
        before = self._get_json("sections", moment="2026-03-06 22:30:00")
        self.assertEqual(before["refresh_in"], 90 * 60 + 1)
        have = ",".join(f"{name}.{stamp}" for name, stamp in before["stamps"].items())
        after = self._get_json("sections", moment="2026-03-07 00:00:01", params={"have": have})
        self.assertIn("status", after["sections"])
        self.assertIn("We have not kept the promised date", after["announce"])
        self.assertEqual(after["version"], before["version"])

    def test_one_region_speaks(self):
        self._tell()
        root = self._open()
        [region] = root.xpath("//article//*[@role='status' or @role='alert' or @aria-live]")
        self.assertFalse(region.text_content().strip())
        self.assertFalse(region.xpath("ancestor::*[@data-section]"))
        [chip] = root.xpath("//*[@class='o_service_live_chip']")
        self.assertEqual(chip.get("hidden"), "hidden")
