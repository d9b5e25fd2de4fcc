"""Run other programs, keep their output, and turn their failures into one sentence."""

import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from devtools import locks
from devtools.console import say
from devtools.errors import SetupError

Argument = str | Path
PATIENCE = 10  # seconds a process has to end by itself

# What well-known failures of apt, pip, npm, dpkg and PostgreSQL mean to the user.
ADVICE = (
    (r"No space left on device|ENOSPC|disk quota", "the disk is full: free some space"),
    (
        r"is expired|not valid yet|Release file .* expired",
        "the package index of the mirror is out of date: choose another mirror with "
        "DEBIAN_MIRROR=<address>, or an existing Odoo 19.0 with ODOO_HOME=<folder>",
    ),
    (
        r"NO_PUBKEY|is not signed|signatures? (were|was|couldn't be) (invalid|verified)",
        "the signature of the package index could not be verified: choose another mirror with "
        "DEBIAN_MIRROR=<address>, or an existing Odoo 19.0 with ODOO_HOME=<folder>",
    ),
    (
        r"Temporary failure resolving|Could not resolve|Name or service not known|ENOTFOUND"
        r"|Network is unreachable|Could not connect|Connection refused|EAI_AGAIN|ECONNREFUSED"
        r"|ConnectTimeout|Connection timed out|NewConnectionError|ETIMEDOUT"
        r"|No route to host|unable to connect",
        "the network or the package registry cannot be reached: check the connection and "
        "the proxy settings",
    ),
    (r"THESE PACKAGES DO NOT MATCH THE HASHES", "a download does not match its pinned hash"),
    (r"Permission denied|EACCES", "a file or folder may not be written by this user"),
)


def run(
    command: Sequence[Argument],
    *,
    what: str,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: Path | None = None,
) -> None:
    """Run `command` with its output in `log`.

    :raise SetupError: naming `what` failed, why, and where the whole output is
    """
    code = run_logged(command, log=log, env=env, cwd=cwd, stdin=stdin)
    if code:
        raise SetupError(f"{what} failed: {explain(log)}. Whole output: {log}")


def run_logged(
    command: Sequence[Argument],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: Path | None = None,
) -> int:
    """Run `command` with its output in `log`; return its exit code."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output, (stdin or Path(os.devnull)).open("rb") as source:
        try:
            return subprocess.run(
                [str(part) for part in command],
                stdin=source,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=_environment(env),
                cwd=cwd,
                check=False,
                pass_fds=locks.HELD,
            ).returncode
        except FileNotFoundError as error:
            raise SetupError(f"The program {command[0]} was not found") from error


@dataclass(frozen=True)
class Program:
    """A command line with its variables, and the name under which its output is shown."""

    name: str
    command: Sequence[Argument]
    variables: Mapping[str, str] = field(default_factory=dict)


def show(program: Program, *, cwd: Path | None = None) -> int:
    """Run `program` with its output on the screen; return its exit code."""
    return subprocess.run(
        [str(part) for part in program.command],
        stdin=subprocess.DEVNULL,
        env=_environment(program.variables),
        cwd=cwd,
        check=False,
    ).returncode


def show_together(programs: Sequence[Program], *, cwd: Path | None = None) -> list[int]:
    """Run all `programs` at once, the name of each before its lines; return their exit codes."""
    with ExitStack() as running:
        started = [running.enter_context(_shown(program, cwd)) for program in programs]
        return [process.wait() for process in started]


def capture(command: Sequence[Argument], *, env: Mapping[str, str] | None = None) -> str | None:
    """Return what `command` prints, or None when it fails or is not there."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(env),
            text=True,
            check=False,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def explain(log: Path) -> str:
    """Return the reason of a failure, from the output a program left behind."""
    text = log.read_text(errors="replace") if log.exists() else ""
    for pattern, meaning in ADVICE:
        if re.search(pattern, text):
            return meaning
    return _last_error_line(text)


def _last_error_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"error|fatal|cannot|^E:", line, re.I)]
    return (telling or lines or ["no output"])[-1][:300]


@contextmanager
def _shown(program: Program, cwd: Path | None) -> Iterator[subprocess.Popen[str]]:
    """Give the running `program`; it does not outlive the block."""
    process = subprocess.Popen(
        [str(part) for part in program.command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=_environment(program.variables),
        cwd=cwd,
        text=True,
        errors="replace",
    )
    printer = threading.Thread(target=_print_lines, args=(program.name, process), daemon=True)
    printer.start()
    try:
        yield process
    finally:
        _end(process)
        printer.join(PATIENCE)  # what it has started may hold the output open


def _print_lines(name: str, process: subprocess.Popen[str]) -> None:
    for line in process.stdout or ():
        say(f"{name} | {line.rstrip()}")


def _end(process: subprocess.Popen[str]) -> None:
    """Let a process that still runs clean up, and make sure that it ends."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment(env: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, **(env or {})}
