"""Orders about delays: what the detection does, and people at the same delay."""

from contextlib import contextmanager
from unittest.mock import patch

from conversation import attempt, pause, transaction

from odoo import fields
from odoo.exceptions import UserError

DETECTION = "odoo.addons.service_experience.models.delay.service_delay_detection"


def create_late_requests(registry, count):
    """Create requests whose promised date has passed; return ids of project and requests."""
    with transaction(registry) as env:
        customer = env["res.partner"].create(
            {"name": "Nordlicht Bakery", "email": "ada@nordlicht.example"}
        )
        project = env["project.project"].create(
            {"name": "Pump", "partner_id": customer.id, "privacy_visibility": "portal"}
        )
        project._service_working_time()  # the first who asks for it keeps the others waiting
        tasks = env["project.task"].create(
            [
                {
                    "name": f"Repair {number}",
                    "project_id": project.id,
                    "customer_visible": True,
                    "customer_label": f"Repair {number}",
                    "date_deadline": fields.Datetime.subtract(fields.Datetime.now(), days=1),
                }
                for number in range(count)
            ]
        )
        return project.id, tasks.ids


def note_again(registry, task_ids):
    """Note that requests have changed, as somebody who works on them does."""
    with transaction(registry) as env:
        env["service.delay.change"]._note(env["project.task"].browse(task_ids))


def detect(registry, batch=100, pause_at=None):
    """Run the detection; pause in the given batch, after its writes and before its commit.

    :return: how many places each batch had
    """
    with (
        patch(f"{DETECTION}.BATCH", batch),
        _watched_looks(registry, pause_at) as sizes,
        transaction(registry) as env,
    ):
        env["service.delay"]._cron_detect()
    return sizes


@contextmanager
def _watched_looks(registry, pause_at):
    cls, sizes = registry["service.delay"], []
    original = cls._look

    def look(delays, *arguments):
        size = original(delays, *arguments)
        delays.env.flush_all()
        sizes.append(size)
        if len(sizes) == pause_at:
            pause()
        return size

    with patch.object(cls, "_look", look):
        yield sizes


def rename(registry, task_id, name):
    """Write to a request as a colleague does; return how many tries it took."""

    def work(env):
        env["project.task"].browse(task_id).write({"name": name, "priority": "1"})

    return attempt(registry, work)


def move_deadline(registry, task_id, days):
    """Give a request another deadline; return how many tries it took."""

    def work(env):
        at = fields.Datetime.add(fields.Datetime.now(), days=days)
        env["project.task"].browse(task_id).date_deadline = at

    return attempt(registry, work)


def confirm_delay(registry):
    """Create a promise with a delay that is confirmed and not told; return the id of the delay."""
    project_id, _task_ids = create_late_requests(registry, 0)
    with transaction(registry) as env:
        today = fields.Date.today()
        promise = env["service.commitment"].create(
            {
                "name": "Heat pump runs",
                "project_id": project_id,
                "current_to": fields.Date.add(today, days=3),
            }
        )
        delay = env["service.delay"].create(
            {
                "commitment_id": promise.id,
                "project_id": project_id,
                "reason_id": env.ref("service_experience.delay_reason_us_plan").id,
                "new_to": fields.Date.add(today, days=9),
                "customer_explanation": "The pipes in the cellar need a second day.",
                "doing": "Two of us come.",
                "next_update_due": fields.Datetime.add(fields.Datetime.now(), days=1),
            }
        )
        delay.action_confirm()
        return delay.id


def tell_delay(registry, delay_id, *, waiting=False):
    """Tell the customer; return what the colleague is told, nothing if all is well."""
    return _attempt(
        registry, lambda env: env["service.delay"].browse(delay_id).action_tell(), waiting=waiting
    )


def see_delay(registry, delay_id, *, waiting=False):
    """Open the page, as the customer does; return what they are told."""
    return _attempt(
        registry, lambda env: env["service.delay"].browse(delay_id)._see(), waiting=waiting
    )


def deliver_delay(registry, delay_id, *, waiting=False):
    """Let the mail arrive; return what whoever brings it is told."""

    def work(env):
        notifications = env["service.delay"].sudo().browse(delay_id).message_id.notification_ids
        notifications.write({"notification_status": "sent"})

    return _attempt(registry, work, waiting=waiting)


def note_deliveries(registry):
    """Run the job that notes what has arrived."""
    with transaction(registry) as env:
        env["service.delay"]._cron_triage()


def _attempt(registry, work, *, waiting=False):
    try:
        attempt(registry, work, waiting=waiting)
    except UserError as refusal:
        return str(refusal)
    return ""


ORDERS = (
    create_late_requests,
    note_again,
    detect,
    rename,
    move_deadline,
    confirm_delay,
    tell_delay,
    see_delay,
    deliver_delay,
    note_deliveries,
)
