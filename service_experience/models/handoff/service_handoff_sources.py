# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What other parts of Odoo begin, where they are installed: orders, opportunities, absences.

They are no dependencies: their methods are watched in the registry of a database that has them.
"""

import logging
from datetime import timedelta
from functools import wraps

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

SALES_TO_DELIVERY = "sales_to_delivery"
# So many days ahead an absence offers its handoffs.
ABSENCE_DAYS = 14
# Which method, once done, may begin a handoff; and what looks at it.
WATCHED = (
    ("sale.order", "action_confirm", "_follow_orders"),
    ("crm.lead", "_handle_won_lost", "_follow_leads"),
    ("hr.leave", "_action_validate", "_follow_leaves"),
)


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    def _register_hook(self):
        super()._register_hook()
        for model, method, verb in WATCHED:
            if model in self.env:
                _watch(self.env.registry[model], method, verb)

    def _unregister_hook(self):
        for model, method, _verb in WATCHED:
            model_class = self.env.registry.get(model)
            if model_class and hasattr(vars(model_class).get(method), "service_handoff"):
                delattr(model_class, method)
        return super()._unregister_hook()

    @api.model
    def _follow_source(self, verb, records):
        """Begin what follows from other records; never at their cost."""
        try:
            with self.env.cr.savepoint():
                # sudo: it follows from the sale or the absence, whoever is at the keyboard.
                getattr(self.sudo(), verb)(records.sudo())
        except Exception:
            _logger.warning("%s of %s failed", verb, records, exc_info=True)

    # Sales

    @api.model
    def _follow_orders(self, orders):
        """Hand the services of confirmed orders over to those who deliver them."""
        if "project_ids" not in orders._fields:
            return  # orders know no projects here
        for order in orders.filtered(lambda one: one.state == "sale"):
            for project in order.project_ids.filtered("partner_id"):
                if not self._complete_lead(order, project):
                    tasks = order.tasks_ids & project.task_ids
                    is_own = project.reinvoiced_sale_order_id == order
                    sold = tasks.browse() if is_own else tasks
                    self._begin_delivery(order, project, sold, order.user_id)

    @api.model
    def _complete_lead(self, order, project):
        """Give the handoff of the won opportunity its service, instead of beginning another."""
        lead = order.opportunity_id if "opportunity_id" in order._fields else None
        if not lead:
            return False
        domain = [("source_ref", "=", f"crm.lead,{lead.id}"), ("state", "=", "draft")]
        begun = self.search([*domain, ("project_id", "=", False)], limit=1)
        if begun:
            begun.project_id = project
        return bool(begun)

    @api.model
    def _follow_leads(self, leads):
        """Hand won opportunities over; their service is chosen by whoever sold them."""
        for lead in leads.filtered(lambda one: one.won_status == "won"):
            customer = lead.partner_id.commercial_partner_id
            self._begin_delivery(
                lead,
                self.env["project.project"],
                self.env["project.task"],
                lead.user_id,
                partner_id=customer.id,
                company_id=lead.company_id.id,
            )

    @api.model
    def _begin_delivery(self, source, project, tasks, seller, **values):
        company = source.company_id or self.env.company
        kind = self.env["service.handoff.type"]._get_by_code(SALES_TO_DELIVERY, company)
        seller = seller.filtered("active") or self._get_handing_seller(project)
        if not kind or self._is_begun(source, project):
            return
        manager = project.user_id - seller
        self._begin(
            kind,
            project,
            tasks,
            seller,
            source_ref=f"{source._name},{source.id}",
            to_user_id=manager.id,
            to_team_id=project.service_team_id.id,
            situation=self._get_sold(source),
            **values,
        )

    @api.model
    def _get_handing_seller(self, project):
        """Return who hands over what nobody in particular sold."""
        user = self.env.user
        return user if user._is_internal() and not user._is_superuser() else project.user_id

    @api.model
    def _get_sold(self, source):
        """Return the lines of an order as a beginning of the situation."""
        lines = source.order_line if "order_line" in source._fields else source.browse()
        return "\n".join(line.name for line in lines if line.name) or source.display_name

    @api.model
    def _is_begun(self, source, project):
        domain = [
            ("source_ref", "=", f"{source._name},{source.id}"),
            # What began without a service may have got one since.
            *([("project_id", "=", project.id)] if project else []),
        ]
        return bool(self.with_context(active_test=False).search_count(domain, limit=1))

    # Absences

    @api.model
    def _cron_offer_absences(self):
        """Draft handoffs for approved absences that begin soon, and forget those called off."""
        if "hr.leave" not in self.env:
            return
        now = fields.Datetime.now()
        soon = now + timedelta(days=ABSENCE_DAYS)
        leaves = self.env["hr.leave"].search(
            [("state", "=", "validate"), ("date_from", ">", now), ("date_from", "<=", soon)]
        )
        for leave in leaves:
            self._follow_source("_follow_leaves", leave)
            self.env["ir.cron"]._commit_progress()
        self._forget_absences()

    @api.model
    def _follow_leaves(self, leaves):
        """Draft a handoff per service for all that somebody who will be away works on."""
        now = fields.Datetime.now()
        soon = now + timedelta(days=ABSENCE_DAYS)
        for leave in leaves.filtered(lambda one: one.state == "validate"):
            user = leave.employee_id.user_id
            if user.active and now < leave.date_from <= soon:
                for project, tasks in self._get_open_work(user).items():
                    self._begin_absence(leave, user, project, tasks)

    @api.model
    def _get_open_work(self, user):
        """Return the open requests of customers that somebody works on, per service."""
        tasks = self.env["project.task"].search(
            [
                ("user_ids", "in", user.ids),
                ("is_closed", "=", False),
                ("is_template", "=", False),
                ("project_id.partner_id", "!=", False),
                ("project_id.is_template", "=", False),
            ]
        )
        return tasks.grouped("project_id")

    @api.model
    def _begin_absence(self, leave, user, project, tasks):
        company = tasks[:1].company_id or project.company_id or self.env.company
        kind = self.env["service.handoff.type"]._get_of("absence", company)
        claims = self.env["service.handoff.claim"].search([("type_id", "=", kind.id)])
        tasks -= claims.task_id
        if not kind or not tasks or self._is_begun(leave, project):
            return
        stand_in = (tasks.backup_user_id | project.backup_user_id).filtered("active") - user
        self._begin(
            kind,
            project,
            tasks,
            user,
            source_ref=f"hr.leave,{leave.id}",
            to_user_id=stand_in[:1].id,
            to_team_id=(tasks.service_team_id | project.service_team_id)[:1].id,
            return_on=self._get_day_back(leave, project),
        )

    @api.model
    def _get_day_back(self, leave, project):
        """Return the first working day after an absence."""
        back = project._service_working_time().next_open(leave.date_to)
        return project._service_today(back or leave.date_to)

    @api.model
    def _forget_absences(self):
        """Give up drafts of absences that do not take place."""
        drafts = self.search([("state", "=", "draft"), ("source_ref", "=like", "hr.leave,%")])
        off = drafts.filtered(
            lambda one: not (leave := one.source_ref).exists() or leave.state != "validate"
        )
        if off:
            off.action_cancel(self.env._("The absence was called off."))


def _watch(model_class, name, verb):
    """Let a method of a model tell handoffs once it is done."""
    origin = getattr(model_class, name)
    if hasattr(origin, "service_handoff"):
        return

    @wraps(origin)
    def watched(self, *args, **kwargs):
        result = origin(self, *args, **kwargs)
        self.env["service.handoff"]._follow_source(verb, self)
        return result

    watched.service_handoff = True
    setattr(model_class, name, watched)
