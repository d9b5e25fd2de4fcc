# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""How long work like this one still takes, from how long it took before.

Plain Python. Values are whole working seconds from entering a stage until a request was done, in
ascending order. Of a request that has been in its stage for `elapsed` seconds it is known that it
took longer than that: only the cases that did, too, are comparable.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

#: Nothing is said of fewer comparable cases.
MIN_CASES = 10
#: Only so many of the latest cases are used: work changes.
MAX_CASES = 500
#: What is called probable, and what very probable.
HALF, MOST = 0.5, 0.8

#: Shares are taken in thousandths, so that all arithmetic is exact, however large the values are.
_WHOLE = 1000


@dataclass(frozen=True, slots=True)
class Remaining:
    """A forecast, in working seconds since the stage was entered.

    :param cases: how many comparable cases it rests on
    :param p50: within which half of them were done
    :param p80: within which four of five were done
    """

    cases: int
    p50: int
    p80: int


def forecast(values: Sequence[int], elapsed: int) -> Remaining | None:
    """Return the forecast for a request that entered its stage `elapsed` working seconds ago.

    :return: None where there are too few comparable cases

    >>> forecast(range(100, 1300, 100), 150)
    Remaining(cases=11, p50=700, p80=1060)
    >>> forecast(range(100, 1300, 100), 300)
    """
    known = get_comparable(values, elapsed)
    if len(known) < MIN_CASES:
        return None
    return Remaining(len(known), quantile(known, HALF), quantile(known, MOST))


def get_comparable(values: Sequence[int], elapsed: int) -> Sequence[int]:
    """Return the values above `elapsed`.

    >>> get_comparable([0, 5, 5, 9], 5)
    [9]
    """
    return values[bisect_right(values, elapsed) :]


def quantile(values: Sequence[int], share: float) -> int:
    """Return the value below which a new one, independent of these, lies with probability `share`.

    Of n values the one at the position ``share * (n + 1)``, between two of them in proportion, and
    no further than the ends. Rounded up to whole seconds.

    >>> quantile([10, 20, 30], 0.5), quantile([10, 20, 31, 40], 0.5), quantile([10, 20], 0.8)
    (20, 26, 20)
    """
    place, rest = divmod(round(share * _WHOLE) * (len(values) + 1), _WHOLE)
    if place < 1:
        return values[0]
    if place >= len(values):
        return values[-1]
    low, high = values[place - 1], values[place]
    return low - (low - high) * rest // _WHOLE


def passes_after(values: Sequence[int], promised: int) -> int | None:
    """Return after how many seconds in the stage the forecast passes the end of a promise.

    The longer a request stays in its stage, the fewer and the longer are the cases that are left
    to compare it with: once the forecast is later than the promise, it stays so.

    :param promised: seconds from entering the stage until the promise ends
    :return: the smallest `elapsed`, 0 or one of the values, for which ``forecast(...).p80`` is
        greater than `promised`; None where that is never so while there are enough cases

    >>> passes_after(range(100, 1300, 100), 1000), passes_after(range(100, 1300, 100), 1050)
    (0, 100)
    >>> passes_after(range(100, 1300, 100), 1100)
    """
    first, last = bisect_right(values, 0), len(values) - MIN_CASES
    start = bisect_left(
        range(first, last + 1), True, key=lambda at: quantile(values[at:], MOST) > promised
    )
    if start == 0:
        return 0 if first <= last else None
    elapsed = values[first + start - 1]
    # Equal values leave together; too few may be left then.
    return elapsed if bisect_right(values, elapsed) <= last else None
