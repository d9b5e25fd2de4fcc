"""A real Odoo server on a private database: it serves pages, sockets, and can be restarted."""

import os
import signal
import socket
import subprocess
import time

from devtools import server

PATIENCE = 120


class WebServer:
    """One server. It keeps its port when it is restarted.

    :param options: of Odoo's configuration, besides those of every server here
    """

    def __init__(self, databases, database: str, name: str = "web", **options) -> None:
        self.port = _find_free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._odoo = databases.odoo
        self._name = name
        self._options = {
            "db_name": database,
            "dbfilter": f"^{database}$",
            "http_port": self.port,
            "max_cron_threads": 0,
            **options,
        }
        self.log = self._odoo.layout.logs / f"system-{name}.log"
        self.log.unlink(missing_ok=True)
        self._process = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        config = self._odoo.write_config(f"system-{self._name}", self._options)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [str(part) for part in self._odoo.command(config)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self._odoo.environment},
                cwd=self._odoo.layout.state,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while not server.answers(self.port):
            assert self._process.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.2)

    def stop(self) -> None:
        """End the server and all of its workers."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    close = stop


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
