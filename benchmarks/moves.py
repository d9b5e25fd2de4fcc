"""What promises add to a change of stage: for our tasks, and for the peer's tickets."""

from collections.abc import Iterator

from benchmarks import peer
from benchmarks.batch_create import BATCH
from benchmarks.moved import MovedTasks
from benchmarks.report import Row, missing_row, verdict
from benchmarks.sampling import Overhead, in_turn
from benchmarks.sides import Sides
from devtools.console import step

ROUNDS = 7


def compare(sides: Sides, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the rows of a move among stages of work, and of one that stops the clocks."""
    tasks = [MovedTasks(sides.plain, promises=False), MovedTasks(sides.promised, promises=True)]
    tickets = [
        peer.MovedTickets(sides.peer, promises=promises) for promises in (False, True) if sides.peer
    ]
    with step(f"Moving batches of {BATCH} to another stage, {rounds} rounds"):
        samples = in_turn([side.move for side in (*tasks, *tickets)], rounds)
    ours = Overhead.between(*samples[:2], BATCH)
    if sides.peer:
        yield _peer_row(ours, Overhead.between(*samples[2:], BATCH), sides.release)
    else:
        yield missing_row(f"a move; with two SLAs of {peer.ADDON}", sides.failure, ">= 10 x")
    yield _queries_row("a move of a batch with two timers; without", ours)
    with step(f"Moving batches of {BATCH} to a stage that stops the clocks, and back"):
        waits = in_turn([side.wait_and_return for side in tasks], rounds)
    yield _queries_row(
        "a move that stops or starts the clocks; without", Overhead.between(*waits, 2 * BATCH)
    )


def _peer_row(ours: Overhead, theirs: Overhead, release: str) -> Row:
    ratio = theirs.milliseconds / ours.milliseconds
    return Row(
        f"a move with two timers; with two SLAs of {peer.ADDON} {release}",
        f"+{ours.milliseconds:.2f} ms a task (least {ours.least_milliseconds:.2f})",
        f"+{theirs.milliseconds:.2f} ms, {theirs.queries:.2f} queries",
        f"{ratio:.1f} x less",
        ">= 10 x",
        verdict(ratio >= 10),
    )


def _queries_row(what: str, ours: Overhead) -> Row:
    return Row(
        what,
        f"+{ours.milliseconds:.2f} ms, {ours.queries:.3f} queries a task",
        f"{ours.baseline_milliseconds:.2f} ms, {ours.baseline_queries:.3f} queries",
        f"+{ours.milliseconds / ours.baseline_milliseconds:.0%}",
        "<= 0.1 queries",
        verdict(ours.queries <= 0.1),
        is_time=False,
    )
