"""A plugin of pytest: several runs share the tests, and each takes the next file none has taken.

So no run waits for another, and nobody has to know how long a file takes. Every run collects all
tests. What one takes it notes in the shared folder, with how many tests that are: so a test that
has no result in the end is missed.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # this program itself does without pytest
    import pytest

PLUGIN = __name__
OPTION = "--shared-tests"


def pytest_addoption(parser: "pytest.Parser") -> None:
    """Let the run be told which folder it shares with the others."""
    parser.addoption(OPTION, type=Path, required=True, help="folder the runs share")


def pytest_runtestloop(session: "pytest.Session") -> Literal[True] | None:
    """Run one file after the other, as long as there is one to take.

    :return: None if there was nothing to run, and pytest says so itself
    """
    if session.testsfailed or session.config.option.collectonly:
        return None
    folder: Path = session.config.getoption(OPTION)
    _run(session, take(session.items, folder))
    return True


def take(tests: "Sequence[pytest.Item]", folder: Path) -> "Iterator[pytest.Item]":
    """Yield the tests of one file after the other that no other run has taken by then."""
    files = defaultdict(list)
    for test in tests:
        files[test.nodeid.partition("::")[0]].append(test)
    for name, inside in files.items():
        note = folder / f"{name.replace('/', '%')}.taken"
        if _is_ours(note, len(inside)):
            yield from inside


def count_taken(folder: Path) -> int:
    """Return how many tests were taken by all runs together."""
    return sum(int(note.read_text()) for note in folder.iterdir())


def _is_ours(note: Path, number: int) -> bool:
    try:
        with note.open("x") as new:
            new.write(str(number))
    except FileExistsError:
        return False
    return True


def _run(session: "pytest.Session", tests: "Iterator[pytest.Item]") -> None:
    """Run `tests` as pytest does, which wants to know what comes next to keep it set up."""
    test = next(tests, None)
    while test:
        following = next(tests, None)
        test.config.hook.pytest_runtest_protocol(item=test, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        test = following
