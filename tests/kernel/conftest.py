"""Tests of the plain-Python kernel: they need neither Odoo nor a database."""

import os
import sys
from pathlib import Path

from hypothesis import settings

# At the end of the path, so that the addon's own folders ("tests", "models") shadow nothing.
ADDON = Path(__file__).resolve().parents[2] / "service_experience"
sys.path += [str(ADDON), str(ADDON / "models" / "delay")]

# The same examples in every run: a red run is about the change at hand. Look further by
# HYPOTHESIS_PROFILE=explore, and add what it finds to the dated examples.
settings.register_profile("repeatable", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
