"""Run Odoo on a database: its configuration file and its commands."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devtools import commands
from devtools.errors import SetupError
from devtools.layout import Layout
from devtools.odoo_source import OdooHome
from devtools.postgres import Server

BROKEN_STYLE = re.compile(
    r"assetsbundle: ([^\n]*)\n[^\n]*error occurred while compiling the bundle '([^']+)'"
)
SCRIPTS = Path(__file__).resolve().parent / "odoo_scripts"


@dataclass(frozen=True)
class Odoo:
    """One Odoo with one PostgreSQL server."""

    layout: Layout
    home: OdooHome
    server: Server

    @property
    def environment(self) -> dict[str, str]:
        """Variables for every process: those of the checkout, and the server."""
        return {**variables(self.layout), **self.server.environment}

    def write_config(self, name: str, options: Mapping[str, object]) -> Path:
        """Write a configuration file for this server into the state folder."""
        addons = [*self.home.addons_paths, self.layout.checkout]
        settings: dict[str, object] = {
            "addons_path": ",".join(map(str, addons)),
            "data_dir": self.layout.data_dir,
            "db_host": self.server.host,
            "db_port": self.server.port,
            "db_user": self.server.user,
            "list_db": False,
            "http_interface": "127.0.0.1",
            **options,
        }
        path = self.layout.state / f"{name}.conf"
        lines = (f"{key} = {value}" for key, value in settings.items())
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        partial.write_text("\n".join(["[options]", *lines, ""]))
        partial.replace(path)  # at once: another process may be reading it
        return path

    def command(self, config: Path, *arguments: str) -> list[str | Path]:
        """Return the command line of the Odoo server with `arguments`."""
        return [self.layout.python, self.layout.odoo_launcher, "server", "-c", config, *arguments]

    def run_once(self, database: str, arguments: Sequence[str], *, what: str, log: str) -> None:
        """Install, update or test on `database`, then stop."""
        config = self.write_config("batch", {"max_cron_threads": 0})
        commands.run(
            self.command(config, "-d", database, "--no-http", "--stop-after-init", *arguments),
            what=what,
            log=self.layout.logs / f"{log}.log",
            env=self.environment,
        )

    def build_assets(self, database: str, *, tests: bool = False) -> None:
        """Build the styles and scripts of the pages once, so that no page has to wait for it.

        :raise SetupError: if a style sheet cannot be compiled, which Odoo only logs
        """
        script = "pregenerate_tests" if tests else "pregenerate_assets"
        self.run_script(database, script, what="Building the page assets")
        log = self.layout.logs / f"{script}.log"
        broken = BROKEN_STYLE.search(log.read_text(errors="replace"))
        if broken:
            raise SetupError(f"The styles of {broken[2]} do not compile: {broken[1]}. See {log}")

    def run_script(self, database: str, script: str, *, what: str) -> None:
        """Execute a file of ``odoo_scripts`` in the shell of `database`."""
        config = self.write_config("batch", {"max_cron_threads": 0})
        options = ["-d", database, "--no-http", "--shell-interface=python"]
        commands.run(
            [self.layout.python, self.layout.odoo_launcher, "shell", "-c", config, *options],
            what=what,
            log=self.layout.logs / f"{script}.log",
            env=self.environment,
            stdin=SCRIPTS / f"{script}.py",
        )


def variables(layout: Layout) -> dict[str, str]:
    """Return a PATH on which the programs of the state folder come first, and where bytecode is.

    It is kept even on a machine that keeps none: dozens of processes load all of Odoo here.
    """
    return {
        "PATH": f"{layout.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(layout.state / "bytecode"),
    }
