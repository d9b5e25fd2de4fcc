# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models

from .health import HEALTH_SELECTION, service_health


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
        help="How this stands in the customer's eyes, derived from promises and from what "
        "your team has confirmed.",
    )

    @api.depends(lambda self: self._service_health_depends())
    def _compute_service_health(self):
        facts = self._service_health_facts(fields.Datetime.now())
        for record in self:
            record.service_health = service_health(facts[record])

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
