# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Who sends, who receives, who leads, and who answers for a handoff when people leave."""

import logging

from odoo import api, models
from odoo.fields import Domain

from ..journey.project_project import GROUP
from .service_handoff import ACCEPTED_STATES, INBOX_STATES, OPEN_STATES
from .service_handoff_type import LEAD_GROUP

_logger = logging.getLogger(__name__)
MANAGER_GROUP = "service_experience.service_experience_group_manager"


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    @api.depends(
        "state",
        "from_user_id.active",
        "accepted_by_id.active",
        "from_team_id.lead_user_id.active",
        "to_team_id.lead_user_id.active",
        "project_id.user_id.active",
    )
    def _compute_accountable_user_id(self):
        for handoff in self:
            handoff.accountable_user_id = handoff._get_accountable_candidates()[:1]

    def _get_accountable_candidates(self):
        """Return the active people who may answer for it, the most accountable first."""
        if self.state in ACCEPTED_STATES:
            people = self.accepted_by_id | self.to_team_id.lead_user_id
        else:
            people = self.from_user_id | self.from_team_id.lead_user_id
        project = self.project_id
        people |= project.contact_user_id | project.user_id
        # Whoever receives it knows of it, before anybody else who was never asked.
        people |= self.to_team_id.lead_user_id
        if not self.from_system:  # the key of another system answers for nothing
            people |= self.create_uid
        return self._get_colleagues(people) or self._get_managers()

    def _get_managers(self):
        """Return the managers of the company, else all."""
        managers = self._get_colleagues(self.env.ref(MANAGER_GROUP).all_user_ids)
        return managers.filtered(self._is_of_company) or managers

    @api.model
    def _get_colleagues(self, people):
        return people.filtered(lambda user: user.active and not user.share)

    def _is_of_company(self, user):
        return not self.company_id or self.company_id in user.company_ids

    # Roles

    @api.model
    def _is_lead_group(self):
        return self.env.user.has_group(LEAD_GROUP)

    def _is_sender(self):
        """Tell whether the user is the sender, or answers in the place of one who left."""
        if self.from_user_id.active:
            return self.env.user == self.from_user_id
        return self.env.user == self.accountable_user_id

    def _is_lead(self):
        """Tell whether the user leads: by their group, or one of the two teams.

        Nobody leads their own handoff by leading a team, nor by naming one they are not in.
        """
        if self._is_lead_group():
            return True
        from_team = self.from_team_id
        places = self.task_ids.service_team_id | self.project_id.service_team_id
        if self.from_user_id not in from_team._get_people() and from_team not in places:
            from_team = from_team.browse()
        return self.env.user in (from_team | self.to_team_id).lead_user_id - self.from_user_id

    def _is_receiver(self):
        """Tell whether the user may accept; afterwards, whether they accepted or answer for it."""
        if self.state in ACCEPTED_STATES:
            return self.env.user in self.accepted_by_id | self.accountable_user_id
        return self.env.user in self._get_receivers()

    def _get_receivers(self):
        """Return who may accept: the person it is for, else the active people of the team.

        Never whoever sends it.
        """
        # sudo: who is in a team does not depend on who asks.
        handoff_sudo = self.sudo()
        person = handoff_sudo.to_user_id.filtered("active")
        people = person or handoff_sudo.to_team_id.filtered("active")._get_people()
        people -= handoff_sudo.from_user_id
        able = people.filtered(lambda user: user.has_group(GROUP))
        return able.filtered(handoff_sudo._is_of_company).sudo(False)

    def _get_role_labels(self):
        return {
            "sender": self.env._("the sender"),
            "receiver": self.env._("the receiver"),
            "lead": self.env._("a team lead"),
        }

    def _get_leads(self, team):
        """Return who leads a side: the lead of the team, else the manager of the service."""
        lead = team.lead_user_id.filtered("active")
        return lead or self.project_id.user_id.filtered("active") or self.accountable_user_id

    # When people leave

    def _follow_receivers(self):
        """Call who may accept now; what nobody can accept any more goes back to its sender."""
        for handoff in self.filtered(lambda one: one.state in INBOX_STATES):
            if not handoff._get_receivers():
                handoff._take_back(
                    self.env._("Nobody is left who could accept it: choose another receiver.")
                )
            elif handoff.state == "offered":
                handoff._call_receivers()

    @api.model
    def _get_left_behind(self, users):
        """Return the handoffs that hang on people who leave, and who it was that answered for each.

        :return: ``{handoff: name, or False where others answer for it}``
        """
        # sudo: all that they leave behind, whoever it is that archives them.
        is_in_team = ["|", ("member_ids", "in", users.ids), ("lead_user_id", "in", users.ids)]
        teams_sudo = self.env["service.team"].sudo().search(is_in_team)
        names = ("from_user_id", "to_user_id", "accepted_by_id")
        is_theirs = Domain.OR(Domain(name, "in", users.ids) for name in names)
        is_open = Domain("state", "in", (*OPEN_STATES, "accepted"))
        # sudo: as above.
        handoffs_sudo = self.sudo().search(
            is_open & (is_theirs | Domain("to_team_id", "in", teams_sudo.ids))
        )
        people = {one: one.accepted_by_id or one.from_user_id for one in handoffs_sudo}
        return {one: person in users and person.name for one, person in people.items()}

    @api.model
    def _follow_departure(self, left_behind):
        """Let no handoff hang on people who are gone.

        What they had to accept goes back to its sender; what they sent or accepted is given to
        whoever answers for it now.

        :param left_behind: what ``_get_left_behind`` said before they left
        """
        for handoff_sudo, name in left_behind.items():
            try:
                with self.env.cr.savepoint():
                    handoff_sudo._follow_one_departure(name)
            except Exception:
                # Nobody is kept from leaving by what they leave behind.
                _logger.warning("Handoff %s: nobody was told", handoff_sudo.id, exc_info=True)

    def _follow_one_departure(self, name):
        self._follow_receivers()
        if name:
            self._call(
                self.accountable_user_id,
                self.env._(
                    "You answer for %(handoff)s now: %(person)s is gone.",
                    handoff=self.name,
                    person=name,
                ),
                self.situation,
            )
