# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

LEAD_GROUP = "service_experience.service_experience_group_lead"


class ServiceHandoffType(models.Model):
    """How one kind of transfer works: what the receiver must get, and by when they accept."""

    _name = "service.handoff.type"
    _description = "Handoff Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="By this other systems name the type, for example “sales_to_delivery”.",
    )
    description = fields.Text(translate=True, help="When your team uses it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Leave empty for all companies.")
    trigger = fields.Selection(
        [
            ("manual", "By hand"),
            ("stage", "When a request reaches a stage"),
            ("absence", "Planned absence"),
            ("api", "Another system"),
        ],
        required=True,
        default="manual",
        help="What begins such a handoff. By hand is always possible.",
    )
    item_ids = fields.One2many(
        "service.handoff.type.item", "type_id", string="Required Items", copy=True
    )
    requires_readback = fields.Boolean(
        string="Read-Back",
        default=True,
        help="Whoever accepts says in their own words what the goal is, what they do first and "
        "what the biggest risk is.",
    )
    min_completeness = fields.Float(
        default=0.8, help="Below it only a lead accepts, with a reason."
    )
    accept_hours = fields.Integer(
        string="Accept Within (Hours)",
        default=8,
        help="Working hours of the receiving team until the handoff is overdue.",
    )
    overlap_hours = fields.Integer(
        string="Overlap (Hours)",
        help="Working hours after acceptance in which the sender still answers questions.",
    )
    temporary = fields.Boolean(
        help="The work comes back: the way back is prepared one working day before."
    )
    customer_notice = fields.Selection(
        [("none", "Not told"), ("on_acceptance", "Told when it is accepted")],
        string="The Customer Is",
        required=True,
        default="none",
    )
    intro_template_id = fields.Many2one(
        "mail.template",
        string="Introduction",
        domain="[('model', '=', 'service.handoff')]",
        ondelete="set null",
        help="What the customer reads when somebody else takes over. A sentence of our own where "
        "it is empty.",
    )
    stage_to_id = fields.Many2one(
        "project.task.type",
        string="Stage",
        domain="[('user_id', '=', False)]",
        ondelete="restrict",
        help="Requests move to this stage when the handoff is accepted. For handoffs that a stage "
        "begins: moving a request there drafts the handoff.",
    )
    block_stage = fields.Boolean(
        string="Only by Handoff",
        help="Only team leads may reassign what customers see, or move it to the stage, without a "
        "handoff. It holds in projects with this stage; without a stage, in all.",
    )
    quality_after_days = fields.Integer(
        string="Ask Afterwards (Days)",
        default=14,
        help="Days after acceptance until the receiver is asked what was missing. 0 = never.",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "Another handoff type has this code: choose another one.",
    )

    @api.constrains("min_completeness")
    def _check_min_completeness(self):
        if any(not 0 <= kind.min_completeness <= 1 for kind in self):
            raise ValidationError(self.env._("Enter the completeness as a share from 0 to 1."))

    @api.constrains("accept_hours", "overlap_hours", "quality_after_days")
    def _check_times(self):
        for kind in self:
            if kind.accept_hours < 1 or kind.overlap_hours < 0 or kind.quality_after_days < 0:
                raise ValidationError(
                    self.env._("Enter at least one working hour to accept, and no negative times.")
                )

    @api.constrains("trigger", "stage_to_id")
    def _check_stage_to_id(self):
        if any(kind.trigger == "stage" and not kind.stage_to_id for kind in self):
            raise ValidationError(self.env._("Choose the stage that begins handoffs of this type."))

    @api.model_create_multi
    def create(self, vals_list):
        types = super().create(vals_list)
        self.env.registry.clear_cache()
        return types

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _get_of(self, trigger, company, **values):
        """Return the first type with a trigger for a company, one of its own before others."""
        wanted = {"trigger": trigger, **values}
        return self._get_first([(name, "=", value) for name, value in wanted.items()], company)

    @api.model
    def _get_by_code(self, code, company):
        """Return the type with a code for a company, its own before that of all."""
        return self._get_first([("code", "=", code)], company)

    @api.model
    def _get_first(self, domain, company):
        is_ours = ("company_id", "in", [False, company.id])
        # NULLs come last: a type of the company is preferred.
        return self.search([*domain, is_ours], order="company_id, sequence, id", limit=1)

    @api.model
    @tools.ormcache()
    def _get_stage_ids(self):
        """Return the stages that begin a handoff; without any, moving a request costs nothing."""
        # sudo: a fact about the database, not about what the user may see.
        return frozenset(self.sudo().search([("trigger", "=", "stage")]).stage_to_id.ids)

    @api.model
    @tools.ormcache()
    def _get_blocking_ids(self):
        # sudo: as above.
        return tuple(self.sudo().search([("block_stage", "=", True)]).ids)

    @api.model
    def _get_blocking(self):
        """Return the types by which alone customers' requests change hands."""
        return self.browse(self._get_blocking_ids())

    def _blocks(self, task, is_taken):
        """Tell whether a request in these projects changes hands, or stages, by handoff only.

        :param is_taken: whether it was taken from somebody, or else moved
        """
        if self.company_id and self.company_id != task._get_sla_company():
            return False
        stage = self.stage_to_id
        if is_taken and (not stage or stage in task.project_id.type_ids):
            return True
        return bool(stage) and stage == task.stage_id

    def _is_exempt(self, team):
        """Tell whether the user leads, and so decides.

        :param team: the team that works on the request
        """
        return self.env.user.has_group(LEAD_GROUP) or self.env.user == team.lead_user_id

    @api.model
    def _get_needed(self, tasks):
        """Return the types by which alone these requests change hands; empty for any."""
        return self._get_blocking().filtered(
            lambda kind: any(kind._blocks(task, is_taken=True) for task in tasks)
        )


class ServiceHandoffTypeItem(models.Model):
    """Something the receiver of such a handoff must get."""

    _name = "service.handoff.type.item"
    _description = "Required Item of a Handoff Type"
    _order = "type_id, sequence, id"

    type_id = fields.Many2one("service.handoff.type", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Item", required=True, translate=True)
    hint = fields.Char(translate=True, help="What a good answer says.")
    required = fields.Boolean(
        default=True, help="Nothing is offered without it, unless a lead waives it."
    )
