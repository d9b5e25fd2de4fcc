# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The time to accept, measured by a timer, and what follows from it."""

import logging

from odoo import api, fields, models
from odoo.fields import Domain

from ...business_time import Hold, UnreachableTargetError
from ..clock.engine.draft import NOT_APPLICABLE, start_seconds
from ..clock.engine.hours import HoursBook
from ..clock.engine.ledger import Ledger
from ..clock.service_sla_timer import OPEN_STATES as OPEN_TIMERS
from .handoff_draft import OVERDUE, RULES, HandoffDraft
from .service_handoff import INBOX_STATES

_logger = logging.getLogger(__name__)


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    completeness_offered = fields.Float(
        string="Completeness When Offered",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="When it was offered for the first time.",
    )
    quality_at = fields.Datetime(string="Judged At", readonly=True, copy=False)
    timer_id = fields.Many2one(
        "service.sla.timer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Measures the time until it is accepted; a new one whenever it is offered anew.",
    )
    due = fields.Datetime(
        related="timer_id.deadline",
        string="Accept Until",
        help="It stands still while the sender has to answer a question.",
    )
    sla_status = fields.Json(
        related="timer_id.status", string="Time to Accept", export_string_translation=False
    )

    is_overdue = fields.Boolean(
        compute="_compute_is_overdue",
        search="_search_is_overdue",
        compute_sudo=True,  # the deadline is part of the handoff
        help="The time to accept is over, and nobody has accepted it yet.",
    )

    @api.depends("state", "timer_id.deadline", "timer_id.breached_at")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for handoff in self:
            timer = handoff.timer_id
            is_late = timer.breached_at or (timer.deadline and timer.deadline < now)
            handoff.is_overdue = bool(is_late) and handoff.state in INBOX_STATES

    def _search_is_overdue(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        # sudo: as for reading; which handoffs a user sees, their rules say.
        timers_sudo, now = self.env["service.sla.timer"].sudo(), fields.Datetime.now()
        is_late = Domain("breached_at", "!=", False) | Domain("deadline", "<", now)
        is_open = Domain("state", "in", OPEN_TIMERS)
        late = timers_sudo._search(Domain("handoff_id", "!=", False) & is_open & is_late)
        return Domain("state", "in", INBOX_STATES) & Domain("timer_id", "in", late)

    def _get_sla_company(self):
        return self.company_id

    def _get_accepting_calendar(self):
        """Return the hours of the receiving team, else those of the company."""
        # sudo: everybody goes by these hours, also those who may not read them.
        handoff_sudo = self.sudo()
        hours, no_policy = HoursBook(handoff_sudo.env), handoff_sudo.env["service.sla.policy"]
        calendar = handoff_sudo.to_team_id.resource_calendar_id
        return calendar or hours.of_company(no_policy, handoff_sudo)

    # What the transitions do to the timers

    def _start_timer(self, now):
        """Measure from now on until somebody accepts; offers go on where nothing can measure."""
        timers = self.env["service.sla.timer"]._as_system()
        timers._note(self.task_ids, "offered", at=now)
        calendar = self._get_accepting_calendar()
        version, seconds = calendar._service_version(), 3600 * self.type_id.accept_hours
        self._set(timer_id=False)
        try:
            clock = start_seconds(seconds, RULES, version._working_time(), now)
        except UnreachableTargetError:
            self._tell_unmeasured(calendar)
            return
        ledger = Ledger(timers.env)
        cycle = timers.search_count([("handoff_id", "=", self.id)]) + 1
        draft = HandoffDraft(ledger, self, cycle, version, clock)
        ledger.save()
        self._set(timer_id=draft.id)

    def _pause_timer(self, now):
        hold = Hold("clarification", user_id=self.env.uid)
        self._step_timer(lambda draft: draft.pause(now, hold))

    def _resume_timer(self, now):
        version = self._get_accepting_calendar()._service_version()
        self._step_timer(lambda draft: draft.resume(now, version))

    def _stop_timer(self, now):
        self.env["service.sla.timer"]._note(self.task_ids, "accepted", at=now)
        self._step_timer(lambda draft: draft.stop(now))

    def _cancel_timer(self, now):
        self.env["service.sla.timer"]._note(self.task_ids, "returned", at=now)
        self._step_timer(lambda draft: draft.cancel(now, NOT_APPLICABLE))

    def _step_timer(self, step):
        """Let the timer of this offer take a step, if there is one that still measures."""
        timer = self.timer_id._as_system()
        ledger = Ledger(timer.env)
        for draft in ledger.take(timer.filtered(lambda one: one.state in OPEN_TIMERS)):
            draft.assign(self.to_team_id.id)
            step(draft)
        ledger.save()

    def _tell_unmeasured(self, calendar):
        """Tell the leads of the receiver that their hours never offer the time to accept."""
        leads = self._get_leads(self.to_team_id)
        handoff = self.with_context(lang=leads[:1].lang)
        # sudo: whoever offers may not write to the leads of others.
        handoff.sudo().message_post(
            body=handoff.env._(
                "The time to accept is not measured: the working hours “%(calendar)s” never offer "
                "%(hours)s hours. Add opening hours, or choose other ones for the team.",
                calendar=calendar.name,
                hours=self.type_id.accept_hours,
            ),
            subtype_xmlid="mail.mt_note",
            partner_ids=leads.partner_id.ids,
            notify_skip_followers=True,  # it concerns those who can repair it
        )

    def _note_transfer(self, tasks, now):
        """Note which requests go to another team: its internal agreements begin."""
        team = self.to_team_id
        moved = tasks.filtered(
            lambda task: team and (task.service_team_id or self.from_team_id) != team
        )
        self.env["service.sla.timer"]._note(moved, "transferred", at=now)

    # What time does

    def _escalate(self, point):
        """Call people because nobody has accepted; a failure is told and stops nothing else."""
        try:
            with self.env.cr.savepoint():
                self._call_overdue(point)
        except Exception as error:
            if self.env["service.sla.escalation"]._is_repeated_after(error):
                raise
            _logger.warning("Handoff %s could not be escalated", self.id, exc_info=True)

    def _call_overdue(self, point):
        is_first = point == OVERDUE
        for user in self._get_overdue_people() if is_first else self._get_deciding_manager():
            handoff = self.with_context(lang=user.lang)
            summary = (
                handoff.env._("%(name)s is overdue: nobody has accepted it yet", name=self.name)
                if is_first
                else handoff.env._(
                    "%(name)s waits twice as long as agreed: decide who takes over", name=self.name
                )
            )
            handoff._call(user, summary, self.situation)

    def _get_overdue_people(self):
        """Return who has to accept, and who leads the two sides."""
        leads = self._get_leads(self.from_team_id) | self._get_leads(self.to_team_id)
        return self._get_receivers() | leads

    def _get_deciding_manager(self):
        """Return one manager: of the service, else the first one of the company."""
        managers = self._get_managers()
        return (self.project_id.user_id & managers) or managers.sorted("id")[:1]
