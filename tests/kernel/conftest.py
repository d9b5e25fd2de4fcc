"""Tests of the plain-Python kernel: they need neither Odoo nor a database."""

import sys
from pathlib import Path

# At the end of the path, so that the addon's own folders ("tests", "models") shadow nothing.
sys.path.append(str(Path(__file__).resolve().parents[2] / "service_experience"))
