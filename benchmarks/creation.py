"""What promises add to the creation of a batch: for our tasks, and for the peer's tickets."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from odoo.tools import config

from benchmarks import peer
from benchmarks.batch_create import BATCH, Requests
from benchmarks.report import NOT_MEASURED, Row, verdict
from benchmarks.sampling import Overhead, in_turn
from devtools.console import step
from devtools.databases import BASE, Databases

ROUNDS = 7


def compare(databases: Databases, database: str) -> Iterator[Row]:
    """Yield the rows for our tasks, and the one that holds them against the peer."""
    with ExitStack() as copies:
        promised = copies.enter_context(databases.copy_of(database, "bench_policies"))
        requests = [Requests(database, policies=False), Requests(promised, policies=True)]
        runs = [side.create_batch for side in requests]
        try:
            tickets, release = _install_peer(databases, copies)
            failure = None
        except peer.PeerMissingError as error:
            tickets, failure = [], str(error)
        runs_of_all = [*runs, *(side.create_batch for side in tickets)]
        with step(f"Creating batches of {BATCH}, {ROUNDS} rounds"):
            samples = in_turn(runs_of_all, ROUNDS)
        ours = Overhead.between(*samples[:2], BATCH)
        yield _time_row(ours)
        with step("Creating batches with chatter"):
            by_hand = in_turn([partial(run, chatter=True) for run in runs], rounds=1, warm_up=1)
        yield _queries_row(Overhead.between(*by_hand, BATCH))
        if failure:
            yield _missing_peer_row(failure)
        else:
            yield _peer_row(ours, Overhead.between(*samples[2:], BATCH), release)


def _install_peer(databases: Databases, copies: ExitStack) -> tuple[list[peer.Tickets], str]:
    folder = databases.odoo.layout.state / "peer"
    peer.make_importable(peer.fetch(folder))
    name = copies.enter_context(databases.copy_of(BASE, "bench_peer"))
    arguments = ["--addons-path", ",".join(config["addons_path"]), "-i", peer.ADDON]
    databases.odoo.run_once(name, arguments, what="Installing the peer", log="bench-peer")
    return [peer.Tickets(name, slas=slas) for slas in (False, True)], peer.version(folder)


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


def _missing_peer_row(reason: str) -> Row:
    return Row(f"two timers; two SLAs of {peer.ADDON}", "", reason, "", ">= 10 x", NOT_MEASURED)
