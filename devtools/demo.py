"""``make demo``: a live Odoo with both addons and believable data."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from devtools import addons, databases, locks, machine, server, stamps
from devtools.console import say, step
from devtools.errors import SetupError
from devtools.layout import Layout
from devtools.odoo_cli import Odoo
from devtools.odoo_source import OdooHome
from devtools.postgres import PrivateCluster, Server, named_server
from devtools.preparation import prepare

DATABASE = databases.PREFIX + "demo"
WELCOME = Path(__file__).resolve().parent / "welcome.txt"


def start(layout: Layout) -> int:
    """Bring the demo up from whatever state it is in, and say where to look."""
    port = choose_port()
    running = server.find_running(layout)
    if not (running and running.port == port):
        require_port(port)
    home = prepare(layout)
    odoo = Odoo(layout, home, start_postgres(layout))
    with locks.alone(layout.logs / "demo.lock", "preparing the demo"):
        ensure_database(odoo)
        running = server.find_running(layout)
        if running and running.port != port:
            server.stop(layout)
        if not server.find_running(layout):
            server.start(odoo, DATABASE, port)
    say(WELCOME.read_text().format(address=f"http://127.0.0.1:{port}").rstrip())
    return 0


def stop(layout: Layout) -> int:
    """Stop the server, and the private PostgreSQL unless somebody else uses it."""
    if not layout.marker.exists():
        say("Nothing was running.")
        return 0
    stopped = server.stop(layout)
    for name in ("demo", "test"):
        cluster = PrivateCluster(layout, name, durable=name == "demo")
        stopped = cluster.stop_if_unused() or stopped
    say("Stopped." if stopped else "Nothing was running.")
    return 0


def clean(layout: Layout) -> int:
    """Stop everything and delete the state folder."""
    if not layout.state.exists():
        say("There is nothing to delete.")
        return 0
    if not layout.marker.exists():
        raise SetupError(f"{layout.state} was not made here and is left alone")
    server.stop(layout)
    _drop_named(layout)
    for name in ("demo", "test"):
        PrivateCluster(layout, name, durable=name == "demo").remove()
    with step(f"Deleting {layout.state}"):
        shutil.rmtree(layout.state)
    return 0


def choose_port(environ: Mapping[str, str] = os.environ) -> int:
    """Return the port the user wants."""
    text = environ.get("PORT") or "8069"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SetupError(f"PORT={text} is not a port number: try make demo PORT=8070")
    return int(text)


def require_port(port: int) -> None:
    """Refuse a port somebody else listens on."""
    if not machine.port_is_free(port):
        raise SetupError(
            f"Port {port} is in use by another program: choose another one, for example "
            f"make demo PORT={port + 1 if port < 65535 else 8070}"
        )


def start_postgres(layout: Layout) -> Server:
    """Return the server named by PGHOST, or start the private one, which keeps its data."""
    named = named_server()
    if named:
        return named
    cluster = PrivateCluster(layout, "demo", durable=True)
    cluster.start()
    return cluster.server


def ensure_database(odoo: Odoo) -> None:
    """Create the demo database, or update it if the addons have changed."""
    known = databases.Databases(odoo)
    inputs = stamps.fingerprint(addons.fingerprint(odoo.layout))
    present = known.inputs(DATABASE)
    if present == inputs:
        return
    server.stop(odoo.layout)
    if present is None:
        known.make(DATABASE, inputs, lambda name: _fill(odoo, known, name))
        return
    with step("Updating the demo database: the addons have changed"):
        arguments = ["-u", addons.names()]
        odoo.run_once(DATABASE, arguments, what="Updating the demo", log="demo-update")
        known.mark(DATABASE, inputs)


def _fill(odoo: Odoo, known: databases.Databases, name: str) -> None:
    machine.require_disk(odoo.layout.state, 1)
    with step("Creating the demo database with both addons"):
        known.create(name)
        modules = ",".join([*addons.dependencies(odoo.layout), addons.names()])
        arguments = ["-i", modules, "--with-demo"]
        odoo.run_once(name, arguments, what="Creating the demo database", log="demo-create")
    with step("Building the styles and scripts of all pages"):
        odoo.build_assets(name)


def _drop_named(layout: Layout) -> None:
    """Drop our databases on a server the user named; a private one is deleted as a whole."""
    named = named_server()
    if named:
        odoo = Odoo(layout, OdooHome(layout.state / "odoo"), named)
        databases.Databases(odoo).drop_all()
