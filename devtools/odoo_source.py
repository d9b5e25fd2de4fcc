"""Obtain Odoo 19.0: an existing one through ODOO_HOME, else Debian's package, unpacked."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devtools import debian, machine, stamps
from devtools.console import say, step
from devtools.errors import SetupError
from devtools.layout import Layout

HOME_VARIABLE = "ODOO_HOME"
SERIES = (19, 0)
PACKAGES = (
    "odoo-19/sid",
    "libjs-jquery/sid",
    "libjs-jquery-form/sid",
    "libjs-underscore/sid",
    "fonts-roboto-unhinted/sid",
    "fonts-montserrat/sid",
    "fonts-ocr-b/sid",
    # The one of the unstable suite lacks the web fonts that Odoo links to.
    "fonts-font-awesome/bookworm",
)
KNOWN_PACKAGE = "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
PACKAGE_FOLDER = Path("usr/lib/python3/dist-packages")
# The package leaves this file out; without one, every back-office page fails in test mode.
MISSING_ASSET = Path("addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js")


@dataclass(frozen=True)
class OdooHome:
    """An Odoo that can be imported: ``parent`` holds the folder ``odoo``."""

    parent: Path

    @property
    def package(self) -> Path:
        """The folder ``odoo`` itself."""
        return self.parent / "odoo"

    @property
    def addons_paths(self) -> list[Path]:
        """Folders of addons besides the one inside the package."""
        beside = self.parent / "addons"
        return [beside] if (beside / "web").is_dir() else []


def ensure_odoo(layout: Layout, environ: Mapping[str, str] = os.environ) -> OdooHome:
    """Return an Odoo 19.0, fetching it if this machine has none that was named."""
    given = environ.get(HOME_VARIABLE)
    if given:
        return require_series(find_home(Path(given).expanduser().absolute()))
    target = layout.state / "odoo"
    stamps.once(
        layout.state / "odoo.stamp",
        stamps.fingerprint("1", *PACKAGES),
        lambda: _fetch(layout, target),
    )
    return require_series(find_home(target))


def find_home(folder: Path) -> OdooHome:
    """Find Odoo in a source checkout, an unpacked package, or the folder ``odoo`` itself."""
    for parent in (folder, folder / PACKAGE_FOLDER, folder.parent):
        if (parent / "odoo" / "release.py").is_file():
            return OdooHome(parent)
    raise SetupError(
        f"There is no Odoo in {folder}: {HOME_VARIABLE} must name a source checkout of branch "
        "19.0 or the folder where its package was unpacked; without it, Odoo is downloaded"
    )


def read_series(home: OdooHome) -> tuple[int, int] | None:
    """Return major and minor version of an Odoo, without importing it."""
    text = (home.package / "release.py").read_text()
    found = re.search(r"version_info\s*=\s*\(\s*'?(?:saas~)?(\d+)'?\s*,\s*(\d+)", text)
    return (int(found[1]), int(found[2])) if found else None


def require_series(home: OdooHome) -> OdooHome:
    """Refuse any Odoo but 19.0."""
    series = read_series(home)
    if series != SERIES:
        name = ".".join(map(str, series)) if series else "of unknown version"
        raise SetupError(
            f"The Odoo in {home.parent} is {name}, these addons need 19.0: name a source checkout "
            f"of branch 19.0 with {HOME_VARIABLE}=<folder>"
        )
    return home


def _fetch(layout: Layout, target: Path) -> None:
    machine.require_disk(layout.state, 3)
    archive = debian.Archive.of_debian(layout.state / "apt", layout.logs / "odoo.log")
    with step("Reading the package index"):
        archive.update()
    with step("Downloading Odoo 19.0 (about 130 MB)"):
        files = archive.download(PACKAGES, layout.state / "apt" / "packages")
    _report_package(files)
    with step("Unpacking Odoo"), stamps.folder_in_one_piece(target) as partial:
        for package in files:
            archive.unpack(package, partial)
        home = require_series(find_home(partial))
        _write_missing_asset(home)
    archive.forget()


def _report_package(files: list[Path]) -> None:
    package = next(path for path in files if path.name.startswith("odoo-19_"))
    known = debian.sha256(package) == KNOWN_PACKAGE
    origin = "the one these addons were tried with" if known else "newer than the one tried"
    say(f"  {package.name}: signed by the Debian archive, {origin}")


def _write_missing_asset(home: OdooHome) -> None:
    asset = home.package / MISSING_ASSET
    if not asset.exists():
        asset.parent.mkdir(parents=True, exist_ok=True)
        asset.write_text("/* Left out by the Debian package; nothing here uses it. */\n")
