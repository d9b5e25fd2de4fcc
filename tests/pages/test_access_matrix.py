"""Every route of the customer's page, for every kind of visitor, on every kind of record."""

import re
import threading

from odoo import http
from odoo.tests import new_test_user, tagged

from odoo.addons.service_experience_portal.tests.link_common import LinkCase
from odoo.addons.service_experience_portal.tests.step_page_common import PDF

PARAMETER = re.compile(r"<[^>]*:(\w+)>")
# What a visitor gets on a service of their own: a page, an answer, or a refusal.
FOUND = {200, 204, 303, 304, 409, 422}
FORBIDDEN, MISSING, LOGIN = {403}, {404}, {"login"}
# Routes that a reader may send something to without being the customer.
OPEN_SENDS = ("/seen", "/code", "/confirm")
# Routes that answer a program of the page: who may not see it is not led to the login.
LIVE = ("/version", "/sections")


@tagged("post_install", "-at_install")
class TestAccessMatrix(LinkCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("service_experience.delay_reason_tp_sup")
        cls.own = cls._create_records(cls.project, cls.person)
        cls.records = {
            "own": cls.own,
            "other customer's": cls._create_service(cls.other_customer),
            "other company's": cls._create_service(cls.person, company=True),
            "archived": cls._create_service(cls.person, active=False),
            "template": cls._create_service(cls.person, is_template=True),
            "hidden": cls._create_service(cls.person, customer_visible=False),
            "unknown": {**dict.fromkeys(cls.own, 2**31 - 1), "name": "facts"},
        }
        for name in ("project.group_project_user", "base.group_user"):
            new_test_user(cls.env, f"page_{name.split('.')[1]}", groups=name)
        # Odoo looks for the name of the database on the thread of a request.
        thread = threading.current_thread()
        if not hasattr(thread, "dbname"):
            thread.dbname = cls.env.cr.dbname
            cls.addClassCleanup(delattr, thread, "dbname")
        routes = cls.env["ir.http"].routing_map().iter_rules()
        cls.routes = {
            (rule.rule, method)
            for rule in routes
            if rule.rule.startswith("/my/service/")
            for method in rule.methods & {"GET", "POST"}
        }

    @classmethod
    def _create_service(cls, partner, company=False, **values):
        service = cls.env["project.project"].create(
            {
                "name": "Foreign",
                "customer_label": "Foreign",
                "partner_id": partner.id,
                "privacy_visibility": "portal",
            }
        )
        records = cls._create_records(service, partner)
        if company:
            service.company_id = cls.env["res.company"].create({"name": "Second company"})
        service.write(values)
        return records

    @classmethod
    def _create_records(cls, service, partner):
        """Return the id for each parameter of a route, all of one service."""
        task = cls.env["project.task"].create(
            {
                "name": "T",
                "customer_label": "Repair",
                "customer_visible": True,
                "project_id": service.id,
                "partner_id": partner.id,
            }
        )
        step = cls.env["service.step"].create(
            {
                "title": "Plan",
                "project_id": service.id,
                "party": "customer",
                "kind": "answer",
                "why": "We plan on it.",
                "due": "2099-01-01",
            }
        )
        step.action_request()
        promise = cls.env["service.commitment"].create(
            {"name": "It runs", "project_id": service.id, "current_to": "2099-01-01"}
        )
        delay = cls.env["service.delay"].create(
            {
                "project_id": service.id,
                "commitment_id": promise.id,
                "reason_id": cls.reason.id,
                "new_to": "2099-02-01",
                "customer_explanation": "A wrong bearing.",
                "doing": "We fetch another one.",
                "next_update_due": "2098-12-01 12:00:00",
            }
        )
        delay.action_confirm()
        delay.action_tell()
        fact = cls.env["service.fact"].create(
            {"project_id": service.id, "question": "Age?", "answer": "60", "said_by_id": partner.id}
        )
        file = cls.env["ir.attachment"].create({"name": "plan.pdf", "raw": PDF})
        service.customer_document_ids = file
        return {
            "project_id": service.id,
            "task_id": task.id,
            "step_id": step.id,
            "commitment_id": promise.id,
            "delay_id": delay.id,
            "fact_id": fact.id,
            "file_id": file.id,
            "name": "facts",
        }

    def _get_url(self, rule, records):
        return PARAMETER.sub(lambda match: str(records[match[1]]), rule)

    def _ask(self, rule, method, records):
        """Return what comes back: a status, or that somebody is led to the login."""
        url = self._get_url(rule, records)
        sent = {"csrf_token": http.Request.csrf_token(self), "fact_id": records["fact_id"]}
        data = sent if method == "POST" else None
        response = self.url_open(url, data=data, allow_redirects=False)
        is_login = "/web/login" in response.headers.get("Location", "")
        return "login" if is_login else response.status_code

    def _assert_matrix(self, expect, kinds=None):
        """Try every route on every kind of record.

        :param expect: returns the answers that are right for ``(rule, method, kind)``
        """
        tried = 0
        for kind in kinds or self.records:
            for rule, method in sorted(self.routes):
                with self.subTest(rule=rule, method=method, kind=kind):
                    answer = self._ask(rule, method, self.records[kind])
                    self.assertIn(answer, expect(rule, method, kind))
                    tried += 1
        self.assertEqual(tried, len(self.routes) * len(kinds or self.records))

    def test_every_parameter_has_a_record(self):
        self.assertGreater(len(self.routes), 20)
        parameters = {name for rule, _method in self.routes for name in PARAMETER.findall(rule)}
        self.assertEqual(parameters, set(self.own))

    def test_the_customer_and_a_colleague(self):
        for login in ("page_customer", "page_colleague"):
            self.authenticate(login, login)
            self._assert_matrix(lambda _rule, _method, kind: FOUND if kind == "own" else MISSING)

    def test_another_customer(self):
        self.authenticate("page_stranger", "page_stranger")
        self._assert_matrix(
            lambda _rule, _method, kind: FOUND if kind == "other customer's" else MISSING
        )

    def test_an_employee_without_projects(self):
        self.authenticate("page_group_user", "page_group_user")
        self._assert_matrix(lambda *_args: MISSING)

    def test_a_colleague_who_looks_as_the_customer(self):
        def expect(rule, method, kind):
            if kind not in ("own", "other customer's", "hidden"):
                return MISSING
            if method == "POST" and not rule.endswith(OPEN_SENDS):
                return FORBIDDEN
            return FOUND

        self.authenticate("page_group_project_user", "page_group_project_user")
        self._assert_matrix(expect)

    def test_nobody(self):
        self._forget_session()
        self._assert_matrix(self._expect_nobody)

    def _expect_nobody(self, rule, _method, _kind):
        return MISSING if rule.endswith(LIVE) else LOGIN

    def test_a_reader_by_link(self):
        def expect(rule, method, kind):
            if kind != "own":
                return self._expect_nobody(rule, method, kind)
            if method == "POST" and not rule.endswith(OPEN_SENDS):
                return FORBIDDEN
            return FOUND

        for scope in ("read", "act"):
            _link, token = self._make_link(scope)
            self._open_link(token)
            self._assert_matrix(expect)

    def test_a_recipient_who_confirmed(self):
        _link, token = self._make_link("act")
        self._open_link(token)
        self._confirm(self._get_code())

        def expect(rule, method, kind):
            return FOUND if kind == "own" else self._expect_nobody(rule, method, kind)

        self._assert_matrix(expect)

    def test_a_link_that_has_ended(self):
        link, token = self._make_link("act")
        self._open_link(token)
        link.action_revoke()

        def expect(rule, method, kind):
            return MISSING if kind == "own" else self._expect_nobody(rule, method, kind)

        self._assert_matrix(expect)

    def test_a_part_of_another_service(self):
        """Parts are found in their own service only, whoever else's they are."""
        self.authenticate("page_customer", "page_customer")
        for kind in ("other customer's", "other company's", "archived"):
            mixed = {**self.records[kind], "project_id": self.project.id}
            for rule, method in sorted(self.routes):
                if {*PARAMETER.findall(rule)} - {"project_id", "name"}:
                    with self.subTest(rule=rule, method=method, kind=kind):
                        self.assertIn(self._ask(rule, method, mixed), MISSING)
