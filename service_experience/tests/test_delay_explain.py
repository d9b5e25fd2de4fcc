# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import html2plaintext

from ..models.delay.text_warnings import find_empty_phrases, find_names, is_same, is_short
from .delay_common import USER, DelayCase

WORDS = "We measured the pipes in the cellar again and need a second day for them."


@tagged("post_install", "-at_install")
class TestDelayExplain(DelayCase):
    """The dialog: from a suspicion to an honest message."""

    def _open(self, source, user=None):
        """Open the dialog as a screen does: of a delay, a promise, a service or a request."""
        user = user or self.accountable
        source = source.with_user(user)
        opener = {
            "service.delay": "action_open_explain",
            "service.commitment": "action_open_delay",
        }.get(source._name, "action_service_delay")
        action = getattr(source, opener)()
        self.assertEqual(action["res_model"], "service.delay.explain")
        dialogs = self.env[action["res_model"]].with_user(user).with_context(**action["context"])
        return Form(dialogs, view="service_experience.service_delay_explain_view_form")

    def _fill(self, form, **values):
        values = {
            "reason_id": self.reason,
            "doing": "Two of us come on Monday.",
            "customer_explanation": WORDS,
            **values,
        }
        for name, value in values.items():
            form[name] = value
        return form

    def test_from_a_suspicion_to_a_message(self):
        promise = self._promise()
        with self.at("2026-03-03 09:00:00"):
            promise._doubt(self.contact)
            delay = promise.delay_ids
            form = self._fill(self._open(delay))
            self.assertIn("Ada Crumb asked", form.why)
            # Three to five working days after Friday.
            self.assertEqual(str(form.new_from), "2026-03-11")
            self.assertEqual(str(form.new_to), "2026-03-13")
            self.assertIn("Not enough history", form.proposal)
            self.assertEqual(str(form.next_update_due), "2026-03-04 09:00:00")
            preview = html2plaintext(form.preview)
            form.save().action_tell()
        self.assertEqual((delay.state, bool(delay.sent_at)), ("confirmed", True))
        message = delay.sudo().message_id
        self.assertEqual(html2plaintext(message.body), preview)
        self.assertIn(WORDS, preview)

    def test_no_date_that_has_passed_is_proposed(self):
        with self.at("2026-03-20 09:00:00"):
            form = self._open(self._promise())
            self.assertEqual((str(form.new_from), str(form.new_to)), ("2026-03-25", "2026-03-27"))

    def test_the_draft_follows_until_somebody_writes(self):
        with self.at("2026-03-03 09:00:00"):
            form = self._open(self._promise())
            form.reason_id = self.reason
            first = form.customer_explanation
            self.assertIn("Heat pump runs", first)
            self.assertIn("This is the draft as it came", form.warnings)
            form.new_to = "2026-03-16"
            self.assertNotEqual(form.customer_explanation, first)
            form.customer_explanation = WORDS
            form.new_to = "2026-03-17"
            form.reason_id = self.unknown
            self.assertEqual(form.customer_explanation, WORDS)
            self.assertFalse(form.warnings)

    def test_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("hu_HU")
        self.env["ir.module.module"]._load_module_terms(["service_experience"], ["hu_HU"])
        self.contact.lang = "hu_HU"
        with self.at("2026-03-03 09:00:00"):
            form = self._open(self._promise())
            form.reason_id = self.reason
            hungarian = self.reason.with_context(lang="hu_HU").default_explanation
            self.assertEqual(
                form.customer_explanation[:12],
                hungarian.format_map(
                    {"what": "Heat pump runs", "old": "", "new": "", "doing": "", "need": ""}
                )[:12],
            )
            self.assertNotEqual(
                form.customer_explanation[:12], self.reason.default_explanation[:12]
            )

    def test_the_date_is_not_known(self):
        with self.at("2026-03-03 09:00:00"):
            form = self._fill(self._open(self._promise()), is_date_unknown=True)
            self.assertFalse(form.new_to)
            self.assertEqual(str(form.known_by), "2026-03-05")
            self.assertIn("We tell you the new date", html2plaintext(form.preview))
            delay = form.save()._apply()
            self.assertEqual((delay.new_to, str(delay.known_by)), (False, "2026-03-05"))

    def test_confirm_only(self):
        promise = self._promise()
        with self.at("2026-03-03 09:00:00"):
            self._fill(self._open(promise)).save().action_confirm()
        self.assertEqual((promise.delay_ids.state, promise.delay_ids.sent_at), ("confirmed", False))
        # Opened again it goes on with the same delay.
        with self.at("2026-03-03 10:00:00"):
            form = self._open(promise)
            self.assertEqual(form.customer_explanation, WORDS)
            form.save().action_tell()
        self.assertEqual(len(promise.delay_ids), 1)
        self.assertTrue(promise.delay_ids.sent_at)

    def test_without_a_lead_the_approval_is_asked_for(self):
        promise = self._promise()
        with self.at("2026-03-02 10:00:00"):
            promise.action_move("2026-03-07", "Before.")
        with self.at("2026-03-03 09:00:00"):
            form = self._fill(self._open(promise))
            self.assertIn("A team lead approves", form.approval_text)
            result = form.save().action_tell()
        self.assertIn("were asked", result["params"]["message"])
        delay = promise.delay_ids
        self.assertEqual((delay.state, delay.sent_at), ("confirmed", False))
        self.assertIn("Approve", delay.sudo().activity_id.summary)

    def test_options_one_a_line(self):
        with self.at("2026-03-03 09:00:00"):
            form = self._fill(self._open(self._promise()), options="A stove\n\n A hotel \n")
            delay = form.save()._apply()
        self.assertEqual(delay.option_ids.mapped("name"), ["A stove", "A hotel"])

    def test_a_request_with_a_date_only(self):
        with self.at("2026-03-02 09:00:00"):
            task = self._create_task(
                customer_visible=True,
                customer_label="Repair",
                date_deadline="2026-03-05 15:00:00",
                user_ids=self.accountable.ids,
            )
        with self.at("2026-03-03 09:00:00"):
            form = self._fill(self._open(task))
            self.assertEqual(str(form.old_to), "2026-03-05")
            form.save().action_tell()
        self.assertTrue(task.primary_commitment_id.delay_ids.sent_at)

    def test_nothing_promised(self):
        with self.at("2026-03-03 09:00:00"):
            form = self._fill(self._open(self._create_task(user_ids=self.accountable.ids)))
            form.new_to = "2026-03-10"
            with self.assertRaisesRegex(UserError, "record a commitment first"):
                form.save().action_tell()

    def test_dismiss(self):
        delay = self._delay()
        action = delay.action_open_dismiss()
        dialogs = self.env[action["res_model"]].with_user(self.accountable)
        form = Form(dialogs.with_context(**action["context"]))
        form.reason = "It holds."
        form.save().action_confirm()
        self.assertEqual(delay.state, "dismissed")

    # Hints for whoever writes

    def _get_warnings(self, text):
        with self.at("2026-03-03 09:00:00"):
            form = self._fill(self._open(self._promise()), customer_explanation=text)
            return form.warnings or ""

    def test_warnings(self):
        new_test_user(self.env, "mara", groups=USER, name="Mara Pipewright")
        other = self.env["res.partner"].create({"name": "Seven Lamps Ltd", "is_company": True})
        self.env["project.project"].create({"name": "Other", "partner_id": other.id})
        for text, expected in (
            ("Due to unforeseen circumstances it takes a few days longer.", "unforeseen"),
            ("It takes longer.", "very short"),
            (f"{WORDS} Mara was ill for a week.", "“Mara”"),
            (f"{WORDS} Seven Lamps Ltd came first.", "“Seven Lamps Ltd”"),
        ):
            with self.subTest(text=text), self.env.cr.savepoint():
                self.assertIn(expected, self._get_warnings(text))
        self.assertEqual(self._get_warnings(f"{WORDS} Nordlicht Bakery stays warm."), "")

    def test_names_that_the_customer_knows(self):
        mara = new_test_user(self.env, "mara", groups=USER, name="Mara Pipewright")
        self.project.contact_user_id = mara
        new_test_user(self.env, "stone", groups=USER, name="Mara Stone")
        self.assertEqual(self._get_warnings(f"{WORDS} Mara calls you."), "")

    def test_words(self):
        self.assertEqual(find_empty_phrases("Technikai OKOK  miatt"), ["technikai okok"])
        self.assertEqual(find_empty_phrases("به دلایل فنی"), ["به دلایل فنی"])
        self.assertEqual(find_empty_phrases("The tank leaks."), [])
        self.assertEqual(
            [is_short(""), is_short("Too short"), is_short("a b c d e f g h")], [False, True, False]
        )
        self.assertTrue(is_same(" The Tank  leaks. ", "the tank leaks."))
        self.assertFalse(is_same("", ""))
        self.assertEqual(find_names("Annamaria came.", {"Anna", "Annamaria"}), ["Annamaria"])
