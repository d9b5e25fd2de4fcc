"""The table, and what it means for the exit status."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from statistics import median

from benchmarks.sampling import Sample

HEADER = ("what", "measured", "against", "ratio", "goal", "")
REACHED, MISSED, NOT_MEASURED = "reached", "NOT REACHED", "NOT MEASURED"


@dataclass(frozen=True)
class Row:
    """One comparison."""

    what: str
    value: str
    baseline: str
    ratio: str
    goal: str
    verdict: str
    #: Whether the verdict depends on the machine and on who else uses it.
    is_time: bool = True


def verdict(*reached: bool) -> str:
    """Return the word for goals that must all be reached."""
    return REACHED if all(reached) else MISSED


def tick_row(what: str, few: Sequence[Sample], many: Sequence[Sample]) -> Row:
    """Return the row of a job that has nothing to do, among few records and among many."""
    seconds = [median(sample.seconds for sample in samples) for samples in (few, many)]
    return Row(
        what,
        f"{seconds[1] * 1000:.1f} ms",
        f"{seconds[0] * 1000:.1f} ms",
        f"{seconds[1] / seconds[0]:.2f} x",
        "<= 10 ms, <= 1.5 x",
        verdict(seconds[1] <= 0.010, seconds[1] <= 1.5 * seconds[0]),
    )


def missing_row(what: str, reason: str, goal: str) -> Row:
    """Return the row of a comparison that could not be made."""
    return Row(what, "", reason, "", goal, NOT_MEASURED)


def render(rows: Sequence[Row]) -> str:
    """Return the rows as a table of plain text."""
    cells = [HEADER, *(astuple(row)[: len(HEADER)] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rule = ["-" * width for width in widths]
    lines = [cells[0], rule, *cells[1:]]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def exit_status(rows: Sequence[Row], *, strict: bool) -> int:
    """Return 1 if a goal is missed: of what is counted always, of time only when `strict`."""
    missed = [row for row in rows if row.verdict != REACHED and (strict or not row.is_time)]
    return 1 if missed else 0
