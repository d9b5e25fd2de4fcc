# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .health import HEALTH_SELECTION, explain_health
from .health_words import get_reason_sentence


class ServiceExperienceMixin(models.AbstractModel):
    """What a project (service) and a task (request) have in common for their customer.

    Customers never read these fields directly: they see them through the snapshot of the
    service, which is why every field is limited to internal users.
    """

    _name = "service.experience.mixin"
    _description = "Service Experience Mixin"

    customer_label = fields.Char(
        "Name for the Customer",
        translate=True,
        groups="base.group_user",
        help="The words your customer reads, for example “Repair of the hot water”. "
        "Your internal title is never shown in its place.",
    )
    customer_visible = fields.Boolean(
        "Visible to the Customer",
        groups="base.group_user",
        help="Show this on the customer's page. It needs a name for the customer as well.",
    )
    contact_user_id = fields.Many2one(
        "res.users",
        "Contact for the Customer",
        domain="[('share', '=', False)]",
        groups="base.group_user",
        help="The colleague whose name your customer sees. "
        "E-mail address and phone number are never shown.",
    )
    service_health = fields.Selection(
        HEALTH_SELECTION,
        compute="_compute_service_health",
        compute_sudo=True,
        groups="base.group_user",
        help="How this stands in the customer's eyes, derived from what was promised and from what "
        "your team has confirmed.",
    )

    service_health_since = fields.Datetime(
        "Since",
        compute="_compute_service_health",
        compute_sudo=True,
        groups="base.group_user",
    )
    service_health_reason = fields.Char(
        "Reason Key",
        compute="_compute_service_health",
        compute_sudo=True,
        groups="base.group_user",
        export_string_translation=False,
    )
    service_health_why = fields.Char(
        "Why",
        compute="_compute_service_health_why",
        groups="base.group_user",
        help="What the health follows from.",
    )
    backup_user_id = fields.Many2one(
        "res.users",
        "Stand-In",
        domain="[('share', '=', False)]",
        groups="base.group_user",
        help="Who answers when the contact is away.",
    )
    accountable_user_id = fields.Many2one(
        "res.users",
        "Accountable",
        compute="_compute_accountable_user_id",
        compute_sudo=True,
        groups="base.group_user",
        help="Who answers for it: whoever handed it over, until somebody accepts; else the "
        "contact, else whoever works on it, else the manager of the service.",
    )
    primary_commitment_id = fields.Many2one(
        "service.commitment",
        "Main Commitment",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="service_experience.service_experience_group_user",
        help="The commitment by whose date the customer judges this.",
    )
    next_update_promised = fields.Datetime(
        "Next Update Promised For",
        copy=False,
        groups="base.group_user",
        help="When you said that the customer hears from you next. Leave it empty to follow the "
        "longest silence that your company allows.",
    )
    last_customer_update = fields.Datetime(
        compute="_compute_customer_updates",
        compute_sudo=True,
        groups="base.group_user",
        help="When the customer last heard from a colleague.",
    )
    next_update_due = fields.Datetime(
        compute="_compute_customer_updates",
        compute_sudo=True,
        groups="base.group_user",
        help="When the customer should hear from you at the latest.",
    )

    @api.constrains("primary_commitment_id")
    def _check_primary_commitment_id(self):
        for record in self:
            # sudo: who may change the service may not read commitments.
            main_sudo = record.primary_commitment_id.sudo()
            if main_sudo and (main_sudo._get_thread() != record or main_sudo.direction != "ours"):
                raise ValidationError(
                    self.env._("The main commitment is one of ours for exactly this.")
                )

    @api.depends(lambda self: self._service_health_depends())
    def _compute_service_health(self):
        facts = self._service_health_facts(fields.Datetime.now())
        for record in self:
            health = explain_health(facts[record])
            record.service_health = health.key
            record.service_health_since = health.since
            record.service_health_reason = health.reason

    @api.depends("service_health_reason", "service_health_since")
    @api.depends_context("lang", "tz")
    def _compute_service_health_why(self):
        for record in self:
            record.service_health_why = get_reason_sentence(
                self.env, record.service_health_reason, record.service_health_since
            )

    @api.depends(lambda self: ["contact_user_id", *self._service_accountable_depends()])
    def _compute_accountable_user_id(self):
        handoffs = self._get_open_handoffs()
        for record in self:
            # Until somebody has accepted, whoever handed it over answers for it.
            senders = handoffs.get(record._origin.id, self.env["service.handoff"])
            candidates = (
                senders.accountable_user_id
                | record.contact_user_id
                | record._service_accountable_candidates()
            )
            active = candidates.filtered("active")
            record.accountable_user_id = (active or candidates)[:1]

    @api.model
    def _service_accountable_depends(self):
        return []

    def _service_accountable_candidates(self):
        """Return who may answer for it besides the contact, the most accountable first."""
        raise NotImplementedError

    @api.model
    def _service_health_depends(self):
        """Return the names of the fields that change the health at once.

        Time changes it too: it is therefore computed on every read and never stored.
        """
        return []

    def _service_health_facts(self, now):
        """Collect the evidence in a fixed number of queries.

        :param datetime now: naive UTC, the instant of which the facts speak
        :return: ``{record: HealthFacts}`` with every record of ``self``
        """
        raise NotImplementedError

    def _service_has_late_part(self, journey, now):
        """Return whether a part that the customer sees is late: a sub-task, or a step of ours."""
        due, service = journey.visible_due, self._service_of()
        is_step_late = due and service and service._service_end_of(due) <= now
        return bool(journey.has_late_part or is_step_late)

    def _service_of(self):
        """Return the service: this one, or the one of this request."""
        raise NotImplementedError
