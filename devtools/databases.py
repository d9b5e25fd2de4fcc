"""Databases of the checkout: made under a temporary name, marked, copied, dropped.

What a database was made from is kept in its own comment, so the answer to "is this current?"
travels with the server. A database without our mark is never touched.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from devtools import addons, locks, machine, stamps
from devtools.console import step
from devtools.errors import SetupError
from devtools.odoo_cli import Odoo

MARK = "made by service_experience: "
PREFIX = "service_experience_"
BASE = PREFIX + "base"
TEMPLATE = PREFIX + "template"
FAST = PREFIX + "fast"


class Databases:
    """The databases on one server."""

    def __init__(self, odoo: Odoo) -> None:
        self.odoo = odoo

    def inputs(self, name: str) -> str | None:
        """Return what database `name` was made from; None if there is no such database.

        :raise SetupError: if somebody else made it
        """
        rows = self._query(
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database "
            f"WHERE datname = '{name}'"
        )
        if not rows:
            return None
        if not rows[0].startswith(MARK):
            raise SetupError(
                f"The server already has a database {name} that was not made here: rename it, or "
                "use another server (PGHOST)"
            )
        return rows[0].removeprefix(MARK)

    def mark(self, name: str, inputs: str) -> None:
        """Record what database `name` is made from."""
        self._query(f"COMMENT ON DATABASE {_quoted(name)} IS '{MARK}{inputs}'")

    def make(self, name: str, inputs: str, fill: Callable[[str], None]) -> None:
        """Make database `name` anew; it appears only when `fill` has succeeded."""
        self.inputs(name)  # refuses a database of somebody else
        partial = f"{name}_partial"
        try:
            self.drop(partial)
            fill(partial)
            self.mark(partial, inputs)
            self.drop(name)
            self._rename(partial, name)
        except BaseException:
            with suppress(SetupError):
                self.drop(partial)
            raise

    def create(self, name: str) -> None:
        """Create an empty database as Odoo wants it."""
        self._query(
            f"CREATE DATABASE {_quoted(name)} ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0"
        )
        for extension in ("pg_trgm", "unaccent"):
            with suppress(SetupError):
                self._query(f"CREATE EXTENSION IF NOT EXISTS {extension}", name)

    def copy(self, source: str, name: str) -> None:
        """Copy a database and its file store."""
        self.drop(name)
        self._disconnect(source)
        self._query(f"CREATE DATABASE {_quoted(name)} TEMPLATE {_quoted(source)}")
        if self._file_store(source).is_dir():
            # The file store never changes a file, so the copies may share them.
            shutil.copytree(self._file_store(source), self._file_store(name), copy_function=os.link)

    def drop(self, name: str) -> None:
        """Drop a database and its file store, if they exist."""
        self._query(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")
        shutil.rmtree(self._file_store(name), ignore_errors=True)

    def drop_all(self) -> None:
        """Drop every database with our mark."""
        marked = f"shobj_description(oid, 'pg_database') LIKE '{MARK}%'"
        for name in self._query(f"SELECT datname FROM pg_database WHERE {marked}"):
            self.drop(name)

    @contextmanager
    def copy_of(self, source: str, purpose: str) -> Iterator[str]:
        """Give a private copy of `source` that is gone afterwards."""
        name = f"{PREFIX}{purpose}_{os.getpid()}"
        with step(f"Copying the prepared database to {name}"):
            self.copy(source, name)
        try:
            yield name
        finally:
            self.drop(name)

    def drop_leftovers(self, purpose: str) -> None:
        """Drop the private copies of runs that were killed."""
        pattern = f"{PREFIX}{purpose}_%"
        for name in self._query(f"SELECT datname FROM pg_database WHERE datname LIKE '{pattern}'"):
            pid = name.rpartition("_")[2]
            if pid.isdigit() and not machine.is_alive(int(pid)):
                self.drop(name)

    def ensure_template(self) -> str:
        """Return the name of a database with both addons as they are now, without demo data."""
        with locks.alone(self.odoo.layout.logs / "template.lock", "preparing a database"):
            base_inputs = self._ensure_base()
            inputs = stamps.fingerprint(base_inputs, addons.fingerprint(self.odoo.layout))
            if self.inputs(TEMPLATE) != inputs:
                self.make(TEMPLATE, inputs, self._fill_template)
        return TEMPLATE

    def _ensure_base(self) -> str:
        modules = ",".join(addons.dependencies(self.odoo.layout))
        inputs = stamps.fingerprint(str(self.odoo.home.parent), modules)
        if self.inputs(BASE) != inputs:
            self.make(BASE, inputs, lambda name: self._fill_base(name, modules))
        return inputs

    def _fill_base(self, name: str, modules: str) -> None:
        with step(f"Creating a database with {modules}"):
            self.create(name)
            self.odoo.run_once(name, ["-i", modules], what="Installing Odoo's addons", log="base")

    def _fill_template(self, name: str) -> None:
        with step("Installing both addons"):
            self.copy(BASE, name)
            arguments = ["-i", addons.names()]
            self.odoo.run_once(name, arguments, what="Installing the addons", log="template")
        with step("Building the styles and scripts of all pages"):
            self.odoo.build_assets(name, tests=True)

    def _rename(self, old: str, new: str) -> None:
        self._disconnect(old)
        self._query(f"ALTER DATABASE {_quoted(old)} RENAME TO {_quoted(new)}")
        if self._file_store(old).is_dir():
            self._file_store(old).rename(self._file_store(new))

    def _disconnect(self, name: str) -> None:
        """End the sessions that would keep a database from being copied or renamed."""
        self._query(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' "
            "AND pid <> pg_backend_pid()"
        )

    def _file_store(self, name: str) -> Path:
        return self.odoo.layout.data_dir / "filestore" / name

    def _query(self, sql: str, database: str = "postgres") -> list[str]:
        return self.odoo.server.query(sql, database)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
