"""Check the Python version before anything that an old Python could not even parse."""

import sys

OLDEST, NEWEST = (3, 11), (3, 13)

if not OLDEST <= sys.version_info[:2] <= NEWEST:
    sys.exit(
        "Python {}.{} found, but Odoo 19 needs Python 3.11, 3.12 or 3.13. "
        "Choose one of them, for example: make demo PYTHON=python3.12".format(*sys.version_info)
    )

from devtools.cli import main  # noqa: E402  (only after the version check)

sys.exit(main(sys.argv[1:]))
