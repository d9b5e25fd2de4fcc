"""What a run of pytest came to, and the closing lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from devtools.console import say

# Why a test that needs a browser or a server would be left out: here both are always there.
FORBIDDEN_REASONS = ("chrom", "odoo-http", "browser", "websocket")


@dataclass
class Outcome:
    """Counts of one run of pytest."""

    code: int
    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)

    @property
    def tests(self) -> int:
        """Return how many tests have a result."""
        return self.passed + self.failed + len(self.skipped)

    @property
    def is_good(self) -> bool:
        """Tell whether every test ran that had to, and none failed."""
        return self.code == 0 and self.passed > 0 and not self.failed and not self.left_out

    @property
    def left_out(self) -> list[str]:
        """Return the tests that were skipped for want of a browser or a server."""
        return [
            text for text in self.skipped if any(word in text.lower() for word in FORBIDDEN_REASONS)
        ]


def read_report(path: Path, code: int) -> Outcome:
    """Count what pytest wrote into its JUnit file."""
    outcome = Outcome(code)
    if not path.exists():
        return outcome
    for case in ElementTree.parse(path).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        skip = case.find("skipped")
        if skip is not None:
            outcome.skipped.append(f"{name}: {skip.get('message')}")
        elif case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        else:
            outcome.passed += 1
    return outcome


def conclude(outcomes: Mapping[str, Outcome], covered: bool, lost: int = 0) -> int:
    """Print the closing lines; return the exit code.

    :param lost: number of tests that have no result
    """
    say()
    for name, outcome in outcomes.items():
        skipped = len(outcome.skipped)
        say(f"{name}: {outcome.passed} passed, {outcome.failed} failed, {skipped} skipped")
        for text in outcome.skipped:
            note = " (must run: counts as failed)" if text in outcome.left_out else ""
            say(f"  skipped{note}: {text}")
    if not covered:
        say("The coverage is below what setup.cfg asks for.")
    if lost > 0:
        say(f"{lost} tests have no result: a run has ended in the middle.")
    good = covered and lost <= 0 and all(outcome.is_good for outcome in outcomes.values())
    say("TESTS PASSED" if good else "TESTS FAILED")
    return 0 if good else 1
