"""Where things are: the checkout and its state folder."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devtools.errors import SetupError

STATE_VARIABLE = "SERVICE_EXPERIENCE_STATE"
CHECKOUT = Path(__file__).resolve().parent.parent
ADDONS = ("service_experience", "service_experience_portal")


@dataclass(frozen=True)
class Layout:
    """Paths of one checkout; everything the program makes is below ``state``."""

    checkout: Path
    state: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Layout":
        """Return the layout of this checkout, with the state folder the user asked for."""
        state = Path(environ.get(STATE_VARIABLE) or CHECKOUT / ".state")
        return cls(CHECKOUT, state.expanduser().absolute())

    @property
    def bin(self) -> Path:
        """Folder of small programs put first on PATH of whatever is started."""
        return self.state / "bin"

    @property
    def logs(self) -> Path:
        """Folder of the output of every program that was run."""
        return self.state / "logs"

    @property
    def venv(self) -> Path:
        """Virtual environment with the requirements of Odoo and of the tests."""
        return self.state / "venv"

    @property
    def python(self) -> Path:
        """Interpreter of the virtual environment."""
        return self.venv / "bin" / "python"

    @property
    def odoo_launcher(self) -> Path:
        """Script that starts Odoo; run it with ``python``."""
        return self.bin / "odoo"

    @property
    def data_dir(self) -> Path:
        """Odoo's own data folder: file store and sessions."""
        return self.state / "odoo-data"

    @property
    def reports(self) -> Path:
        """Folder of results: test reports, failing names, coverage."""
        return self.state / "reports"

    @property
    def short_hash(self) -> str:
        """Name for things of this state folder that must live elsewhere."""
        return hashlib.sha256(str(self.state).encode()).hexdigest()[:12]

    @property
    def marker(self) -> Path:
        """File that tells a folder of ours, which may be deleted, from any other."""
        return self.state / ".made-by-service-experience"

    def make_folders(self) -> None:
        """Create the state folder and those below it that are always there."""
        if not self.marker.exists():
            if self.state.is_dir() and any(self.state.iterdir()):
                raise SetupError(
                    f"{self.state} is not empty and was not made here: choose an empty or new "
                    f"folder with {STATE_VARIABLE}=<folder>"
                )
            self.state.mkdir(parents=True, exist_ok=True)
            self.marker.touch()
        for folder in (self.state, self.bin, self.logs, self.reports, self.data_dir):
            folder.mkdir(parents=True, exist_ok=True)
