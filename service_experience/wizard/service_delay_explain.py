# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

# How many working days after the old date a new one is proposed where nothing is known.
PROPOSED_DAYS = (3, 5)
# The customer hears from us again within so many working days, see the longest silence when late.
UPDATE_DAYS = 1


class ServiceDelayExplain(models.TransientModel):
    """Turns a suspicion, or what a colleague knows, into an honest message to the customer."""

    _name = "service.delay.explain"
    _description = "Explain a Delay"

    delay_id = fields.Many2one("service.delay", ondelete="cascade", readonly=True)
    project_id = fields.Many2one(
        "project.project",
        string="Service",
        compute="_compute_place",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    task_id = fields.Many2one(
        "project.task",
        string="Request",
        compute="_compute_place",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    commitment_id = fields.Many2one(
        "service.commitment",
        string="What Is Late",
        domain="[('project_id', '=', project_id), ('direction', '=', 'ours'),"
        " ('kept_at', '=', False),"
        " ('state', 'in', ['active', 'at_risk', 'renegotiated', 'broken'])]",
    )
    why = fields.Char(related="delay_id.why", related_sudo=False)
    old_to = fields.Date(string="Old Date", compute="_compute_old_to")
    reason_id = fields.Many2one("service.delay.reason", string="Why")
    second_reason_id = fields.Many2one("service.delay.reason", string="Also Because")
    party = fields.Selection(related="reason_id.party", related_sudo=False)
    needs_cause = fields.Boolean(related="reason_id.needs_cause", related_sudo=False)
    needs_evidence = fields.Boolean(related="reason_id.needs_evidence", related_sudo=False)
    step_id = fields.Many2one(
        "service.step",
        string="What We Asked For",
        domain="[('project_id', '=', project_id), ('party', '=', 'customer'),"
        " ('requested_at', '!=', False)]",
    )
    cascaded_from_id = fields.Many2one(
        "service.delay", string="Follows From", domain="[('project_id', '=', project_id)]"
    )
    is_date_unknown = fields.Boolean(string="We Do Not Know the New Date Yet")
    new_from = fields.Date(
        string="Not Before", compute="_compute_new", compute_sudo=False, store=True, readonly=False
    )
    new_to = fields.Date(
        string="New Date",
        compute="_compute_new",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Proposed from finished requests like this one where there are enough of them, else "
        "some working days later. Look at it before you promise it.",
    )
    proposal = fields.Char(compute="_compute_proposal", help="What the proposal rests on.")
    known_by = fields.Date(
        string="Date Known By",
        compute="_compute_known_by",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    confidence = fields.Selection(
        [("firm", "Firm"), ("likely", "Likely"), ("estimate", "Estimate")],
        default="likely",
        required=True,
    )
    doing = fields.Text(string="What We Do")
    means_for_you = fields.Text(string="What It Means for Them")
    next_update_due = fields.Datetime(
        string="Next Update",
        compute="_compute_next_update_due",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    options = fields.Text(help="One option a line, if the customer has a choice.")
    customer_explanation = fields.Text(string="Explanation")
    draft = fields.Text(help="The explanation as it was drafted from the reason.")
    internal_cause = fields.Text(string="What Really Happened")
    lesson = fields.Text()
    personal_contact = fields.Char(string="Talked To")
    evidence_ids = fields.Many2many("ir.attachment", bypass_search_access=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        delay = self.env["service.delay"].browse(values.get("delay_id"))
        for name in _COPIED_FIELDS if delay else ():
            if name in fields and delay[name]:
                field = delay._fields[name]
                values[name] = field.convert_to_write(delay[name], delay)
        if delay and "commitment_id" in fields:
            values["commitment_id"] = delay.commitment_id.id
        if delay and "options" in fields:
            values["options"] = "\n".join(delay.option_ids.mapped("name"))
        if delay and "is_date_unknown" in fields:
            values["is_date_unknown"] = bool(delay.known_by and not delay.new_to)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_links(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_links(vals)
        return super().write(vals)

    @api.model
    def _check_links(self, vals):
        """Let nobody open the dialog for what they may not see."""
        self.env["service.delay"].browse(vals.get("delay_id") or ()).check_access("read")
        self.env["service.delay"]._check_links(vals)

    @api.depends("delay_id", "commitment_id")
    def _compute_place(self):
        for dialog in self:
            source = dialog.delay_id or dialog.commitment_id
            if source:
                dialog.project_id = source.project_id
                dialog.task_id = source.task_id
            else:
                dialog.project_id = dialog.project_id or dialog.task_id.project_id
                dialog.task_id = dialog.task_id

    @api.depends("delay_id", "commitment_id", "task_id", "project_id")
    def _compute_old_to(self):
        now = fields.Datetime.now()
        for dialog in self:
            promise, place = dialog.commitment_id, dialog.task_id or dialog.project_id
            at = place and place._get_promised_at(now)
            day = at and dialog.project_id._service_last_day(at)
            dialog.old_to = dialog.delay_id.old_to or promise._get_last_day() or day

    @api.depends("old_to", "is_date_unknown")
    def _compute_new(self):
        """Propose a range in working time, from the forecast where there is one."""
        now = fields.Datetime.now()
        for dialog in self:
            first, last, _rests_on = dialog._propose(now)
            known = not dialog.is_date_unknown
            dialog.new_from = known and (dialog.delay_id.new_from or first)
            dialog.new_to = known and (dialog.delay_id.new_to or last)

    @api.depends("old_to")
    def _compute_proposal(self):
        now = fields.Datetime.now()
        for dialog in self:
            dialog.proposal = dialog._propose(now)[2]

    def _propose(self, now):
        """Return the first and the last day that are proposed, and what that rests on."""
        service = self.project_id
        if not service:
            return False, False, False
        forecast = self.task_id._service_forecasts(now).get(self.task_id.id)
        if forecast and self.old_to:
            half, most, cases = forecast
            days = [service._service_today(at) for at in (half, most)]
            if days[1] > self.old_to:
                days[0] = max(days[0], self.old_to + timedelta(days=1))
                words = self.env._(
                    "From %(cases)s finished requests like this one: half were done by the first "
                    "day, four of five by the last.",
                    cases=cases,
                )
                return *days, words
        return *self._propose_days(now), self.env._(
            "Not enough history: three to five working days later. Enter what you know."
        )

    def _propose_days(self, now):
        service = self.project_id
        start = max(self.old_to or service._service_today(now), service._service_today(now))
        hours, midnight = service._service_working_time(), service._service_midnight(start)
        ends = [hours.add_days(midnight, days) for days in PROPOSED_DAYS]
        return [at and service._service_today(at) for at in ends]

    @api.depends("is_date_unknown", "project_id")
    def _compute_known_by(self):
        for dialog in self:
            service = dialog.project_id
            day = dialog.is_date_unknown and service and service._service_due_day(2)
            dialog.known_by = dialog.is_date_unknown and (dialog.known_by or day)

    @api.depends("project_id")
    def _compute_next_update_due(self):
        now = fields.Datetime.now()
        for dialog in self:
            hours = dialog.project_id and dialog.project_id._service_working_time()
            soon = hours and hours.add_days(now, UPDATE_DAYS)
            dialog.next_update_due = dialog.next_update_due or soon

    # Deeds

    def action_confirm(self):
        """Confirm the delay without a word to the customer yet."""
        delay = self._apply()
        if delay.state == "suspected":
            delay.action_confirm()
        return {"type": "ir.actions.act_window_close"}

    def action_tell(self):
        """Confirm the delay and tell the customer, or ask for the approval that it needs."""
        self.action_confirm()
        delay = self.delay_id
        if self._is_mine_to_tell():
            delay.action_tell()
            return {"type": "ir.actions.act_window_close"}
        delay.action_ask_approval()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("Somebody has to approve it first: they were asked."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _is_mine_to_tell(self):
        delay = self.delay_id
        if delay.approval == "none" or delay.approved_at:
            return True
        return delay._has_role("manager" if delay.approval == "manager" else "lead")

    def _apply(self):
        """Write what was entered onto the delay; note one where there is none yet."""
        self.ensure_one()
        delay = self.delay_id
        if not delay:
            if not self.project_id:
                raise UserError(self.env._("Choose what is late first."))
            delay = self.env["service.delay"].create(
                {
                    "project_id": self.project_id.id,
                    "task_id": self.task_id.id,
                    "commitment_id": self.commitment_id.id,
                }
            )
            self.delay_id = delay
        delay.write(self._get_changes(delay))
        return delay

    def _get_changes(self, delay):
        """Return what was entered that differs: what was approved stays approved otherwise."""
        changes = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in _COPIED_FIELDS
            if (self[name] or False) != (delay[name] or False)
        }
        names = [line.strip() for line in (self.options or "").splitlines() if line.strip()]
        if names != delay.option_ids.mapped("name"):
            lines = [Command.create({"name": name}) for name in names]
            changes["option_ids"] = [Command.clear(), *lines]
        return changes


# What the dialog and the delay have in common, under the same name.
_COPIED_FIELDS = (
    "reason_id",
    "second_reason_id",
    "step_id",
    "cascaded_from_id",
    "new_from",
    "new_to",
    "known_by",
    "confidence",
    "doing",
    "means_for_you",
    "next_update_due",
    "customer_explanation",
    "internal_cause",
    "lesson",
    "personal_contact",
    "evidence_ids",
)
