"""The virtual environment: Odoo's requirements, and those of tests and lint on top."""

import importlib.util
import shutil
import sys
import sysconfig
from pathlib import Path

from devtools import commands, debian, machine, stamps
from devtools.console import step
from devtools.errors import SetupError
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
            install_requirements(layout, requirements.stem)

    stamps.once(layout.state / "venv-dev.stamp", inputs, install)


def _build(layout: Layout, requirements: Path) -> None:
    machine.require_disk(layout.state, 1)
    shutil.rmtree(layout.venv, ignore_errors=True)
    try:
        with step(f"Creating a virtual environment for Python {sys.version.split()[0]}"):
            _create(layout)
        with step("Installing Odoo's requirements"):
            install_requirements(layout, requirements.stem)
    except BaseException:
        shutil.rmtree(layout.venv, ignore_errors=True)
        raise


def _create(layout: Layout) -> None:
    """Create the environment, also where Debian has left out what brings pip."""
    complete = importlib.util.find_spec("ensurepip") is not None
    options = [] if complete else ["--without-pip"]
    commands.run(
        [sys.executable, "-m", "venv", *options, layout.venv],
        what="Creating the virtual environment",
        log=layout.logs / "venv.log",
    )
    if not complete:
        bring_pip(layout)


def bring_pip(layout: Layout) -> None:
    """Install pip from Debian's package of its wheel; the package itself is not installed."""
    if not shutil.which("apt-get"):
        raise SetupError("Python's module ensurepip is missing: install the package python3-venv")
    target = layout.state / "pip-wheel"
    log = layout.logs / "venv.log"
    debian.unpack_missing(layout.state, log, ("python3-pip-whl",), target)
    wheel = next(target.glob("usr/share/python-wheels/pip-*.whl"))
    commands.run(
        [layout.python, wheel / "pip", "install", "--no-index", wheel],
        what="Installing pip",
        log=log,
    )
    shutil.rmtree(target)


def install_requirements(layout: Layout, name: str) -> None:
    """Install ``requirements/<name>.txt``, refusing whatever does not match its hash."""
    requirements = layout.checkout / "requirements" / f"{name}.txt"
    commands.run(
        [layout.python, "-m", "pip", "install", "--require-hashes", "-r", requirements],
        what=f"Installing requirements/{name}.txt",
        log=layout.logs / f"pip-{name}.log",
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
