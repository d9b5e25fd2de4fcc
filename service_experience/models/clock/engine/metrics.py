# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What each metric measures, in terms of the facts that begin and end it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """One kind of promise.

    :param starts: facts that begin a measurement
    :param stops: facts that end it
    :param repeats: whether a new measurement, a cycle, begins with every such fact
    """

    starts: frozenset
    stops: frozenset
    repeats: bool = False


METRICS = {
    "first_response": Metric(frozenset({"created"}), frozenset({"answered"})),
    "next_response": Metric(frozenset({"asked"}), frozenset({"answered"}), repeats=True),
    "update": Metric(frozenset({"created", "answered"}), frozenset({"answered"}), repeats=True),
    "stage": Metric(frozenset({"created"}), frozenset({"staged"})),
    "resolution": Metric(frozenset({"created"}), frozenset({"state"})),
    "acceptance": Metric(frozenset({"offered"}), frozenset({"accepted"}), repeats=True),
}
# Facts that may begin a measurement, and so need to know which promises apply.
STARTING_FACTS = frozenset({"matched", "applied", "state", "transferred"}).union(
    *(metric.starts for metric in METRICS.values())
)
