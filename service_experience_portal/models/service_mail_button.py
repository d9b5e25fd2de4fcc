# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Where the button of Odoo's own mails leads the customer of a service."""

from odoo import models


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals)
        if self and self._service_is_visible_to(self.partner_id):
            return _lead_to_page(self, groups, message, f"/my/service/{self.id}")
        return groups


class ProjectTask(models.Model):
    _inherit = "project.task"

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals)
        if self and self._service_is_on_page_of(self.partner_id):
            page = f"/my/service/{self.project_id.id}/request/{self.id}"
            return _lead_to_page(self, groups, message, page)
        return groups

    def _service_is_on_page_of(self, person):
        """Tell whether a person (partner) sees this request on the page of its service."""
        # sudo: what a customer may see does not depend on who writes to them.
        service_sudo = self.project_id.sudo()
        if not (person and service_sudo and service_sudo._service_is_visible_to(person)):
            return False
        return bool(self.sudo().filtered_domain(service_sudo._service_request_domain(person)))


def _lead_to_page(record, groups, message, page):
    """Let the button lead to our page instead of Odoo's, which opens to whoever has the mail."""
    partners_sudo = record.env["res.partner"].sudo()  # only to compare companies
    company_id = record.sudo().partner_id.commercial_partner_id.id

    def is_theirs(recipient):
        customer = partners_sudo.browse(recipient["id"]).commercial_partner_id
        return recipient["type"] != "user" and customer.id == company_id

    # Our own mails name the page that answers them: a second way would only distract.
    is_named = "/my/service/" in (message.body or "")
    button = {"url": record.get_base_url() + page, "title": record.env._("See how it stands")}
    values = {"active": True, "has_button_access": not is_named, "button_access": button}
    return [("service_customer", is_theirs, values), *groups]
