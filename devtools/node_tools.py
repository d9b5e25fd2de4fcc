"""Tools written in JavaScript: rtlcss for right-to-left styles, eslint."""

import shutil
from pathlib import Path

from devtools import commands, machine, stamps
from devtools.console import step
from devtools.layout import Layout

FILES = ("package.json", "package-lock.json", ".npmrc")
ADVICE = "install Node.js 18 or newer with npm (Debian and Ubuntu: packages nodejs and npm)"


def modules(layout: Layout) -> Path:
    """Return the folder the tools are installed in."""
    return layout.state / "node"


def ensure_node_tools(layout: Layout) -> None:
    """Install what package-lock.json pins, and put rtlcss on the path of what we start."""
    sources = [layout.checkout / name for name in FILES]
    inputs = stamps.fingerprint(str(modules(layout)), *sources)
    stamps.once(layout.state / "node.stamp", inputs, lambda: _install(layout, sources))


def _install(layout: Layout, sources: list[Path]) -> None:
    machine.require_program("node", ADVICE)
    npm = machine.require_program("npm", ADVICE)
    target = modules(layout)
    with step("Installing rtlcss and eslint"), stamps.folder_in_one_piece(target) as partial:
        for source in sources:
            shutil.copy(source, partial)
        commands.run(
            [npm, "ci", "--no-audit", "--no-fund"],
            what="Installing the JavaScript tools",
            log=layout.logs / "npm.log",
            cwd=partial,
        )
    _offer(layout.bin / "rtlcss", target / "node_modules" / ".bin" / "rtlcss")


def _offer(link: Path, program: Path) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(program)
