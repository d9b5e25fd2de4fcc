# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from dataclasses import dataclass, field

from odoo import models

from .ingest_kinds import Errors
from .ingest_schema import ITEM, get_hash, get_reference


@dataclass
class Arrival:
    """One item of a batch, and what is found out about it."""

    system: str | None
    raw: object
    path: str = ""
    reference: str | None = None
    item: dict = field(default_factory=dict)
    errors: Errors = field(default_factory=Errors)
    # The handoff that has this reference already; sudo: what the caller may do with it is checked.
    known_sudo: models.Model = None

    @classmethod
    def take(cls, system, raw, path):
        arrival = cls(system, raw, path, get_reference(raw))
        arrival.item = ITEM.take(raw, path, arrival.errors) or {}
        return arrival

    @property
    def hash(self):
        return get_hash(self.raw)

    @property
    def version(self):
        return self.item.get("sent_at")
