# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The documents that colleagues put on the page of a service, or of a request, for its customer."""

from odoo import api, fields, models
from odoo.fields import Domain

_FIELD = "customer_document_ids"


class ServiceExperienceMixin(models.AbstractModel):
    _inherit = "service.experience.mixin"

    customer_document_ids = fields.Many2many(
        "ir.attachment",
        string="Documents for the Customer",
        copy=False,
        bypass_search_access=True,
        groups="base.group_user",
        help="Your customer finds these files on their page, and can download them. No other file "
        "of yours is ever shown there.",
    )
    document_customer_id = fields.Many2one(
        "res.partner",
        "Documents Are For",
        copy=False,
        readonly=True,
        ondelete="set null",
        groups="base.group_user",
        help="The company that was the customer when the documents were last chosen: they are not "
        "shown to another one.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        chosen = [bool(vals.get(_FIELD)) for vals in vals_list]
        self.browse(
            one.id for one, is_chosen in zip(records, chosen, strict=True) if is_chosen
        )._hand_documents()
        return records

    def write(self, vals):
        result = super().write(vals)
        if _FIELD in vals:
            self._hand_documents()
        return result

    def _hand_documents(self):
        """Note whose the chosen documents are, and let open pages look again."""
        # sudo: whoever chooses the documents of a request may not see who its customer is.
        for record_sudo in self.sudo():
            customer = record_sudo.partner_id or record_sudo._service_of().partner_id
            record_sudo.document_customer_id = customer.commercial_partner_id
        self.env["service.page.version"]._touch(self)

    @api.model
    def _get_document_domain(self, viewer):
        """Return the domain of the records whose documents are meant for the company of a viewer.

        Those that were chosen before there was a customer are meant for the first one.
        """
        return Domain("document_customer_id", "in", [False, viewer.commercial_partner_id.id])


class ProjectProject(models.Model):
    _inherit = "project.project"

    # Tables of our own: other addons may link files to projects and tasks, too.
    customer_document_ids = fields.Many2many(
        relation="service_project_document_rel", column1="project_id", column2="attachment_id"
    )


class ProjectTask(models.Model):
    _inherit = "project.task"

    customer_document_ids = fields.Many2many(
        relation="service_task_document_rel", column1="task_id", column2="attachment_id"
    )

    def _read_group_groupby(self, alias, groupby_spec, query):
        # Odoo does not ask who may read a field of files when it groups by it.
        if groupby_spec.split(":")[0] == _FIELD:
            self._check_field_access(self._fields[_FIELD], "read")
        return super()._read_group_groupby(alias, groupby_spec, query)
