# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What people decide about a suspicion: it is one or none, and what it means."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..journey.service_commitment import OPEN_STATES as OPEN_PROMISES


class ServiceDelay(models.Model):
    _inherit = "service.delay"

    def action_confirm(self):
        """Say that the promise moves; needs a reason, and the new date or when it is known."""
        self._check_role("accountable", "lead")
        self._check_from("suspected")
        for delay in self:
            delay._check_explained()
        for delay in self:
            delay._confirm(fields.Datetime.now())
        self._cascade()

    def action_dismiss(self, reason):
        """Say that the promise holds.

        :param reason: why it was no delay; internal, kept to judge the rule by
        """
        self._check_role("accountable", "lead")
        self._check_from("suspected", "confirmed")
        self._check_reason(reason)
        for delay in self.filtered(lambda one: one.state == "confirmed"):
            delay._check_outrun()
        self._end("dismissed", dismiss_reason=reason)

    def action_absorb(self):
        """Say that the promise is kept all the same: nothing is sent to the customer."""
        self._check_role("lead")
        self._check_from("confirmed")
        for delay in self:
            delay._check_unsent()
            if delay._is_outrun():
                raise UserError(
                    self.env._(
                        "The date of “%(name)s” has moved: tell the customer why.",
                        name=delay.display_name,
                    )
                )
        self._end("absorbed")

    def action_approve(self):
        """Approve the message to the customer: by a lead, or a manager where it needs one."""
        self._check_from("confirmed")
        for delay in self:
            delay._check_unsent()
            role = "manager" if delay.approval == "manager" else "lead"
            delay._check_role(role)
            delay._go("confirmed", approved_at=fields.Datetime.now(), approved_by_id=self.env.uid)

    def action_ask_approval(self):
        """Ask whoever may approve it."""
        self._check_role("accountable", "lead")
        self._check_from("confirmed")
        for delay in self:
            person = delay._get_managers()[:1] if delay.approval == "manager" else delay._get_lead()
            words = delay.with_context(lang=person.lang)
            delay._end_calls()
            activity = words._call(
                person,
                words.env._(
                    "Approve what the customer reads about “%(name)s”", name=delay.display_name
                ),
                note=delay.customer_explanation,
            )
            delay._go("confirmed", activity_id=activity.id)

    # What they share

    def _check_from(self, *states):
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for delay in self:
            if delay.state not in states:
                raise UserError(
                    self.env._(
                        "The delay of “%(name)s” is “%(state)s” by now: reload the page to see "
                        "what happened.",
                        name=delay.display_name,
                        state=labels[delay.state],
                    )
                )

    def _check_unsent(self):
        if self.sent_at:
            raise UserError(
                self.env._(
                    "The message about “%(name)s” has left already: note a new delay to change "
                    "what it says.",
                    name=self.display_name,
                )
            )

    def _check_outrun(self):
        """Let a confirmed delay be dismissed only when the promise has moved without it."""
        self._check_unsent()
        if not self._is_outrun():
            raise UserError(
                self.env._(
                    "The delay of “%(name)s” is confirmed by now: tell the customer, or let a team "
                    "lead say that the promise holds after all.",
                    name=self.display_name,
                )
            )

    def _is_outrun(self):
        """Tell whether the promise got another date since this was noticed, by other means."""
        promise = self.commitment_id
        newer = promise.revision_ids.filtered(
            lambda one: one != self.revision_id and one.set_at > self.detected_at
        )
        # The date may have been recorded as a commitment because of this delay.
        newer = newer.filtered(lambda one: one.sequence > 1)
        return bool(newer) or promise._get_counted_day(fields.Datetime.now()) != self.old_to

    def _check_explained(self):
        """Refuse a delay without a reason, without a new date, or that is none."""
        if not self.reason_id:
            raise UserError(self.env._("Choose why “%(name)s” is late.", name=self.display_name))
        if any(self._get_reasons().mapped("needs_cause")) and not self.cascaded_from_id:
            raise UserError(self.env._("Name the earlier delay that this one follows from."))
        if self.cascaded_from_id == self or self._has_cycle("cascaded_from_id"):
            raise UserError(self.env._("A delay cannot follow from itself."))
        if not (self.new_to or self.known_by):
            raise UserError(self.env._("Enter the new date, or the day by which you will tell it."))
        day = self.new_to or self.known_by
        if day < self.project_id._service_today(fields.Datetime.now()):
            raise UserError(self.env._("Enter a new date that is still to come."))
        if self.new_to and self.old_to and self.new_to <= self.old_to:
            raise UserError(
                self.env._("The new date is not later than the old one: then this is no delay.")
            )

    def _confirm(self, now):
        self._ensure_commitment()
        self._go(
            "confirmed",
            confirmed_at=now,
            confirmed_by_id=self.env.uid,
            **self._prepare_impact(self._get_working_time()),
        )
        self._set_reason_due()
        self._end_calls()
        others = self._get_promise().filtered(lambda one: one.state == "suspected") - self
        others._supersede(self)

    def _set_reason_due(self):
        """Set until when a reason holds that is none yet: counted from the confirmation on."""
        days = min((days for days in self._get_reasons().mapped("valid_days") if days), default=0)
        due = days and self._get_working_time().add_days(self.confirmed_at, days)
        self._go("confirmed", reason_due_at=due)

    def _prepare_impact(self, hours):
        """Return how much later it is, in working time; 0 while the new date is not known."""
        end = self.new_to and self.project_id._service_end_of(self.new_to)
        impact = hours.elapsed(self.old_at, end) if end and self.old_at else 0
        return {"impact_seconds": impact, "explained_seconds": self._get_explained(impact)}

    def _ensure_commitment(self):
        """Record as a commitment what stood on the customer's page as a date only."""
        if self.commitment_id:
            return
        same_date = self._get_promise()  # others may suspect the same date
        place = self._get_thread()
        if not place.sudo()._is_shown_to_customer():  # sudo: as below
            raise UserError(
                self.env._(
                    "The customer does not see “%(name)s”: record in their words what was "
                    "promised, as a commitment.",
                    name=self.display_name,
                )
            )
        # sudo: it follows from the date that was promised, whoever confirms that it moves.
        commitment_sudo = (
            self.env["service.commitment"]
            .sudo()
            .create(
                {
                    "name": self._get_promise_name(),
                    "project_id": self.project_id.id,
                    "task_id": self.task_id.id,
                    "current_to": self.old_to,
                    "owner_user_id": self._get_accountable()[:1].id,
                }
            )
        )
        place.sudo().primary_commitment_id = commitment_sudo  # sudo: as above
        for delay in same_date:
            delay._go(
                delay.state,
                commitment_id=commitment_sudo.id,
                fingerprint=delay._rename_fact(commitment_sudo),
            )

    def _rename_fact(self, commitment):
        """Return the fact behind this in the words of its new promise: it is still the same."""
        place = f":{'task' if self.task_id else 'project'}{(self.task_id or self.project_id).id}:"
        return self.fingerprint and self.fingerprint.replace(
            place, f":commitment{commitment.id}:", 1
        )

    def _supersede(self, newer):
        """Let these give way to a newer delay on the same promise."""
        self._end("superseded", superseded_by_id=newer.id)

    def _end(self, state, **values):
        for delay in self:
            delay._go(state, ended_at=fields.Datetime.now(), **values)
        self._end_calls()
        # What was left aside meanwhile is looked at again.
        self._note_delay_change()

    # What becomes of them with the promise

    def _follow_promise(self, is_kept):
        """End the delays of a promise that was fulfilled or called off.

        :param is_kept: whether it was fulfilled, in time or later
        """
        told = self.filtered(lambda one: one.state in ("confirmed", "communicated"))
        told._end("resolved")
        words = (
            self.env._("The promise was fulfilled meanwhile.")
            if is_kept
            else self.env._("Nobody counts on this date any more.")
        )
        suspected = self.filtered(lambda one: one.state == "suspected")
        suspected._end("dismissed", dismiss_reason=words)


