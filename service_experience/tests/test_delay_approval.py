# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .delay_common import DelayCase


@tagged("post_install", "-at_install")
class TestDelayApproval(DelayCase):
    """The first move is ours, the second a lead's, every further one a manager's."""

    def _moved(self, times):
        """Return a promise that has moved so many times, one day each."""
        promise = self._promise()
        for number in range(times):
            with self.at("2026-03-02 10:00:00"):
                promise.sudo().action_move(f"2026-03-{7 + number:02}", "Before.")
        return promise

    def _confirmed_after(self, times, **values):
        return self._confirmed(promise=self._moved(times), **values)

    def _tell(self, delay, user=None, at="2026-03-03 11:00:00"):
        with self.at(at):
            (delay.with_user(user) if user else delay).action_tell()

    def test_the_first_move_needs_nobody(self):
        delay = self._confirmed_after(0)
        self.assertEqual(delay.approval, "none")
        self._tell(delay)
        self.assertTrue(delay.sent_at)
        self.assertEqual(delay.approval, "none", "its own move is still the first")

    def test_the_second_move_needs_a_lead(self):
        delay = self._confirmed_after(1)
        self.assertEqual(delay.approval, "lead")
        with self.assertRaisesRegex(UserError, "A team lead has to approve"):
            self._tell(delay)
        with self.assertRaises(AccessError):
            delay.action_approve()
        with self.at("2026-03-03 10:30:00"):
            delay.action_ask_approval()
        self.assertIn("Approve", delay.sudo().activity_id.summary)
        with self.at("2026-03-03 10:40:00"):
            delay.with_user(self.lead).action_approve()
        self.assertEqual(delay.approved_by_id, self.lead)
        self._tell(delay)
        self.assertTrue(delay.sent_at)

    def test_a_lead_approves_by_telling(self):
        delay = self._confirmed_after(1)
        self._tell(delay, self.lead)
        self.assertEqual(delay.approved_by_id, self.lead)

    def test_what_was_approved_is_not_changed_unseen(self):
        delay = self._confirmed_after(1)
        delay.with_user(self.lead).action_approve()
        delay.customer_explanation = "Something that nobody has approved at all, only written."
        self.assertFalse(delay.approved_at)
        with self.assertRaisesRegex(UserError, "A team lead has to approve"):
            self._tell(delay)

    def test_notes_for_the_team_leave_the_approval(self):
        delay = self._confirmed_after(1)
        delay.with_user(self.lead).action_approve()
        delay.lesson = "Measure first."
        self.assertTrue(delay.approved_at)

    def test_the_third_move_needs_a_manager_and_a_talk(self):
        delay = self._confirmed_after(2)
        self.assertEqual(delay.approval, "manager")
        with self.assertRaisesRegex(UserError, "A manager has to approve"):
            self._tell(delay, self.lead)
        with self.assertRaises(AccessError):
            delay.with_user(self.lead).action_approve()
        with self.assertRaisesRegex(UserError, "talk to the customer in person"):
            self._tell(delay, self.manager)
        delay.personal_contact = "Mara called Ada Crumb this morning."
        self._tell(delay, self.manager)
        self.assertEqual(delay.approved_by_id, self.manager)

    def test_an_approval_is_no_talk(self):
        delay = self._confirmed_after(2)
        delay.with_user(self.manager).action_approve()
        with self.assertRaisesRegex(UserError, "talk to the customer in person"):
            self._tell(delay)

    def test_a_reason_may_need_a_lead(self):
        self.reason.needs_approval = True
        delay = self._confirmed()
        with self.assertRaisesRegex(UserError, "A team lead has to approve"):
            self._tell(delay)

    def test_moving_by_other_ways_needs_the_same(self):
        promise = self._moved(1)
        with self.at("2026-03-03 11:00:00"):
            with self.assertRaisesRegex(AccessError, "a team lead has to move it"):
                promise.with_user(self.employee).action_move("2026-03-20", "Again.")
            promise.with_user(self.lead).action_move("2026-03-20", "Again.")
            with self.assertRaisesRegex(UserError, "has moved twice"):
                promise.with_user(self.lead).action_move("2026-03-27", "And again.")
