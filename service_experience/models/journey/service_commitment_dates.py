# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Which day of a commitment counts, and when it has passed."""

from odoo import api, models
from odoo.fields import Domain

from .service_commitment import OPEN_STATES


class ServiceCommitment(models.Model):
    _inherit = "service.commitment"

    def _get_reference_day(self, revisions, now=None):
        """Return the day that counts: the last one the customer agreed to, else the promised one.

        Silence agrees to a date of which the customer heard five working days ago.

        :param now: naive UTC; given, silence counts up to then, otherwise as recorded
        """
        revisions = revisions.sorted("sequence")
        counts = revisions.filtered(lambda one: one.is_original or one._is_agreed(now))
        last = (counts or revisions)[-1:]
        return last.date_to or last.known_by

    def _get_reference_at(self, now):
        """Return the instant after which the commitment is broken, as of ``now``; may be None.

        None as well for no commitment at all.
        """
        day = self._get_reference_day(self.revision_ids, now)
        return self._get_end_of_day(day) if day else None

    def _get_end_of_day(self, day):
        return self.project_id._service_end_of(day)

    @api.model
    def _get_overdue_domain(self, now):
        return Domain("state", "in", OPEN_STATES) & Domain("due_at", "<=", now)
