# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What a timer copies from its target, so that editing the target changes nothing by itself."""

from dataclasses import asdict, dataclass

from ....business_time import Hold, Mark


def _frozen(value):
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


# Which switch of a target lets which kind of wait stop its clock.
PAUSE_SWITCHES = {
    "customer": "pause_customer",
    "agreed_pause": "pause_agreed",
    "third_party": "pause_third_party",
}
STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a timer behaves, whatever its target says today.

    :param pauses: the kinds of waits that stop the clock
    :param pause_stages: ids of the stages in which the clock stands still
    :param stages: ids of the stages whose reaching is measured
    :param own_hours: whether the policy named the working hours itself
    :param reopen: what happens to the timer when its request is opened again
    :param warn_percent: share of the time after which somebody is warned
    :param escalations: ``[id, basis, amount]`` of what else has to be done at which point
    """

    pauses: tuple = ()
    pause_stages: tuple = ()
    stages: tuple = ()
    own_hours: bool = False
    reopen: str = "resume"
    warn_percent: int = 0
    escalations: tuple = ()

    @classmethod
    def from_json(cls, content):
        # Rows of a former version hold nothing: they pause for nothing.
        return cls(**{name: _frozen(value) for name, value in (content or {}).items()})

    def to_json(self):
        return asdict(self)

    def get_warn(self, seconds):
        """Return after how many of `seconds` the warning is due; 0 for never."""
        return seconds * self.warn_percent // 100

    def get_marks(self, seconds):
        """Return the points of the escalations for a target of so many open seconds."""
        return tuple(
            Mark(str(escalation_id), _POINTS[basis](seconds, amount))
            for escalation_id, basis, amount in self.escalations
        )

    def get_holds(self, waits, stage_id):
        """Return all that stops the clock, the longest first.

        :param waits: the ``Hold`` of each wait that is open, the oldest first
        """
        holds = [hold for hold in waits if hold.cause in self.pauses]
        return [*holds, Hold(STAGE)] if stage_id in self.pause_stages else holds


_POINTS = {
    "percent": lambda seconds, amount: seconds * amount // 100,
    "before": lambda seconds, amount: max(0, seconds - 60 * amount),
    "after": lambda seconds, amount: seconds + 60 * amount,
}
