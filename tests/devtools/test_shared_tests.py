"""Several runs of pytest that share their tests: real runs, of small files made for them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from devtools import shared_tests
from devtools.layout import CHECKOUT
from devtools.outcome import read_report

WAITS = """
import time
from pathlib import Path

def test_until_the_other_file_has_run():
    while not Path("{other}.ran").exists():
        time.sleep(0.01)

def test_afterwards():
    Path("{name}.ran").touch()
"""
NOTES = """
from pathlib import Path

def test_first(session, module):
    pass

def test_second(session, module):
    assert Path("notes").read_text().endswith("module begins\\n")
"""
FIXTURES = """
from pathlib import Path
import pytest

def note(text):
    with Path("notes").open("a") as notes:
        notes.write(text + "\\n")

@pytest.fixture(scope="session")
def session():
    note("session begins")
    yield
    note("session ends")

@pytest.fixture(scope="module")
def module():
    note("module begins")
    yield
    note("module ends")
"""


class Runs:
    """A folder of tests, and the runs that share them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shared = folder / "shared"
        self.shared.mkdir()
        self.started: list[subprocess.Popen] = []

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / f"{name}.py").write_text(text)

    def start(self, name: str) -> subprocess.Popen:
        options = ["-p", "no:odoo", "-p", "no:cacheprovider", "-q", f"--junitxml={name}.xml"]
        sharing = ["-p", shared_tests.PLUGIN, f"{shared_tests.OPTION}={self.shared}"]
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, *sharing],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            stdout=subprocess.DEVNULL,
        )
        self.started.append(process)
        return process

    def result(self, name: str, process: subprocess.Popen):
        return read_report(self.folder / f"{name}.xml", process.wait(timeout=60))

    def run(self, name: str):
        return self.result(name, self.start(name))


@pytest.fixture
def runs(tmp_path):
    runs = Runs(tmp_path)
    yield runs
    for process in runs.started:
        process.kill()
        process.wait()


def test_a_file_goes_to_the_run_that_has_time_for_it(runs):
    """Each of two files waits for the last test of another, which one run alone never reaches."""
    runs.write(
        test_a=WAITS.format(name="a", other="b"),
        test_b="def test_b():\n    __import__('pathlib').Path('b.ran').touch()",
        test_c=WAITS.format(name="c", other="a"),
    )
    started = {name: runs.start(name) for name in ("one", "two")}
    results = [runs.result(name, process) for name, process in started.items()]
    assert all(result.is_good for result in results)
    assert sum(result.tests for result in results) == shared_tests.count_taken(runs.shared) == 5


def test_what_a_file_needs_is_set_up_once_and_what_all_need_is_kept(runs):
    runs.write(conftest=FIXTURES, test_a=NOTES, test_b=NOTES)
    assert runs.run("one").is_good
    one_file = ["module begins", "module ends"]
    expected = ["session begins", *one_file, *one_file, "session ends"]
    assert (runs.folder / "notes").read_text().splitlines() == expected


def test_a_run_that_dies_loses_what_it_has_taken(runs):
    runs.write(
        test_a="import os\ndef test_1(): pass\ndef test_2(): os._exit(0)\ndef test_3(): pass",
        test_b="def test_b(): pass",
    )
    dead, other = runs.run("one"), runs.run("two")
    assert not dead.is_good
    assert other.is_good
    assert shared_tests.count_taken(runs.shared) - dead.tests - other.tests == 3


def test_failures_are_those_of_the_run(runs):
    runs.write(test_a="def test_a(): assert False", test_b="def test_b(): pass")
    result = runs.run("one")
    assert (result.code, result.passed, result.failed) == (1, 1, 1)


@pytest.mark.parametrize("broken", ["import nothing_like_that", "def test_x(missing): pass"])
def test_what_cannot_be_loaded_fails(runs, broken):
    runs.write(test_a="def test_a(): pass", test_b=broken)
    assert not runs.run("one").is_good


def test_a_run_without_a_test_is_not_good(runs):
    runs.write(test_a="def test_a(): pass")
    assert runs.run("one").is_good
    left = runs.run("two")
    assert (left.code, left.tests, left.is_good) == (0, 0, False)
