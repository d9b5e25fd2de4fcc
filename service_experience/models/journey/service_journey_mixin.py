# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

_DERIVED_FIELDS = {"partner_id", "company_id"}


class ServiceJourneyMixin(models.AbstractModel):
    """What belongs to a service, or to one request of it, and so to one customer."""

    _name = "service.journey.mixin"
    _description = "Part of a Service"

    project_id = fields.Many2one(
        "project.project",
        string="Service",
        compute="_compute_project_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="cascade",
    )
    task_id = fields.Many2one(
        "project.task",
        string="Request",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('project_id', '=', project_id)]",
        help="Leave it empty for the service as a whole.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        index=True,
        help="The company of the customer. Its people, and nobody else, see what is shown. What "
        "a customer was told stays theirs when the service gets another customer.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )

    @api.depends("task_id.project_id")
    def _compute_project_id(self):
        for record in self:
            service = record.task_id.project_id or record.project_id
            # What a customer knows stays with them, wherever the request goes.
            if not (record.project_id and record._is_told()) or record._is_customer_of(service):
                record.project_id = service

    def _is_customer_of(self, service):
        """Tell whether whoever was told of this is the customer of a service, or of its request."""
        customer = self.task_id.partner_id or service.partner_id
        return customer.commercial_partner_id == self.partner_id.commercial_partner_id

    @api.depends("project_id.partner_id", "task_id.partner_id")
    def _compute_partner_id(self):
        for record in self:
            if not (record.partner_id and record._is_told()):
                customer = record.task_id.partner_id or record.project_id.partner_id
                record.partner_id = customer.commercial_partner_id

    @api.depends("project_id.company_id", "task_id.company_id")
    def _compute_company_id(self):
        for record in self:
            record.company_id = record.task_id.company_id or record.project_id.company_id

    @api.model_create_multi
    def create(self, vals_list):
        """Let a service that was left empty follow from the request, and the rest from both."""
        dropped = set() if self.env.su else _DERIVED_FIELDS
        return super().create(
            [
                {
                    name: value
                    for name, value in vals.items()
                    if name not in dropped and (value or name != "project_id")
                }
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if _DERIVED_FIELDS.intersection(vals):
            raise UserError(
                self.env._("Customer and company follow from the service: change them there.")
            )
        return super().write(vals)

    @api.model
    def _without_defaults(self, names):
        """Return this model without defaults of the context for what nobody enters by hand."""
        context = {
            key: value
            for key, value in self.env.context.items()
            if key.removeprefix("default_") not in names
        }
        # The others have to go, so the context is replaced.
        return self.with_context(context)  # pylint: disable=context-overridden

    @api.constrains("project_id", "task_id")
    def _check_task_id(self):
        for record in self:
            service = record.task_id.project_id
            if service and service != record.project_id and not record._is_told():
                raise ValidationError(
                    self.env._(
                        "“%(request)s” belongs to another service: choose a request of this one.",
                        request=record.task_id.display_name,
                    )
                )

    def _is_told(self):
        """Tell whether the customer knows of this, which binds it to that customer."""
        self.ensure_one()
        return False

    def _get_place(self):
        """Return where a line of the history about this belongs."""
        self.ensure_one()
        return {
            "project_id": self.project_id.id,
            "task_id": self.task_id.id,
            "partner_id": self.partner_id.commercial_partner_id.id,
        }

    def _get_customer_person(self):
        """Return who is written to: the contact, as long as they belong to this customer."""
        self.ensure_one()
        contacts = (self.task_id.partner_id, self.project_id.partner_id)
        theirs = [
            contact
            for contact in contacts
            if contact and contact.commercial_partner_id == self.partner_id.commercial_partner_id
        ]
        return theirs[0] if theirs else self.partner_id

    def _get_thread(self):
        """Return the record in whose conversation the customer reads of this."""
        self.ensure_one()
        return self.task_id or self.project_id

    def _prepare_mail_values(self, person, body):
        """Return the values of what is written to a person of the customer, see ``_post``.

        :param Markup body: words in their language
        """
        return {
            "body": person._service_mail_body(body),
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
            "partner_ids": person.ids,
            "notify_skip_followers": True,  # they may be anybody, also another customer
        }

    def _post(self, **values):
        """Write into the conversation, as the current user.

        :return: the message
        """
        # sudo: who may run the steps and commitments of a service may write to its customer, also
        # where Odoo lets only those post who may change the project.
        thread_sudo = self._get_thread().sudo()
        # Mails name what they are about: in the words of the customer, never in ours, neither of
        # the request nor, below it, of its project and stage.
        project_sudo = self.project_id.sudo()  # as above
        name = thread_sudo.customer_label or project_sudo.customer_label or project_sudo.name
        values = {"subject": name, **values, "force_record_name": name, "subtitles": [name]}
        return thread_sudo.message_post(**values).with_env(self.env)

    def _get_working_time(self):
        """Return the working hours of the company that does the work, never those of a user."""
        self.ensure_one()
        return self.project_id._service_working_time()

    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("Enter a reason, so that everybody understands it later."))

    def _check_not_template(self):
        if any(record.project_id.is_template for record in self):
            raise UserError(
                self.env._("This belongs to a template: create a project from it first.")
            )
