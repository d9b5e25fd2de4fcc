# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What the customer told us, read and corrected by themselves."""

from psycopg2.errors import UniqueViolation

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from .service_conversation import ASKED_LIMIT, ASKED_WITHIN


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_find_fact(self, viewer, fact_id):
        """Return the fact that ``viewer`` may see, with all rights; empty if it is not theirs.

        Also one that was corrected meanwhile, so that an old page leads somewhere.
        """
        # The viewer may read no facts; the domain is the whole answer.
        service_sudo = self.sudo()
        holds = Domain("is_valid", "=", True) | Domain("superseded_by_id", "!=", False)
        return service_sudo.env["service.fact"].search(
            service_sudo._service_fact_domain(viewer.sudo()) & holds & Domain("id", "=", fact_id)
        )

    def _service_current_fact(self, viewer, fact_sudo):
        """Return what holds instead of a fact now, as far as ``viewer`` may see it."""
        while fact_sudo.superseded_by_id:
            fact_sudo = fact_sudo.superseded_by_id
        return self._service_find_fact(viewer, fact_sudo.id)

    def _service_fact_page(self, viewer, fact_sudo):
        """Return what ``viewer`` may know of a fact, as plain values."""
        return fact_sudo._prepare_service_fact(viewer.sudo())  # sudo: as above

    def _service_corrects_too_often(self, viewer):
        """Tell whether ``viewer`` has to wait before their next correction.

        As for questions: somebody of ours reads each.
        """
        # The viewer may read no facts; only theirs are counted, not what we noted for them.
        corrected = (
            self.env["service.fact"]
            .sudo()
            .search_count(
                [
                    ("partner_id", "=", viewer.commercial_partner_id.id),
                    ("said_by_id", "=", viewer.id),
                    ("said_at", ">", fields.Datetime.now() - ASKED_WITHIN),
                    ("correction_of_id", "!=", False),
                    ("create_uid.share", "=", True),
                ],
                limit=ASKED_LIMIT,
            )
        )
        return corrected == ASKED_LIMIT

    def _service_correct_fact(self, viewer, fact_sudo, answer):
        """Take what the customer says now instead of a fact.

        :return: whether it was taken; not if somebody else was faster
        """
        if fact_sudo.superseded_by_id:
            return False
        try:
            with self.env.cr.savepoint():
                fact_sudo._correct_by_customer(self, viewer, answer)
        except UniqueViolation:
            self.env.invalidate_all()
            return False
        return True


class ServiceFact(models.Model):
    _inherit = "service.fact"

    def _correct_by_customer(self, service, person, answer):
        """Note what a person of the customer says now, and tell whoever answers for it."""
        successor = self._correct(answer, person, self.env._("Customer page"))
        place = self.step_id or service.sudo()
        if self.sensitivity != "personal":  # the history is read by more people
            self.env["service.timeline.entry"]._record(
                place, "fact_corrected", {"question": self.question}, actor="you"
            )
        thread = self.step_id._get_thread() if self.step_id else service.sudo()
        user = thread.accountable_user_id
        words = self.with_context(lang=user.lang).env
        thread.message_post(
            body=plaintext2html(
                words._("Corrected on the customer's page: “%(question)s”.", question=self.question)
            ),
            author_id=person.id,
            message_type="notification",
            subtype_xmlid="mail.mt_note",
            partner_ids=user.partner_id.ids,
            notify_skip_followers=True,
        )
        return successor
