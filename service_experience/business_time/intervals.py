# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""Half-open intervals `[start, end)` of integers, as sorted lists of pairs."""

from collections.abc import Iterable, Iterator, Sequence

Interval = tuple[int, int]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the same set of integers as sorted intervals that neither overlap nor touch.

    Empty and inverted pairs contain nothing and disappear.
    """
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def clip(intervals: Iterable[Interval], low: int, high: int) -> Iterator[Interval]:
    """Yield what lies in `[low, high)`; pairs outside it come out empty or inverted."""
    return ((max(start, low), min(end, high)) for start, end in intervals)


def subtract(intervals: Iterable[Interval], holes: Sequence[Interval]) -> Iterator[Interval]:
    """Yield what is in `intervals` and not in `holes`, both as returned by `union`.

    Where nothing is left, pairs come out empty or inverted.
    """
    for start, end in intervals:
        rest = start
        for hole_start, hole_end in holes:
            if hole_start >= end:
                break
            if hole_end > rest:
                yield rest, hole_start
                rest = hole_end
        yield rest, end
