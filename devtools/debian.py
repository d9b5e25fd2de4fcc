"""Fetch and unpack Debian packages with the machine's own apt, without touching the system."""

import hashlib
import os
import platform
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from devtools import commands, machine
from devtools.errors import SetupError
from devtools.stamps import folder_in_one_piece

MIRROR_VARIABLE = "DEBIAN_MIRROR"
APT_FOLDER = Path("/etc/apt")
SOURCE_LINE = re.compile(
    r"^(?:URIs:\s*(?P<uris>https?://\S+)|deb\s+(?:\[[^]]*\]\s*)?(?P<uri>https?://\S+))",
    re.MULTILINE,
)
KEYRINGS = Path("/usr/share/keyrings")
SUITES = ("sid", "bookworm")
WAY_OUT = (
    f"name a mirror of Debian with {MIRROR_VARIABLE}=<address>, or an existing Odoo 19.0 "
    "(source checkout or unpacked package) with ODOO_HOME=<folder>"
)


def find_mirror(environ: Mapping[str, str] = os.environ) -> str:
    """Return the address of the Debian mirror this machine already uses."""
    override = environ.get(MIRROR_VARIABLE)
    if override:
        return override.rstrip("/")
    machine.require_program("apt-get", WAY_OUT)
    listing = commands.capture(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)|$(ORIGIN)|$(COMPONENT)|$(CREATED_BY)"]
    )
    mirror = choose_mirror((listing or "").splitlines())
    if not mirror and is_debian():
        mirror = next(configured_addresses(APT_FOLDER), None)
    if not mirror:
        raise SetupError(f"The package manager of this machine names no Debian mirror: {WAY_OUT}")
    return mirror


def choose_mirror(targets: Iterable[str]) -> str | None:
    """Return the first mirror of Debian's main component among apt's index targets."""
    for target in targets:
        address, origin, component, kind = (target.split("|") + [""] * 3)[:4]
        wanted = (origin, component, kind) == ("Debian", "main", "Packages")
        if wanted and "security" not in address:
            return address.rstrip("/")
    return None


def configured_addresses(folder: Path) -> Iterator[str]:
    """Yield the archives named in apt's own files, for a machine that has no index yet."""
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    for path in files:
        if path.suffix not in (".list", ".sources") or not path.is_file():
            continue
        for found in SOURCE_LINE.finditer(path.read_text(errors="replace")):
            address = found["uris"] or found["uri"]
            if "security" not in address:
                yield address.rstrip("/")


def is_debian() -> bool:
    """Tell whether this machine runs Debian itself, not a relative of it."""
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def find_keyring() -> Path:
    """Return the file with the keys that sign Debian's index."""
    for suffix in ("gpg", "pgp"):
        keyring = KEYRINGS / f"debian-archive-keyring.{suffix}"
        if keyring.exists():
            return keyring
    raise SetupError(
        "The keys of the Debian archive are missing: install the package "
        "debian-archive-keyring, or name an existing Odoo 19.0 with ODOO_HOME=<folder>"
    )


@dataclass(frozen=True)
class Archive:
    """A private view of a package archive: index and downloads in a folder of their own."""

    folder: Path
    log: Path
    settings: Mapping[str, str]

    @classmethod
    def of_debian(cls, folder: Path, log: Path) -> "Archive":
        """Return a view of Debian's own archive, whatever this machine has installed."""
        _require_apt()
        sources = folder / "sources.list"
        folder.mkdir(parents=True, exist_ok=True)
        lines = f"deb [signed-by={find_keyring()}] {find_mirror()} {{}} main\n"
        sources.write_text("".join(lines.format(suite) for suite in SUITES))
        settings = {
            "Dir::Etc::sourcelist": str(sources),
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State::status": "/dev/null",
        }
        return cls(folder, log, settings)

    @classmethod
    def of_this_machine(cls, folder: Path, log: Path) -> "Archive":
        """Return a view of the archives of this machine, which knows what is installed."""
        _require_apt()
        return cls(folder, log, {})

    def update(self) -> None:
        """Fetch the signed index."""
        for name in ("lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._apt("update", what="Reading the package index")

    def download(self, packages: Iterable[str], target: Path) -> list[Path]:
        """Download `packages` (``name/suite``) into `target`; apt checks their hashes."""
        target.mkdir(parents=True, exist_ok=True)
        self._apt("download", *packages, what="Downloading packages", cwd=target)
        return sorted(target.glob("*.deb"))

    def download_missing(self, *packages: str) -> list[Path]:
        """Download `packages` and what they need that this machine does not have."""
        options = ("--yes", "--no-install-recommends", "--download-only", "--reinstall")
        self._apt("install", *options, *packages, what="Downloading packages")
        return sorted((self.folder / "cache" / "archives").glob("*.deb"))

    def unpack(self, package: Path, target: Path) -> None:
        """Unpack one package below `target`."""
        commands.run(
            ["dpkg", "--extract", package, target], what=f"Unpacking {package.name}", log=self.log
        )

    def forget(self) -> None:
        """Remove the index and what was downloaded."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _apt(self, *arguments: str, what: str, cwd: Path | None = None) -> None:
        options = {
            **self.settings,
            "Dir::State::lists": str(self.folder / "lists"),
            "Dir::Cache": str(self.folder / "cache"),
            "Debug::NoLocking": "1",
            "APT::Sandbox::User": "",
            "APT::Update::Error-Mode": "any",
            "Acquire::Languages": "none",
        }
        settings = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        commands.run(
            ["apt-get", "-q", *settings, *arguments],
            what=what,
            log=self.log,
            env={"LC_ALL": "C"},
            cwd=cwd,
        )


def unpack_missing(state: Path, log: Path, packages: tuple[str, ...], target: Path) -> None:
    """Unpack `packages` and what they need below `target`, without installing anything."""
    archive = Archive.of_this_machine(state / f"apt-{target.name}", log)
    archive.update()
    with folder_in_one_piece(target) as partial:
        for package in archive.download_missing(*packages):
            archive.unpack(package, partial)
    archive.forget()


def library_path(root: Path) -> dict[str, str]:
    """Return the variables with which programs unpacked below `root` find their libraries."""
    folders = [*root.glob("usr/lib/*-linux-gnu"), *root.glob("lib/*-linux-gnu")]
    return {"LD_LIBRARY_PATH": os.pathsep.join(map(str, folders))} if folders else {}


def _require_apt() -> None:
    for program in ("apt-get", "dpkg"):
        machine.require_program(program, WAY_OUT)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
