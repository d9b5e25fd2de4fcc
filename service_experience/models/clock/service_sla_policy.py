# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .engine.facts import Fact


class ServiceSlaPolicy(models.Model):
    """Who gets which promise."""

    _name = "service.sla.policy"
    _description = "SLA Policy"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10,
        help="Policies are tried from top to bottom. For each kind of promise the first policy "
        "that fits a request decides.",
    )
    active = fields.Boolean(
        default=True,
        help="An archived policy starts no new timers. Timers that run go on to their end.",
    )
    company_id = fields.Many2one(
        "res.company",
        ondelete="restrict",  # a policy of one company never becomes one of all
        help="Only requests of this company. A request without a company belongs to all.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
        help="Is told when the policy cannot do its work, for example when its working hours "
        "have no opening hours any more.",
    )
    kind = fields.Selection(
        [("sla", "Promise to the customer"), ("ola", "Internal agreement")],
        default="sla",
        required=True,
        tracking=True,
        help="Promises to the customer may be shown on the customer's page. Internal agreements "
        "never are.",
    )
    project_ids = fields.Many2many(
        "project.project",
        string="Projects",
        help="Only requests of these projects. Leave empty for all projects.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
        help="Only requests of these customers and of their contacts. Leave empty for everybody.",
    )
    tag_ids = fields.Many2many(
        "project.tags",
        string="Tags",
        help="Only requests with at least one of these tags. Leave empty for any.",
    )
    domain = fields.Char(
        string="Further Conditions",
        tracking=True,
        help="Only requests that meet these conditions as well. A promise is looked for again "
        "when one of the fields named here changes on the request itself.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        ondelete="restrict",
        tracking=True,
        help="The clock runs only in these hours. Leave empty for the working hours of the "
        "project, else of the company; where there are none the clock runs day and night.",
    )
    target_ids = fields.One2many("service.sla.target", "policy_id", string="Targets", copy=True)
    description = fields.Text(
        string="What the Customer Reads",
        translate=True,
        help="The promise in the customer's words, for example: We answer within four working "
        "hours and solve urgent faults the same day.",
    )
    last_task_id = fields.Integer(
        default=lambda self: self._default_last_task_id(),
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="The newest task when the policy was written: older work gets no timers unasked.",
    )
    open_timer_count = fields.Integer(compute="_compute_open_timer_count")

    @api.model
    def _default_last_task_id(self):
        [[last_id]] = self.env.execute_query(SQL("SELECT max(id) FROM project_task"))
        return last_id or 0

    def _compute_open_timer_count(self):
        counts = dict(
            self.env["service.sla.timer"]._read_group(
                [("policy_id", "in", self.ids), ("state", "in", ("running", "paused"))],
                ["policy_id"],
                ["__count"],
            )
        )
        for policy in self:
            policy.open_timer_count = counts.get(policy, 0)

    @api.constrains("calendar_id")
    def _check_calendar_id(self):
        self.calendar_id._check_service_hours()

    @api.constrains("domain")
    def _check_domain(self):
        # As the person who writes them: nobody may ask what they may not read.
        tasks = self.env(su=False)["project.task"]
        for policy in self:
            try:
                with self.env.cr.savepoint():
                    policy._get_conditioned(tasks, [])
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The further conditions of “%(policy)s” cannot be read: %(error)s. "
                        "Correct them or remove them.",
                        policy=policy.name,
                        error=error,
                    )
                ) from error

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self._forget_what_is_in_use()
        return policies

    def write(self, vals):
        result = super().write(vals)
        if "domain" in vals or "active" in vals:
            self._forget_what_is_in_use()
        return result

    def _forget_what_is_in_use(self):
        """Ask the database again, also in a thread that asked before this commit."""
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        timers = self.env["service.sla.timer"].sudo()  # sudo: also those of other companies
        if timers.search_count([("policy_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Timers have been measured by this policy, and they are evidence. Archive "
                    "the policy instead: it then starts no new timers."
                )
            )

    def action_view_timers(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Timers"),
            "res_model": "service.sla.timer",
            "view_mode": "list,form",
            "domain": [("policy_id", "=", self.id)],
            "context": {"search_default_open": 1},
        }

    def action_start_existing(self):
        """Start timers, from their true start, for open requests that are older than the policy."""
        self.ensure_one()
        self.check_access("write")
        # sudo: a policy speaks of all requests in its scope, seen by this person or not.
        tasks_sudo = self.env["project.task"].sudo().search(self._get_existing_domain())
        self.last_task_id = 0
        fact = Fact(fields.Datetime.now(), "matched", user_id=self.env.uid)
        self.env["service.sla.timer"]._as_system()._sync(
            {task_id: [fact] for task_id in tasks_sudo.ids}
        )
        return self.action_view_timers()

    def action_apply_to_open(self):
        """Open the dialog that says what applying this policy to open work would change."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Apply to Open Work"),
            "res_model": "service.sla.policy.apply",
            "view_mode": "form",
            "target": "new",
            "context": {"default_policy_id": self.id},
        }

    def _plan_apply(self):
        """Return the ledger of measuring the open work of this policy by what it says now.

        Start, spent time and pauses are kept; finished cycles are never touched. Nothing is
        written before its ``save()``, and without it nothing ever is.
        """
        self.ensure_one()
        # sudo: a policy speaks of all requests it measures, seen by this person or not.
        timers_sudo = self.env["service.sla.timer"]._as_system()
        is_open = [("policy_id", "=", self.id), ("state", "in", ("running", "paused"))]
        fact = Fact(fields.Datetime.now(), "applied", self.id, self.env.uid)
        tasks = timers_sudo.search(is_open).task_id
        return timers_sudo._run_requests({task_id: [fact] for task_id in tasks.ids})

    def _get_existing_domain(self):
        """Return the open requests in this policy's scope that existed before it."""
        domain = Domain("is_closed", "=", False) & Domain("id", "<=", self.last_task_id)
        if self.company_id:
            domain &= Domain("company_id", "in", [False, self.company_id.id])
        if self.project_ids:
            domain &= Domain("project_id", "in", self.project_ids.ids)
        if self.partner_ids:
            domain &= Domain("partner_id.commercial_partner_id", "in", self._get_customer_ids())
        if self.tag_ids:
            domain &= Domain("tag_ids", "in", self.tag_ids.ids)
        return domain & self._get_conditions()

    @api.model
    @tools.ormcache()
    def _is_in_use(self):
        """Tell whether the database has any policy, archived ones included.

        Without one there are no timers either, and the hooks on tasks cost nothing.
        """
        # sudo: a fact about the database, not about what the user may see.
        return bool(self.sudo().with_context(active_test=False).search_count([], limit=1))

    @api.model
    def _archive_emptied(self, scope, records):
        """Archive the policies whose scope would be empty, and so mean everything.

        :param scope: name of the many2many to the model of `records`
        :param records: what is about to be deleted
        """
        if not self._is_in_use():
            return
        # sudo: the promise must not widen, whoever deletes; archived policies as well.
        policies_sudo = self.sudo().with_context(active_test=False)
        for policy in policies_sudo.search([(scope, "in", records.ids)]):
            if policy[scope] <= records:
                policy.active = False
                policy._tell_responsible(
                    self.env._(
                        "This policy was for “%(names)s” only, and that is deleted. It is "
                        "archived now, because it would apply to everything. Choose what it is "
                        "for before you use it again.",
                        names=", ".join(policy[scope].mapped("display_name")),
                    )
                )
