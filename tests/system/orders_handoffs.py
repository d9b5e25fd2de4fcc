"""Orders about handoffs: what senders, receivers and other parts of Odoo do."""

from conversation import attempt, transaction

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user

GROUP = "service_experience.service_experience_group_user"


def create_handoff(registry):
    """Offer a request to a team of two.

    :return: ids of handoff and request, and the logins of the two
    """
    with transaction(registry) as env:
        number = env["service.handoff"].search_count([])
        sender, *receivers = (
            new_test_user(env, f"{name}-{number}", groups=GROUP, name=name.title())
            for name in ("sender", "mara", "finn")
        )
        team = env["service.team"].create(
            {
                "name": "Installation",
                "member_ids": [Command.set([user.id for user in receivers])],
            }
        )
        task = _create_request(env, sender)
        handoff = env["service.handoff"].create(
            {
                "type_id": env.ref("service_experience.handoff_type_person").id,
                "task_ids": [Command.set(task.ids)],
                "from_user_id": sender.id,
                "to_team_id": team.id,
                "urgency": "watch",
                "situation": "The pump is on site.",
                "has_no_steps": True,
            }
        )
        handoff.check_ids.action_done()
        handoff.action_offer()
        return handoff.id, task.id, [user.login for user in receivers]


def _create_request(env, user):
    customer = env["res.partner"].create({"name": "Nordlicht Bakery"})
    project = env["project.project"].create({"name": "Pump", "partner_id": customer.id})
    return env["project.task"].create(
        {"name": "No hot water", "project_id": project.id, "user_ids": [Command.set(user.ids)]}
    )


def accept_handoff(registry, handoff_id, login, *, waiting=False):
    """Accept as one of the receivers; return what they are told, nothing if all is well."""

    def work(env):
        handoff = _browse_as(env, handoff_id, login)
        handoff.action_accept("Warm water", "Call them", "Nobody is at home")

    return _attempt(registry, work, waiting=waiting)


def return_handoff(registry, handoff_id, login, *, waiting=False):
    """Return it as one of the receivers; return what they are told."""

    def work(env):
        _browse_as(env, handoff_id, login).action_return("The floor plan is missing")

    return _attempt(registry, work, waiting=waiting)


def draft_handoff(registry, task_id, *, waiting=False):
    """Draft another handoff of a request; return what the colleague is told."""

    def work(env):
        kind = env.ref("service_experience.handoff_type_team")
        env["service.handoff"].create({"type_id": kind.id, "task_ids": [Command.set([task_id])]})

    return _attempt(registry, work, waiting=waiting)


def send_handoff(registry, payload, *, waiting=False):
    """Send a payload as another system does; return the statuses."""
    statuses = []

    def work(env):
        results = env["service.handoff"].ingest(payload)["results"]
        statuses.append([result["status"] for result in results])

    attempt(registry, work, waiting=waiting)
    return statuses[-1]


def create_customer(registry, reference):
    """Create a customer with one service."""
    with transaction(registry) as env:
        customer = env["res.partner"].create({"name": "Mill", "is_company": True, "ref": reference})
        env["project.project"].create({"name": "Wheel", "partner_id": customer.id})


def confirm_order(registry):
    """Sell a service; return type, state, sender and source of what begins."""
    with transaction(registry) as env:
        seller = new_test_user(env, "seller", groups=f"sales_team.group_sale_salesman,{GROUP}")
        customer = env["res.partner"].create({"name": "Nordlicht Bakery"})
        product = env["product.product"].create(
            {
                "name": "Installation of a heat pump",
                "type": "service",
                "service_tracking": "task_in_project",
            }
        )
        order = env["sale.order"].create(
            {
                "partner_id": customer.id,
                "user_id": seller.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.with_user(seller).action_confirm()
        return [
            *_describe(env, order),
            env["service.handoff"].search([], limit=1, order="id desc").project_id
            == order.project_ids,
        ]


def win_lead(registry):
    """Win an opportunity, then confirm its order; return what begins after each of both."""
    with transaction(registry) as env:
        seller = env["res.users"].search([("login", "=", "seller")])
        customer = env["res.partner"].create({"name": "Seven Lamps Hotel"})
        lead = env["crm.lead"].create(
            {"name": "Heating", "type": "opportunity", "partner_id": customer.id}
        )
        lead.user_id = seller
        lead.with_user(seller).action_set_won()
        won = _describe(env, lead)
        product = env["product.product"].search([("service_tracking", "=", "task_in_project")])
        order = env["sale.order"].create(
            {
                "partner_id": customer.id,
                "opportunity_id": lead.id,
                "order_line": [Command.create({"product_id": product[:1].id})],
            }
        )
        order.action_confirm()
        begun = env["service.handoff"].search([("source_ref", "=", f"crm.lead,{lead.id}")])
        return won, _describe(env, order), begun.project_id == order.project_ids


def take_leave(registry):
    """Approve an absence, then call it off; return what is offered, and what becomes of it."""
    with transaction(registry) as env:
        user = new_test_user(env, "away", groups=GROUP)
        stand_in = new_test_user(env, "stand-in", groups=GROUP)
        task = _create_request(env, user)
        task.project_id.backup_user_id = stand_in
        first = fields.Date.add(fields.Date.today(), days=7)
        leave = env["hr.leave"].create(
            {
                "employee_id": env["hr.employee"].create({"name": "A", "user_id": user.id}).id,
                "holiday_status_id": env["hr.leave.type"]
                .create(
                    {
                        "name": "Away",
                        "requires_allocation": False,
                        "leave_validation_type": "no_validation",
                    }
                )
                .id,
                "request_date_from": first,
                "request_date_to": fields.Date.add(first, days=4),
            }
        )
        offered = _describe(env, leave)
        handoff = env["service.handoff"].search([("source_ref", "=", f"hr.leave,{leave.id}")])
        facts = [
            handoff.task_ids == task,
            handoff.to_user_id == stand_in,
            handoff.return_on > leave.request_date_to,
        ]
        env["service.handoff"]._cron_offer_absences()
        again = len(_describe(env, leave))
        leave.action_refuse()
        env["service.handoff"]._cron_offer_absences()
        return offered, facts, again, _describe(env, leave)


def confirm_broken_order(registry):
    """Confirm an order while handoffs cannot be made; return its state."""
    with transaction(registry) as env:
        env["ir.sequence"].search([("code", "=", "service.handoff")]).active = False
        env["service.handoff.type"].search([]).write({"active": False})
        customer = env["res.partner"].create({"name": "Tannenhof"})
        product = env["product.product"].search([("service_tracking", "=", "task_in_project")])
        order = env["sale.order"].create(
            {
                "partner_id": customer.id,
                "order_line": [Command.create({"product_id": product[:1].id})],
            }
        )
        order.action_confirm()
        return order.state, _describe(env, order)


def _describe(env, source):
    handoffs = env["service.handoff"].search([("source_ref", "=", f"{source._name},{source.id}")])
    return [[one.type_id.code, one.state, one.from_user_id.login] for one in handoffs]


def _browse_as(env, handoff_id, login):
    user = env["res.users"].search([("login", "=", login)])
    return env(user=user)["service.handoff"].browse(handoff_id)


def _attempt(registry, work, *, waiting=False):
    try:
        attempt(registry, work, waiting=waiting)
    except UserError as refusal:
        return str(refusal)
    return ""


ORDERS = (
    create_handoff,
    accept_handoff,
    return_handoff,
    draft_handoff,
    send_handoff,
    create_customer,
    confirm_order,
    win_lead,
    take_leave,
    confirm_broken_order,
)
