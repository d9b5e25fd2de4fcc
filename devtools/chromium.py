"""A real browser for the tests that involve a page."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from devtools import commands, debian, machine, stamps
from devtools.console import step
from devtools.errors import SetupError
from devtools.layout import Layout

VARIABLE = "CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OFFERED = "google-chrome"
PACKAGES = ("chromium", "fontconfig-config", "fonts-dejavu-core")
LAUNCHER = """#!/bin/sh
export LD_LIBRARY_PATH="{libraries}" FONTCONFIG_PATH="{root}/etc/fonts"
export XDG_DATA_HOME="{root}/usr/share"
exec "{root}/usr/lib/chromium/chromium" --no-sandbox "$@"
"""
ADVICE = (
    "install Chromium (Debian: sudo apt-get install chromium) or Google Chrome, or name an "
    f"existing one with {VARIABLE}=<program>"
)


def ensure_chromium(layout: Layout, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the browser, and put it on the path under the name that Odoo looks for."""
    found = find_chromium(environ)
    if found:
        return _offer(layout, found)
    if not (debian.is_debian() and shutil.which("apt-get")):
        raise SetupError(f"No Chromium was found for the tests in a browser: {ADVICE}")
    return _install(layout, environ) if machine.is_root() else _unpack(layout)


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


def _offer(layout: Layout, program: Path) -> Path:
    link = layout.bin / OFFERED
    link.unlink(missing_ok=True)
    link.symlink_to(program)
    return program


def _install(layout: Layout, environ: Mapping[str, str]) -> Path:
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
    found = find_chromium(environ)
    if not found:
        raise SetupError(f"Chromium was installed but is not on PATH: {ADVICE}")
    return _offer(layout, found)


def _unpack(layout: Layout) -> Path:
    """Fetch Debian's Chromium and what it needs, for a user who may not install packages."""
    target = layout.state / "chromium"
    launcher = layout.bin / OFFERED

    def fetch() -> None:
        machine.require_disk(layout.state, 1)
        with step("Fetching Chromium: this machine has none"):
            log = layout.logs / "chromium.log"
            debian.unpack_missing(layout.state, log, PACKAGES, target)
        launcher.unlink(missing_ok=True)
        libraries = debian.library_path(target).get("LD_LIBRARY_PATH", "")
        launcher.write_text(LAUNCHER.format(root=target, libraries=libraries))
        launcher.chmod(0o755)

    stamps.once(layout.state / "chromium.stamp", stamps.fingerprint("1", str(target)), fetch)
    return launcher
