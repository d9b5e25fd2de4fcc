# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import hashlib
import json
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime
from odoo.tools.lru import LRU

from ...business_time import WorkingTime

# Compiled by content, not by id: equal hashes are equal calendars in every database of the process.
_compiled = LRU(256)
_ALWAYS = WorkingTime.always()


class ServiceCalendarVersion(models.Model):
    """What a working calendar said at some moment; timers keep the one they are measured by."""

    _name = "service.calendar.version"
    _description = "Working Calendar Version"
    _inherit = ["service.evidence.mixin"]
    _order = "id desc"

    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    content = fields.Json(required=True, readonly=True)
    content_hash = fields.Char(required=True, readonly=True)

    _content_uniq = models.UniqueIndex("(calendar_id, content_hash)")

    @api.depends("calendar_id.name", "create_date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(calendar)s as of %(date)s",
                calendar=version.calendar_id.name or self.env._("Deleted working hours"),
                date=format_datetime(self.env, version.create_date),
            )

    @api.model
    def _get_or_create(self, calendar, content):
        """Return the version of `calendar` with this content, new when it was never seen.

        Two transactions may meet the same new content: the second then gets a serialization
        failure, which Odoo repeats, instead of a duplicate that it would show to the user.
        """
        text = json.dumps(content, sort_keys=True)
        content_hash = hashlib.sha256(text.encode()).hexdigest()
        domain = [("calendar_id", "=", calendar.id), ("content_hash", "=", content_hash)]
        if version := self.search(domain, limit=1):
            return version
        self.env.cr.execute(
            SQL(
                """INSERT INTO service_calendar_version
                       (calendar_id, content, content_hash, create_uid, create_date,
                        write_uid, write_date)
                   VALUES (%(calendar)s, %(content)s, %(hash)s, %(uid)s, %(now)s, %(uid)s, %(now)s)
                   ON CONFLICT DO NOTHING""",
                calendar=calendar.id,
                content=text,
                hash=content_hash,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        return self.search(domain, limit=1)

    def _working_time(self):
        """Return the compiled arithmetic of this version; 24x7 for no version at all.

        :rtype: WorkingTime
        """
        if not self:
            return _ALWAYS
        self.ensure_one()
        compiled = _compiled.get(self.content_hash)
        if compiled is None:
            compiled = _compiled[self.content_hash] = _compile(self.content)
        return compiled


def _compile(content):
    weeks = [
        {int(weekday): [tuple(hours) for hours in day] for weekday, day in week.items()}
        for week in content["weeks"]
    ]
    leaves = [
        (datetime.fromisoformat(start), datetime.fromisoformat(end))
        for start, end in content["leaves"]
    ]
    return WorkingTime(content["tz"], weeks, leaves)
