"""Messages for the person at the keyboard."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str = "") -> None:
    """Print one line at once, and in one piece, whoever else prints."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Print one line to the error output."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(label: str) -> Iterator[None]:
    """Show that `label` is being worked on, and how long it took."""
    started = time.monotonic()
    print(f"- {label} ... ", end="", flush=True)
    finished = threading.Event()
    ticker = threading.Thread(target=_tick, args=(label, started, finished), daemon=True)
    ticker.start()
    outcome = "failed"
    try:
        yield
        outcome = "done"
    finally:
        finished.set()
        ticker.join()
        say(f"{outcome}, {time.monotonic() - started:.0f} s")


def _tick(label: str, started: float, finished: threading.Event) -> None:
    """Rewrite the line every second on a terminal; stay quiet in a log file."""
    while not finished.wait(1.0):
        if sys.stdout.isatty():
            elapsed = time.monotonic() - started
            print(f"\r- {label} ... {elapsed:.0f} s ", end="", flush=True)
    if sys.stdout.isatty():
        print(f"\r\x1b[K- {label} ... ", end="", flush=True)
