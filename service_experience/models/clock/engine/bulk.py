# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Rows written in one statement, where the ORM's work per record would be most of the cost.

Only for models whose rows nobody else writes: no stored computed fields, no constraints in
Python, no overrides. What the ORM remembers of the rows is the caller's to forget.
"""

import json

from odoo.tools import SQL


def insert(model, rows):
    """Add rows that all name the same columns; return their ids in the same order.

    :param rows: list of ``{column: value}``; lists and mappings go into JSON columns
    """
    if not rows:
        return []
    model.flush_model()
    cr, table = model.env.cr, SQL.identifier(model._table)
    ids = [
        row_id
        for [row_id] in model.env.execute_query(
            SQL(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                model._table,
                len(rows),
            )
        )
    ]
    now, uid = cr.now(), model.env.uid
    log = {"create_uid": uid, "create_date": now, "write_uid": uid, "write_date": now}
    content = [{"id": row_id, **row, **log} for row_id, row in zip(ids, rows, strict=True)]
    cr.execute(
        SQL(
            """INSERT INTO %(table)s (%(columns)s)
               SELECT %(columns)s FROM jsonb_populate_recordset(NULL::%(table)s, %(rows)s)""",
            table=table,
            columns=_columns(content[0]),
            rows=json.dumps(content, default=str),
        )
    )
    return ids


def update(model, rows):
    """Change rows.

    :param rows: ``{id: {column: value}}``, all with the same columns
    """
    if not rows:
        return
    model.flush_model()
    log = {"write_uid": model.env.uid, "write_date": model.env.cr.now()}
    content = [{"id": row_id, **row, **log} for row_id, row in rows.items()]
    changed = [column for column in content[0] if column != "id"]
    model.env.cr.execute(
        SQL(
            """UPDATE %(table)s
                  SET (%(columns)s) = ROW(%(values)s)
                 FROM jsonb_populate_recordset(NULL::%(table)s, %(rows)s) AS source
                WHERE %(table)s.id = source.id""",
            table=SQL.identifier(model._table),
            columns=_columns(changed),
            values=SQL(", ").join(SQL.identifier("source", column) for column in changed),
            rows=json.dumps(content, default=str),
        )
    )


def _columns(row):
    return SQL(", ").join(map(SQL.identifier, row))
