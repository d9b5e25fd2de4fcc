# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What becomes of an open handoff when its requests move, or are archived or deleted."""

import logging

from odoo import Command, api, models
from odoo.exceptions import ValidationError

_logger = logging.getLogger(__name__)


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    @api.model
    def _get_open_of(self, tasks):
        """Return the open handoffs of these requests, with the rights of the system."""
        # sudo: requests are moved and deleted by people who may not see who hands them over.
        claims_sudo = self.env["service.handoff.claim"].sudo()
        return claims_sudo.search([("task_id", "in", tasks.ids)]).handoff_id

    def _follow_requests(self):
        """Hand over what is left of the requests; nothing left, nothing to hand over."""
        for handoff in self.exists():
            try:
                with self.env.cr.savepoint():
                    handoff._follow_its_requests()
            except Exception:
                # A request never stays where it is because of its handoff.
                _logger.warning(
                    "Handoff %s could not follow its requests", handoff.id, exc_info=True
                )

    def _follow_its_requests(self):
        left = self.task_ids.filtered(
            lambda task: task.active and task.project_id and task.project_id == self.project_id
        )
        if left != self.task_ids:
            self._set(task_ids=[Command.set(left.ids)])
        has_moved = self.project_id not in self._get_claimed_services()
        if not left or (has_moved and not self._fits()):
            self._give_up(self.env._("Its requests were moved, archived or deleted."))
            self._call(
                self.accountable_user_id,
                self.env._("%(name)s was cancelled", name=self.name),
                self.cancel_reason,
            )
            return
        self._claim()
        self._fill()

    def _get_claimed_services(self):
        """Return the service in which it was begun."""
        # sudo: claims belong to nobody.
        claims_sudo = self.env["service.handoff.claim"].sudo()
        return claims_sudo.search([("handoff_id", "=", self.id)]).project_id

    def _fits(self):
        """Tell whether it may be handed over where its requests are now, by its sender."""
        if self.from_user_id and not self.project_id.with_user(self.from_user_id).has_access(
            "read"
        ):
            return False
        try:
            self._check_same_company()
        except ValidationError:
            return False
        return True
