# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What follows from acceptance: who works, who is the contact, what the customer reads."""

from markupsafe import Markup

from odoo import Command, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..journey.service_commitment import OPEN_STATES as OPEN_COMMITMENTS
from ..journey.service_step import OPEN_STATES as OPEN_STEPS

# Within so many working days the customer hears from whoever took over.
NEXT_UPDATE_DAYS = 1


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    def _reassign(self, user, now):
        """Give the work to whoever accepted it; called with the rights of the system."""
        project, tasks = self.project_id, self._get_reassigned_tasks()
        self._note_transfer(tasks, now)
        self._reassign_tasks(tasks, user)
        if self.is_whole:
            self._reassign_project(user)
        elif self.type_id.stage_to_id in project.type_ids:
            tasks.write({"stage_id": self.type_id.stage_to_id.id})
        # Whoever takes over one request need not read all others of a private service.
        self._get_subjects().message_subscribe(user.partner_id.ids)
        self._reassign_journey(tasks, user)
        self._promise_update(now)

    def _get_reassigned_tasks(self):
        """Return the requests; for a service as a whole the open ones of its sender."""
        if not self.is_whole:
            return self.task_ids
        sender = self.from_user_id
        return self.project_id.task_ids.filtered(
            lambda task: not task.is_closed and sender in task.user_ids
        )

    def _reassign_tasks(self, tasks, user):
        sender = self.from_user_id
        people = [Command.unlink(sender.id)] if sender else []
        for contact, group in tasks.grouped("contact_user_id").items():
            group.write(
                {
                    "user_ids": [*people, Command.link(user.id)],
                    **self._get_place_values(contact, user),
                }
            )

    def _reassign_project(self, user):
        project = self.project_id
        values = self._get_place_values(project.contact_user_id, user)
        if not project.user_id or project.user_id == self.from_user_id:
            values["user_id"] = user.id
        project.write(values)

    def _get_place_values(self, contact, user):
        """Return team and contact of what was handed over.

        The customer is told of a new contact: then that is who their page names.
        """
        is_contact = contact == self.from_user_id or self._is_customer_told()
        values = {"contact_user_id": user.id} if is_contact and user else {}
        if self.to_team_id:
            values["service_team_id"] = self.to_team_id.id
        return values

    def _reassign_journey(self, tasks, user):
        """Give the open steps and commitments of the sender to whoever accepted."""
        here = Domain("task_id", "in", tasks.ids)
        if self.is_whole:
            here = Domain("project_id", "=", self.project_id.id)
        mine = Domain("owner_user_id", "=", self.from_user_id.id or 0)
        for model, states in (
            ("service.step", OPEN_STEPS),
            ("service.commitment", ("draft", *OPEN_COMMITMENTS, "broken")),
        ):
            records = self.env[model].search(here & mine & Domain("state", "in", states))
            records.write({"owner_user_id": user.id})
        for record in (*self.step_ids, *self.item_ids.commitment_id):
            is_here = record.project_id == self.project_id
            if is_here and record.owner_user_id == self.from_user_id:
                record.owner_user_id = user

    def _promise_update(self, now):
        """Let the customer hear from whoever took over within one working day."""
        soon = self._get_working_time().add_days(now, NEXT_UPDATE_DAYS)
        for subject in self._get_subjects() if soon else ():
            promised, last = subject.next_update_promised, subject.last_customer_update
            is_kept = promised and last and promised <= last
            if not promised or is_kept or promised > soon:
                subject.next_update_promised = soon

    # What the customer reads

    def _is_customer_told(self):
        """Tell whether the customer is told who takes over, which needs something they may see."""
        # sudo: what the customer sees does not depend on who asks.
        project_sudo, tasks_sudo = self.project_id.sudo(), self.task_ids.sudo()
        theirs = project_sudo._service_request_domain(self.partner_id)
        return bool(
            self.type_id.customer_notice == "on_acceptance"
            and self.partner_id
            and project_sudo.customer_visible
            and (self.is_whole or tasks_sudo.filtered_domain(theirs))
        )

    def _tell_customer(self):
        """Introduce whoever took over, in the conversation and in the history."""
        if not self._is_customer_told():
            return
        message, person = self.env["mail.message"], self._get_customer_person()
        if person:
            body = self.with_context(lang=person.lang or self.env.lang)._get_introduction()
            message = self._post_news(**self._prepare_mail_values(person, body))
        self.env["service.timeline.entry"]._record(
            self,
            "handoff_accepted",
            {"who": self.accepted_by_id.name},
            text=self.customer_message,
            notified_at=message.partner_ids and fields.Datetime.now(),
            message_id=message.id,
        )

    def _get_introduction(self):
        """Return what the customer reads of it, in the language of the context."""
        template = self.type_id.intro_template_id
        if template:
            # sudo: the words are chosen by whoever configures the type.
            return template.sudo()._render_field("body_html", self.ids)[self.id]
        lines = Markup("<p>%s</p>") % self.env._(
            "%(name)s takes care of this from now on. You need not repeat anything: what you told "
            "us was handed over.",
            name=self.accepted_by_id.name,
        )
        return lines + plaintext2html(self.customer_message) if self.customer_message else lines
