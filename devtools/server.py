"""The demo server: start it, find it again, stop it."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from devtools import commands, machine
from devtools.console import step
from devtools.errors import SetupError
from devtools.layout import Layout
from devtools.odoo_cli import Odoo

PATIENCE = 180.0


@dataclass(frozen=True)
class RunningServer:
    """A server that was started earlier and still runs."""

    pid: int
    port: int

    def stop(self) -> None:
        """Ask the server to end, and insist after a while."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            os.kill(self.pid, sign)
            if _wait_for_end(self.pid, 15):
                return


def find_running(layout: Layout) -> RunningServer | None:
    """Return the server of this state folder if it runs."""
    try:
        record = json.loads(_record(layout).read_text())
        arguments = Path(f"/proc/{record['pid']}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, KeyError):
        return None
    if os.fsencode(_config(layout)) not in arguments:
        return None
    return RunningServer(record["pid"], record["port"])


def start(odoo: Odoo, database: str, port: int) -> None:
    """Start the server on the loopback interface and wait until it answers."""
    layout = odoo.layout
    config = odoo.write_config(
        "demo", {"db_name": database, "dbfilter": f"^{database}$", "http_port": port}
    )
    log = layout.logs / "server.log"
    with step("Starting Odoo"):
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(part) for part in odoo.command(config)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **odoo.environment},
                cwd=layout.state,
                start_new_session=True,
            )
        _record(layout).write_text(json.dumps({"pid": process.pid, "port": port}))
        try:
            _wait_for_answer(process, port, log)
        except BaseException:
            process.kill()
            raise


def stop(layout: Layout) -> bool:
    """Stop the server if it runs; return whether there was one."""
    running = find_running(layout)
    if running:
        running.stop()
    _record(layout).unlink(missing_ok=True)
    return running is not None


def answers(port: int) -> bool:
    """Tell whether a page is served on `port`, whatever proxy the environment names."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/web/login", timeout=60) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _wait_for_answer(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not answers(port):
        if process.poll() is not None:
            raise SetupError(f"Odoo stopped: {commands.explain(log)}. Whole output: {log}")
        if time.monotonic() > deadline:
            raise SetupError(f"Odoo did not answer within {PATIENCE:.0f} s. Its output: {log}")
        time.sleep(0.3)


def _wait_for_end(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not machine.is_alive(pid):
            return True
        time.sleep(0.1)
    return False


def _record(layout: Layout) -> Path:
    return layout.state / "server.json"


def _config(layout: Layout) -> Path:
    return layout.state / "demo.conf"
