# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""How often a person of the customer wants to be written to about a service."""

from psycopg2.errors import UniqueViolation

from odoo import fields, models
from odoo.fields import Domain

LEVELS = ("all", "needed")
DEFAULT_LEVEL = "all"


class ServiceContactPreference(models.Model):
    """What one person chose for one service; without it, they are told everything."""

    _name = "service.contact.preference"
    _description = "How a Customer Is Told"
    _rec_name = "partner_id"

    project_id = fields.Many2one(
        "project.project",
        string="Service",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="project_id.company_id")
    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, readonly=True, ondelete="cascade"
    )
    level = fields.Selection(
        [
            ("all", "Everything that happens"),
            ("needed", "Only what they are needed for, and dates that move"),
        ],
        required=True,
        readonly=True,
        default=DEFAULT_LEVEL,
    )

    _person_uniq = models.UniqueIndex("(partner_id, project_id)")


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_contact_level(self, person):
        """Return how much ``person`` wants to be told about this service: one of ``LEVELS``."""
        # sudo: what they chose counts, whoever writes to them.
        return self.sudo()._find_service_preference(person).level or DEFAULT_LEVEL

    def _service_choose_level(self, person, level):
        """Note what ``person`` chose for themselves."""
        self.ensure_one()
        # sudo: a customer may write nothing but this, about themselves.
        service_sudo = self.sudo()
        preference = service_sudo._find_service_preference(person)
        if preference:
            preference.level = level
            return
        values = {"project_id": self.id, "partner_id": person.id, "level": level}
        try:
            with self.env.cr.savepoint():
                preference.create(values)
        except UniqueViolation:
            self.env.invalidate_all()  # pressed twice: it is noted already

    def _service_language(self, person):
        """Return the language in which ``person`` reads pages and mails."""
        return person.sudo().lang or self.env.lang  # sudo: as above

    def _service_choose_language(self, person, lang):
        """Let ``person`` read pages and mails in a language that they chose for themselves."""
        person.sudo().lang = lang  # sudo: as above

    def _find_service_preference(self, person):
        return self.env["service.contact.preference"].search_fetch(
            Domain("project_id", "=", self.id) & Domain("partner_id", "=", person.id), ["level"]
        )


class ServiceJourneyMixin(models.AbstractModel):
    _inherit = "service.journey.mixin"

    def _post_news(self, partner_ids=(), **values):
        """Write what the customer need not act on, as ``_post`` does.

        It is in the conversation for all; a mail goes to those only who want to know everything.
        """
        people = self.env["res.partner"].browse(partner_ids)
        told = people.filtered(lambda one: self.project_id._service_contact_level(one) == "all")
        return self._post(partner_ids=told.ids, **values)
