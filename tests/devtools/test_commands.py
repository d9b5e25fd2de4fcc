"""Programs that run at the same time."""

import os
import signal
import subprocess
import sys
import time

import pytest

from devtools import commands, machine
from devtools.commands import Program
from devtools.layout import CHECKOUT


def python(name, code, **variables):
    return Program(name, [sys.executable, "-c", code], variables)


def test_all_run_at_once_and_each_line_says_whose_it_is(tmp_path, capfd):
    """Each waits for a file that the other makes."""
    code = """if True:
        import os, pathlib, time
        pathlib.Path(os.environ["MINE"]).touch()
        while not pathlib.Path(os.environ["OTHER"]).exists():
            time.sleep(0.01)
        print(os.environ["MINE"], "met", os.environ["OTHER"])
    """
    programs = [python("a", code, MINE="1", OTHER="2"), python("b", code, MINE="2", OTHER="1")]
    assert commands.show_together(programs, cwd=tmp_path) == [0, 0]
    assert set(capfd.readouterr().out.splitlines()) == {"a | 1 met 2", "b | 2 met 1"}


def test_exit_codes_are_told_apart(capfd):
    programs = [
        python("good", ""),
        python("bad", "import sys; sys.exit('broken')"),
        python("dead", "import os; os.kill(os.getpid(), 9)"),
    ]
    assert commands.show_together(programs) == [0, 1, -signal.SIGKILL]
    assert "bad | broken" in capfd.readouterr().out


def test_what_is_no_text_is_shown_all_the_same(capfd):
    code = r"import sys; sys.stdout.buffer.write(b'\xff\n')"
    assert commands.show_together([python("a", code)]) == [0]
    assert "a | \N{REPLACEMENT CHARACTER}" in capfd.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_they_end_with_the_program_that_started_them(number):
    code = f"""if True:
        import sys
        from devtools import cli, commands
        from devtools.commands import Program
        sleep = [{sys.executable!r}, "-c", "import os, time; print(os.getpid()); time.sleep(60)"]
        both = [Program("a", sleep), Program("b", sleep)]
        cli.COMMANDS["stop"] = lambda layout: commands.show_together(both)
        sys.exit(cli.main(["stop"]))
    """
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", code]
    with subprocess.Popen(
        command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        pids = [int(process.stdout.readline().split(" | ")[1]) for _ in range(2)]
        process.send_signal(number)
        assert process.wait(timeout=30) == 130
    deadline = time.monotonic() + 10
    while any(machine.is_alive(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)
