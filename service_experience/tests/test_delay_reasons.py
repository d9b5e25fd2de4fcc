# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import psycopg2

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.service_experience.models.delay.service_delay_reason import PLACEHOLDERS

LANGUAGES = ("en_US", "hu_HU", "fa_IR", "kk_KZ")
# What says nothing, or promises, in the words of each language.
EMPTY_PHRASES = {
    "en_US": ("unforeseen", "technical reason", "as soon as", "sorry", "inconvenience", "shortly"),
    "hu_HU": ("előre nem látható", "műszaki okok", "technikai ok", "mielőbb", "elnézés", "hamaros"),
    "fa_IR": ("پیش‌بینی‌نشده", "دلایل فنی", "در اسرع وقت", "پوزش", "متأسف", "به‌زودی"),
    "kk_KZ": ("күтпеген", "техникалық себеп", "мүмкіндігінше", "кешірім", "жақын арада"),
}
WORDS = {
    "what": "Heat pump runs",
    "old": "2026.03.06",
    "new": "9 to 11 March",
    "doing": "Two of us are on site from Monday.",
    "need": "Floor plan",
}


class ReasonCase(TransactionCase):
    """The reasons as they are shipped; administrators may have changed them elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        shipped = cls.env["ir.model.data"].search(
            [("module", "=", "service_experience"), ("model", "=", "service.delay.reason")]
        )
        cls.reasons = cls.env["service.delay.reason"].browse(shipped.mapped("res_id")).sorted()

    def _reason(self, name):
        return self.env.ref(f"service_experience.delay_reason_{name}")

    def _create(self, **values):
        return self.env["service.delay.reason"].create(
            {"name": "x", "code": "XX-TEST", "customer_label": "x", **values}
        )


@tagged("post_install", "-at_install")
class TestShippedReasons(ReasonCase):
    """What is shipped keeps the rules that reasons are for."""

    def test_there_are_some_for_every_part_of_the_work_and_every_party(self):
        self.assertEqual(len(self.reasons), 27)
        self.assertEqual(len(set(self.reasons.mapped("code"))), 27)
        for name in ("process", "party"):
            possible = dict(self.reasons._fields[name].selection)
            self.assertEqual(set(self.reasons.mapped(name)), set(possible), name)

    def test_the_external_id_is_the_code(self):
        for reason in self.reasons:
            name = reason.code.lower().replace("-", "_")
            self.assertEqual(self._reason(name), reason)

    def test_the_code_begins_with_the_party(self):
        parties = {"US": "us", "CU": "customer", "TP": "third_party", "FM": "force_majeure"}
        # A knock-on and what is not known yet are ours until something else is known.
        for reason in self.reasons:
            party = parties.get(reason.code.split("-")[0], "us")
            self.assertEqual(reason.party, party, reason.code)

    def test_force_majeure_is_proved_and_approved(self):
        majeure = self.reasons.filtered(lambda reason: reason.party == "force_majeure")
        self.assertTrue(majeure)
        self.assertTrue(all(reason.needs_evidence and reason.needs_approval for reason in majeure))
        approved = (self.reasons - majeure).filtered("needs_approval")
        self.assertEqual(set(approved.mapped("code")), {"US-PRIO", "CU-PAY"})

    def test_only_what_we_wait_for_from_the_customer_stops_clocks(self):
        codes = set(self.reasons.filtered("stops_clock").mapped("code"))
        self.assertEqual(codes, {"CU-INFO", "CU-APPR", "CU-ACC", "CU-PAY"})

    def test_a_knock_on_names_its_cause(self):
        self.assertEqual(self.reasons.filtered("needs_cause"), self._reason("rx_prev"))

    def test_what_is_not_known_is_so_for_two_days(self):
        self.assertEqual(self.reasons.filtered("valid_days"), self._reason("unk"))
        self.assertEqual(self._reason("unk").valid_days, 2)

    def test_our_own_faults_are_told_as_ours(self):
        for reason in self.reasons.filtered(lambda reason: reason.party == "us"):
            self.assertTrue(reason.customer_label.startswith("We "), reason.code)

    def test_the_customer_is_not_blamed(self):
        for reason in self.reasons.filtered(lambda reason: reason.party == "customer"):
            told = f"{reason.customer_label} {reason.default_explanation}".lower()
            self.assertNotIn("you", told, reason.code)

    def test_nobody_is_told_who_is_absent(self):
        told = self._reason("us_sick")._explain(**WORDS).lower()
        for word in ("sick", "ill ", "holiday", "leave", "mr", "ms"):
            self.assertNotIn(word, told)

    def test_only_reasons_of_the_customer_say_what_was_needed(self):
        for reason in self.reasons:
            if "{need}" in reason.default_explanation:
                self.assertEqual(reason.party, "customer", reason.code)


@tagged("post_install", "-at_install")
class TestReasonLanguages(ReasonCase):
    """Every reason can be told in the four languages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in LANGUAGES:
            cls.env["res.lang"]._activate_lang(code)
        addon = cls.env["ir.module.module"].search([("name", "=", "service_experience")])
        addon._update_translations(LANGUAGES, overwrite=True)

    def _each(self):
        """Yield every reason in every language, with a name for it, and the same in English."""
        for lang in LANGUAGES:
            for reason in self.reasons.with_context(lang=lang):
                yield f"{reason.code} {lang}", reason, reason.with_context(lang="en_US")

    def test_there_is_a_label_and_an_explanation(self):
        for name, reason, english in self._each():
            with self.subTest(name):
                self.assertTrue(reason.customer_label)
                self.assertTrue(reason.default_explanation)
                if reason.env.lang != "en_US":
                    self.assertNotEqual(reason.customer_label, english.customer_label)
                    self.assertNotEqual(reason._explain(**WORDS), english._explain(**WORDS))

    def test_every_blank_is_filled(self):
        for name, reason, english in self._each():
            with self.subTest(name):
                explanation = reason._explain(**WORDS)
                self.assertFalse(set("{}") & set(explanation), explanation)
                for blank in PLACEHOLDERS:
                    is_asked = f"{{{blank}}}" in english.default_explanation
                    self.assertEqual(explanation.count(WORDS[blank]), int(is_asked), blank)
                    self.assertTrue(is_asked or blank == "need", blank)
                self.assertTrue(explanation.endswith(WORDS["doing"]), "what we do comes last")

    def test_what_is_not_known_leaves_no_hole(self):
        for name, reason, _english in self._each():
            with self.subTest(name):
                full = reason._explain(**WORDS)
                without = reason._explain(**{**WORDS, "new": "", "doing": False})
                self.assertIn(WORDS["old"], without)
                self.assertLess(len(without), len(full))
                for hole in (": .", ":.", "..", "  ", "“”", "«»", "„”"):
                    self.assertNotIn(hole, without)
                    self.assertNotIn(hole, full)
                self.assertTrue(without.endswith("."), without)

    def test_nothing_empty_is_said(self):
        for name, reason, _english in self._each():
            told = f"{reason.customer_label} {reason.default_explanation}".lower()
            for phrase in (*EMPTY_PHRASES[reason.env.lang], "%"):
                with self.subTest(name, phrase=phrase):
                    self.assertNotIn(phrase, told)

    def test_a_label_is_short_and_no_sentence(self):
        for name, reason, _english in self._each():
            with self.subTest(name):
                self.assertLessEqual(len(reason.customer_label), 80)
                self.assertFalse(reason.customer_label.endswith("."))


