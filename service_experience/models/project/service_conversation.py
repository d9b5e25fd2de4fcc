# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The conversation about a service, as far as its customer takes part in it."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext, plaintext2html

from .message_body import clean_body

MESSAGE_LIMIT = 30
# Whoever sends the same words again within so long has pressed twice.
SAME_WITHIN = timedelta(minutes=10)
# So many questions of one person are taken in so long: each is a task for somebody.
ASKED_LIMIT = 20
ASKED_WITHIN = timedelta(minutes=10)
# To whom else a message was mailed: all addresses of a mail that came in but ours, and those of one
# that went out which are no contacts.
_ADDRESSES = ("incoming_email_to", "incoming_email_cc", "outgoing_email_to")


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_message_domain(self, viewer):
        """Return the domain of the messages that ``viewer`` may read.

        Comments in the conversations of the service and of their requests: what they and their
        colleagues wrote, what was sent to them, and what colleagues of ours wrote to nobody else
        outside. What was sent to another customer before, or to a supplier, is none of it, also
        where they are no contact of ours, but an address.
        """
        requests = self.env["project.task"]._search(self._service_request_domain(viewer))
        here = Domain([("model", "=", self._name), ("res_id", "=", self.id)]) | Domain(
            [("model", "=", "project.task"), ("res_id", "in", requests)]
        )
        public = Domain(
            [
                ("subtype_id", "=", self.env.ref("mail.mt_comment").id),
                ("is_internal", "=", False),
                ("message_type", "in", ("comment", "email")),
            ]
        )
        theirs = [("commercial_partner_id", "=", viewer.commercial_partner_id.id)]
        outside = [("partner_share", "=", True)]
        written = Domain("author_id", "any", theirs)
        received = Domain("partner_ids", "any", theirs) | Domain(
            "notified_partner_ids", "any", theirs
        )
        ours = (
            Domain("author_id", "any", [("partner_share", "=", False)])
            & Domain("partner_ids", "not any", outside)
            & Domain("notified_partner_ids", "not any", outside)
            & Domain.AND(Domain(addresses, "=", False) for addresses in _ADDRESSES)
        )
        return here & public & (written | received | ours)

    def _service_conversation(self, viewer, before=None):
        """Return a part of the conversation as plain values, the newest first.

        :param before: id of a message; only those before it
        :return: ``{"messages": [...], "earlier": id for the next part, or None}``
        """
        # The viewer may read no messages; the domain says which, the whitelist what of them.
        service_sudo, viewer_sudo = self.sudo(), viewer.sudo()
        domain = service_sudo._service_message_domain(viewer_sudo)
        messages = service_sudo.env["mail.message"].search_fetch(
            domain & service_sudo._get_earlier_domain(domain, before),
            ["author_id", "body", "date", "model", "res_id", "attachment_ids"],
            order="date desc, id desc",
            limit=MESSAGE_LIMIT + 1,
        )
        shown = messages[:MESSAGE_LIMIT]
        return {
            "messages": service_sudo._prepare_service_messages(viewer_sudo, shown),
            "earlier": shown[-1:].id if len(messages) > MESSAGE_LIMIT else None,
        }

    def _get_earlier_domain(self, domain, before):
        """Return the domain of the messages before one of those of a domain."""
        later = before and self.env["mail.message"].search(domain & Domain("id", "=", before))
        if not later:
            return Domain.TRUE
        same = Domain("date", "=", later.date) & Domain("id", "<", later.id)
        return Domain("date", "<", later.date) | same

    def _prepare_service_messages(self, viewer, messages):
        requests = self.env["project.task"].browse(
            message.res_id for message in messages if message.model == "project.task"
        )
        labels = {request.id: request.customer_label for request in requests}
        messages.attachment_ids.fetch(["name", "file_size", "type"])
        return [
            {
                **message._prepare_service_message(viewer),
                "request": labels.get(message.res_id) if message.model != self._name else None,
            }
            for message in messages
        ]

    def _service_find_message_file(self, viewer, file_id):
        """Return a file of a message that ``viewer`` may read, with all rights; or nothing."""
        service_sudo = self.sudo()  # as above
        domain = service_sudo._service_message_domain(viewer.sudo())
        messages = service_sudo.env["mail.message"].search(
            domain & Domain("attachment_ids", "in", [file_id]), limit=1
        )
        files = messages.attachment_ids
        return files.filtered(lambda file: file.id == file_id and file.type == "binary")

    # What the customer asks

    def _service_asks_too_often(self, viewer):
        """Tell whether ``viewer`` has to wait before their next question."""
        # The viewer may read no messages; only theirs are counted.
        asked = (
            self.env["mail.message"]
            .sudo()
            .search_count(
                [
                    ("author_id", "=", viewer.id),
                    ("model", "in", (self._name, "project.task")),
                    ("message_type", "=", "comment"),
                    ("date", ">", fields.Datetime.now() - ASKED_WITHIN),
                ],
                limit=ASKED_LIMIT,
            )
        )
        return asked == ASKED_LIMIT

    def _service_take_question(self, viewer, text, request=None):
        """Put what the customer writes into the conversation, and let somebody answer.

        :param viewer: partner who writes
        :param request: the request that it is about, of those that are theirs
        """
        # sudo: a customer may write nothing; that they ask is noted as theirs.
        thread_sudo = (request or self).sudo()
        if thread_sudo._is_said_just_now(viewer, text):
            return
        user = thread_sudo.accountable_user_id or self.sudo().accountable_user_id  # as above
        contact = thread_sudo.contact_user_id or self.sudo().contact_user_id  # as above
        thread_sudo.message_post(
            body=plaintext2html(text),
            author_id=viewer.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=(user | contact).filtered("active").partner_id.ids,
            notify_skip_followers=True,  # followers may be anybody, also another customer
        )
        if user:
            thread_sudo._call_for_question(user, text)


class ServiceExperienceMixin(models.AbstractModel):
    _inherit = "service.experience.mixin"

    def _is_said_just_now(self, viewer, text):
        """Tell whether the last words of this person here are these, and new."""
        last = self.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("author_id", "=", viewer.id),
                ("date", ">", fields.Datetime.now() - SAME_WITHIN),
            ],
            order="id desc",
            limit=1,
        )
        return bool(last) and _get_words(last.body) == _get_words(plaintext2html(text))

    def _call_for_question(self, user, text):
        """Give somebody the task to answer; the message itself has told them."""
        words = self.with_context(lang=user.lang, mail_activity_quick_update=True)
        words.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=words.env._("Answer the question of the customer"),
            note=plaintext2html(text),
            user_id=user.id,
        )


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _prepare_service_message(self, viewer):
        """Return what ``viewer`` may know of this message."""
        author = self.author_id
        is_theirs = author.commercial_partner_id == viewer.commercial_partner_id
        return {
            "id": self.id,
            "at": self.date,
            "side": "you" if author == viewer else "yours" if is_theirs else "us",
            "who": author._service_public_name(),
            "body": clean_body(self.body, self.get_base_url()),
            "files": [
                {"id": file.id, "name": file.name, "size": file.file_size or 0}
                for file in self.attachment_ids
                if file.type == "binary"
            ],
        }


def _get_words(body):
    return " ".join(html2plaintext(body or "").split())
