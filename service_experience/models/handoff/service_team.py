# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .service_handoff import INBOX_STATES


class ServiceTeam(models.Model):
    """People who do the same work for customers, and hand it over as one."""

    _name = "service.team"
    _description = "Service Team"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    lead_user_id = fields.Many2one(
        "res.users",
        string="Team Lead",
        domain="[('share', '=', False)]",
        index="btree_not_null",
        ondelete="set null",
        help="Answers for what nobody in the team has accepted yet, and decides where the rules "
        "of a handoff leave a choice.",
    )
    member_ids = fields.Many2many(
        "res.users",
        string="Members",
        domain="[('share', '=', False)]",
        help="They see what is handed over to the team, and each of them may accept it.",
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        ondelete="restrict",
        help="The time to accept a handoff counts in these hours. Leave empty for the hours of the "
        "company.",
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        help="Leave empty for a team that works for all companies.",
    )
    color = fields.Integer()
    handoff_ids = fields.One2many("service.handoff", "to_team_id", string="Inbox", readonly=True)
    inbox_count = fields.Integer(
        string="Waiting", compute="_compute_inbox_count", help="Handoffs nobody has accepted yet."
    )

    def _compute_inbox_count(self):
        counts = dict(
            self.env["service.handoff"]._read_group(
                [("to_team_id", "in", self.ids), ("state", "in", INBOX_STATES)],
                ["to_team_id"],
                ["__count"],
            )
        )
        for team in self:
            team.inbox_count = counts.get(team, 0)

    @api.constrains("company_id", "member_ids", "lead_user_id")
    def _check_company_id(self):
        for team in self.filtered("company_id"):
            strangers = (team.member_ids | team.lead_user_id).filtered(
                lambda user, company=team.company_id: company not in user.company_ids
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(people)s cannot work in %(company)s: let them into the company first.",
                        people=", ".join(strangers.mapped("name")),
                        company=team.company_id.name,
                    )
                )

    @api.constrains("resource_calendar_id")
    def _check_resource_calendar_id(self):
        self.resource_calendar_id._check_service_hours()

    def write(self, vals):
        result = super().write(vals)
        if {"active", "member_ids", "lead_user_id"}.intersection(vals):
            # sudo: who changes a team may not see all that waits for it.
            handoffs_sudo = self.env["service.handoff"].sudo()
            waiting = [("to_team_id", "in", self.ids), ("state", "in", INBOX_STATES)]
            handoffs_sudo.search(waiting)._follow_receivers()
        return result

    def _get_people(self):
        """Return the active members of these teams, their leads included."""
        return (self.member_ids | self.lead_user_id).filtered("active")

    def action_view_inbox(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "service_experience.service_handoff_action_inbox"
        )
        return {**action, "domain": [("to_team_id", "=", self.id)], "context": {}}
