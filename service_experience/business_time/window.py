# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""Open seconds up to an instant, and back, by bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate

from .intervals import Interval


class Window:
    """The open intervals of one stretch of time; never changes."""

    __slots__ = ("closings", "openings", "spent", "total")

    def __init__(self, intervals: list[Interval]) -> None:
        """Take intervals as returned by `union`."""
        self.openings = [opening for opening, _ in intervals]
        self.closings = [closing for _, closing in intervals]
        #: spent[i]: open seconds before interval i; one more entry for those of the window.
        self.spent = [0, *accumulate(closing - opening for opening, closing in intervals)]
        self.total = self.spent[-1]

    def passed(self, at: int) -> int:
        """Return the open seconds of this window before `at`."""
        index = bisect_right(self.openings, at) - 1
        if index < 0:
            return 0
        return self.spent[index] + min(at, self.closings[index]) - self.openings[index]

    def reached(self, wanted: int) -> int:
        """Return the earliest instant after `wanted` open seconds, `0 < wanted <= total`."""
        index = bisect_left(self.spent, wanted) - 1
        return self.openings[index] + wanted - self.spent[index]

    def left(self, wanted: int) -> int:
        """Return the latest instant after `wanted` open seconds, `0 <= wanted < total`."""
        index = bisect_right(self.spent, wanted) - 1
        return self.openings[index] + wanted - self.spent[index]

    def next_open(self, at: int) -> int | None:
        """Return the first open instant of this window at or after `at`, if there is one."""
        index = bisect_right(self.closings, at)
        return max(at, self.openings[index]) if index < len(self.openings) else None

    def between(self, first: int, last: int) -> Iterator[Interval]:
        """Yield the open intervals that reach into `[first, last)`, uncut, in order."""
        some = slice(bisect_right(self.closings, first), bisect_left(self.openings, last))
        return zip(self.openings[some], self.closings[some], strict=True)
