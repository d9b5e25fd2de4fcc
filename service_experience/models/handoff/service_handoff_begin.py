# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""How a handoff begins by itself: a draft, and somebody who is asked to complete it."""

from odoo import Command, api, models


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    @api.model
    def _begin(self, kind, project, tasks, user, **values):
        """Draft a handoff and ask its sender to complete it; called with the rights of the system.

        :param kind: its type
        :param project: the service; empty where it is not known yet
        :param tasks: the requests; empty for the service as a whole
        :param user: the sender
        :return: the handoff
        """
        handoff = self.create(
            {
                "type_id": kind.id,
                "project_id": project.id,
                "task_ids": [Command.set(tasks.ids)],
                "from_user_id": user.id,
                "from_team_id": (tasks.service_team_id[:1] or project.service_team_id).id,
                **values,
            }
        )
        handoff._call(
            handoff.accountable_user_id,
            handoff.env._("Complete and offer %(name)s", name=handoff.name),
            kind.description,
        )
        return handoff
