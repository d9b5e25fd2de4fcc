# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import convert_file

from odoo.addons.service_experience.hooks import uninstall_keep_used_language

KAZAKH = "service_experience.lang_kk"


@tagged("post_install", "-at_install")
class TestKazakh(TransactionCase):
    """The language that Odoo does not bring along."""

    def _find(self):
        languages = self.env["res.lang"].with_context(active_test=False)
        return languages.search([("code", "=", "kk_KZ")])

    def _load(self, mode="update"):
        convert_file(self.env, "service_experience", "data/res_lang_data.xml", {}, mode=mode)

    def test_it_is_there_and_waits(self):
        language = self.env.ref(KAZAKH)
        self.assertRecordValues(
            language,
            [
                {
                    "code": "kk_KZ",
                    "iso_code": "kk",
                    "url_code": "kk",
                    "active": False,
                    "week_start": "1",
                    "thousands_sep": "\N{NO-BREAK SPACE}",
                }
            ],
        )

    def test_activating_it_loads_the_translation(self):
        language = self.env.ref(KAZAKH)
        wizard = self.env["base.language.install"].create(
            {"lang_ids": [Command.set(language.ids)], "overwrite": True}
        )
        wizard.lang_install()
        self.assertTrue(language.active)
        reason = self.env.ref("service_experience.delay_reason_us_plan")
        label = reason.with_context(lang="kk_KZ").customer_label
        self.assertEqual(label, "Біз уақытты тым аз жоспарладық")
        self.assertEqual(language.format("%.2f", 1234.5, grouping=True), "1\u00a0234,50")

    def test_it_is_added_once(self):
        language = self.env.ref(KAZAKH)
        language.date_format = "%Y-%m-%d"
        for mode in ("init", "update"):
            self._load(mode)
        self.assertEqual(self._find(), language)
        self.assertEqual(language.date_format, "%Y-%m-%d")
        language.unlink()
        self._load()
        self.assertEqual(self._find(), self.env.ref(KAZAKH))

    def test_one_that_was_added_by_hand_stays_as_it_is(self):
        for values in (
            {"name": "Qazaqsha", "code": "kk_KZ", "url_code": "kz"},
            {"name": "Kazakh / Қазақша", "code": "kk_CN", "url_code": "kk_CN"},
            {"name": "Qazaqsha", "code": "kk", "url_code": "kk"},
        ):
            with self.subTest(values["code"]):
                languages = self.env["res.lang"].with_context(active_test=False)
                languages.search([("code", "=like", "kk%")]).unlink()
                by_hand = languages.create(values)
                for mode in ("init", "update"):
                    self._load(mode)
                self.assertEqual(languages.search([("code", "=like", "kk%")]), by_hand)
                self.assertEqual(by_hand.name, values["name"])
                self.assertFalse(self.env.ref(KAZAKH, raise_if_not_found=False))

    def test_its_readers_keep_it_when_the_addon_goes(self):
        language = self.env.ref(KAZAKH)
        uninstall_keep_used_language(self.env)
        self.assertEqual(self.env.ref(KAZAKH), language, "nobody reads it: it goes too")
        language.active = True
        self.env["res.partner"].create({"name": "Aliya", "lang": "kk_KZ"})
        with self.assertRaises(UserError):
            language.unlink()
        uninstall_keep_used_language(self.env)
        self.assertFalse(self.env.ref(KAZAKH, raise_if_not_found=False))
        uninstall_keep_used_language(self.env)
        self._load("init")
        self.assertEqual(self._find(), language, "installed again, it is theirs")
