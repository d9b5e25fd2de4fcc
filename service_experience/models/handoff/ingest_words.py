# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What another system changed, in words for a note."""

from markupsafe import Markup

# Where the words of a key are the label of a field.
FIELDS = {
    "type": "type_id",
    "customer": "partner_id",
    "service": "project_id",
    "requests": "task_ids",
    "to_team": "to_team_id",
    "to_user": "to_user_id",
    "steps": "step_ids",
    "no_steps": "has_no_steps",
    "checks": "check_ids",
    "questions": "question_ids",
    "facts": "fact_ids",
}


def get_difference(handoff, old, new, keys):
    """Return what changed: one line for each key, the old value and the new one."""
    lines = Markup("").join(
        Markup("<li><b>%s</b>: %s → %s</li>")
        % (_get_label(handoff, key), _show(old.get(key)), _show(new.get(key)))
        for key in sorted(keys)
    )
    heading = handoff.env._("%(system)s sent something new.", system=handoff.from_system)
    return Markup("<p>%s</p><ul>%s</ul>") % (heading, lines)


def _get_label(handoff, key):
    return handoff._fields[FIELDS.get(key, key)]._description_string(handoff.env)


def _show(value):
    if isinstance(value, list):
        return "; ".join(map(_show, value))
    if isinstance(value, dict):
        return ", ".join(map(_show, value.values()))
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return "…" if value is None else str(value)
