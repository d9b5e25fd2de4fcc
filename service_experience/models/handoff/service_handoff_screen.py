# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What the screens of a handoff show besides its own fields, and the dialogs they open."""

from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html
from odoo.tools.misc import babel_locale_parse, get_lang

from .service_handoff import INBOX_STATES

# What waits for somebody comes first; columns of what is over appear only where they hold some.
COLUMNS = (*INBOX_STATES, "returned", "draft")


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    state = fields.Selection(group_expand="_group_expand_state")
    can_send = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_receive = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_lead = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_edit = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_answer = fields.Boolean(compute="_compute_can", export_string_translation=False)
    # The receiver is told what it is about, also where a service is shown to its members only.
    subject = fields.Char(
        compute="_compute_subject", compute_sudo=True, help="What is handed over."
    )
    completeness_percent = fields.Integer(
        "Complete (%)", compute="_compute_completeness_percent", aggregator=None
    )
    # Commitments are not missing: the receiver decides about them.
    missing_words = fields.Text("Not There Yet", compute="_compute_missing_count")
    missing_count = fields.Integer("Missing Items", compute="_compute_missing_count")
    undecided_count = fields.Integer("Undecided", compute="_compute_missing_count")
    offered_ago = fields.Char("Offered", compute="_compute_offered_ago")
    customer_preview = fields.Html(
        compute="_compute_customer_preview",
        help="All that the customer reads of this handoff.",
    )

    @api.model
    def _group_expand_state(self, states, domain):
        return COLUMNS

    @api.depends("state", "from_user_id", "to_user_id", "from_team_id", "to_team_id")
    @api.depends_context("uid")
    def _compute_can(self):
        for handoff in self:
            handoff.can_send = handoff._is_sender()
            handoff.can_lead = handoff._is_lead()
            is_theirs = handoff.can_send or handoff.can_lead
            handoff.can_edit = is_theirs and handoff.state in ("draft", "clarification")
            handoff.can_answer = is_theirs and not handoff._is_ended()
            handoff.can_receive = handoff.state in INBOX_STATES and handoff._is_receiver()

    @api.depends("task_ids.name", "project_id.name")
    def _compute_subject(self):
        for handoff in self:
            handoff.subject = ", ".join(handoff._get_subjects().mapped("name"))

    @api.depends("completeness")
    def _compute_completeness_percent(self):
        for handoff in self:
            handoff.completeness_percent = int(handoff.completeness * 100)

    @api.depends("item_ids.state")
    def _compute_missing_count(self):
        for handoff in self:
            missing, promised = handoff.item_ids._get_missing(), handoff.commitment_item_ids
            handoff.undecided_count = len(missing & promised)
            handoff.missing_count = len(missing - promised)
            handoff.missing_words = "\n".join((missing - promised).mapped("name"))

    @api.depends("offered_at")
    @api.depends_context("lang")
    def _compute_offered_ago(self):
        now, locale = fields.Datetime.now(), babel_locale_parse(get_lang(self.env).code)
        for handoff in self:
            # Not before now, where the clocks of two servers differ.
            passed = handoff.offered_at and max(now - handoff.offered_at, timedelta())
            handoff.offered_ago = handoff.offered_at and format_timedelta(
                -passed, add_direction=True, locale=locale
            )

    @api.depends("type_id", "project_id", "task_ids", "to_user_id", "customer_message")
    def _compute_customer_preview(self):
        for handoff in self:
            is_told = handoff.type_id and handoff._is_customer_told()
            handoff.customer_preview = is_told and handoff._get_preview()

    def _get_preview(self):
        """Return what the customer reads when the receiver accepts."""
        # sudo: whoever hands over may read what the type will say.
        if template_sudo := self.type_id.sudo().intro_template_id:
            return plaintext2html(
                self.env._("The introduction of the type: “%s”.", template_sudo.name)
            )
        person = self._get_customer_person()
        seen = self.with_context(lang=person.lang or self.env.lang).new(
            {
                "accepted_by_id": (self.accepted_by_id or self.to_user_id).id,
                "customer_message": self.customer_message,
            }
        )
        return seen._get_introduction()

    @api.model
    def _get_offered_domain(self):
        """Return what the user may accept: offered to them, or to anybody of their teams."""
        uid = self.env.uid
        is_theirs = Domain("to_team_id.member_ids", "in", uid)
        is_theirs |= Domain("to_team_id.lead_user_id", "=", uid)
        return (
            Domain("state", "=", "offered")
            & Domain("from_user_id", "!=", uid)
            & (Domain("to_user_id", "=", uid) | Domain("to_user_id", "=", False) & is_theirs)
        )

    # Dialogs

    def action_open_accept(self):
        """Open what is taken over, and ask for the read-back."""
        self._check_not_sender()
        self._check_role("receiver")
        self._check_from("offered")
        self._fill()
        return self._open_dialog(self.env._("Accept %s", self.name), "service.handoff.accept")

    def action_open_return(self):
        return self._open_reason("return", self.env._("Return %s", self.name))

    def action_open_cancel(self):
        return self._open_reason("cancel", self.env._("Cancel %s", self.name))

    def action_open_allow(self):
        return self._open_reason("allow", self.env._("Allow %s to Be Incomplete", self.name))

    def action_open_handoff(self):
        """Open it on a page of its own."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_done_answered(self):
        """Say of all that has an answer that the receiver has got it."""
        items = self.check_ids.filtered(lambda item: item.state == "open")
        items.filtered(lambda item: (item.answer or "").strip()).action_done()

    def _open_reason(self, deed, name):
        return self._open_dialog(name, "service.handoff.reason", default_deed=deed)

    def _open_dialog(self, name, model, **context):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_handoff_id": self.id, **context},
        }


class ServiceHandoffItem(models.Model):
    _inherit = "service.handoff.item"

    can_answer = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_receive = fields.Boolean(compute="_compute_can", export_string_translation=False)

    @api.depends("handoff_id.can_answer", "handoff_id.can_receive")
    @api.depends_context("uid")
    def _compute_can(self):
        for item in self:
            item.can_answer = item.handoff_id.can_answer
            item.can_receive = item.handoff_id.can_receive

    def action_open_waive(self):
        return self._open_reason("waive", self.env._("Go On Without It"))

    def action_open_flag(self):
        return self._open_reason("flag", self.env._("Flag the Commitment"))

    def _open_reason(self, deed, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "service.handoff.item.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_item_id": self.id, "default_deed": deed},
        }