@tagged("post_install", "-at_install")
class TestReasons(ReasonCase):
    """What administrators make of the reasons."""

    def test_a_broken_explanation_is_refused(self):
        for text in (
            "{foo}",
            "{what",
            "what}",
            "{}",
            "{0}",
            "{{what}}",
            "{what.x}",
            "{what.__class__}",
            "{what[0]}",
            "{what!r:>999999999}",
            "{what:>99}",
        ):
            with self.subTest(text):
                with self.assertRaises(ValidationError) as caught:
                    self._create(default_explanation=text)
                self.assertIn("and no other braces", str(caught.exception))

    def test_a_broken_translation_does_no_harm(self):
        """Odoo does not check what is entered as a translation."""
        self.env["res.lang"]._activate_lang("hu_HU")
        reason = self._create(default_explanation="{what} is late.")
        broken = {"hu_HU": "{what.__class__} {what!r:>99} {what} késik"}
        reason.update_field_translations("default_explanation", broken)
        told = reason.with_context(lang="hu_HU")._explain(what="Heat pump")
        self.assertEqual(told, "{what.__class__} {what!r:>99} Heat pump késik")

    def test_what_is_filled_in_is_taken_as_it_is(self):
        reason = self._create(default_explanation="“{what}” is late. {doing}")
        told = reason._explain(what="{doing} \\1", doing="We try {what}.")
        self.assertEqual(told, "“{doing} \\1” is late. We try {what}.")

    def test_lines_stay_and_an_end_is_not_doubled(self):
        reason = self._create(default_explanation="{what} is late.\nNow: {new}.  {need}\n{doing}")
        told = reason._explain(what="Heat pump", new="2026. márc. 9.", doing="We call.\nSoon.")
        self.assertEqual(told, "Heat pump is late.\nNow: 2026. márc. 9.\nWe call.\nSoon.")

    def test_without_a_default_there_is_nothing_to_say(self):
        self.assertEqual(self._create()._explain(what="Heat pump"), "")

    def test_clocks_stop_for_the_customer_only(self):
        for party in ("us", "third_party", "force_majeure"):
            with self.subTest(party):
                with self.assertRaises(ValidationError) as caught:
                    self._create(party=party, stops_clock=True)
                self.assertIn("stands still", str(caught.exception))
        reason = self._create(party="customer", stops_clock=True)
        with self.assertRaises(ValidationError):
            reason.party = "us"

    def test_a_code_is_unique_in_a_company_and_among_the_shared(self):
        company = self.env["res.company"].create({"name": "Seven Lamps"})
        self._create()
        self._create(company_id=self.env.company.id)
        self._create(company_id=company.id)
        for company_id in (False, company.id):
            with (
                self.assertRaises(psycopg2.errors.UniqueViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self._create(company_id=company_id)

    def test_days_are_not_negative(self):
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._create(valid_days=-1)

    def test_colleagues_read_and_managers_write(self):
        groups = "service_experience.service_experience_group_"
        user = new_test_user(self.env, "reason_user", groups=f"{groups}user")
        manager = new_test_user(self.env, "reason_manager", groups=f"{groups}manager")
        portal = new_test_user(self.env, "reason_portal", groups="base.group_portal")
        reason = self._reason("us_plan")
        self.assertEqual(reason.with_user(user).code, "US-PLAN")
        with self.assertRaises(AccessError):
            reason.with_user(user).name = "x"
        with self.assertRaises(AccessError):
            reason.with_user(portal).read(["code"])
        with Form(reason.with_user(manager)) as form:
            form.name = "Planned too short"
        self.assertEqual(reason.name, "Planned too short")

    def test_reasons_of_another_company_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Seven Lamps"})
        groups = "service_experience.service_experience_group_manager"
        manager = new_test_user(self.env, "reason_manager", groups=groups)
        theirs = self._create(company_id=company.id)
        visible = self.env["service.delay.reason"].with_user(manager).search([])
        self.assertNotIn(theirs, visible)
        self.assertLessEqual(self.reasons, visible)
