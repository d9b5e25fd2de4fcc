# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What colleagues do with the links to the page of a service."""

from markupsafe import Markup

from odoo import models


class ProjectProject(models.Model):
    _inherit = "project.project"

    def action_open_service_links(self):
        """Show the links to the page that were sent."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Links of the customer"),
            "res_model": "service.portal.link",
            "view_mode": "list",
            "domain": [("project_id", "=", self.id)],
        }

    def action_revoke_service_links(self):
        """Make every link to the page of this service void, at once."""
        self.check_access("write")
        for project_sudo in self.sudo():  # the epoch is written by nobody but this
            project_sudo.service_epoch += 1

    def _service_mail_link(self, person, path):
        """Send the address of a page; the mail carries a link of its own for its recipient."""
        words = self.with_context(lang=person.lang or self.env.lang).env
        name = self.customer_label or self.name
        body = Markup('<p>%s</p><p><a href="%s">%s</a></p>') % (
            words._("Here is your new link to “%(service)s”.", service=name),
            self.get_base_url() + path,
            words._("Open the page"),
        )
        self.message_notify(
            subject=words._("Your new link"),
            body=person._service_mail_body(body),
            partner_ids=person.ids,
            force_record_name=name,
        )
