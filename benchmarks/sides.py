"""What is compared: Odoo without policies, Odoo with them, and the peer."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from odoo.tools import config

from benchmarks import peer
from devtools.databases import BASE, Databases


@dataclass(frozen=True)
class Sides:
    """The databases of one run.

    :param plain: both addons, and no policy ever
    :param promised: a copy of it, for policies
    :param peer: the peer without our addons; None if it could not be had
    :param release: which release the peer is
    :param failure: why there is no peer
    """

    plain: str
    promised: str
    peer: str | None = None
    release: str = ""
    failure: str = ""


@contextmanager
def prepared(databases: Databases, database: str) -> Iterator[Sides]:
    """Give the databases that are compared; the copies are gone afterwards."""
    with ExitStack() as copies:
        promised = copies.enter_context(databases.copy_of(database, "bench_policies"))
        try:
            name, release = _install_peer(databases, copies)
        except peer.PeerMissingError as error:
            yield Sides(database, promised, failure=str(error))
        else:
            yield Sides(database, promised, name, release)


def _install_peer(databases: Databases, copies: ExitStack) -> tuple[str, str]:
    folder = databases.odoo.layout.state / "peer"
    peer.make_importable(peer.fetch(folder))
    name = copies.enter_context(databases.copy_of(BASE, "bench_peer"))
    arguments = ["--addons-path", ",".join(config["addons_path"]), "-i", peer.ADDON]
    databases.odoo.run_once(name, arguments, what="Installing the peer", log="bench-peer")
    return name, peer.version(folder)
