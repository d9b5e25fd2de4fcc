"""The virtual environment: Odoo's requirements, and those of tests and lint on top."""

import shutil
import sys
import sysconfig
from pathlib import Path

from devtools import commands, machine, stamps
from devtools.console import step
from devtools.layout import Layout
from devtools.odoo_source import OdooHome

LAUNCHER = """#!{python}
import sys

import odoo.cli

sys.exit(odoo.cli.main())
"""


def ensure_python(layout: Layout, home: OdooHome) -> None:
    """Provide a virtual environment that can start Odoo."""
    requirements = layout.checkout / "requirements" / "odoo.txt"
    inputs = stamps.fingerprint(sys.version, sys.executable, str(layout.venv), requirements)
    stamps.once(layout.state / "venv.stamp", inputs, lambda: _build(layout, requirements))
    _link(layout, home)


def ensure_test_tools(layout: Layout) -> None:
    """Add the tools for tests and lint to the virtual environment."""
    requirements = layout.checkout / "requirements" / "dev.txt"
    inputs = stamps.fingerprint((layout.state / "venv.stamp").read_text(), requirements)

    def install() -> None:
        with step("Installing the tools for tests and lint"):
            _pip_install(layout, requirements)

    stamps.once(layout.state / "venv-dev.stamp", inputs, install)


def _build(layout: Layout, requirements: Path) -> None:
    machine.require_disk(layout.state, 1)
    shutil.rmtree(layout.venv, ignore_errors=True)
    try:
        with step(f"Creating a virtual environment for Python {sys.version.split()[0]}"):
            commands.run(
                [sys.executable, "-m", "venv", layout.venv],
                what="Creating the virtual environment",
                log=layout.logs / "venv.log",
            )
        with step("Installing Odoo's requirements"):
            _pip_install(layout, requirements)
    except BaseException:
        shutil.rmtree(layout.venv, ignore_errors=True)
        raise


def _pip_install(layout: Layout, requirements: Path) -> None:
    commands.run(
        [layout.python, "-m", "pip", "install", "--require-hashes", "-r", requirements],
        what=f"Installing {requirements.name}",
        log=layout.logs / f"pip-{requirements.stem}.log",
        env={"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"},
    )


def _link(layout: Layout, home: OdooHome) -> None:
    """Let the environment find Odoo, and write the program that starts it."""
    paths = {"base": str(layout.venv), "platbase": str(layout.venv)}
    packages = Path(sysconfig.get_path("purelib", "venv", vars=paths))
    _write(packages / "odoo_home.pth", f"{home.parent}\n")
    _write(layout.odoo_launcher, LAUNCHER.format(python=layout.python))
    layout.odoo_launcher.chmod(0o755)


def _write(path: Path, content: str) -> None:
    if not path.exists() or path.read_text() != content:
        path.write_text(content)
