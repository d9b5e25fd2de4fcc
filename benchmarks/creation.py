"""What promises add to the creation of a batch: for our tasks, and for the peer's tickets."""

from collections.abc import Iterator
from functools import partial

from benchmarks import peer
from benchmarks.batch_create import BATCH, Requests
from benchmarks.report import Row, missing_row, verdict
from benchmarks.sampling import Overhead, in_turn
from benchmarks.sides import Sides
from devtools.console import step

ROUNDS = 7


def compare(sides: Sides, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the rows for our tasks, and the one that holds them against the peer."""
    requests = [Requests(sides.plain, policies=False), Requests(sides.promised, policies=True)]
    tickets = [peer.Tickets(sides.peer, slas=slas) for slas in (False, True) if sides.peer]
    with step(f"Creating batches of {BATCH}, {rounds} rounds"):
        samples = in_turn([side.create_batch for side in (*requests, *tickets)], rounds)
    ours = Overhead.between(*samples[:2], BATCH)
    yield _time_row(ours)
    with step("Creating batches with chatter"):
        runs = [partial(side.create_batch, chatter=True) for side in requests]
        by_hand = in_turn(runs, rounds=1, warm_up=1)
    yield _queries_row(Overhead.between(*by_hand, BATCH))
    if sides.peer:
        yield _peer_row(ours, Overhead.between(*samples[2:], BATCH), sides.release)
    else:
        yield missing_row(f"two timers; two SLAs of {peer.ADDON}", sides.failure, ">= 10 x")


def _time_row(ours: Overhead) -> Row:
    return Row(
        "two timers on a batch of tasks; without",
        f"+{ours.milliseconds:.2f} ms a task (least {ours.least_milliseconds:.2f})",
        f"{ours.baseline_milliseconds:.2f} ms",
        f"+{ours.milliseconds / ours.baseline_milliseconds:.0%}",
        "<= 0.5 ms",
        verdict(ours.milliseconds <= 0.5),
    )


def _queries_row(ours: Overhead) -> Row:
    return Row(
        "the same by hand, with chatter; without",
        f"+{ours.queries:.3f} queries a task",
        f"{ours.baseline_queries:.2f} queries",
        f"+{ours.queries / ours.baseline_queries:.1%}",
        "<= 0.1 queries",
        verdict(ours.queries <= 0.1),
        is_time=False,
    )


def _peer_row(ours: Overhead, theirs: Overhead, release: str) -> Row:
    ratio = theirs.milliseconds / ours.milliseconds
    return Row(
        f"two timers; two SLAs of {peer.ADDON} {release}",
        f"+{ours.milliseconds:.2f} ms, {ours.queries:.3f} queries a task",
        f"+{theirs.milliseconds:.2f} ms, {theirs.queries:.2f} queries",
        f"{ratio:.1f} x less",
        ">= 10 x",
        verdict(ratio >= 10),
    )
