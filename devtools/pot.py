"""``make pot``: the translation templates of both addons."""

import re
from pathlib import Path

from devtools import commands
from devtools.console import say, step
from devtools.databases import Databases
from devtools.layout import ADDONS, Layout
from devtools.odoo_cli import Odoo
from devtools.postgres import throw_away_server
from devtools.preparation import prepare

DATES = re.compile(r'^"(?:POT-Creation|PO-Revision)-Date: .*\n', re.MULTILINE)


def run(layout: Layout) -> int:
    """Write both templates; a file is touched only if a text has changed."""
    home = prepare(layout)
    with throw_away_server(layout) as server:
        databases = Databases(Odoo(layout, home, server))
        template = databases.ensure_template()
        for addon in ADDONS:
            with step(f"Exporting the texts of {addon}"):
                exported = export(databases.odoo, template, addon)
            _write(layout.checkout / addon / "i18n" / f"{addon}.pot", exported)
    return 0


def export(odoo: Odoo, database: str, addon: str) -> str:
    """Return the translation template of one addon."""
    target = odoo.layout.state / f"{addon}.pot"
    config = odoo.write_config("batch", {"max_cron_threads": 0})
    options: list[commands.Argument] = ["-c", config, "-d", database, "-o", target, addon]
    commands.run(
        [odoo.layout.python, odoo.layout.odoo_launcher, "i18n", "export", *options],
        what=f"Exporting the texts of {addon}",
        log=odoo.layout.logs / "pot.log",
        env=odoo.environment,
    )
    return target.read_text()


def without_dates(text: str) -> str:
    """Return a template without the lines that differ in every export."""
    return DATES.sub("", text)


def _write(path: Path, text: str) -> None:
    if path.exists() and without_dates(path.read_text()) == without_dates(text):
        say(f"  {path.name} is current")
        return
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    say(f"  {path.name} was written")