class ServiceCommitment(models.Model):
    _inherit = "service.commitment"

    delay_ids = fields.One2many("service.delay", "commitment_id", string="Delays", readonly=True)

    def _go(self, state, **values):
        result = super()._go(state, **values)
        if values.get("kept_at") or state in ("kept", "withdrawn"):
            # sudo: what is late about it may be out of sight of whoever fulfils it.
            self.sudo().delay_ids._follow_promise(is_kept=state != "withdrawn")
        return result

    def _get_last_day(self):
        """Return the last day it is promised for, or the day by which that is told."""
        return self.current_to or self.known_by

    def _get_counted_day(self, now):
        """Return the day the customer counts on: the last one, unless they did not accept it."""
        last = self.revision_ids.sorted("sequence")[-1:]
        if last.acknowledgement == "contested":
            return self._get_reference_day(self.revision_ids, now)
        return self._get_last_day()

    def _get_moves(self):
        """Return the dates that came after the promised one."""
        revisions = self.revision_ids.sorted("sequence")
        first = revisions.filtered("is_original")[:1]
        return revisions.filtered(lambda one: first and one.sequence > first.sequence)

    def _is_movable(self):
        """Tell whether it is ours, told, and not fulfilled."""
        self.ensure_one()
        is_open = self.state in (*OPEN_PROMISES, "broken") and not self.kept_at
        return is_open and self.direction == "ours"
