# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Questions of a handoff that are asked elsewhere: the customer, or a third party."""

from odoo import models
from odoo.exceptions import UserError


class ServiceHandoffItem(models.Model):
    _inherit = "service.handoff.item"

    def action_open_route(self):
        """Open the dialog in which a question is sent to whoever knows the answer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask Elsewhere"),
            "res_model": "service.handoff.route",
            "view_mode": "form",
            "target": "new",
            "context": {"default_item_id": self.id},
        }

    def _route(self, route, words, why, due, third_party_label=None):
        """Ask the customer or a third party instead of the sender.

        :param route: ``customer`` or ``third_party``
        :param words: the question as they read it; ours stays internal
        :param why: why it is needed, in words for them
        :param due: until when (date)
        :return: the dialog that shows what the customer told already, where they did; or None
        """
        self.ensure_one()
        handoff = self.handoff_id
        handoff._check_role("sender", "receiver", "lead")
        handoff._check_open()
        self._check_state("open")
        if self.kind != "question" or self.step_id:
            raise UserError(
                self.env._("“%(name)s” is asked already, or is no question.", name=self.name)
            )
        step = self.env["service.step"].create(
            {
                "title": words,
                "project_id": handoff.project_id.id,
                "task_id": handoff.task_id.id,
                "party": route,
                "kind": "answer",
                "why": why,
                "due": due,
                "topic_id": self.topic_id.id,
                "third_party_label": third_party_label,
                "owner_user_id": handoff.accountable_user_id.id,
            }
        )
        self.route = route
        self._set(step_id=step.id)
        return step.action_ask()


class ServiceStep(models.Model):
    _inherit = "service.step"

    def _finish(self):
        result = super()._finish()
        self._answer_questions()
        return result

    def _end(self, state, reason):
        result = super()._end(state, reason)
        self._answer_questions()
        return result

    def _answer_questions(self):
        """Take the answer into the handoffs that asked; without one, the question is open again."""
        # sudo: whoever finishes a step may have no part in the handoff.
        items_sudo = (
            self.env["service.handoff.item"]
            .sudo()
            .search([("step_id", "in", self.ids), ("state", "=", "open")])
        )
        for item_sudo in items_sudo:
            if item_sudo.step_id.state == "done":
                item_sudo.answer = item_sudo.step_id.response or item_sudo.answer
                item_sudo._answer()
            else:
                item_sudo._set(step_id=False)
