# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Touch:
    """What happened to one task, with the instant of each fact, and who did the last of it."""

    created_at: datetime | None = None
    matched_at: datetime | None = None
    responded_at: datetime | None = None
    closed_at: datetime | None = None
    user_id: int | None = None
