# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from markupsafe import Markup

from odoo.addons.service_experience.models.journey.reader_dates import ReaderDates

TIME = Markup('<time datetime="%s">%s</time>')
NAME = Markup('<bdi dir="auto">%s</bdi>')


class ReaderWords:
    """Puts days, moments and names into the reader's language and time zone."""

    def __init__(self, env, timezone):
        self.env = env
        self.dates = ReaderDates.of(env, timezone)
        self.timezone = NAME % timezone

    def refusal(self, key):
        """Return why this reader cannot answer, see ``Reader``; None for another key."""
        return {
            "preview": self.env._("Only your customer can answer here. Nothing was sent."),
            "confirm": self.env._(
                "Nothing was sent yet: please confirm first that it is you, below."
            ),
            "read": self.env._("Nothing was sent: this link is for reading. Please sign in first."),
        }.get(key)

    def confirm_problem(self, key):
        return {
            "wrong": self.env._(
                "This is not the code, or it does not work any more. Please try again, or get "
                "another code."
            ),
            "wait": self.env._("Please wait a few minutes, then try again."),
        }[key]

    def _day(self, value):
        return TIME % (self.dates.machine(value), self.dates.day(value))

    def _short(self, value):
        return TIME % (self.dates.machine(value), self.dates.short(value))

    def _moment(self, value):
        return TIME % (self.dates.machine(value), self.dates.moment(value))

    def _numbers(self, **values):
        """Return numbers in the digits of the reader."""
        return {name: self.dates.number(value) for name, value in values.items()}

    def _range(self, first, last):
        """Return one day, or the first and the last of several."""
        return self.dates.range(self.env, first, last, self._short)

    def _is_past(self, day):
        return bool(day) and day < self.dates.today()
