# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ServiceExperienceCase

# A condition for each type of field, as a client would try it.
_CONDITIONS = {
    "boolean": [("=", True), ("!=", True)],
    "char": [("ilike", "a"), ("=", False)],
    "datetime": [("<", "2026-03-03 00:00:00"), (">=", "2026-03-03 00:00:00"), ("=", False)],
    "integer": [("=", 1), (">", 0), ("!=", False)],
    "json": [("=", False), ("!=", False)],
    "many2many": [("=", False), ("in", [1]), ("any", [("id", ">", 0)])],
    "many2one": [("=", 1), ("=", False), ("ilike", "a"), ("any", [("id", ">", 0)])],
    "one2many": [("=", False), ("in", [1]), ("any", [("id", ">", 0)])],
    "selection": [("=", "overdue"), ("in", ["met", False]), ("!=", False)],
}
# Odoo refuses in more than one way: no access, or as if the field did not exist.
REFUSALS = (AccessError, ValueError)


@tagged("post_install", "-at_install")
class TestSlaSharing(ServiceExperienceCase):
    """A customer who works on the tasks of a shared project learns nothing of its promises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collaborator = new_test_user(
            cls.env, "sla_collaborator", groups="base.group_portal", partner_id=cls.contact.id
        )
        cls.project.write(
            {
                "collaborator_ids": [
                    Command.create({"partner_id": cls.contact.id, "limited_access": False})
                ],
                "allow_milestones": True,
            }
        )
        cls.project.message_subscribe(cls.contact.ids)
        cls._create_policy(("resolution", 8, "hour"))

    def setUp(self):
        super().setUp()
        with self.at("2026-03-02 09:00:00"):
            self.task = self._create_task(partner_id=self.contact.id)
            self.child = self._create_task(parent_id=self.task.id, partner_id=self.contact.id)
            self.env["service.wait"].create({"task_id": self.task.id, "kind": "customer"})
        self.env.invalidate_all()
        self.shared = self.task.with_user(self.collaborator)
        self.tasks = self.env["project.task"].with_user(self.collaborator)

    def _get_our_fields(self, model="project.task"):
        return {
            name: field
            for name, field in self.env[model]._fields.items()
            if "service_experience" in field._modules and name not in ("id", "display_name")
        }

    def _get_conditions(self):
        for name, field in self._get_our_fields().items():
            for operator, value in _CONDITIONS[field.type]:
                yield name, operator, value

    def assertRefused(self, call, *args, **kwargs):
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.http", "odoo.models"):
                answer = call(*args, **kwargs)
        except REFUSALS:
            return
        self.fail(f"{call.__name__} {args} {kwargs} answers {answer}")

    def test_the_customer_works_on_the_task(self):
        """What is refused below is not refused because nothing is allowed."""
        self.assertEqual(self.tasks.search([("id", "=", self.task.id)]), self.task)
        self.assertEqual(self.shared.read(["name"])[0]["name"], "No hot water")
        self.shared.write({"name": "Still no hot water"})
        self.assertEqual(self.task.name, "Still no hot water")
        self.assertEqual(
            {"sla_state", "sla_deadline", "sla_status", "sla_timer_ids", "service_wait_ids"}
            - set(self._get_our_fields()),
            set(),
        )

    def test_fields_do_not_exist(self):
        self.assertFalse(set(self._get_our_fields()) & set(self.tasks.fields_get()))

    def test_fields_cannot_be_read_or_written(self):
        for name in self._get_our_fields():
            with self.subTest(name):
                self.assertRefused(self.shared.read, [name])
                self.assertRefused(self.shared.web_read, {name: {}})
                self.assertRefused(self.tasks.search_read, [], [name])
                self.assertRefused(self.tasks.web_search_read, [], {name: {}})
                self.assertRefused(self.shared.write, {name: False})
                self.env.invalidate_all()

    def test_fields_cannot_be_searched(self):
        for name, operator, value in self._get_conditions():
            with self.subTest(f"{name} {operator} {value}"):
                self.assertRefused(self.tasks.search, [(name, operator, value)])
                self.assertRefused(self.tasks.search_count, ["!", (name, operator, value)])
                self.assertRefused(self.tasks.search, [(f"parent_id.{name}", operator, value)])
                self.assertRefused(
                    self.tasks.search, [("child_ids", "any", [(name, operator, value)])]
                )

    def test_fields_cannot_be_searched_through_other_models(self):
        paths = {"project.project": "task_ids", "project.milestone": "task_ids"}
        for model, path in paths.items():
            records = self.env[model].with_user(self.collaborator)
            self.assertTrue(records.has_access("read"), model)
            for name, operator, value in self._get_conditions():
                with self.subTest(f"{model} {name} {operator} {value}"):
                    self.assertRefused(records.search, [(f"{path}.{name}", operator, value)])

    def test_fields_cannot_be_grouped_or_sorted_by(self):
        for name in self._get_our_fields():
            with self.subTest(name):
                self.assertRefused(self.tasks.search, [], order=f"{name} desc")
                self.assertRefused(self.tasks.web_search_read, [], {"name": {}}, order=name)
                for group in (name, f"{name}:month"):
                    self.assertRefused(self.tasks.formatted_read_group, [], [group], ["__count"])
                    self.assertRefused(self.tasks.web_read_group, [], [group])
                self.assertRefused(
                    self.tasks.formatted_read_group, [], ["stage_id"], [f"{name}:count_distinct"]
                )
                self.assertRefused(self.tasks.read_progress_bar, [], name, {"field": name})

    def test_stages_keep_our_words_inside(self):
        stages = self.env["project.task.type"].with_user(self.collaborator)
        self.assertTrue(stages.search([("id", "=", self.stage_new.id)]))
        for name, field in self._get_our_fields("project.task.type").items():
            value = "run" if field.type == "selection" else "a"
            with self.subTest(name):
                self.assertRefused(stages.browse(self.stage_new.id).read, [name])
                self.assertRefused(stages.search, [(name, "=", value)])
                self.assertRefused(self.tasks.search, [(f"stage_id.{name}", "=", value)])

    def test_views_of_the_shared_project_do_not_name_them(self):
        for xmlid in (
            "project.project_sharing_project_task_view_form",
            "project.project_sharing_project_task_view_kanban",
            "project.project_sharing_project_task_view_tree",
            "project.project_sharing_project_task_view_search",
        ):
            arch = self.tasks.get_view(self.env.ref(xmlid).id)["arch"]
            for name in self._get_our_fields():
                with self.subTest(f"{xmlid} {name}"):
                    self.assertNotIn(name, arch)

    def test_staff_can(self):
        tasks = self.env["project.task"].with_user(self.employee)
        with self.at("2026-03-02 10:00:00"):
            for name in self._get_our_fields():
                tasks.browse(self.task.id).read([name])
            for name in ("sla_state", "service_wait_ids", "sla_timer_ids"):
                self.assertTrue(tasks.search([(name, "!=", False), ("id", "=", self.task.id)]))
            self.assertEqual(
                tasks.search([("sla_state", "=", "paused"), ("id", "=", self.task.id)]), self.task
            )

    def test_a_count_tells_nothing_either(self):
        self.assertRefused(self.tasks.search_count, [("sla_timer_ids.kind", "=", "ola")])
        self.assertRefused(self.tasks.search_count, [("service_wait_ids.reason", "ilike", "a")])
        self.assertRefused(
            self.tasks.search, [("project_id.task_ids.sla_timer_ids.kind", "=", "ola")]
        )
