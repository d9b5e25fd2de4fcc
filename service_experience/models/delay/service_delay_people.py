# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Who answers for a delay, who leads, and how they are called."""

from odoo import models
from odoo.tools import plaintext2html

from ..handoff.service_handoff_people import MANAGER_GROUP
from ..handoff.service_handoff_type import LEAD_GROUP


class ServiceDelay(models.Model):
    _inherit = "service.delay"

    def _get_accountable(self):
        """Return who answers for the promise: of the request, and of the service."""
        # sudo: who answers for it does not depend on who asks.
        delay_sudo = self.sudo()
        return (
            delay_sudo.task_id.accountable_user_id | delay_sudo.project_id.accountable_user_id
        ).sudo(False)

    def _get_team_leads(self):
        # sudo: as above.
        delay_sudo = self.sudo()
        teams = delay_sudo.task_id.service_team_id | delay_sudo.project_id.service_team_id
        return teams.lead_user_id.filtered("active").sudo(False)

    def _get_lead(self):
        """Return whoever looks at it when the accountable person did not: one person."""
        # sudo: as above.
        manager = self.sudo().project_id.user_id.filtered("active").sudo(False)
        leads = self._get_team_leads() or manager or self._get_managers()
        return (leads or self._get_accountable())[:1]

    def _get_managers(self):
        """Return the managers of the company, else all."""
        # sudo: as above.
        managers = (
            self.env.ref(MANAGER_GROUP)
            .sudo()
            .all_user_ids.filtered(lambda user: user.active and not user.share)
        )
        company = self.company_id
        theirs = managers.filtered(lambda user: not company or company in user.company_ids)
        return (theirs or managers).sorted("id").sudo(False)

    # Roles

    def _is_accountable(self):
        return self.env.user in self._get_accountable()

    def _is_lead(self):
        return self.env.user.has_group(LEAD_GROUP) or self.env.user in self._get_team_leads()

    def _is_manager(self):
        return self.env.user.has_group(MANAGER_GROUP)

    def _get_role_labels(self):
        return {
            "accountable": self.env._("whoever is accountable"),
            "lead": self.env._("a team lead"),
            "manager": self.env._("a manager"),
        }

    # Calls

    def _call(self, user, summary, kind="mail.mail_activity_data_todo", note=None):
        """Give somebody something to do about it, in the request or service; no mail is sent."""
        # sudo: they are called whoever is at the keyboard, a customer or a job too.
        thread = self._get_thread().sudo().with_context(mail_activity_quick_update=True)
        return thread.activity_schedule(
            kind,
            summary=summary,
            note=plaintext2html(note or self.why or ""),
            user_id=user.id,
        )

    def _end_calls(self):
        """Take back what somebody was asked to do about these."""
        # sudo: they belong to whoever was called.
        self.sudo().activity_id.unlink()
