# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The timer of a handoff while it is worked on: its type says how long, not a policy."""

from ..clock.engine.draft import TimerDraft
from ..clock.engine.terms import Rules

# Points at which people are called, besides the warning.
OVERDUE, TWICE = "overdue", "twice"
RULES = Rules(
    warn_percent=80,
    escalations=((OVERDUE, "percent", 100), (TWICE, "percent", 200)),
)
KEY = ("ola", "acceptance")


class HandoffDraft(TimerDraft):
    """A new timer of a handoff.

    :ivar handoff: what somebody has to accept
    """

    __slots__ = ("handoff",)

    def __init__(self, ledger, handoff, cycle, version, clock):
        tasks, targets = handoff.env["project.task"], handoff.env["service.sla.target"]
        super().__init__(ledger, tasks, targets, cycle, version, clock, RULES)
        self.handoff = handoff
        self.key = KEY
        self.team_id = handoff.to_team_id.id

    def get_identity(self):
        kind, metric = self.key
        return {"handoff_id": self.handoff.id, "kind": kind, "metric": metric, "cycle": self.cycle}
