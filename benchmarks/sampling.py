"""Measure alternatives in turn, in one process, so that what disturbs one disturbs the other."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Sample:
    """What one run took."""

    seconds: float
    queries: int = 0

    def __add__(self, other: "Sample") -> "Sample":
        """Return what both took together."""
        return Sample(self.seconds + other.seconds, self.queries + other.queries)


def in_turn(
    runs: Sequence[Callable[[], Sample]], rounds: int, warm_up: int = 2
) -> list[list[Sample]]:
    """Run every alternative once a round, each round in the opposite order of the one before.

    :return: the samples of each alternative, without those of the warm-up
    """
    samples: list[list[Sample]] = [[] for _ in runs]
    for number in range(warm_up + rounds):
        order = range(len(runs)) if number % 2 else reversed(range(len(runs)))
        for index in order:
            gc.collect()
            sample = runs[index]()
            if number >= warm_up:
                samples[index].append(sample)
    return samples


def timed(work: Callable[[], object]) -> Sample:
    """Measure the time of one call."""
    started = time.perf_counter()
    work()
    return Sample(time.perf_counter() - started)


@dataclass(frozen=True)
class Overhead:
    """What a batch costs more than its baseline, per record."""

    milliseconds: float
    least_milliseconds: float
    queries: float
    baseline_milliseconds: float
    baseline_queries: float

    @classmethod
    def between(cls, baseline: list[Sample], more: list[Sample], records: int) -> "Overhead":
        """Compare round by round: neighbours in time share the state of the machine."""
        pairs = list(zip(baseline, more, strict=True))
        extra = [with_it.seconds - without.seconds for without, with_it in pairs]
        fastest = [min(sample.seconds for sample in samples) for samples in (baseline, more)]
        per_record = 1000 / records
        return cls(
            milliseconds=median(extra) * per_record,
            least_milliseconds=(fastest[1] - fastest[0]) * per_record,
            queries=median(more.queries - without.queries for without, more in pairs) / records,
            baseline_milliseconds=median(sample.seconds for sample in baseline) * per_record,
            baseline_queries=median(sample.queries for sample in baseline) / records,
        )
