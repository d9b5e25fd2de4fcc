"""The program as it is started by hand: one clear line for each failure."""

import os
import signal
import socket
import subprocess
import sys

from devtools.layout import CHECKOUT


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_another_python_is_refused_before_anything_is_imported():
    code = (
        "import runpy, sys; sys.version_info = (3, 9, 1); runpy.run_module('devtools', "
        "run_name='__main__')"
    )
    done = run("-c", code)
    assert done.returncode == 1
    assert "Python 3.9 found" in done.stderr
    assert "PYTHON=python3.12" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_said_before_anything_is_made(layout):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run("-m", "devtools", "demo", PORT=str(port))
    assert done.returncode == 1
    assert f"Port {port} is in use by another program" in done.stderr
    assert "make demo PORT=" in done.stderr
    assert not layout.state.exists()


def test_a_port_that_is_no_number_is_refused(layout):
    assert "is not a port number" in run("-m", "devtools", "demo", PORT="web").stderr
    assert not layout.state.exists()


def test_a_wrong_odoo_home_is_one_line(layout, tmp_path):
    done = run("-m", "devtools", "db", ODOO_HOME=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.strip().startswith(f"There is no Odoo in {tmp_path}")
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_folder_of_somebody_else_is_neither_used_nor_deleted(layout):
    layout.state.mkdir()
    precious = layout.state / "precious"
    precious.touch()
    assert "was not made here" in run("-m", "devtools", "clean").stderr
    assert "was not made here" in run("-m", "devtools", "db").stderr
    assert list(layout.state.iterdir()) == [precious]


def test_nothing_to_stop_and_nothing_to_delete_is_no_error(layout):
    for command in ("stop", "clean"):
        assert run("-m", "devtools", command).returncode == 0
    assert not layout.state.exists()


def test_ctrl_c_says_how_to_continue():
    code = (
        "import sys, time; from devtools import cli; "
        "cli.COMMANDS['stop'] = lambda layout: print('ready', flush=True) or time.sleep(60); "
        "sys.exit(cli.main(['stop']))"
    )
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        with subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            process.stdout.readline()
            process.send_signal(signal_number)
            _output, errors = process.communicate(timeout=20)
        assert process.returncode == 130
        assert "continues where it stopped" in errors


def test_the_fast_loop_wants_a_file_that_exists(layout):
    assert "Name the tests to run" in run("-m", "devtools", "test-fast").stderr
    assert "There is no nowhere.py" in run("-m", "devtools", "test-fast", T="nowhere.py").stderr
