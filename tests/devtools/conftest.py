"""What the tests of the set-up program share: real folders, real programs."""

import pytest

from devtools.layout import CHECKOUT, Layout


@pytest.fixture
def layout(tmp_path, monkeypatch):
    """Give the layout of this checkout with an empty state folder of its own."""
    for name in ("PGHOST", "PGPORT", "PGUSER", "PORT", "T"):
        monkeypatch.delenv(name, raising=False)
    state = tmp_path / "s"
    monkeypatch.setenv("SERVICE_EXPERIENCE_STATE", str(state))
    return Layout(CHECKOUT, state)
