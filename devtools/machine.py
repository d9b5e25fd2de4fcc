"""What this machine offers: disk, ports, programs, accounts."""

import os
import pwd
import shutil
import socket
from pathlib import Path

from devtools.errors import SetupError

GIGABYTE = 1024**3


def require_disk(folder: Path, gigabytes: float) -> None:
    """Refuse to start what would fill the disk half way."""
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(existing).free / GIGABYTE
    if free < gigabytes:
        raise SetupError(
            f"Only {free:.1f} GB are free in {existing}, {gigabytes:g} GB are needed: free some "
            "space, or choose another disk with SERVICE_EXPERIENCE_STATE=<folder>"
        )


def require_program(name: str, advice: str) -> Path:
    """Return the path of a program on PATH."""
    found = shutil.which(name)
    if not found:
        raise SetupError(f"The program {name} was not found: {advice}")
    return Path(found)


def port_is_free(port: int) -> bool:
    """Tell whether a server could listen on `port` of the loopback interface."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port that is free at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended but was not collected by its parent does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def is_root() -> bool:
    """Tell whether this program runs with all rights."""
    return os.geteuid() == 0


def unprivileged_account() -> pwd.struct_passwd:
    """Return an existing account without rights, for programs that refuse to run as root."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SetupError(
        "PostgreSQL refuses to run as root and there is no account 'nobody' or 'postgres': "
        "run as an ordinary user, or name a server with PGHOST"
    )
