"""What the addons say of themselves is true, and nothing in the repository is of one machine."""

import ast
import re
import subprocess

import pytest

from odoo.tests import TransactionCase, tagged

from devtools.layout import ADDONS, CHECKOUT

HEADER = "# Part of Service Experience. See LICENSE file for full copyright and licensing details."
# Pieces, so that this file does not hold what it forbids.
MACHINE_PATH = re.compile(rf"(?<![\w./-])(/(root|home|Users)|{re.escape(str(CHECKOUT))})/\w")
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
    )
]


def tracked(*patterns):
    """Return the files of the repository that match."""
    done = subprocess.run(
        ["git", "ls-files", "-z", *patterns],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
        text=True,
    )
    return [CHECKOUT / name for name in done.stdout.split("\0") if name]


def texts():
    """Yield the tracked files that are text, with their text."""
    for path in tracked():
        content = path.read_bytes() if path.is_file() else b""
        if b"\0" not in content:
            yield path.relative_to(CHECKOUT), content.decode()


def manifest(addon):
    return ast.literal_eval((CHECKOUT / addon / "__manifest__.py").read_text())


def imported(path):
    """Return the names of the modules a file imports, relative ones with their dots."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names |= {module} if node.module else {module + alias.name for alias in node.names}
    return names


@pytest.mark.parametrize("addon", ADDONS)
class TestManifest:
    def test_version_and_licence(self, addon):
        assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", manifest(addon)["version"])
        assert manifest(addon)["license"] == "LGPL-3"
        assert (CHECKOUT / "LICENSE").is_file()

    def test_data_and_demo_are_the_files_there_are(self, addon):
        named = [*manifest(addon)["data"], *manifest(addon).get("demo", [])]
        present = [
            path.relative_to(CHECKOUT / addon).as_posix()
            for path in tracked(f"{addon}/*.xml", f"{addon}/*.csv")
        ]
        assert sorted(named) == sorted(name for name in present if not name.startswith("static/"))

    def test_every_asset_is_in_a_bundle(self, addon):
        entries = [entry for bundle in manifest(addon)["assets"].values() for entry in bundle]
        # An entry is a path, or a directive with a path.
        patterns = [entry if isinstance(entry, str) else entry[-1] for entry in entries]
        found = {pattern: set(CHECKOUT.glob(pattern)) for pattern in patterns}
        assert all(found.values()), "a pattern that matches nothing"
        bundled = {path for paths in found.values() for path in paths}
        sources = tracked(f"{addon}/static/src/*", f"{addon}/static/tests/*")
        loaded = {path for path in sources if path.suffix in {".js", ".xml", ".scss", ".css"}}
        assert loaded <= bundled, loaded - bundled


@pytest.mark.parametrize("addon", ADDONS)
class TestSources:
    def test_every_module_of_tests_is_imported(self, addon):
        folder = CHECKOUT / addon / "tests"
        modules = {f".{path.stem}" for path in folder.glob("test_*.py")}
        assert imported(folder / "__init__.py") >= modules

    def test_header(self, addon):
        without = [
            path
            for path in tracked(f"{addon}/*.py")
            if not path.name.startswith("__") and path.read_text().split("\n", 1)[0] != HEADER
        ]
        assert without == []


def test_the_kernel_knows_nothing_of_odoo():
    folder = CHECKOUT / ADDONS[0] / "business_time"
    names = {name for path in folder.glob("*.py") for name in imported(path)}
    assert not {name for name in names if name.startswith(("odoo", ".."))}


def test_no_path_of_a_machine():
    found = {(path, match[0]) for path, text in texts() for match in MACHINE_PATH.finditer(text)}
    assert not found


def test_no_name_of_a_package_registry():
    found = {(path, host) for path, text in texts() for host in REGISTRIES if host in text}
    assert not found


@tagged("post_install", "-at_install")
class TestAccessLines(TransactionCase):
    def test_every_model_says_who_may_do_what(self):
        models = [model for model in self.env.values() if model._original_module in ADDONS]
        for model in models:
            if not model._abstract:
                with self.subTest(model._name):
                    self._check_lines(model)

    def _check_lines(self, model):
        lines = self.env["ir.model.access"].search([("model_id.model", "=", model._name)])
        self.assertTrue(all(line.group_id for line in lines), "a line for everybody")
        rights = {line.group_id: line.perm_read for line in lines}
        self.assertIs(rights.get(self.env.ref("base.group_portal")), False)
        self.assertIs(rights.get(self.env.ref("base.group_public")), False)
