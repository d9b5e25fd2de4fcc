"""A real browser for the tests that involve a page."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from devtools import commands, machine
from devtools.console import step
from devtools.debian import is_debian
from devtools.errors import SetupError
from devtools.layout import Layout

VARIABLE = "CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "install Chromium (Debian: sudo apt-get install chromium) or Google Chrome, or name an "
    f"existing one with {VARIABLE}=<program>"
)


def ensure_chromium(layout: Layout, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the browser, and put it on the path under the name that Odoo looks for."""
    found = find_chromium(environ) or _install(layout)
    if not found:
        raise SetupError(f"No Chromium was found for the tests in a browser: {ADVICE}")
    link = layout.bin / "google-chrome"
    link.unlink(missing_ok=True)
    link.symlink_to(found)
    return found


def find_chromium(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the browser named by the user, else the first one on PATH."""
    named = environ.get(VARIABLE)
    path = environ.get("PATH", os.defpath)
    if named:
        found = shutil.which(named, path=path)
        if not found:
            raise SetupError(f"{VARIABLE}={named} is not a program that can be started: {ADVICE}")
        return Path(found).absolute()
    candidates = (shutil.which(name, path=path) for name in NAMES)
    return next((Path(found) for found in candidates if found), None)


def _install(layout: Layout) -> Path | None:
    if not (machine.is_root() and is_debian() and shutil.which("apt-get")):
        return None
    environment = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    log = layout.logs / "chromium.log"
    with step("Installing Chromium with apt-get"):
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            commands.run(
                ["apt-get", "-q", *arguments],
                what="Installing Chromium",
                log=log,
                env=environment,
            )
    return find_chromium()
