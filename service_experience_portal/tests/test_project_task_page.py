# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import json
import uuid

from lxml import html

from odoo.tests import new_test_user, tagged

from .test_service_page import ServicePageCase

STAFF_CONTACTS = ("emil@stove.example", "olga@stove.example", "555 0101", "555 0102")


class ProjectTaskPageCase(ServicePageCase):
    """One project followed by two customers, each with a task of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project.name = "Heating of the bakery"
        cls.assignee = cls._create_staff(
            "page_assignee", "Emil Kettle", STAFF_CONTACTS[0], STAFF_CONTACTS[2], "Heating engineer"
        )
        cls.manager = cls._create_staff(
            "page_manager", "Olga Valve", STAFF_CONTACTS[1], STAFF_CONTACTS[3], "Project lead"
        )
        cls.project.user_id = cls.manager
        cls.project.message_subscribe((cls.customer + cls.other_customer).ids)
        cls.own = cls._create_task("Radiator in the shop", cls.customer)
        cls.foreign = cls._create_task("Kettle of the hotel", cls.other_customer)

    @classmethod
    def _create_staff(cls, login, name, email, phone, role):
        user = new_test_user(
            cls.env, login, groups="project.group_project_user", name=name, email=email
        )
        user.partner_id.write({"phone": phone, "function": role})
        return user

    @classmethod
    def _create_task(cls, name, partner, **values):
        task = cls.env["project.task"].create(
            {
                "name": name,
                "project_id": cls.project.id,
                "partner_id": partner.id,
                "user_ids": cls.assignee.ids,
                **values,
            }
        )
        task.message_unsubscribe((cls.customer + cls.other_customer).ids)
        task.message_subscribe(partner.ids)
        return task

    def _task_url(self, task_id, project_id=None):
        return f"/my/projects/{project_id or self.project.id}/task/{task_id}"

    def _open(self, login, task_id, token=None, project_id=None):
        self.authenticate(login, login)
        return self.url_open(
            self._task_url(task_id, project_id),
            params={} if token is None else {"access_token": token},
            allow_redirects=False,
        )

    def _wrong_tokens(self):
        """Return everything that is not the token of the project, and would be taken for one."""
        other_project = self.env["project.project"].create({"name": "Other"})
        other_project.privacy_visibility = "portal"
        own = self.project._portal_ensure_token()
        return {
            "none": None,
            "empty": "",
            "a word": "None",
            "another word": "False",
            "random": str(uuid.uuid4()),
            "of the task": self.foreign._portal_ensure_token(),
            "of another project": other_project._portal_ensure_token(),
            "begins right": own[:-1],
            "right and more": own + "0",
            "not ASCII": "é",
        }

    def _main(self, response):
        return " ".join(html.fromstring(response.content).xpath("string(//main)").split())

    def _assertShown(self, response, task):
        self.assertEqual(response.status_code, 200)
        self.assertIn(task.name, response.text)

    def _assertUnknown(self, response):
        self.assertEqual(response.status_code, 404)
        self.assertNotIn(self.own.name, response.text)
        self.assertNotIn(self.foreign.name, response.text)


@tagged("post_install", "-at_install")
class TestProjectTaskPageAccess(ProjectTaskPageCase):
    def test_the_followers_may_read_the_project_and_one_task_each(self):
        """What all the others stand on: the rules of Odoo, not a project that nobody may read."""
        for login, task in (("page_customer", self.own), ("page_stranger", self.foreign)):
            user = self.env["res.users"].search([("login", "=", login)])
            self.assertTrue(self.project.with_user(user).has_access("read"))
            self.assertEqual(
                (self.own + self.foreign).with_user(user)._filtered_access("read"), task
            )

    def test_wrong_tokens_open_nothing(self):
        for name, token in self._wrong_tokens().items():
            with self.subTest(token=name):
                self._assertShown(self._open("page_customer", self.own.id, token), self.own)
                self._assertUnknown(self._open("page_customer", self.foreign.id, token))
                self._assertShown(self._open("page_stranger", self.foreign.id, token), self.foreign)
                self._assertUnknown(self._open("page_stranger", self.own.id, token))

    def test_no_token_fits_a_project_without_one(self):
        for none in (False, ""):
            self.project.access_token = none
            for token in (None, "", "None", "False", "0", str(uuid.uuid4())):
                with self.subTest(none=none, token=token):
                    self._assertUnknown(self._open("page_customer", self.foreign.id, token))

    def test_right_token_opens_every_task(self):
        token = self.project._portal_ensure_token()
        for login in ("page_customer", "page_stranger", None):
            for task in (self.own, self.foreign):
                with self.subTest(login=login, task=task.name):
                    self._assertShown(self._open(login, task.id, token), task)
            self._assertUnknown(self._open(login, 2**31 - 1, token))

    def test_a_token_is_of_one_project(self):
        """The number of another project does not lend the token of this one."""
        other_project = self.env["project.project"].create(
            {"name": "Other", "privacy_visibility": "portal"}
        )
        token = other_project._portal_ensure_token()
        self._assertUnknown(self._open("page_customer", self.foreign.id, token, other_project.id))

    def test_a_withdrawn_token_opens_nothing(self):
        token = self.project._portal_ensure_token()
        self.project.privacy_visibility = "employees"
        self.project.privacy_visibility = "portal"
        self.project._portal_ensure_token()
        self._assertUnknown(self._open("page_customer", self.foreign.id, token))

    def test_forbidden_and_missing_answer_the_same(self):
        missing = (2**31 - 1, 2**31, 10**20, 0)
        answers = [self._open("page_customer", number) for number in missing]
        answers.append(self._open("page_customer", self.foreign.id))
        answers.append(self._open("page_customer", self.own.id, project_id=2**31 - 1))
        for answer in answers:
            self._assertUnknown(answer)
        self.assertEqual(len({self._main(answer) for answer in answers}), 1)

    def test_public_is_asked_to_log_in_whatever_the_number(self):
        for token in self._wrong_tokens().values():
            for task_id in (self.own.id, self.foreign.id, 2**31 - 1):
                answer = self._open(None, task_id, token)
                self.assertEqual((answer.status_code, answer.headers["Location"]), (303, "/my"))

    def test_staff_see_every_task(self):
        for token in (None, "x", self.project._portal_ensure_token()):
            for task in (self.own, self.foreign):
                self._assertShown(self._open("page_manager", task.id, token), task)
            self._assertUnknown(self._open("page_manager", 2**31 - 1, token))

    def test_archived_task(self):
        archived = self._create_task("Old radiator", self.customer, active=False)
        token = self.project._portal_ensure_token()
        for login in ("page_customer", "page_manager", None):
            self._assertUnknown(self._open(login, archived.id, token))
        self._assertUnknown(self._open("page_customer", archived.id))
        self.assertEqual(self._open(None, archived.id).status_code, 303)

    def test_lists_show_only_what_one_may_read(self):
        subtask = self._create_task("Pump of the hotel", self.other_customer)
        subtask.parent_id = self.own
        for url in ("", f"/task/{self.own.id}/subtasks", f"/task/{self.own.id}/recurrent_tasks"):
            for token in ("", "?access_token=x"):
                text = self._page(
                    "page_customer", f"/my/projects/{self.project.id}{url}{token}"
                ).text
                self.assertNotIn(self.foreign.name, text)
                self.assertNotIn(subtask.name, text)


@tagged("post_install", "-at_install")
class TestProjectTaskPageContacts(ProjectTaskPageCase):
    def _assertNoContacts(self, response):
        self.assertEqual(response.status_code, 200)
        for contact in STAFF_CONTACTS:
            self.assertNotIn(contact, response.text)

    def _pages(self):
        """Return the addresses of every page of a project on which a customer reads of staff."""
        project = f"/my/projects/{self.project.id}"
        return (
            self._task_url(self.own.id),
            f"/my/tasks/{self.own.id}",
            project,
            f"{project}?groupby=none",
            f"{self._task_url(self.own.id)}/subtasks",
            f"{self._task_url(self.own.id)}/recurrent_tasks",
            "/my/projects",
            "/my/tasks",
        )

    def test_customers_read_names_and_roles(self):
        response = self._open("page_customer", self.own.id)
        self.assertIn("Assignees", response.text)
        self.assertIn("Emil Kettle", response.text)
        role = html.fromstring(response.content).xpath("//*[@name='assignee_role']")
        self.assertEqual([node.text_content() for node in role], ["Heating engineer"])
        self._assertNoContacts(response)

    def test_no_page_shows_contacts(self):
        self.own.user_ids += self.manager
        self.env["project.task"].create(
            [
                {"name": name, "project_id": self.project.id, "parent_id": self.own.id}
                for name in ("First", "Second")
            ]
        ).user_ids = self.assignee + self.manager
        for url in self._pages():
            with self.subTest(url=url):
                self._assertNoContacts(self._page("page_customer", url))

    def test_tokens_show_no_contacts(self):
        token = self.project._portal_ensure_token()
        for login in (None, "page_stranger"):
            self._assertNoContacts(self._open(login, self.own.id, token))
        self.authenticate(None, None)
        token = self.own._portal_ensure_token()
        self._assertNoContacts(self.url_open(f"/my/tasks/{self.own.id}?access_token={token}"))

    def test_the_history_shows_no_contacts(self):
        """The page fetches its messages afterwards."""
        self.own.message_post(
            body="We come on Monday.",
            author_id=self.assignee.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.authenticate("page_customer", "page_customer")
        thread = {"thread_model": "project.task", "thread_id": self.own.id}
        for url in ("/portal/chatter_init", "/mail/chatter_fetch"):
            answer = json.dumps(self.make_jsonrpc_request(url, thread))
            for contact in STAFF_CONTACTS:
                self.assertNotIn(contact, answer)
        self.assertIn("We come on Monday.", answer)
        self.assertIn("Emil Kettle", answer)

    def test_role_is_left_out_where_there_is_none(self):
        self.assignee.partner_id.function = False
        response = self._open("page_customer", self.own.id)
        self.assertIn("Emil Kettle", response.text)
        self.assertFalse(html.fromstring(response.content).xpath("//*[@name='assignee_role']"))
        self._assertNoContacts(response)

    def test_staff_as_customers_are_still_staff(self):
        self.own.partner_id = self.manager.partner_id
        response = self._open("page_customer", self.own.id)
        self.assertIn("Olga Valve", response.text)
        self.assertIn("Project lead", response.text)
        self._assertNoContacts(response)

    def test_customers_read_their_own_contact(self):
        self.customer.write({"email": "ada@nordlicht.example", "phone": "555 0200"})
        text = self._open("page_customer", self.own.id).text
        self.assertIn("ada@nordlicht.example", text)
        self.assertIn("555 0200", text)

    def test_staff_read_what_they_read_before(self):
        self.customer.email = "ada@nordlicht.example"
        text = self._open("page_manager", self.own.id).text
        self.assertIn(STAFF_CONTACTS[0], text)
        self.assertIn(STAFF_CONTACTS[2], text)
        self.assertIn("ada@nordlicht.example", text)
        self.assertNotIn("Heating engineer", text)
