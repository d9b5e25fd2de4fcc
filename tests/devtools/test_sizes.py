"""Files stay as small as CONTRIBUTING.md says, so that each is about one thing."""

import pytest

from devtools.layout import ADDONS, CHECKOUT

LIMITS = {
    "models/*/*.py": 300,
    "controllers/*.py": 200,
    "views/*.xml": 250,
    "static/src/**/*.js": 120,
}


@pytest.mark.parametrize("pattern", LIMITS)
def test_files_keep_their_size(pattern):
    lines = {
        path.relative_to(CHECKOUT): len(path.read_text().splitlines())
        for addon in ADDONS
        for path in (CHECKOUT / addon).glob(pattern)
    }
    assert lines
    assert {path: number for path, number in lines.items() if number > LIMITS[pattern]} == {}
