# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Policies for the requests of certain teams: internal agreements follow acceptance."""

from odoo import api, fields, models, tools
from odoo.fields import Domain


class ServiceSlaPolicy(models.Model):
    _inherit = "service.sla.policy"

    team_ids = fields.Many2many(
        "service.team",
        string="Service Teams",
        help="Only requests of these teams. Leave empty for any team.",
    )

    @api.model
    @tools.ormcache()
    def _get_match_fields(self):
        return super()._get_match_fields() | {"service_team_id"}

    def _get_matcher(self):
        fits, team_ids = super()._get_matcher(), frozenset(self.team_ids.ids)
        return lambda fact: fits(fact) and (not team_ids or fact.team_id in team_ids)

    def _get_existing_domain(self):
        domain = super()._get_existing_domain()
        if self.team_ids:
            domain &= Domain("service_team_id", "in", self.team_ids.ids)
        return domain


class ProjectTask(models.Model):
    _inherit = "project.task"

    def _get_sla_team_id(self):
        return self.service_team_id.id


class ServiceTeam(models.Model):
    _inherit = "service.team"

    @api.ondelete(at_uninstall=False)
    def _unlink_archive_policies(self):
        self.env["service.sla.policy"]._archive_emptied("team_ids", self)
