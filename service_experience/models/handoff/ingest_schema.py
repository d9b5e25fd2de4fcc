# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The schema of what other systems hand over."""

import hashlib
import json
import math

from odoo.tools.translate import LazyTranslate

from .ingest_kinds import (
    Choice,
    Day,
    Email,
    Errors,
    Flag,
    Keys,
    Moment,
    Number,
    Rows,
    Text,
    join_path,
)

_lt = LazyTranslate(__name__)

SCHEMA_VERSION = 1
SYSTEM_LIMIT = REFERENCE_LIMIT = 128
# What is nested deeper is kept as text.
DEPTH_LIMIT = 20

_SHORT, _LONG = 200, 20_000
ITEM = Keys(
    {
        "external_ref": Text(REFERENCE_LIMIT, required=True),
        "type": Text(64),
        "customer": Keys(
            {
                "external_id": Text(64),
                "vat": Text(64),
                "email": Email(254),
                "name": Text(_SHORT),
            },
            required=True,
        ),
        "service": Keys({"id": Number(), "name": Text(_SHORT)}),
        "requests": Rows(Keys({"id": Number(required=True)}), limit=50),
        "to_team": Text(_SHORT),
        "to_user": Text(_SHORT),
        "urgency": Choice(("critical", "watch", "stable")),
        "situation": Text(_LONG),
        "history": Text(_LONG),
        "tried": Text(_LONG),
        "customer_mood": Choice(("satisfied", "neutral", "worried", "upset")),
        "contingency": Text(_LONG),
        "steps": Rows(
            Keys(
                {
                    "title": Text(_SHORT, required=True),
                    "due": Day(required=True),
                    "owner": Text(_SHORT),
                    "party": Choice(("us", "customer", "third_party")),
                }
            ),
            limit=50,
        ),
        "no_steps": Flag(),
        "checks": Rows(
            Keys(
                {
                    "name": Text(_SHORT, required=True),
                    "answer": Text(_LONG),
                    "done": Flag(),
                }
            ),
            limit=100,
        ),
        "questions": Rows(
            Keys({"question": Text(_SHORT, required=True), "blocking": Flag()}), limit=50
        ),
        "facts": Rows(
            Keys(
                {
                    "question": Text(_SHORT, required=True),
                    "answer": Text(_LONG, required=True),
                    "topic": Text(_SHORT),
                }
            ),
            limit=100,
        ),
        "customer_message": Text(_LONG),
        "sent_at": Moment(),
        "offer": Flag(),
    }
)
_BATCH_KEYS = ("schema_version", "system", "items")


def read_batch(payload):
    """Return the name of the system, as far as it can be read, and the errors of a batch."""
    errors = Errors()
    if not isinstance(payload, dict):
        errors.add("", _lt("Send an object with the keys: %(keys)s.", keys=", ".join(_BATCH_KEYS)))
        return None, errors
    unknown = [key for key in payload if key not in _BATCH_KEYS]
    for key in unknown:
        errors.add(
            join_path("", key),
            _lt("This key is unknown: use one of %(keys)s.", keys=", ".join(_BATCH_KEYS)),
        )
    version = payload.get("schema_version")
    if type(version) is not int or version != SCHEMA_VERSION:
        errors.add("schema_version", _lt("Send the schema version %(v)s.", v=SCHEMA_VERSION))
    known = len(errors)
    system = Text(SYSTEM_LIMIT).take(payload.get("system"), "system", errors)
    if len(errors) == known and not system:
        errors.add("system", _lt("Name the system that sends this."))
    if not isinstance(payload.get("items"), list) or not payload["items"]:
        errors.add("items", _lt("Send a list with at least one item."))
    return system or None, errors


def get_reference(raw):
    """Return the reference by which a system knows an item, or None where it cannot be used."""
    reference = raw.get("external_ref") if isinstance(raw, dict) else None
    return (
        isinstance(reference, str) and ITEM.kinds["external_ref"].take(reference, "", Errors())
    ) or None


def get_hash(raw):
    """Return what two items have in common that say the same, whenever they were sent."""
    if isinstance(raw, dict):
        raw = {key: value for key, value in raw.items() if key != "sent_at"}
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def clean(value, depth=0):
    """Return a value as PostgreSQL can store it; all else about it stays as it was sent."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        # An object, so that nobody takes it for a text or for a number.
        return {"number": str(value)}
    if not isinstance(value, dict | list):
        return value
    if depth == DEPTH_LIMIT:
        return json.dumps(value)
    if isinstance(value, list):
        return [clean(part, depth + 1) for part in value]
    return {clean(key): clean(part, depth + 1) for key, part in value.items()}
