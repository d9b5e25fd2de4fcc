# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, models
from odoo.exceptions import UserError


class ServiceEvidenceMixin(models.AbstractModel):
    """Rows that prove what happened: written once, never changed, never deleted.

    A correction is a new row. The refusal holds for every user, also with superuser rights.
    """

    _name = "service.evidence.mixin"
    _description = "Append-only Evidence"

    # It never writes, so it never calls the write of models.
    def write(self, vals):  # pylint: disable=method-required-super
        if not self:
            return True
        raise UserError(
            self.env._(
                "%(model)s entries prove what happened and cannot be changed. Record the "
                "correction as a new entry.",
                model=self._description,
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        raise UserError(
            self.env._(
                "%(model)s entries prove what happened and cannot be deleted.",
                model=self._description,
            )
        )
