# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# What was said is not rewritten: who corrects it adds a successor.
_SAID_FIELDS = {
    "answer",
    "partner_id",
    "project_id",
    "question",
    "said_at",
    "said_by_id",
    "step_id",
    "superseded_by_id",
    "confirmed_at",
    "correction_of_id",
}


_LATER_FIELDS = ("superseded_by_id", "confirmed_at", "correction_of_id")


class ServiceFact(models.Model):
    """Something the customer told us, so that they need not explain it again."""

    _name = "service.fact"
    _description = "What the Customer Told Us"
    _order = "said_at desc, id desc"
    _rec_name = "question"

    topic_id = fields.Many2one("service.topic", index="btree_not_null", ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="cascade",
    )
    project_id = fields.Many2one(
        "project.project",
        string="Service",
        index="btree_not_null",
        ondelete="cascade",
        help="Leave it empty when it holds for all services of this customer.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    question = fields.Char(required=True, help="What it answers, such as “How old is the house?”")
    answer = fields.Text(required=True, help="What they said.")
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Files", copy=False, bypass_search_access=True
    )
    said_by_id = fields.Many2one("res.partner", ondelete="set null")
    said_at = fields.Datetime(required=True, default=lambda self: fields.Datetime.now())
    source_ref = fields.Char(string="Source", help="Where they said it: a call, a mail, a form.")
    certainty = fields.Selection(
        [("stated", "Stated"), ("inferred", "Inferred"), ("imported", "Imported")],
        required=True,
        default="stated",
    )
    sensitivity = fields.Selection(
        [("normal", "Normal"), ("confidential", "Confidential"), ("personal", "Personal")],
        required=True,
        default="normal",
        help="Personal: only members of the service read it.",
    )
    customer_visible = fields.Boolean(
        string="Visible to the Customer",
        compute="_compute_customer_visible",
        store=True,
        readonly=False,
        precompute=True,
        help="Show it on the customer's page under “What you told us”.",
    )
    valid_until = fields.Date(help="Ask again afterwards.")
    superseded_by_id = fields.Many2one(
        "service.fact", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    correction_of_id = fields.Many2one(
        "service.fact", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    confirmed_at = fields.Datetime(
        readonly=True, copy=False, help="When the customer last confirmed that it still holds."
    )
    step_id = fields.Many2one(
        "service.step", readonly=True, index="btree_not_null", ondelete="set null"
    )
    is_valid = fields.Boolean(compute="_compute_is_valid", search="_search_is_valid")

    _correction_uniq = models.UniqueIndex(
        "(correction_of_id) WHERE correction_of_id IS NOT NULL",
        "Somebody else corrected this just now: reload the page to see what holds.",
    )
    _known_idx = models.Index("(topic_id, partner_id) WHERE superseded_by_id IS NULL")

    @api.depends("project_id")
    def _compute_partner_id(self):
        for fact in self:
            partner = fact.partner_id or fact.project_id.partner_id
            fact.partner_id = partner.commercial_partner_id

    @api.depends("project_id.company_id", "partner_id.company_id")
    def _compute_company_id(self):
        for fact in self:
            fact.company_id = fact.project_id.company_id or fact.partner_id.company_id

    @api.depends("certainty", "sensitivity")
    def _compute_customer_visible(self):
        for fact in self:
            fact.customer_visible = (
                fact.certainty != "inferred" and fact.sensitivity != "confidential"
            )

    @api.depends("superseded_by_id", "valid_until")
    def _compute_is_valid(self):
        today = fields.Date.context_today(self)
        for fact in self:
            fact.is_valid = not fact.superseded_by_id and (
                not fact.valid_until or fact.valid_until >= today
            )

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        valid = Domain("superseded_by_id", "=", False) & (
            Domain("valid_until", "=", False) | Domain("valid_until", ">=", today)
        )
        return Domain.OR(valid if flag else ~valid for flag in value)

    @api.constrains("sensitivity", "project_id")
    def _check_personal(self):
        if any(fact.sensitivity == "personal" and not fact.project_id for fact in self):
            raise ValidationError(
                self.env._(
                    "A personal fact is read by the members of one service only: choose the "
                    "service it belongs to."
                )
            )

    @api.constrains("customer_visible", "certainty", "sensitivity")
    def _check_customer_visible(self):
        for fact in self:
            if fact.customer_visible and (
                fact.certainty == "inferred" or fact.sensitivity == "confidential"
            ):
                raise ValidationError(
                    self.env._(
                        "What was inferred or is confidential is never shown to the customer: "
                        "switch off “Visible to the Customer”."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if any(map(vals.get, _LATER_FIELDS)):
                raise UserError(
                    self.env._(
                        "What becomes of a fact is not entered: correct or confirm it later."
                    )
                )
            if vals.get("partner_id"):
                partner = self.env["res.partner"].browse(vals["partner_id"])
                vals["partner_id"] = partner.commercial_partner_id.id
        return super().create(vals_list)

    def write(self, vals):
        if _SAID_FIELDS.intersection(vals):
            raise UserError(
                self.env._(
                    "What the customer said is not rewritten: use “Correct it” to note what they "
                    "say now."
                )
            )
        return super().write(vals)

    def _set(self, **values):
        """Write what happens to a fact later; only the methods below call this."""
        # The write of this model refuses these fields, for everybody.
        return super().write(values)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_lead(self):
        group = "service_experience.service_experience_group_lead"
        if not (self.env.su or self.env.user.has_group(group)):
            raise UserError(
                self.env._("Only a team lead deletes what a customer told us: correct it instead.")
            )

    @api.model
    def _get_known(self, topic, partner, project):
        """Return what this customer told about a topic and still holds, the latest first.

        Also what other services of this customer know: their name is not asked for twice.
        Personal facts stay within their service.
        """
        if not (topic and partner):
            return self.browse()
        in_service = Domain("project_id", "in", [False, project.id])
        domain = (
            Domain("topic_id", "=", topic.id)
            & Domain("partner_id", "=", partner.commercial_partner_id.id)
            & Domain("is_valid", "=", True)
            & (in_service | Domain("sensitivity", "!=", "personal"))
        )
        return self.search(domain)

    def action_confirm(self):
        """Note that the customer confirmed that it still holds."""
        self.check_access("write")
        for fact in self:
            fact._set(confirmed_at=fields.Datetime.now())

    def action_open_correct(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct it"),
            "res_model": "service.fact.correct",
            "view_mode": "form",
            "target": "new",
            "context": {"default_fact_id": self.id},
        }

    def _correct(self, answer, said_by, source, **values):
        """Note what the customer says now instead of this.

        :param answer: what they say now
        :param said_by: partner who says it
        :param source: where they said it
        :return: the new fact
        """
        self.ensure_one()
        if self.superseded_by_id:
            raise UserError(
                self.env._("This was corrected already: correct what holds now instead.")
            )
        if not (answer or "").strip():
            raise UserError(self.env._("Enter what the customer says now."))
        successor = self.copy(
            {
                "answer": answer,
                "said_by_id": said_by.id,
                "said_at": fields.Datetime.now(),
                "source_ref": source,
                "certainty": "stated",
                **values,
            }
        )
        successor._set(correction_of_id=self.id)
        self._set(superseded_by_id=successor.id)
        return successor
