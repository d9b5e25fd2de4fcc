# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class ServiceHandoffAccept(models.TransientModel):
    """Shows what is taken over, and asks the receiver to say it in their own words."""

    _name = "service.handoff.accept"
    _description = "Accept a Handoff"

    handoff_id = fields.Many2one("service.handoff", required=True, ondelete="cascade")
    subject = fields.Char(related="handoff_id.subject", related_sudo=False)
    situation = fields.Text(related="handoff_id.situation", related_sudo=False)
    contingency = fields.Text(related="handoff_id.contingency", related_sudo=False)
    completeness_percent = fields.Integer(
        "Complete (%)",
        compute="_compute_completeness",
        help="As it will be when you have decided about the commitments.",
    )
    missing = fields.Text(compute="_compute_completeness")
    requires_readback = fields.Boolean(related="handoff_id.requires_readback", related_sudo=False)
    can_lead = fields.Boolean(related="handoff_id.can_lead", related_sudo=False)
    is_below = fields.Boolean(compute="_compute_completeness", export_string_translation=False)
    line_ids = fields.One2many(
        "service.handoff.accept.line",
        "accept_id",
        string="Commitments",
        default=lambda self: self._default_line_ids(),
    )
    goal = fields.Text(help="What is to be reached for the customer.")
    first_action = fields.Text(help="What you do first, today or tomorrow.")
    risk = fields.Text(string="Biggest Risk", help="What worries you most about it.")
    override_reason = fields.Char(
        string="Accepted Incomplete Because", help="Why it cannot wait for what is missing."
    )

    @api.model
    def _default_line_ids(self):
        handoff = self.env["service.handoff"].browse(self.env.context.get("default_handoff_id"))
        return [
            Command.create(
                {
                    "item_id": item.id,
                    "decision": {"done": "take", "flagged": "flag"}.get(item.state),
                    "reason": item.reason,
                }
            )
            for item in handoff.commitment_item_ids
        ]

    @api.depends("handoff_id.completeness", "handoff_id.override_reason")
    def _compute_completeness(self):
        for dialog in self:
            handoff, items = dialog.handoff_id, dialog.handoff_id.item_ids
            promised = handoff.commitment_item_ids.filtered(lambda item: item.state == "open")
            total = sum(item._get_weight() for item in items._get_counted())
            decided = sum(item._get_weight() for item in promised)
            share = handoff.completeness + (decided / total if total else 0)
            dialog.completeness_percent = int(share * 100)
            dialog.missing = "\n".join((items._get_missing() - promised).mapped("name"))
            is_below = share < handoff.type_id.min_completeness
            dialog.is_below = is_below and not handoff.override_reason

    def action_accept(self):
        self.line_ids._decide()
        self.handoff_id.action_accept(self.goal, self.first_action, self.risk, self.override_reason)


class ServiceHandoffAcceptLine(models.TransientModel):
    """What the receiver says about one commitment."""

    _name = "service.handoff.accept.line"
    _description = "Commitment to Take Over"

    accept_id = fields.Many2one("service.handoff.accept", required=True, ondelete="cascade")
    item_id = fields.Many2one("service.handoff.item", required=True, ondelete="cascade")
    name = fields.Char(related="item_id.name", string="Commitment", related_sudo=False)
    commitment_date = fields.Date(related="item_id.commitment_date", related_sudo=False)
    decision = fields.Selection(
        [("take", "I take it over"), ("flag", "I doubt it")], string="Your Word"
    )
    reason = fields.Char(string="Why You Doubt It")

    def _decide(self):
        """Take over or flag what the receiver has not decided before."""
        for line in self:
            if line.decision == "flag" and not (line.reason or "").strip():
                raise UserError(
                    self.env._("Say why you doubt “%s”, so that it can be solved.", line.name)
                )
            if line.decision == "take" and line.item_id.state != "done":
                line.item_id.action_done()
            elif line.decision == "flag" and line.item_id.state != "flagged":
                line.item_id.action_flag(line.reason)
