"""What an addon may leave behind in a database: its structure, and the records that describe it."""

STRUCTURE = {
    "column": """
        SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
               || coalesce(' ' || column_default, '')
          FROM information_schema.columns WHERE table_schema = 'public'""",
    "index": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": """
        SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "function": "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "sequence": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
    "trigger": "SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal",
}
RECORDS = {
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name || ' ' || ttype FROM ir_model_fields",
    "selection": """
        SELECT field.model || '.' || field.name || ' ' || selection.value
          FROM ir_model_fields_selection selection
          JOIN ir_model_fields field ON field.id = selection.field_id""",
    "inheritance": """
        SELECT child.model || ' ' || parent.model FROM ir_model_inherit inherit
          JOIN ir_model child ON child.id = inherit.model_id
          JOIN ir_model parent ON parent.id = inherit.parent_id""",
    # Without what Odoo itself leaves of every addon: its notes on foreign keys, and the names
    # that its own addons gave to selections and inheritances of the addon's models.
    "table constraint": "SELECT name FROM ir_model_constraint WHERE type != 'f'",
    "external id": """
        SELECT module || '.' || name FROM ir_model_data
         WHERE model NOT IN ('ir.model.fields.selection', 'ir.model.inherit')""",
    "relation": "SELECT name FROM ir_model_relation",
    "view": """
        SELECT coalesce(key, name) || ' ' || coalesce(model, '') || ' ' || md5(arch_db::text)
          FROM ir_ui_view WHERE active""",
    "menu": "SELECT name::text || coalesce(parent_path, '') FROM ir_ui_menu",
    "action": "SELECT type || ' ' || name::text FROM ir_actions",
    "cron": "SELECT cron_name FROM ir_cron",
    "group": "SELECT name::text FROM res_groups",
    "privilege": "SELECT name::text FROM res_groups_privilege",
    "membership": """
        SELECT users.login || ' ' || groups.name::text FROM res_groups_users_rel rel
          JOIN res_users users ON users.id = rel.uid
          JOIN res_groups groups ON groups.id = rel.gid""",
    "implied group": """
        SELECT lower.name::text || ' ' || upper.name::text FROM res_groups_implied_rel rel
          JOIN res_groups lower ON lower.id = rel.gid
          JOIN res_groups upper ON upper.id = rel.hid""",
    "access": "SELECT name FROM ir_model_access",
    "rule": "SELECT name FROM ir_rule",
    "subtype": "SELECT name::text FROM mail_message_subtype",
    "activity type": "SELECT name::text FROM mail_activity_type",
    "template": "SELECT name::text FROM mail_template",
    "asset": "SELECT bundle || ' ' || path FROM ir_asset",
    "parameter": "SELECT key FROM ir_config_parameter",
    "default": "SELECT field_id::text FROM ir_default",
    "installed addon": "SELECT name FROM ir_module_module WHERE state = 'installed'",
}


def take(query) -> dict[str, list[str]]:
    """Return what the database has, sorted, by kind."""
    return {
        kind: sorted(str(text) for [text] in query(sql))
        for kind, sql in (STRUCTURE | RECORDS).items()
    }


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """Return what came and what went, one line each."""
    lines = []
    for kind, texts in before.items():
        known, found = set(texts), set(after[kind])
        lines += [f"{kind} left behind: {text}" for text in sorted(found - known)]
        lines += [f"{kind} lost: {text}" for text in sorted(known - found)]
        if known == found and len(texts) != len(after[kind]):
            lines.append(f"{kind}: {len(texts)} before, {len(after[kind])} after")
    return lines
