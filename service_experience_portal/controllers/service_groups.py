# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The groups of the list of services, those that need attention first."""

from dateutil.relativedelta import relativedelta

GROUPS = {
    "late": {"late"},
    "at_risk": {"at_risk"},
    "waiting": {"waiting_customer", "paused"},
    "on_track": {"on_track", "not_started"},
    "done": {"done", "cancelled"},
}
DONE_MONTHS = 12
# Before all others, whatever their health: where the customer is asked for something.
NEEDS = "needs"


def service_groups(services, today):
    """Return the groups that are not empty, without what was finished long ago.

    :param list services: summaries as the snapshot gives them
    :param date today: day of the reader
    :return: ``[{"name": "late", "services": [...]}, ...]``
    """
    horizon = today - relativedelta(months=DONE_MONTHS)
    current = [line for line in services if not line["done_on"] or line["done_on"] >= horizon]
    asking = [line for line in current if line["needs"]]
    others = [line for line in current if not line["needs"]]
    groups = [{"name": NEEDS, "services": asking}] + [
        {"name": name, "services": [line for line in others if line["health"] in healths]}
        for name, healths in GROUPS.items()
    ]
    return [group for group in groups if group["services"]]
