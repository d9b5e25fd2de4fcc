"""Failures of other programs become one sentence that says what to do."""

import pytest

from devtools import commands, machine
from devtools.errors import SetupError


@pytest.mark.parametrize(
    ("output", "meaning"),
    [
        ("tar: write error: No space left on device", "disk is full"),
        ("E: Release file for http://m.test is expired (invalid since 3d)", "out of date"),
        ("Temporary failure resolving 'm.test'", "network"),
        ("npm error code ENOTFOUND", "network"),
        ("pip: NewConnectionError(...)", "network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "pinned hash"),
        ("one\nfatal: something odd\nthree", "fatal: something odd"),
        ("", "no output"),
    ],
)
def test_the_reason_is_found_in_the_output(tmp_path, output, meaning):
    log = tmp_path / "log"
    with pytest.raises(SetupError, match=f"Fetching failed: .*{meaning}.* Whole output: {log}"):
        commands.run(["sh", "-c", f'echo "{output}"; exit 3'], what="Fetching", log=log)


def test_a_missing_program_is_named(tmp_path):
    with pytest.raises(SetupError, match="program no-such-program was not found"):
        commands.run(["no-such-program"], what="X", log=tmp_path / "log")
    with pytest.raises(SetupError, match="no-such-program was not found: install it"):
        machine.require_program("no-such-program", "install it")
    assert commands.capture(["no-such-program"]) is None


def test_the_disk_is_asked_before_it_is_filled(tmp_path):
    machine.require_disk(tmp_path / "not" / "there", 0.001)
    with pytest.raises(SetupError, match=r"GB are free in .* SERVICE_EXPERIENCE_STATE"):
        machine.require_disk(tmp_path / "not" / "there", 10**9)


def test_a_free_port_is_free():
    assert machine.port_is_free(machine.free_port())
