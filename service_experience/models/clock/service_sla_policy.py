# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import ast
import logging
from dataclasses import dataclass

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .facts import Fact

_logger = logging.getLogger(__name__)
# A change of one of these may change which promise applies, whatever the policies say.
MATCH_FIELDS = frozenset(
    {
        "active",
        "company_id",
        "display_in_project",
        "is_template",
        "parent_id",
        "partner_id",
        "priority",
        "project_id",
        "tag_ids",
    }
)


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What a policy asks of a request, read once for all policies."""

    task_id: int
    company_id: int
    project_id: int
    partner_id: int
    tag_ids: frozenset
    priority: str


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
        for policy in self:
            try:
                with self.env.cr.savepoint():
                    policy._get_conditioned([])
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
    @tools.ormcache()
    def _get_match_fields(self):
        """Return the fields of requests whose change may change which promise applies."""
        names = set(MATCH_FIELDS)
        # sudo: a fact about the database, not about what the user may see.
        for policy_sudo in self.sudo().search([("domain", "!=", False)]):
            try:
                conditions = policy_sudo._get_conditions().iter_conditions()
                names.update(condition.field_expr.split(".")[0] for condition in conditions)
            except (ValueError, SyntaxError):
                continue  # told when requests are held against it
        return frozenset(names)

    def _match(self, tasks):
        """Return for each task the target that applies per kind and metric.

        The policies of ``self`` are tried in their order; for each (kind, metric) the first one
        that fits the task and has a target for its priority decides.

        :param tasks: recordset of ``project.task``
        :return: ``{task id: {(kind, metric): target record}}``
        """
        facts = tasks._get_sla_facts()
        plan = {fact.task_id: {} for fact in facts}
        for policy in self:
            # A target for one priority comes before the one for any.
            targets = policy.target_ids.sorted(lambda target: not target.priority)
            for fact in policy._get_fitting(facts):
                for target in targets:
                    if target.priority and target.priority != fact.priority:
                        continue
                    plan[fact.task_id].setdefault((policy.kind, target.metric), target)
        return plan

    def _get_fitting(self, facts):
        """Return the facts of the requests that this policy is for."""
        fitting = list(filter(self._get_matcher(), facts))
        if not self.domain or not fitting:
            return fitting
        try:
            with self.env.cr.savepoint():
                task_ids = self._get_conditioned([fact.task_id for fact in fitting])
        except Exception as error:
            # A field that is gone, for example: the other policies have to go on.
            _logger.warning("SLA policy %s cannot be evaluated", self.id, exc_info=True)
            self._disable(error)
            return []
        return [fact for fact in fitting if fact.task_id in task_ids]

    def _get_conditions(self):
        """Return the further conditions as a domain.

        :raise ValueError, SyntaxError: when they cannot be read
        """
        return Domain(ast.literal_eval(self.domain)) if self.domain else Domain.TRUE

    def _get_conditioned(self, task_ids):
        """Return which of the requests meet the further conditions, by one search."""
        # sudo: a policy speaks of all requests, whoever changes one.
        tasks_sudo = self.env["project.task"].sudo().with_context(active_test=False)
        domain = self._get_conditions()
        domain.validate(tasks_sudo)
        found = tasks_sudo.search(Domain("id", "in", task_ids or [0]) & domain, order="id")
        return frozenset(found._ids)

    def _disable(self, error):
        """Take a policy out of service that can no longer be evaluated, and say so."""
        self.active = False
        policy = self.with_context(lang=self._get_responsible().lang)
        policy._tell_responsible(
            policy.env._(
                "The further conditions of this policy cannot be evaluated any more: %(error)s. "
                "The policy is archived now and starts no timers; timers that run go on. Correct "
                "the conditions, then restore the policy.",
                error=error,
            )
        )

    def _get_matcher(self):
        """Return a function that tells whether facts fit this policy."""
        self.ensure_one()
        company_id = self.company_id.id
        project_ids, tag_ids = frozenset(self.project_ids.ids), frozenset(self.tag_ids.ids)
        partner_ids = frozenset(self._get_customer_ids())

        def fits(fact):
            return (
                (not company_id or fact.company_id in (False, company_id))
                and (not project_ids or fact.project_id in project_ids)
                and (not partner_ids or fact.partner_id in partner_ids)
                and (not tag_ids or not tag_ids.isdisjoint(fact.tag_ids))
            )

        return fits

    def _get_customer_ids(self):
        return self.partner_ids.commercial_partner_id.ids

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

    def _tell_unreachable(self, target, calendar):
        """Ask the responsible person to repair hours by which a target is never reached."""
        policy = self.with_context(lang=self._get_responsible().lang)
        policy._tell_responsible(
            policy.env._(
                "%(target)s cannot be measured by the working hours “%(calendar)s”: they offer "
                "no or not enough opening hours within three years. Requests go on without this "
                "timer. Add opening hours or choose other working hours.",
                target=target.with_env(policy.env).display_name,
                calendar=calendar.name or "",
            )
        )

    def _tell_failed_escalation(self, escalation, timer, error):
        """Tell the responsible person that an escalation could not be carried out."""
        policy = self.with_context(lang=self._get_responsible().lang)
        policy._tell_responsible(
            policy.env._(
                "The escalation “%(escalation)s” of %(timer)s could not be carried out: "
                "%(error)s. Correct it in the target.",
                escalation=escalation.with_env(policy.env).display_name,
                timer=timer.with_env(policy.env).display_name,
                error=error,
            ),
            policy.env._("An escalation failed"),
        )

    def _get_responsible(self):
        """Return who can be told: the responsible person, else the administrator."""
        user = self.user_id or self.create_uid
        is_able = user.active and self.with_user(user).has_access("read")
        return user if is_able else self.env.ref("base.user_admin")

    def _tell_responsible(self, note, summary=None):
        """Leave the responsible person a warning; one that is open is enough."""
        warning = self.env.ref("mail.mail_activity_data_warning")
        user = self._get_responsible()
        if any(
            activity.automated and activity.activity_type_id == warning
            for activity in self.activity_ids
        ):
            return
        self.activity_schedule(
            activity_type_id=warning.id,
            summary=summary or self.env._("This policy cannot start timers"),
            note=note,
            user_id=user.id,
        )
