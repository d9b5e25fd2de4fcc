"""Other Odoo processes, driven by a test: real connections, real transactions, real commits."""

import json
import os
import select
import subprocess
from pathlib import Path

from devtools.databases import Databases

PROGRAM = Path(__file__).with_name("odoo_process_main.py")
PATIENCE = 300  # seconds; machines may be busy


class OdooProcess:
    """One process on one database. It answers each order with one line.

    :param label: what its files are called; those of a test of another file are in use
    :ivar is_idle: whether it has answered all orders
    """

    def __init__(self, databases: Databases, database: str, label: str) -> None:
        odoo = databases.odoo
        self._config = odoo.write_config(label, {"max_cron_threads": 0, "db_name": database})
        self.log = odoo.layout.logs / f"{label}.log"
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                [odoo.layout.python, PROGRAM, self._config, database],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                env={**os.environ, **odoo.environment},
                cwd=odoo.layout.checkout,
            )
        self.is_idle = True

    def ask(self, order: str, **arguments):
        """Give an order and return its result."""
        self.send(order, **arguments)
        return self.result()

    def send(self, order: str, **arguments) -> None:
        """Give an order without waiting for anything."""
        self.is_idle = False
        self._write(json.dumps({"order": order, "arguments": arguments}))

    def wait_until_paused(self) -> None:
        """Wait until the order has come to the point at which it was told to wait."""
        assert self._read() == {"paused": True}

    def go_on(self) -> None:
        """Let a paused order go on."""
        self._write("")

    def result(self):
        """Wait for the end of the order and return its result."""
        answer = self._read()
        self.is_idle = "paused" not in answer
        assert "result" in answer, answer.get("error", answer)
        return answer["result"]

    def has_answered(self) -> bool:
        """Tell whether there is an answer to read."""
        return bool(select.select([self._process.stdout], [], [], 0)[0])

    def kill(self) -> None:
        """End the process as a power cut would."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Let the process end, and make sure that it does."""
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process.stdout.close()
        self._config.unlink(missing_ok=True)

    def _write(self, line: str) -> None:
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def _read(self) -> dict:
        ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE)
        line = self._process.stdout.readline() if ready else b""
        assert line, f"no answer:\n{self.log.read_text()[-3000:]}"
        return json.loads(line)
