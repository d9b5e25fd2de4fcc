# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What the page of a service shows to staff besides its own fields."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..journey.project_project import GROUP
from ..journey.service_step import OPEN_STATES


def _open_steps(party):
    return [("party", "=", party), ("state", "in", OPEN_STATES)]


class ProjectProject(models.Model):
    _inherit = "project.project"

    service_our_step_ids = fields.One2many(
        "service.step", "project_id", "Our Steps", domain=_open_steps("us"), groups=GROUP
    )
    service_customer_step_ids = fields.One2many(
        "service.step",
        "project_id",
        "Steps of the Customer",
        domain=_open_steps("customer"),
        groups=GROUP,
    )
    service_other_step_ids = fields.One2many(
        "service.step",
        "project_id",
        "Steps of Third Parties",
        domain=_open_steps("third_party"),
        groups=GROUP,
    )
    service_known_fact_ids = fields.Many2many(
        "service.fact", string="Known", compute="_compute_service_facts", groups=GROUP
    )
    service_missing_topic_ids = fields.Many2many(
        "service.topic",
        string="Still Missing",
        compute="_compute_service_facts",
        groups=GROUP,
        help="Facts to collect of which the customer has told nothing yet that still holds.",
    )
    # Not related: Odoo lets everybody who may read a project group by such a field.
    service_promised_day = fields.Date(
        "Promised For",
        compute="_compute_service_promised_day",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends("primary_commitment_id.current_to")
    def _compute_service_promised_day(self):
        for project in self:
            project.service_promised_day = project.primary_commitment_id.current_to

    @api.depends("partner_id", "service_topic_ids", "service_fact_ids.superseded_by_id")
    def _compute_service_facts(self):
        customers = self.partner_id.commercial_partner_id
        facts = self.env["service.fact"].search(
            Domain("partner_id", "in", customers.ids) & Domain("is_valid", "=", True)
        )
        for project in self:
            customer = project.partner_id.commercial_partner_id
            theirs = facts.filtered(lambda fact, customer=customer: fact.partner_id == customer)
            project.service_known_fact_ids = theirs.filtered(
                lambda fact, here=project._origin: fact.project_id <= here
            )
            # What they said in another service need not be asked again, unless it is personal.
            known = project.service_known_fact_ids | theirs.filtered(
                lambda fact: fact.sensitivity != "personal"
            )
            project.service_missing_topic_ids = project.service_topic_ids - known.topic_id


class ProjectMilestone(models.Model):
    _inherit = "project.milestone"

    is_in_template = fields.Boolean(
        "In a Template", compute="_compute_is_in_template", groups="base.group_user"
    )

    @api.depends("project_id.is_template")
    def _compute_is_in_template(self):
        for milestone in self:
            milestone.is_in_template = milestone.project_id.is_template


class ServiceJourneyMixin(models.AbstractModel):
    _inherit = "service.journey.mixin"

    is_in_template = fields.Boolean("In a Template", related="project_id.is_template")


class ServiceCommitment(models.Model):
    _inherit = "service.commitment"

    date_history = fields.Char(
        "Dates So Far",
        compute="_compute_date_history",
        help="Every last day it was promised for, the first one first.",
    )
    is_main = fields.Boolean(
        "Main Commitment",
        compute="_compute_is_main",
        help="The customer judges the service, or the request, by the date of this commitment.",
    )

    @api.depends("revision_ids")
    @api.depends_context("lang")
    def _compute_date_history(self):
        for commitment in self:
            commitment.date_history = " → ".join(
                format_date(self.env, revision.date_to) if revision.date_to else "…"
                for revision in commitment.revision_ids.sorted("sequence")
            )

    @api.depends("project_id.primary_commitment_id", "task_id.primary_commitment_id")
    def _compute_is_main(self):
        for commitment in self:
            main = commitment._get_thread().primary_commitment_id
            commitment.is_main = bool(main) and main == commitment._origin
