"""Remember which steps are finished, and for which inputs."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


def fingerprint(*parts: str | bytes | Path) -> str:
    """Return a hash over texts and over the content of files."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part
        raw = data.encode() if isinstance(data, str) else data
        digest.update(b"%d:" % len(raw) + raw)
    return digest.hexdigest()


def fingerprint_files(root: Path, files: Iterable[Path]) -> str:
    """Return a hash over names (relative to `root`) and contents of `files`."""
    parts: list[str | Path] = []
    for path in sorted(files):
        parts += [path.relative_to(root).as_posix(), path]
    return fingerprint(*parts)


def is_current(stamp: Path, inputs: str) -> bool:
    """Tell whether the step of `stamp` was finished with the same `inputs`."""
    return stamp.is_file() and stamp.read_text() == inputs


def finish(stamp: Path, inputs: str) -> None:
    """Record that the step of `stamp` is finished; all or nothing."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    partial = stamp.with_name(stamp.name + ".partial")
    partial.write_text(inputs)
    partial.replace(stamp)


def once(stamp: Path, inputs: str, build: Callable[[], None]) -> bool:
    """Call `build` unless it was finished with the same `inputs`.

    :return: whether there was something to do
    """
    if is_current(stamp, inputs):
        return False
    stamp.unlink(missing_ok=True)
    build()
    finish(stamp, inputs)
    return True


@contextmanager
def folder_in_one_piece(target: Path) -> Iterator[Path]:
    """Give a temporary folder that becomes `target` only if the block succeeds."""
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
