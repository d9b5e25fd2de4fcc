"""Which folders are taken for an Odoo 19.0."""

import pytest

from devtools import odoo_source
from devtools.errors import SetupError


def make_odoo(parent, version):
    (parent / "odoo").mkdir(parents=True)
    (parent / "odoo" / "release.py").write_text(f"version_info = ({version}, FINAL, 0, '')\n")
    return parent


@pytest.mark.parametrize("inside", ["", "usr/lib/python3/dist-packages"])
def test_a_checkout_and_an_unpacked_package_are_found(layout, tmp_path, inside):
    home = make_odoo(tmp_path / inside if inside else tmp_path / "checkout", "19, 0, 0")
    named = tmp_path if inside else home
    found = odoo_source.ensure_odoo(layout, {"ODOO_HOME": str(named)})
    assert found.parent == home


def test_the_package_folder_itself_is_found(layout, tmp_path):
    home = make_odoo(tmp_path / "checkout", "19, 0, 0")
    assert odoo_source.ensure_odoo(layout, {"ODOO_HOME": str(home / "odoo")}).parent == home


def test_addons_beside_the_package_are_put_on_the_path(tmp_path):
    home = odoo_source.find_home(make_odoo(tmp_path, "19, 0, 0"))
    assert home.addons_paths == []
    (tmp_path / "addons" / "web").mkdir(parents=True)
    assert home.addons_paths == [tmp_path / "addons"]


@pytest.mark.parametrize(
    ("version", "shown"),
    [("18, 0, 0", "is 18.0"), ("20, 0, 0", "is 20.0"), ("'saas~19', 2, 0", "is 19.2")],
)
def test_another_series_is_refused(layout, tmp_path, version, shown):
    make_odoo(tmp_path, version)
    with pytest.raises(SetupError, match=shown):
        odoo_source.ensure_odoo(layout, {"ODOO_HOME": str(tmp_path)})


def test_a_release_that_cannot_be_read_is_refused(layout, tmp_path):
    make_odoo(tmp_path, "19, 0, 0")
    (tmp_path / "odoo" / "release.py").write_text("")
    with pytest.raises(SetupError, match="of unknown version"):
        odoo_source.ensure_odoo(layout, {"ODOO_HOME": str(tmp_path)})
