"""What the addons of this checkout are made of."""

import ast
from collections.abc import Iterator
from pathlib import Path

from devtools import stamps
from devtools.layout import ADDONS, Layout

LOADED_SUFFIXES = {".py", ".xml", ".csv", ".po"}
IGNORED_FOLDERS = {"__pycache__", "tests"}


def names() -> str:
    """Return the addons as Odoo's command line wants them."""
    return ",".join(ADDONS)


def dependencies(layout: Layout) -> list[str]:
    """Return the addons of Odoo that ours need, in a fixed order."""
    needed = {name for addon in ADDONS for name in _manifest(layout, addon).get("depends", [])}
    return sorted(needed - set(ADDONS))


def fingerprint(layout: Layout) -> str:
    """Return a hash over everything that is loaded into a database; tests are not."""
    files = [path for addon in ADDONS for path in _files(layout, addon)]
    return stamps.fingerprint_files(layout.checkout, files)


def fingerprints(layout: Layout) -> dict[str, str]:
    """Return for each addon a hash over what an update would load again."""
    return {
        addon: stamps.fingerprint_files(
            layout.checkout,
            (path for path in _files(layout, addon) if path.suffix in LOADED_SUFFIXES),
        )
        for addon in ADDONS
    }


def _manifest(layout: Layout, addon: str) -> dict[str, list[str]]:
    text = (layout.checkout / addon / "__manifest__.py").read_text()
    manifest: dict[str, list[str]] = ast.literal_eval(text)
    return manifest


def _files(layout: Layout, addon: str) -> Iterator[Path]:
    root = layout.checkout / addon
    for path in root.rglob("*"):
        inside = set(path.relative_to(root).parts)
        if path.is_file() and not inside & IGNORED_FOLDERS and path.suffix != ".pyc":
            yield path
