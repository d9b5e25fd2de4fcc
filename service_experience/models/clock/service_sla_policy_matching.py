# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import ast
import logging
from dataclasses import dataclass

from odoo import api, models, tools
from odoo.fields import Domain

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
    team_id: int | None = None


class ServiceSlaPolicy(models.Model):
    """Which requests a policy is for: in batch, one evaluation per policy."""

    _inherit = "service.sla.policy"

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
            promises = {}
            for fact in policy._get_fitting(facts):
                if fact.priority not in promises:
                    promises[fact.priority] = policy._get_promises(fact.priority)
                for metric, target in promises[fact.priority].items():
                    plan[fact.task_id].setdefault((policy.kind, metric), target)
        return plan

    def _get_promises(self, priority):
        """Return ``{metric: target}`` for a priority; a target for it comes before one for any."""
        promises = {}
        for target in self.target_ids.sorted(lambda target: not target.priority):
            if target.priority in (False, priority):
                promises.setdefault(target.metric, target)
        return promises

    def _get_fitting(self, facts):
        """Return the facts of the requests that this policy is for."""
        fitting = list(filter(self._get_matcher(), facts))
        if not self.domain or not fitting:
            return fitting
        try:
            with self.env.cr.savepoint():
                # sudo: a policy speaks of all requests, whoever changes one.
                tasks_sudo = self.env["project.task"].sudo()
                task_ids = self._get_conditioned(tasks_sudo, [fact.task_id for fact in fitting])
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

    def _get_conditioned(self, tasks, task_ids):
        """Return which of the requests meet the further conditions, by one search.

        :param tasks: the model in the environment that may read them
        """
        tasks, domain = tasks.with_context(active_test=False), self._get_conditions()
        domain.validate(tasks)
        found = tasks.search(Domain("id", "in", task_ids or [0]) & domain, order="id")
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
