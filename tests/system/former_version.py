"""Turn a database back into what version 19.0.1.0.0 of the addons left in it.

That version is gone from the checkout, but not from the databases of its users. Its tables are
listed in ``data/former_schema.json``: whatever came later is dropped, as are the words that it did
not know, so that an update begins with the same gaps as there.
"""

import json
from pathlib import Path

from devtools.layout import ADDONS

SCHEMA = json.loads(Path(__file__).with_name("data").joinpath("former_schema.json").read_text())
TABLES = SCHEMA["tables"]
OUR_TABLES = """
    SELECT table_name::text FROM information_schema.tables
     WHERE starts_with(table_name, 'service_') AND table_type = 'BASE TABLE'"""
COLUMNS = """
    SELECT column_name::text FROM information_schema.columns WHERE table_name = %s"""
# Columns of the host's tables that nobody but our addons has defined.
OUR_COLUMNS = """
    SELECT column_name::text FROM information_schema.columns
      JOIN ir_model_fields field
           ON field.name = column_name AND replace(field.model, '.', '_') = table_name
      JOIN ir_model_data data ON data.model = 'ir.model.fields' AND data.res_id = field.id
     WHERE table_name = %s
     GROUP BY column_name HAVING bool_and(starts_with(data.module, 'service_experience'))"""


def turn_back(query):
    """Turn the addons' part of a database back, and say that it is of that version."""
    for [table] in query(OUR_TABLES):
        if table not in TABLES:
            query(f'DROP TABLE "{table}" CASCADE')
    for table, former in TABLES.items():
        ours = COLUMNS if table.startswith("service_") else OUR_COLUMNS
        _change(query, table, {name for [name] in query(ours, table)}, former)
    query("UPDATE service_sla_event SET cause = NULL WHERE kind IN ('met', 'missed')")
    query(
        "UPDATE ir_module_module SET latest_version = %s WHERE name IN %s",
        SCHEMA["version"],
        tuple(ADDONS),
    )


def _change(query, table, present, former):
    for name in present - former.keys():
        query(f'ALTER TABLE "{table}" DROP COLUMN "{name}" CASCADE')
    for name in former.keys() - present:
        query(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {former[name]}')
