"""A marker in every internal text: it appears nowhere where a customer, or anybody else, looks."""

import json

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.service_experience_portal.tests.link_common import LinkCase
from odoo.addons.service_experience_portal.tests.showcase_common import ShowcaseCase, day

MARK = "INTERNALMARK"
# What the customer may read, by model. Every other text of these models is for colleagues.
SHOWN = {
    "project.project": {"customer_label"},
    "project.task": {"customer_label"},
    "project.milestone": {"customer_label", "customer_note"},
    "project.task.type": {"customer_label"},
    "res.company": {"name"},
    "service.commitment": {"name"},
    "service.commitment.revision": {"text"},
    "service.delay": {"customer_explanation", "doing", "means_for_you", "response_text"},
    "service.delay.option": {"name"},
    "service.delay.reason": {"customer_label"},
    "service.fact": {"question", "answer"},
    "service.handoff": {"customer_message"},
    "service.step": {
        "title",
        "why",
        "instructions",
        "effect_if_late",
        "return_reason",
        "third_party_label",
        "response",
    },
    "service.timeline.entry": {"text", "params"},
}
# Columns of text that are no words: what programs compare, count or find their way by.
TECHNICAL = {
    "access_token",
    "code",
    "cron_name",
    "domain",
    "key",
    "marks",
    "model_name",
    "params",
    "path",
    "rating_request_deadline",
    "res_model",
    "service_calendar",
    "token_hash",
    "tz",
}
OTHERS = ("mail.activity", "project.tags", "project.update", "resource.calendar")


class MarkedCase(ShowcaseCase, LinkCase):
    """The services of the showcase, with a marker in all that is not for their customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        service = cls.services["late"]
        cls.request = cls._create_request(service, "Door of the cold room")
        cls.note = service.message_post(body=f"{MARK} note", subject=f"{MARK} subject")
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": f"{MARK}.pdf",
                "raw": b"%PDF-1.4 " + MARK.encode(),
                "res_model": "project.project",
                "res_id": service.id,
            }
        )
        cls.request.message_post(body=f"{MARK} note of a request", attachment_ids=cls.file.ids)
        service.activity_schedule("mail.mail_activity_data_todo", summary=MARK, note=MARK)
        cls.marked = cls._mark_everything()
        cls.staff = cls.employee.partner_id
        cls.staff.write({"email": f"{MARK}@wind.example", "phone": f"{MARK} 1", "comment": MARK})
        cls.employee.signature = MARK

    @classmethod
    def _mark_everything(cls):
        """Write the marker past all guards; return how many columns have it."""
        cls.env.flush_all()
        models = [
            name
            for name in cls.env.registry
            if name.startswith(("service.", "project.")) or name in OTHERS
        ]
        marked = sum(cls._mark_model(cls.env[name]) for name in models)
        cls.env.invalidate_all()
        return marked

    @classmethod
    def _mark_model(cls, model):
        if model._abstract or not model._auto or model._transient:
            return 0
        shown = SHOWN.get(model._name, set()) | TECHNICAL
        columns = [
            (name, field)
            for name, field in model._fields.items()
            if field.store
            and field.type in ("char", "text", "html")
            and name not in shown
            and not name.endswith(("_hash", "_ref", "_key", "_xmlid"))
            and not (field.related or (field.compute and field.readonly))
        ]
        for name, field in columns:
            words = SQL("%s || id", f"{MARK} {name} ")
            if field.translate:
                words = SQL("jsonb_build_object('en_US', %s)", words)
            column = SQL.identifier(name)
            table = SQL.identifier(model._table)
            cls.env.cr.execute(SQL("UPDATE %s SET %s = %s", table, column, words))
        return len(columns)


@tagged("post_install", "-at_install")
class TestMarker(MarkedCase):
    def _pages(self):
        """Return the addresses of every page there is, of every service."""
        pages = ["/my", "/my/services"]
        for service in self.services.values():
            url = f"/my/service/{service.id}"
            pages += [url, f"{url}/version", f"{url}/sections", f"{url}/confirm"]
            pages += [f"{url}/messages", f"{url}/preferences"]
            pages += [f"{url}/step/{step.id}" for step in service.service_step_ids]
            pages += [f"{url}/delay/{delay.id}/answer" for delay in service.service_delay_ids]
            pages += [f"{url}/facts/{fact.id}" for fact in service.service_fact_ids]
            for task in service.task_ids:
                pages += [f"{url}/request/{task.id}", f"{url}/request/{task.id}/sections"]
        return pages

    def _look(self, pages):
        """Open pages; return how many there were for this visitor."""
        found = 0
        for page in pages:
            response = self.url_open(page)
            with self.subTest(page):
                self.assertLess(response.status_code, 500)
                self.assertNotIn(MARK, response.text)
                self.assertNotIn(MARK, str(response.headers))
                found += response.status_code == 200 and "/web/login" not in response.url
        return found

    def test_the_marker_is_everywhere_inside(self):
        self.assertGreater(self.marked, 60)
        service = self.services["late"]
        for record, name in (
            (service, "name"),
            (self.request, "description"),
            (service.service_delay_ids, "internal_cause"),
            (service.task_ids[:1], "name"),
        ):
            self.assertIn(MARK, str(record[name]))

    def test_the_customer(self):
        self.authenticate("page_customer", "page_customer")
        pages = self._pages()
        self.assertGreater(self._look(pages), len(pages) * 3 // 4)

    def test_another_customer(self):
        self.authenticate("page_stranger", "page_stranger")
        self.assertEqual(self._look(self._pages()), len(["/my", "/my/services"]))

    def test_whoever_has_a_link(self):
        service = self.services["late"]
        link, token = self._make_link("act", project=service)
        self._open_link(token)
        url = f"/my/service/{service.id}"
        pages = [page for page in self._pages() if page.split("/")[3:4] == [str(service.id)]]
        self.assertGreater(self._look([f"/s/{token}", *pages]), len(pages) // 2)
        link.expires_at = f"{day(-1)} 00:00:00"
        self.assertEqual(self._look([f"/s/{token}", *pages]), 0)
        self.assertNotIn(service.customer_label, self.url_open(url).text)

    def test_nobody(self):
        self.authenticate(None, None)
        self.assertEqual(self._look(self._pages()), 0)

    def test_mails(self):
        service = self.services["on_track"]
        with self.mock_mail_gateway():
            step = self._ask("answer", project=service)
            step._remind(self.person, step.requested_at)
            self._tell_delay(service)
            service._service_mail_link(self.person, f"/my/service/{service.id}")
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        mails = [mail for mail in self._mails if self.person.email in str(mail["email_to"])]
        self.assertGreaterEqual(len(mails), 4)
        for mail in mails:
            words = " ".join(
                str(mail[part]) for part in ("subject", "body", "body_alternative", "headers")
            )
            self.assertNotIn(MARK, words)

    def test_bus(self):
        service = self.services["on_track"]
        bus = self.env["bus.bus"].sudo()
        self._ask("answer", project=service)
        self._tell_delay(service)
        self.env.cr.flush()
        # Told once in a transaction, and the whole test is one.
        sent = bus.search([("channel", "like", f"%{service.id}%service_portal%")])
        self.assertTrue(sent)
        for one in sent:
            message = json.loads(one.message)
            self.assertEqual(message["type"], "service_experience/changed")
            self.assertEqual(set(message["payload"]), {"id", "version"})
            self.assertNotIn(MARK, one.message + one.channel)
