# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""How a delay stands, in one sentence for colleagues."""

from odoo import models
from odoo.tools import format_date, format_datetime

from ..journey.reader_dates import ReaderDates
from .message_words import get_body


class ServiceDelay(models.Model):
    _inherit = "service.delay"

    def _get_body(self, values):
        return get_body(self.env, values)

    def _get_banner(self):
        """Return what is late, why, and whether the customer knows."""
        self.ensure_one()
        name = self.display_name
        if self.state == "suspected":
            return self.env._("“%(name)s” may be late. %(why)s", name=name, why=self.why or "")
        values = {"name": name, "reason": self.reason_id.name, "day": self._get_new_day()}
        if self.state == "communicated":
            told = format_datetime(self.env, self.communicated_at, dt_format="short")
            return self.env._(
                "“%(name)s” is late: %(reason)s. New date: %(day)s. Customer told on %(told)s.",
                told=told,
                **values,
            )
        if self.bounced_at:
            return self.env._(
                "“%(name)s” is late: %(reason)s. The message to the customer came back: call them.",
                **values,
            )
        if self.sent_at:
            return self.env._(
                "“%(name)s” is late: %(reason)s. New date: %(day)s. The message is on its way.",
                **values,
            )
        return self.env._(
            "“%(name)s” is late: %(reason)s. New date: %(day)s. The customer does not know yet.",
            **values,
        )

    def _get_new_day(self):
        def say(day):
            return format_date(self.env, day)

        if self.new_to:
            return ReaderDates.of(self.env).range(self.env, self.new_from, self.new_to, say)
        if self.known_by:
            return self.env._("known by %(day)s", day=say(self.known_by))
        return self.env._("not known")
