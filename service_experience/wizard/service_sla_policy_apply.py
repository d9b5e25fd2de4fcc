# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from collections import Counter
from dataclasses import dataclass

from odoo import api, fields, models

from ..business_time import Timer
from ..models.clock.saying import get_zone_name, say_moment, say_span

# So many requests are named; those for which most changes come first.
MOST_NAMED = 10
_ORDER = ("earlier", "new", "cancelled", "later", "unchanged")


class ServiceSlaPolicyApply(models.TransientModel):
    """Says what a policy would change for open work, and changes it only then."""

    _name = "service.sla.policy.apply"
    _description = "Apply an SLA Policy to Open Work"

    policy_id = fields.Many2one(
        "service.sla.policy", required=True, readonly=True, ondelete="cascade"
    )
    open_count = fields.Integer(string="Open timers", compute="_compute_plan")
    earlier_count = fields.Integer(
        string="Earlier deadline",
        compute="_compute_plan",
        help="The deadline moves to an earlier moment; those that are overdue at once are among "
        "them.",
    )
    later_count = fields.Integer(string="Later deadline", compute="_compute_plan")
    overdue_count = fields.Integer(
        string="Overdue at once",
        compute="_compute_plan",
        help="The new deadline has passed already, and the old one has not.",
    )
    unchanged_count = fields.Integer(string="Same deadline", compute="_compute_plan")
    cancelled_count = fields.Integer(
        string="No longer measured",
        compute="_compute_plan",
        help="The policy no longer promises this to the request: the timer is cancelled.",
    )
    new_count = fields.Integer(
        string="New timers",
        compute="_compute_plan",
        help="The policy promises more than before: measured from the true start.",
    )
    summary = fields.Char(compute="_compute_plan")
    requests = fields.Html(string="Which requests", compute="_compute_plan", sanitize=False)

    @api.depends("policy_id")
    @api.depends_context("uid", "lang", "tz")
    def _compute_plan(self):
        for wizard in self:
            changes = _get_changes(wizard._plan(), wizard.policy_id) if wizard.policy_id else []
            counts = _count(changes)
            wizard.update({f"{name}_count": count for name, count in counts.items()})
            wizard.summary = wizard._get_summary(counts)
            wizard.requests = wizard._get_requests(changes)

    def action_apply(self):
        """Change the open timers: planned again, for time has passed since it was shown."""
        self.ensure_one()
        ledger = self._plan()
        counts = _count(_get_changes(ledger, self.policy_id))
        ledger.save()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("The policy has been applied to open work"),
                "message": self._get_summary(counts),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _plan(self):
        """Return the ledger of what would change; only for people who may write the policy."""
        self.policy_id.check_access("write")
        return self.policy_id._plan_apply()

    def _get_summary(self, counts):
        if counts["open"] == counts["unchanged"] and not counts["new"]:
            return self.env._("%(open)s open timers: no deadline changes.", open=counts["open"])
        return self.env._(
            "%(open)s open timers: %(earlier)s with an earlier deadline, %(later)s with a later "
            "one, %(overdue)s overdue at once.",
            **counts,
        )

    def _get_requests(self, changes):
        """Return a table of the requests for which most changes, those this user may read."""
        changes = [change for change in changes if change.kind != "unchanged"]
        if not changes:
            return False
        tasks = self.env["project.task"].union(*(change.task for change in changes))
        readable = set(tasks.with_env(self.env)._filtered_access("read")._ids)
        named = sorted(
            (change for change in changes if change.task.id in readable),
            key=lambda change: change.weight,
        )[:MOST_NAMED]
        rows = [self._prepare_row(change) for change in named]
        return self.env["ir.qweb"]._render(
            "service_experience.service_sla_policy_apply_requests",
            {"rows": rows, "more": len(changes) - len(rows)},
        )

    def _prepare_row(self, change):
        metrics = self.env["service.sla.target"]._fields["metric"]
        return {
            "task": change.task.with_env(self.env),
            "metric": dict(metrics._description_selection(self.env))[change.metric],
            "before": self._say(change.before),
            "after": self._say(change.after),
            "kind": change.kind,
            "is_overdue": change.is_overdue,
        }

    def _say(self, clock):
        """Return in a few words until when a clock runs."""
        if clock is None:
            return self.env._("Not measured")
        if clock.state == "running":
            return say_moment(self.env, clock.deadline, get_zone_name(self.env))
        if clock.state == "paused":
            left = say_span(self.env, max(0, clock.target - clock.spent))
            return self.env._("Paused, %(left)s left", left=left)
        if clock.state == "cancelled":
            return self.env._("No longer measured")
        states = self.env["service.sla.timer"]._fields["state"]
        return dict(states._description_selection(self.env))[clock.state]


@dataclass(frozen=True)
class Change:
    """What would happen to one timer.

    :param kind: one of ``_ORDER``
    :param before: its clock now; None for a timer that would be new
    :param after: its clock then
    :param shift: by how many seconds its deadline moves; for a clock that stands still, its time
    """

    task: models.Model
    metric: str
    kind: str
    before: Timer | None
    after: Timer
    shift: int
    is_overdue: bool

    @property
    def weight(self):
        """What has to be seen comes first."""
        return not self.is_overdue, _ORDER.index(self.kind), -abs(self.shift)


def _get_changes(ledger, policy):
    """Return what the ledger would do to open timers, and which it would start."""
    now = fields.Datetime.now()
    known = ledger.env["service.sla.timer"].browse(
        [draft.id for draft in ledger.drafts if draft.id]
    )
    policy_ids = {timer.id: timer.policy_id.id for timer in known}
    changes = []
    for draft in ledger.drafts:
        if draft.before and not draft.before.is_open:
            continue
        change = _get_change(draft, now)
        # Timers of other policies are none of this dialog's business, unless they would change.
        if change.kind != "unchanged" or policy_ids.get(draft.id) == policy.id:
            changes.append(change)
    return changes


def _get_change(draft, now):
    before, after = draft.before, draft.clock
    shift = _get_shift(before, after)
    was_overdue = bool(before and before.breach(now))
    return Change(
        task=draft.task,
        metric=draft.metric,
        kind=_get_kind(before, after, shift),
        before=before,
        after=after,
        shift=shift,
        is_overdue=bool(after.is_open and after.breach(now)) and not was_overdue,
    )


def _get_kind(before, after, shift):
    if before is None:
        return "new"
    if not after.is_open:
        return "cancelled"
    if not shift:
        return "unchanged"
    return "earlier" if shift < 0 else "later"


def _get_shift(before, after):
    if before is None or not after.is_open:
        return 0
    if before.deadline and after.deadline:
        return int((after.deadline - before.deadline).total_seconds())
    return after.target - before.target


def _count(changes):
    """Return how many timers are open, and how many of each kind there would be."""
    counts = Counter(dict.fromkeys(("open", "overdue", *_ORDER), 0))
    counts.update(change.kind for change in changes)
    counts["open"] = sum(change.before is not None for change in changes)
    counts["overdue"] = sum(change.is_overdue for change in changes)
    return dict(counts)
