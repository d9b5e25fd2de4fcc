"""Set-up program of the checkout: from an empty machine to a live demo, tests and lint.

Run as ``python3 -m devtools <command>``, or through the ``Makefile``. Standard library only.
"""
