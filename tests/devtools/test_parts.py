"""The smaller parts: browser, server record, hashes of the addons, pinned requirements."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from devtools import addons, chromium, commands, odoo_cli, postgres, server
from devtools.errors import SetupError
from devtools.layout import ADDONS, CHECKOUT, Layout
from devtools.odoo_source import OdooHome


def program(folder, name):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_browser_on_the_path_or_the_one_that_is_named(tmp_path):
    there = program(tmp_path / "bin", "chromium-browser")
    other = program(tmp_path / "opt", "my-chrome")
    path = {"PATH": str(there.parent)}
    assert chromium.find_chromium(path) == there
    assert chromium.find_chromium({**path, "CHROMIUM": str(other)}) == other
    assert chromium.find_chromium({"PATH": str(tmp_path)}) is None
    with pytest.raises(SetupError, match="CHROMIUM=nothing is not a program"):
        chromium.find_chromium({**path, "CHROMIUM": "nothing"})


def test_the_browser_gets_the_name_that_odoo_looks_for(layout, tmp_path):
    layout.make_folders()
    there = program(tmp_path / "bin", "chromium")
    chromium.ensure_chromium(layout, {"PATH": str(there.parent)})
    assert (layout.bin / "google-chrome").resolve() == there


def test_the_record_of_a_server_that_died_is_not_believed(layout):
    layout.make_folders()
    record = layout.state / "server.json"
    for text in ("", "{}", '{"pid": 1, "port": 8069}', '{"pid": 4194999, "port": 8069}'):
        record.write_text(text)
        assert server.find_running(layout) is None
    assert not server.stop(layout)
    assert not record.exists()


def test_nothing_answers_on_a_free_port():
    assert not server.answers(1)


def test_the_hash_of_an_addon_follows_what_is_loaded(tmp_path):
    for addon in ADDONS:
        shutil.copytree(CHECKOUT / addon, tmp_path / addon)
    layout = Layout(tmp_path, tmp_path / "s")
    before, parts = addons.fingerprint(layout), addons.fingerprints(layout)
    (tmp_path / ADDONS[0] / "tests" / "test_new.py").touch()
    assert addons.fingerprint(layout) == before
    (tmp_path / ADDONS[1] / "new.py").touch()
    assert addons.fingerprint(layout) != before
    after = addons.fingerprints(layout)
    assert (after[ADDONS[0]] == parts[ADDONS[0]], after[ADDONS[1]] == parts[ADDONS[1]]) == (
        True,
        False,
    )


def test_bytecode_is_kept_below_the_state_folder(layout, monkeypatch):
    """Whatever the machine says of it; and nothing is written beside the sources."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    code = "import devtools, sys; print(sys.dont_write_bytecode, devtools.__cached__)"
    program = commands.Program("x", [sys.executable, "-c", code], odoo_cli.variables(layout))
    log = layout.state / "log"
    assert commands.run_logged(program.command, log=log, env=program.variables, cwd=CHECKOUT) == 0
    written, where = log.read_text().split()
    assert written == "False"
    assert Path(where).is_relative_to(layout.state / "bytecode")
    assert Path(where).exists()


def test_a_configuration_is_never_half_written(layout):
    """Processes that start at the same time read it while another one writes it again."""
    layout.make_folders()
    server = postgres.Server("/s", "5432", "me", layout.bin)
    odoo = odoo_cli.Odoo(layout, OdooHome(layout.state), server)
    path = odoo.write_config("x", {"db_name": "one"})
    with path.open() as reader:
        assert odoo.write_config("x", {"db_name": "another"}) == path
        assert "db_name = one\n" in reader.read()
    assert "db_name = another\n" in path.read_text()
    assert [file.name for file in layout.state.glob("x*")] == ["x.conf"]


def test_the_pins_name_no_registry():
    for path in (CHECKOUT / "requirements").iterdir():
        assert "://" not in path.read_text(), path
    locked = json.loads((CHECKOUT / "package-lock.json").read_text())["packages"]
    assert all("resolved" not in entry for entry in locked.values())
    assert all("integrity" in entry for name, entry in locked.items() if name)


def test_every_requirement_has_a_hash_and_odoos_pins_are_kept():
    pins = {}
    for name in ("odoo", "dev", "node"):
        text = (CHECKOUT / "requirements" / f"{name}.txt").read_text()
        entries = [line for line in text.splitlines() if line[:1].isalnum()]
        assert all(line.endswith("\\") for line in entries), name
        for entry in entries:
            package, version = entry.split(" ")[0].split("==")
            if ";" not in entry:
                assert pins.setdefault(package, version) == version
    assert pins["lxml"].startswith("5.")
