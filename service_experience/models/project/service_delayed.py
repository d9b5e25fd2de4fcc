# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What a service and a request show of their delays."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..delay.service_delay import OPEN_STATES
from ..journey.project_project import GROUP

# The most advanced first.
_ORDER = ("confirmed", "communicated", "suspected")


class ServiceExperienceMixin(models.AbstractModel):
    _inherit = "service.experience.mixin"

    service_delay_ids = fields.Many2many(
        "service.delay",
        string="Delays",
        compute="_compute_service_delay_ids",
        groups=GROUP,
        help="What is suspected, confirmed, or told to the customer and not over yet.",
    )
    service_delay_state = fields.Selection(
        [("suspected", "Suspected"), ("confirmed", "Confirmed"), ("communicated", "Customer told")],
        string="Delay",
        compute="_compute_service_delay_ids",
        groups=GROUP,
        help="How far the most advanced of them is.",
    )
    service_delay_text = fields.Char(compute="_compute_service_delay_ids", groups=GROUP)

    @api.depends_context("lang", "uid")
    def _compute_service_delay_ids(self):
        by_place = self._get_open_delays()
        for record in self:
            delays = by_place.get(record._origin.id, self.env["service.delay"])
            delays = delays.sorted(lambda one: (_ORDER.index(one.state), -one.id))
            record.service_delay_ids = delays
            record.service_delay_state = delays[:1].state
            record.service_delay_text = delays and delays[0]._get_banner()

    def _get_open_delays(self):
        """Return the open delays of these themselves, in one query."""
        name = "project_id" if self._name == "project.project" else "task_id"
        here = Domain(name, "in", self._origin.ids) & Domain("state", "in", OPEN_STATES)
        if name == "project_id":
            here &= Domain("task_id", "=", False)
        return self.env["service.delay"].search(here).grouped(lambda one: one[name].id)

    def action_service_delay(self, promise=None):
        """Say that a promise of this moves: the main one, unless another is given."""
        self.ensure_one()
        promise = promise or self._get_main_promise()
        noted = self.service_delay_ids.filtered(
            lambda one: (
                one.commitment_id == promise
                and one.state in ("suspected", "confirmed")
                and not one.sent_at
            )
        )[:1]
        if noted:
            return noted.action_open_explain()
        return noted._open_dialog(
            self.env._("Explain a delay"),
            "service.delay.explain",
            default_project_id=self._service_of().id,
            default_task_id=self._name == "project.task" and self.id,
            default_commitment_id=promise.id,
        )

    def action_service_delays(self):
        """Show all delays of this, also those that are over."""
        self.ensure_one()
        name = "project_id" if self._name == "project.project" else "task_id"
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "service_experience.service_delay_action"
        )
        return {**action, "domain": [(name, "=", self.id)], "context": {}}
