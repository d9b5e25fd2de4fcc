"""Locks between several runs in one state folder; the kernel frees them when a run dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devtools.console import say

# Programs we run hold our locks too: if this run is killed, the next one waits for them.
HELD: list[int] = []


@contextmanager
def alone(path: Path, reason: str) -> Iterator[None]:
    """Hold `path` exclusively; tell the user when another run holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Another run is busy with {reason}; waiting for it.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        HELD.append(handle.fileno())
        try:
            yield
        finally:
            HELD.remove(handle.fileno())


class Usage:
    """Who uses a thing: many may, and the last one may put it away."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = path.open("a")
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def release(self) -> bool:
        """Stop using it; return whether nobody else does (then the lock is held until closed)."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._handle.close()
            return False
        return True

    def close(self) -> None:
        """Let go of the lock."""
        self._handle.close()
