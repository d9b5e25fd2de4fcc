# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models
from odoo.exceptions import ValidationError

from .service_handoff import OPEN_STATES


class ServiceHandoffClaim(models.Model):
    """What an open handoff is about: one open handoff per service, request and type.

    The index holds also for two people who begin at the same moment.
    """

    _name = "service.handoff.claim"
    _description = "Subject of an Open Handoff"
    _log_access = False

    handoff_id = fields.Many2one("service.handoff", required=True, index=True, ondelete="cascade")
    type_id = fields.Many2one("service.handoff.type", required=True, ondelete="cascade")
    project_id = fields.Many2one("project.project", required=True, ondelete="cascade")
    task_id = fields.Many2one("project.task", index="btree_not_null", ondelete="cascade")

    _open_uniq = models.UniqueIndex(
        "(project_id, type_id, COALESCE(task_id, 0))",
        "Somebody else has just begun a handoff of this kind for the same work: reload the page "
        "and open theirs.",
    )


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    def _claim(self):
        """Note what these handoffs are about, as long as they are open.

        :raise ValidationError: naming the handoff of the same type that is open already
        """
        self._release_claims()
        # sudo: whoever may hand over may not see the other handoff.
        claims_sudo = self.env["service.handoff.claim"].sudo()
        for handoff in self.filtered(lambda one: one.project_id and one.state in OPEN_STATES):
            task_ids = [False] if handoff.is_whole else handoff.task_ids.ids
            place = {"type_id": handoff.type_id.id, "project_id": handoff.project_id.id}
            domain = [(name, "=", value) for name, value in place.items()]
            others_sudo = claims_sudo.search([*domain, ("task_id", "in", task_ids)], limit=1)
            if others_sudo:
                raise ValidationError(
                    self.env._(
                        "%(name)s hands this over already: go on with it, or cancel it first.",
                        name=others_sudo.handoff_id.name,
                    )
                )
            claims_sudo.create(
                [{"handoff_id": handoff.id, "task_id": task_id, **place} for task_id in task_ids]
            )

    def _release_claims(self):
        # sudo: as above.
        claims_sudo = self.env["service.handoff.claim"].sudo()
        claims_sudo.search([("handoff_id", "in", self.ids)]).unlink()
