"""Several runs in one state folder, one of them killed."""

import fcntl
import signal
import subprocess
import sys
import time

from devtools import locks
from devtools.layout import CHECKOUT


def is_held(path):
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_the_lock_is_free_afterwards(tmp_path):
    path = tmp_path / "lock"
    with locks.alone(path, "a test"):
        assert is_held(path)
    assert not is_held(path)
    assert locks.HELD == []


def test_the_work_of_a_killed_run_is_waited_for(tmp_path):
    path = tmp_path / "lock"
    code = (
        "from pathlib import Path; from devtools import commands, locks\n"
        f"with locks.alone(Path({str(path)!r}), 'x'):\n"
        "    print('ready', flush=True)\n"
        f"    commands.run_logged(['sleep', '2'], log=Path({str(tmp_path / 'log')!r}))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=CHECKOUT, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        time.sleep(0.5)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert is_held(path)
    started = time.monotonic()
    with locks.alone(path, "a test"):
        assert time.monotonic() - started < 10


def test_the_last_user_of_a_thing_is_told_so(tmp_path):
    one, two = locks.Usage(tmp_path / "users"), locks.Usage(tmp_path / "users")
    assert not one.release()
    assert two.release()
    two.close()
