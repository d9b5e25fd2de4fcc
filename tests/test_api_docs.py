"""The tables for integrators name the fields that there are."""

import re

from odoo.tests import TransactionCase, tagged

from devtools.layout import CHECKOUT

PAGE = CHECKOUT / "docs" / "api.md"
SECTION = re.compile(r"^### `(?P<model>[a-z_.]+)`\n(?P<text>.*?)(?=^###? |\Z)", re.M | re.S)
ROW = re.compile(r"^\| (?P<names>`.*?) \|", re.M)


@tagged("post_install", "-at_install")
class TestApiDocs(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.documented = {}
        for section in SECTION.finditer(PAGE.read_text(encoding="utf-8")):
            # A second table of a section has the keys of a JSON field.
            table = section["text"].split("\n\n`")[0]
            names = re.findall(r"`(\w+)`", " ".join(ROW.findall(table)))
            cls.documented[section["model"]] = names

    def _get_own_fields(self, model):
        """Return the stored fields that the addon itself gave the model."""
        return {
            name
            for name, field in self.env[model]._fields.items()
            if field.store
            and "service_experience" in field._modules
            and name not in ("id", "create_uid", "create_date", "write_uid", "write_date")
            and not name.startswith(("message_", "activity_"))
        }

    def test_every_model_has_its_table(self):
        self.assertEqual(
            set(self.documented),
            {
                "project.task",
                "service.sla.policy",
                "service.sla.target",
                "service.sla.escalation",
                "service.sla.timer",
                "service.sla.segment",
                "service.sla.event",
                "service.sla.report",
                "service.wait",
                "service.step",
                "service.commitment",
                "service.commitment.revision",
                "service.fact",
                "service.delay.reason",
                "service.delay",
                "service.delay.option",
                "service.team",
                "service.handoff.type",
                "service.handoff.type.item",
                "service.handoff",
                "service.handoff.item",
                "service.timeline.entry",
            },
        )

    def test_documented_fields_exist(self):
        for model, names in self.documented.items():
            with self.subTest(model):
                self.assertTrue(names)
                self.assertEqual(len(names), len(set(names)))
                self.assertEqual(set(names) - set(self.env[model]._fields), set())

    def test_stored_fields_are_documented(self):
        for model, names in self.documented.items():
            if model != "project.task":
                with self.subTest(model):
                    self.assertEqual(self._get_own_fields(model) - set(names), set())
