"""A web server on a private database, for tests and measurements: it can be restarted."""

import os
import signal
import socket
import subprocess
import time

from devtools import commands, server
from devtools.errors import SetupError
from devtools.odoo_cli import Odoo

PATIENCE = 120.0


class WebServer:
    """One server on the loopback interface. It keeps its ports when it is restarted."""

    def __init__(self, odoo: Odoo, database: str, name: str, **options: object) -> None:
        """Prepare a server.

        :param name: of its configuration and its log
        :param options: of Odoo's configuration; with ``workers`` sockets have a port of their own
        """
        self.port, self.socket_port = _find_free_ports(2)
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = odoo.layout.logs / f"{name}.log"
        self.log.unlink(missing_ok=True)
        # With workers, a process of its own serves the sockets, and starts after them.
        self._ports = [self.port, self.socket_port] if "workers" in options else [self.port]
        self._odoo = odoo
        self._process: subprocess.Popen[bytes] | None = None
        self._config = odoo.write_config(
            name,
            {
                "db_name": database,
                "dbfilter": f"^{database}$",
                "http_port": self.port,
                "gevent_port": self.socket_port,
                "max_cron_threads": 0,
                **options,
            },
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [str(part) for part in self._odoo.command(self._config)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self._odoo.environment},
                cwd=self._odoo.layout.state,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while not all(map(server.answers, self._ports)):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SetupError(f"Odoo does not answer: {commands.explain(self.log)}")
            time.sleep(0.2)

    def close(self) -> None:
        """End the server and all of its workers, if it runs."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None


def _find_free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    probes = [socket.socket() for _number in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
