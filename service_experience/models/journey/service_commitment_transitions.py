# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What becomes of a commitment: moved, kept, broken, withdrawn."""

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .reader_dates import ReaderDates
from .service_commitment import OPEN_STATES

BATCH = 200


class ServiceCommitment(models.Model):
    _inherit = "service.commitment"

    def action_promise(self):
        """Make the commitment: from now on the customer counts on it."""
        self._check_from("draft")
        self._check_not_template()
        for commitment in self:
            if not commitment.due_at:
                raise UserError(
                    self.env._("Enter the promised day, or when you will tell it, first.")
                )
            commitment._go("active")
            commitment.revision_ids[-1:]._mark_told(is_original=True)
            commitment._tell_made()

    def action_open_move(self):
        return self._open_dialog(self.env._("Move the commitment"), "service.commitment.move")

    def action_open_risk(self):
        return self._open_dialog(
            self.env._("The commitment is at risk"),
            "service.commitment.reason",
            default_deed="risk",
        )

    def action_open_withdraw(self):
        return self._open_dialog(
            self.env._("Withdraw the commitment"),
            "service.commitment.reason",
            default_deed="withdraw",
        )

    def _open_dialog(self, name, model, **context):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_commitment_id": self.id, **context},
        }

    def action_move(self, date_to, text, date_from=None, confidence=None, known_by=None):
        """Give the commitment another date, and tell the customer.

        :param date_to: last day of the new commitment (date), or None when ``known_by`` is given
        :param text: why it moves; the customer reads it
        :param date_from: first day, for a range
        :param confidence: ``firm``, ``likely`` or ``estimate``; as before if not given
        :param known_by: the day by which the date is told, if it is not known yet
        :return: the new revision
        """
        self.ensure_one()
        self._check_from("draft", *OPEN_STATES, "broken")
        self._check_unfulfilled()
        if not (text or "").strip():
            raise UserError(
                self.env._("Tell the customer why the date moves: enter the explanation.")
            )
        revision = self.env["service.commitment.revision"]._add(
            self,
            date_from=date_from,
            date_to=date_to,
            confidence=confidence or self.confidence,
            known_by=known_by,
            text=text,
        )
        if self.state != "draft":
            self._tell_moved(revision)
        return revision

    def action_at_risk(self, reason):
        """Say that the date may not hold.

        :param reason: why; internal
        """
        self._check_from("active", "renegotiated")
        self._check_reason(reason)
        self._go("at_risk", risk_reason=reason)

    def action_back_on_track(self):
        self._check_from("at_risk")
        for commitment in self:
            moved = len(commitment.revision_ids) > 1 and commitment.revision_ids[-1]._is_agreed()
            commitment._go("renegotiated" if moved else "active", risk_reason=False)

    def action_keep(self):
        """Say that it is fulfilled; needs a proof, the customer's word or a finished step."""
        self._check_from(*OPEN_STATES, "broken")
        self._check_unfulfilled()
        for commitment in self:
            if not commitment._has_evidence():
                raise UserError(
                    self.env._(
                        "How do we know that “%(name)s” is fulfilled? Attach a proof, note that "
                        "the customer accepted it, or finish one of its steps.",
                        name=commitment.name,
                    )
                )
        self._fulfil(fields.Datetime.now())

    def action_customer_accepted(self):
        """Note that the customer said it is fulfilled."""
        self._check_from(*OPEN_STATES, "broken")
        self._check_unfulfilled()
        for commitment in self:
            commitment._go(commitment.state, acknowledged_at=fields.Datetime.now())
        self._fulfil(fields.Datetime.now())

    def action_withdraw(self, reason):
        """Call the commitment off before it is due.

        :param reason: why; internal
        """
        self._check_from("draft", *OPEN_STATES)
        self._check_reason(reason)
        self._break_overdue(fields.Datetime.now())
        self._check_from("draft", *OPEN_STATES)
        told = self.filtered(lambda commitment: commitment._is_told())
        self._go("withdrawn", end_reason=reason)
        told._tell_history("commitment_withdrawn")

    # By time

    @api.model
    def _cron_break_overdue(self):
        """Take silence for consent where it lasted, then break what was not kept in time."""
        now = fields.Datetime.now()
        silent = self.env["service.commitment.revision"].search(
            [("tacit_at", "<=", now), ("acknowledgement", "=", "none")], limit=BATCH
        )
        silent._acknowledge("tacit")
        self.env["ir.cron"]._commit_progress(len(silent))
        overdue = self.search(self._get_overdue_domain(now), limit=BATCH)
        overdue._break_overdue(now)
        more = len(silent) == BATCH or len(overdue) == BATCH
        self.env["ir.cron"]._commit_progress(len(overdue), remaining=int(more))

    def _break_overdue(self, now):
        for commitment in self.filtered(lambda one: one.state in OPEN_STATES):
            due_at = commitment._get_reference_at(now)
            if due_at and due_at <= now:
                commitment._go("broken", broken_at=due_at)
                if commitment.direction == "ours":
                    commitment._tell_history("commitment_broken", occurred_at=due_at)

    # By steps and by the customer

    def _keep_by_steps(self):
        """Keep the commitments whose steps are all finished."""
        for commitment in self.filtered(lambda one: one.state in (*OPEN_STATES, "broken")):
            # A step that was archived unfinished is not finished.
            steps = commitment.with_context(active_test=False).step_ids
            if steps and all(step.state in ("done", "waived", "cancelled") for step in steps):
                finished = [step.accepted_at for step in steps if step.accepted_at]
                if finished and not commitment.kept_at:
                    commitment._fulfil(max(finished))

    def _has_evidence(self):
        return bool(
            self.proof_ids
            or self.acknowledged_at
            or any(step.state == "done" for step in self.step_ids)
        )

    def _fulfil(self, at):
        self._break_overdue(at)
        for commitment in self:
            # What was broken stays broken, however late it is fulfilled.
            is_late = commitment.state == "broken"
            commitment._go("broken" if is_late else "kept", kept_at=at)
            commitment._tell_history(
                "commitment_late" if is_late else "commitment_kept",
                attachment_ids=[Command.set(commitment.proof_ids.ids)],
            )

    def _follow_acknowledgement(self, revision):
        """Take a date that the customer agreed to in time as the one that counts."""
        if self.state in OPEN_STATES:
            before = self.revision_ids - revision
            old_day = self._get_reference_day(before)
            agreed_at = revision.acknowledged_at
            if old_day and agreed_at > self._get_end_of_day(old_day):
                self._go("broken", broken_at=self._get_end_of_day(old_day))
            elif self.state == "active":
                self._go("renegotiated")

    # Words

    def _check_from(self, *states):
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for commitment in self:
            if commitment.state not in states:
                raise UserError(
                    self.env._(
                        "“%(name)s” is “%(state)s” by now: reload the page to see what happened.",
                        name=commitment.name,
                        state=labels[commitment.state],
                    )
                )

    def _check_unfulfilled(self):
        for commitment in self:
            if commitment.kept_at:
                raise UserError(
                    self.env._(
                        "“%(name)s” was fulfilled already: its date stays.", name=commitment.name
                    )
                )

    def _tell_made(self):
        key = "commitment_made" if self.direction == "ours" else "commitment_noted"
        self._tell_history(key, day=self.current_to)

    def _tell_moved(self, revision):
        """Write the new date into the conversation and the history."""
        before = (self.revision_ids - revision).sorted("sequence")[-1:]
        message = self.env["mail.message"]
        person = self._get_customer_person()
        if self.customer_visible and person:
            body = self.with_context(lang=person.lang or self.env.lang)._get_moved_body(revision)
            message = self._post(subject=self.name, **self._prepare_mail_values(person, body))
            revision._mark_told()
        self._tell_history(
            "commitment_moved",
            day=revision.date_to,
            old_day=before.date_to,
            text=revision.text,
            urgency="urgent",
            message_id=message.id,
        )

    def _get_moved_body(self, revision):
        zone = self.project_id._service_timezone(self._get_customer_person())
        dates = ReaderDates.of(self.env, zone)
        lines = [
            self.env._(
                "New date for “%(name)s”: %(day)s.",
                name=self.name,
                day=dates.short(revision.date_to),
            )
            if revision.date_to
            else self.env._(
                "We tell you the new date of “%(name)s” by %(day)s.",
                name=self.name,
                day=dates.short(revision.known_by),
            ),
            revision.text,
        ]
        return Markup("").join(Markup("<p>%s</p>") % line for line in lines)

    def _tell_history(self, key, day=None, old_day=None, **values):
        for commitment in self.filtered("customer_visible"):
            params = {"name": commitment.name}
            params |= {"day": day.isoformat()} if day else {}
            params |= {"old_day": old_day.isoformat()} if old_day else {}
            self.env["service.timeline.entry"]._record(
                commitment, key, params, commitment_id=commitment.id, **values
            )
