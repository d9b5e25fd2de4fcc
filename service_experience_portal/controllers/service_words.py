# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The sentences of the page: whole ones, so that every language can order them its way."""

from markupsafe import Markup

from .reader_dates import ReaderDates

TIME = Markup('<time datetime="%s">%s</time>')
NAME = Markup("<bdi>%s</bdi>")


class ServiceWords:
    """Puts the values of a snapshot into the reader's language and time zone."""

    def __init__(self, env, timezone):
        self.env = env
        self.dates = ReaderDates(env.lang, timezone)
        self.timezone = NAME % timezone

    def _day(self, value):
        return TIME % (self.dates.machine(value), self.dates.day(value))

    def _short(self, value):
        return TIME % (self.dates.machine(value), self.dates.short(value))

    def _moment(self, value):
        return TIME % (self.dates.machine(value), self.dates.moment(value))

    # The service

    def updated(self, service):
        return self.env._("Updated %(moment)s", moment=self._moment(service["updated_at"]))

    def progress(self, progress):
        return self.env._("%(done)s of %(total)s steps", **progress)

    def sentence(self, service):
        """Return how the service stands, in one or two sentences."""
        _ = self.env._
        if service["health"] == "late":
            return self._late_sentence(service)
        return {
            "not_started": _("Work on this service has not started yet."),
            "on_track": _("Work is going on as promised."),
            "at_risk": _(
                "Something takes longer than we planned, and the promised date may move. "
                "We are working on it."
            ),
            "waiting_customer": _("We go on as soon as we hear from you."),
            "paused": _("Work on this service is at rest for the moment."),
            "done": _("All work on this service is finished."),
            "cancelled": _("This service was cancelled."),
        }[service["health"]]

    def _late_sentence(self, service):
        _ = self.env._
        if self._is_overdue(service):
            return _(
                "We have not kept the promised date, and that is our fault. "
                "We have not set a new date yet."
            )
        late = [line for line in service["requests"] if line["health"] == "late"]
        if len(late) == 1:
            return _(
                "We are late with “%(request)s”, and that is our fault. "
                "We promised it for %(moment)s and have not set a new date yet.",
                request=NAME % late[0]["label"],
                moment=self._moment(late[0]["promised_at"]),
            )
        if late:
            return _(
                "We are late with %(number)s of your requests, and that is our fault. "
                "We have not set new dates yet.",
                number=len(late),
            )
        return _("We are late with a part of this service, and that is our fault.")

    def promise(self, service):
        """Return the date that matters most, with the words above it.

        :return: ``(caption, date)``
        """
        _ = self.env._
        if service["done_on"]:
            return _("Finished on"), self._day(service["done_on"])
        if not service["promised_on"]:
            return _("Promised date"), _("None so far")
        caption = _("Was promised for") if self._is_overdue(service) else _("Promised for")
        return caption, self._day(service["promised_on"])

    def _is_overdue(self, service):
        promised_on = service["promised_on"]
        return bool(promised_on) and promised_on < self.dates.today()

    def needs(self, service):
        _ = self.env._
        if service["health"] == "waiting_customer":
            return _("We are waiting for your answer.")
        return _("Nothing needed from you right now.")

    def zone(self):
        return self.env._("Times on this page are in the time zone %(zone)s.", zone=self.timezone)

    # Its steps

    def step(self, step):
        _ = self.env._
        if step["state"] != "done":
            return self._step_window(step["expected_from"], step["expected_to"])
        if step["reached_on"]:
            return _("Done on %(day)s", day=self._short(step["reached_on"]))
        return _("Done")

    def _step_window(self, first, last):
        _ = self.env._
        if first and last and first != last:
            return _(
                "Expected between %(first)s and %(last)s",
                first=self._short(first),
                last=self._short(last),
            )
        if first and last:
            return _("Expected on %(day)s", day=self._short(last))
        if last:
            return _("Expected by %(day)s", day=self._short(last))
        if first:
            return _("Expected from %(day)s", day=self._short(first))
        return _("No date yet")

    def next_step(self, step):
        _ = self.env._
        who = step["who"] and NAME % step["who"]
        if step["due"]:
            return self._dated_step(who, step["due"])
        return _("%(who)s does this", who=who) if who else _("We do this")

    def _dated_step(self, who, due):
        _ = self.env._
        moment = self._moment(due)
        if due < self.dates.now:
            return _("Late: it was promised for %(moment)s", moment=moment)
        if who:
            return _("%(who)s does this by %(moment)s", who=who, moment=moment)
        return _("We do this by %(moment)s", moment=moment)

    def no_next_step(self, service):
        _ = self.env._
        if service["health"] == "done":
            return _("Everything is finished. There is nothing left to do.")
        if service["health"] == "cancelled":
            return _("Nothing more will happen here.")
        return _("We have not put the next step on this page yet.")

    # Its requests

    def requests(self, counts):
        return self.env._("%(open)s open, %(done)s finished", **counts)

    def more_requests(self, counts):
        return self.env._("And %(more)s more.", **counts)

    def request(self, request):
        _ = self.env._
        if request["done_at"]:
            day = self._short(request["done_at"])
            if request["health"] == "cancelled":
                return _("Cancelled on %(day)s", day=day)
            return _("Done on %(day)s", day=day)
        if not request["promised_at"]:
            return _("No date promised")
        moment = self._moment(request["promised_at"])
        if request["health"] == "late":
            return _("Was promised for %(moment)s", moment=moment)
        return _("Promised for %(moment)s", moment=moment)

    def no_contact(self, contact):
        return self.env._(
            "%(company)s looks after this service. A personal contact is not named yet.",
            company=NAME % contact["company"],
        )
