"""The commands, and how their failures are shown."""

import argparse
import signal
from collections.abc import Callable, Sequence
from types import FrameType

from devtools import bench, console, demo, host_suite, lint, pot, suites
from devtools.errors import SetupError
from devtools.layout import Layout

Command = Callable[[Layout], int]
COMMANDS: dict[str, Command] = {
    "demo": demo.start,
    "stop": demo.stop,
    "clean": demo.clean,
    "db": suites.prepare_database,
    "test": suites.run_all,
    "test-fast": suites.run_some,
    "test-host": host_suite.run,
    "lint": lint.run,
    "bench": bench.run,
    "pot": pot.run,
}


def main(arguments: Sequence[str]) -> int:
    """Run one command; show what a person can mend as one line."""
    parser = argparse.ArgumentParser(prog="python3 -m devtools", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    command = COMMANDS[parser.parse_args(arguments).command]
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell's background jobs ignore SIGINT
        signal.signal(number, _interrupt)
    try:
        return command(Layout.from_environment())
    except SetupError as error:
        console.complain(f"\n{error}.")
    except BrokenPipeError:
        return 1
    except OSError as error:
        console.complain(f"\n{_explain(error)}.")
    except KeyboardInterrupt:
        console.complain("\nInterrupted. The same command continues where it stopped.")
        return 130
    return 1


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _explain(error: OSError) -> str:
    name = f" ({error.filename})" if error.filename else ""
    return f"The system refused: {error.strerror or error}{name}"
