# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models
from odoo.exceptions import AccessError


class ServiceRolesMixin(models.AbstractModel):
    """Acts that belong to people by what they are to a record, not only by their group.

    Each role is a method ``_is_<role>`` of the model.
    """

    _name = "service.roles.mixin"
    _description = "Acts by Role"

    def _has_role(self, role):
        self.ensure_one()
        return getattr(self, f"_is_{role}")()

    def _check_role(self, *roles):
        """Refuse an act to everybody who has none of the roles.

        :raise AccessError: naming who may do it
        """
        if self.env.su:
            return
        self.check_access("write")
        for record in self:
            if not any(record._has_role(role) for role in roles):
                raise AccessError(record._get_role_refusal(roles))

    def _get_role_refusal(self, roles):
        people = self._get_role_labels()
        return self.env._(
            "This is not yours to do with %(name)s. It can be done by: %(people)s.",
            name=self.display_name,
            people=", ".join(people[role] for role in roles),
        )

    def _get_role_labels(self):
        """Return who has each role, in words for a sentence.

        :return: ``{role: words}``
        """
        return {}
