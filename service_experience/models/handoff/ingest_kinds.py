# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Kinds of values that other systems send, and how one is held against its kind.

Each ``read`` returns the value in its plain form. Where it is wrong it returns None and adds to the
errors: whoever sent it reads where it is and what to do, in one sentence.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from odoo.tools import email_normalize
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

ERROR_LIMIT = 50
# Names of keys are shortened in errors: anything may have been sent as one.
KEY_SHOWN = 60
# Clocks of other systems may be ahead of ours, but not further.
CLOCK_TOLERANCE = timedelta(days=1)


class Errors(list):
    """What is wrong with an item: pairs of a path and a sentence."""

    def add(self, path, sentence):
        if len(self) < ERROR_LIMIT:
            self.append((path, sentence))


@dataclass(frozen=True)
class Text:
    limit: int
    required: bool = False

    def take(self, value, path, errors):
        if not isinstance(value, str):
            return errors.add(path, _lt("Send a text in quotation marks."))
        if len(value) > self.limit:
            return errors.add(
                path,
                _lt(
                    "Send at most %(limit)s characters: these are %(length)s.",
                    limit=self.limit,
                    length=len(value),
                ),
            )
        return value.strip()


@dataclass(frozen=True)
class Email(Text):
    def take(self, value, path, errors):
        text = super().take(value, path, errors)
        if text and not email_normalize(text):
            return errors.add(path, _lt("Send one e-mail address."))
        return text


@dataclass(frozen=True)
class Choice:
    values: tuple
    required: bool = False

    def take(self, value, path, errors):
        if value not in self.values:
            return errors.add(path, _lt("Send one of: %(values)s.", values=", ".join(self.values)))
        return value


@dataclass(frozen=True)
class Flag:
    required: bool = False

    def take(self, value, path, errors):
        if not isinstance(value, bool):
            return errors.add(path, _lt("Send true or false."))
        return value


@dataclass(frozen=True)
class Number:
    """The id of a record."""

    required: bool = False

    def take(self, value, path, errors):
        if type(value) is not int or not 0 < value < 2**31:
            return errors.add(path, _lt("Send the id of a record, a whole number."))
        return value


@dataclass(frozen=True)
class Day:
    required: bool = False

    def take(self, value, path, errors):
        with suppress(TypeError, ValueError):
            if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                return date.fromisoformat(value).isoformat()
        return errors.add(path, _lt("Send a day as YYYY-MM-DD."))


@dataclass(frozen=True)
class Moment:
    """An instant; read as UTC with microseconds, so that texts sort as the instants do."""

    required: bool = False

    def take(self, value, path, errors):
        try:
            moment = datetime.fromisoformat(value).astimezone(UTC)
            has_offset = datetime.fromisoformat(value).tzinfo
        except (TypeError, ValueError, OverflowError):
            has_offset = None
        if not has_offset:
            return errors.add(
                path, _lt("Send an instant with its offset, such as 2026-03-02T09:00:00+01:00.")
            )
        if moment > datetime.now(UTC) + CLOCK_TOLERANCE:
            return errors.add(path, _lt("This is in the future: check the clock of your system."))
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True)
class Keys:
    """An object with these keys and no others: a typo must not lose what was sent."""

    kinds: dict
    required: bool = False

    def take(self, value, path, errors):
        if not isinstance(value, dict):
            return errors.add(
                path, _lt("Send an object with the keys: %(keys)s.", keys=", ".join(self.kinds))
            )
        for name in value.keys() - self.kinds.keys():
            errors.add(
                join_path(path, name),
                _lt("This key is unknown: use one of %(keys)s.", keys=", ".join(self.kinds)),
            )
        read = {
            name: self._read_one(kind, value.get(name), join_path(path, name), errors)
            for name, kind in self.kinds.items()
        }
        return {name: part for name, part in read.items() if part is not None}

    def _read_one(self, kind, value, path, errors):
        if value is not None and not (isinstance(value, str) and not value.strip()):
            return kind.take(value, path, errors)
        return errors.add(path, _lt("This is required.")) if kind.required else None


@dataclass(frozen=True)
class Rows:
    """A list; rows that are wrong are left out."""

    row: Keys
    limit: int
    required: bool = False

    def take(self, value, path, errors):
        if not isinstance(value, list):
            return errors.add(path, _lt("Send a list."))
        if len(value) > self.limit:
            return errors.add(
                path,
                _lt(
                    "Send at most %(limit)s entries: these are %(length)s.",
                    limit=self.limit,
                    length=len(value),
                ),
            )
        rows = []
        for index, given in enumerate(value):
            known = len(errors)
            row = self.row.take(given, f"{path}[{index}]", errors)
            if len(errors) == known < ERROR_LIMIT:
                rows.append(row)
        return rows or None


def join_path(path, name):
    name = name if len(name) <= KEY_SHOWN else f"{name[:KEY_SHOWN]}…"
    return f"{path}.{name}" if path else name
