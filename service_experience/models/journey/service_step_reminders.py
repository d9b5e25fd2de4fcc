# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Nobody is forgotten: reminders to the customer, merged into one mail a day, then a call."""

import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from .service_step import ASKED_STATES

_logger = logging.getLogger(__name__)

# Working days from the due day; after the last one it goes on at the same distance.
REMINDER_DAYS = (-2, 0, 2, 5)
REPEAT_DAYS = 5
# So many reminders without an answer, and somebody calls.
REMINDERS_UNTIL_CALL = 3
# No day off is longer than that: how far ahead of the due day the job looks.
HORIZON = timedelta(days=14)


class ServiceStep(models.Model):
    _inherit = "service.step"

    reminder_count = fields.Integer(string="Reminders", readonly=True, copy=False)
    reminded_at = fields.Datetime(string="Last Reminder", readonly=True, copy=False)

    @api.model
    def _cron_remind(self):
        """Note what has arrived meanwhile, and remind each customer at most once a day."""
        now = fields.Datetime.now()
        self.search(self._get_undelivered_domain())._note_delivery()
        self.env["ir.cron"]._commit_progress(0)
        candidates = self.search(self._get_reminder_domain(now))
        hours = candidates.project_id._service_working_times()
        due = candidates.filtered(lambda step: step._is_reminder_due(now, hours[step.project_id]))
        by_person = due.grouped(lambda step: step._get_asked_partner())
        for number, (person, steps) in enumerate(by_person.items()):
            steps._try_to_remind(person, now)
            remaining = len(by_person) - number - 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    def _try_to_remind(self, person, now):
        """Remind one person; that this fails keeps nobody else from their reminder."""
        try:
            with self.env.cr.savepoint():
                self.invalidate_recordset(["state"])  # they may have answered meanwhile
                asked = self.filtered(lambda step: step.state in ASKED_STATES)
                if asked and not self._was_reminded_today(person, now):
                    asked._remind(person, now)
        except Exception:
            _logger.exception("Partner %s could not be reminded.", person.id)

    @api.model
    def _get_undelivered_domain(self):
        return Domain(
            [
                ("state", "in", ASKED_STATES),
                ("delivered_at", "=", False),
                ("message_id.notification_ids.notification_status", "=", "sent"),
            ]
        )

    def _note_delivery(self):
        """Deliver the steps whose mail has left for the person who is asked."""
        for step in self:
            sent = step.message_id.notification_ids.filtered(
                lambda one: one.notification_status == "sent"
            )
            if step._get_asked_partner() in sent.res_partner_id:
                step._deliver()

    @api.model
    def _get_reminder_domain(self, now):
        return Domain(
            [
                ("party", "=", "customer"),
                ("state", "in", ASKED_STATES),
                ("delivered_at", "!=", False),
                ("due", "<=", (now + HORIZON).date()),
                ("project_id.active", "=", True),
                ("project_id.is_template", "=", False),
            ]
        ) & (Domain("task_id", "=", False) | Domain("task_id", "any", self._get_open_domain()))

    @api.model
    def _get_open_domain(self):
        """Return the domain of the requests for which answers are still needed."""
        return Domain("is_closed", "=", False) & Domain("active", "=", True)

    def _is_reminder_due(self, now, hours):
        """Tell whether a day for a reminder has come since the customer last heard of it."""
        today = self.project_id._service_today(now)
        last = self.project_id._service_today(self.reminded_at or self.delivered_at)
        return hours.is_open(now) and any(last < day for day in self._get_days(today, hours))

    def _get_days(self, today, hours):
        """Return the days for reminders until today."""
        numbers, days = list(REMINDER_DAYS), []
        while numbers:
            number = numbers.pop(0)
            day = self._get_working_day(number, hours)
            if day is None and number < 0:
                continue  # closed for so long that there is no such day
            if day is None or day > today:
                break
            days.append(day)
            if not numbers:
                numbers.append(number + REPEAT_DAYS)
        return days

    def _get_working_day(self, number, hours):
        """Return the day that is so many working days after the due day, or before it."""
        service = self.project_id
        if number == 0:
            return self.due
        if number > 0:
            at = hours.add_days(service._service_midnight(self.due), number)
            return at and service._service_today(at)
        end = service._service_midnight(self.due)
        opened = hours.open_intervals(end - HORIZON, end)
        days = sorted({service._service_today(start) for start, _end in opened})
        return days[number] if len(days) >= -number else None

    @api.model
    def _was_reminded_today(self, person, now):
        midnight = now - timedelta(hours=20)
        return bool(
            self.search_count(
                [
                    ("partner_id", "=", person.commercial_partner_id.id),
                    ("reminded_at", ">", midnight),
                ],
                limit=1,
            )
        )

    def _remind(self, person, now):
        """Send one mail about all these steps; call when mails do not help."""
        first = self[:1]
        translated = self.with_context(lang=person.lang or self.env.lang)
        first._get_thread().sudo().message_notify(
            subject=translated.env._("We still need something from you"),
            body=person._service_mail_body(translated._get_reminder_body()),
            partner_ids=person.ids,
            force_record_name=first.project_id.customer_label or first.project_id.name,
        )
        for step in self:
            step._go(step.state, reminded_at=now, reminder_count=step.reminder_count + 1)
        self.filtered(lambda step: step.reminder_count == REMINDERS_UNTIL_CALL)._ask_to_call()

    def _get_reminder_body(self):
        lines = Markup("").join(
            Markup("<li>%s<br/>%s%s</li>")
            % (
                step.title,
                self.env._("Please by %(day)s.", day=step._get_due_day()),
                Markup(' <a href="%s">%s</a>') % (url, self.env._("Answer here"))
                if (url := step._get_page_url())
                else "",
            )
            for step in self
        )
        return Markup("<ul>%s</ul>") % lines

    def _ask_to_call(self):
        """Let the owner call, and name who else could be asked."""
        for step in self:
            person = step._get_asked_partner()
            others = (person.commercial_partner_id.child_ids - person).mapped("name")
            # sudo: the job gives the task, whoever runs it.
            step._get_thread().sudo().activity_schedule(
                "mail.mail_activity_data_call",
                summary=self.env._(
                    "Three reminders and no answer: call %(name)s", name=person.name
                ),
                note=plaintext2html(
                    self.env._(
                        "%(title)s. Other contacts: %(names)s",
                        title=step.title,
                        names=", ".join(name for name in others if name) or "-",
                    )
                ),
                user_id=(step.owner_user_id or step.project_id.user_id or self.env.user).id,
            )
