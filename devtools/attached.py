"""The databases of the run that started this process, for programs that copy some themselves."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from devtools.databases import Databases
from devtools.layout import Layout
from devtools.odoo_cli import Odoo
from devtools.odoo_source import ensure_odoo
from devtools.postgres import PORT, Server, find_programs


def attached_databases(environ: Mapping[str, str] = os.environ) -> Databases:
    """Return the databases on the server that the environment names.

    A private server has its client programs on no path, so they are looked for where it has them.
    """
    layout = Layout.from_environment(environ)
    psql = shutil.which("psql", path=environ.get("PATH"))
    programs = Path(psql).parent if psql else find_programs(layout)
    server = Server(environ["PGHOST"], environ.get("PGPORT", PORT), environ["PGUSER"], programs)
    return Databases(Odoo(layout, ensure_odoo(layout, environ), server))
