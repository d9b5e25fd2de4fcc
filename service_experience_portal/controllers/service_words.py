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
        if service["health"] == "late":
            return self._late_sentence(service)
        return {
            "not_started": self.env._("Work on this service has not started yet."),
            "on_track": self.env._("Work is going on as promised."),
            "at_risk": self.env._(
                "Something takes longer than we planned, and the promised date may move. "
                "We are working on it."
            ),
            "waiting_customer": self.env._("We go on as soon as we hear from you."),
            "paused": self.env._("Work on this service is at rest for the moment."),
            "done": self.env._("All work on this service is finished."),
            "cancelled": self.env._("This service was cancelled."),
        }[service["health"]]

    def _late_sentence(self, service):
        if self._is_overdue(service):
            return self.env._(
                "We have not kept the promised date, and that is our fault. "
                "We have not set a new date yet."
            )
        late = [line for line in service["requests"] if line["health"] == "late"]
        if len(late) == 1:
            return self.env._(
                "We are late with “%(request)s”, and that is our fault. "
                "We promised it for %(moment)s and have not set a new date yet.",
                request=NAME % late[0]["label"],
                moment=self._moment(late[0]["promised_at"]),
            )
        if late:
            return self.env._(
                "We are late with %(number)s of your requests, and that is our fault. "
                "We have not set new dates yet.",
                number=len(late),
            )
        return self.env._("We are late with a part of this service, and that is our fault.")

    def promise(self, service):
        """Return the date that matters most, with the words above it.

        :return: ``(caption, date)``
        """
        if service["done_on"]:
            return self.env._("Finished on"), self._day(service["done_on"])
        if not service["promised_on"]:
            return self.env._("Promised date"), self.env._("None so far")
        caption = (
            self.env._("Was promised for")
            if self._is_overdue(service)
            else self.env._("Promised for")
        )
        return caption, self._day(service["promised_on"])

    def _is_overdue(self, service):
        promised_on = service["promised_on"]
        return bool(promised_on) and promised_on < self.dates.today()

    def needs(self, service):
        if service["health"] == "waiting_customer":
            return self.env._("We are waiting for your answer.")
        return self.env._("Nothing needed from you right now.")

    def zone(self):
        return self.env._("Times on this page are in the time zone %(zone)s.", zone=self.timezone)

    # Its steps

    def step(self, step):
        if step["state"] != "done":
            return self._step_window(step["expected_from"], step["expected_to"])
        if step["reached_on"]:
            return self.env._("Done on %(day)s", day=self._short(step["reached_on"]))
        return self.env._("Done")

    def _step_window(self, first, last):
        if first and last and first != last:
            return self.env._(
                "Expected between %(first)s and %(last)s",
                first=self._short(first),
                last=self._short(last),
            )
        if first and last:
            return self.env._("Expected on %(day)s", day=self._short(last))
        if last:
            return self.env._("Expected by %(day)s", day=self._short(last))
        if first:
            return self.env._("Expected from %(day)s", day=self._short(first))
        return self.env._("No date yet")

    def next_step(self, step):
        who = step["who"] and NAME % step["who"]
        if step["due"]:
            return self._dated_step(who, step["due"])
        return self.env._("%(who)s does this", who=who) if who else self.env._("We do this")

    def _dated_step(self, who, due):
        moment = self._moment(due)
        if due < self.dates.now:
            return self.env._("Late: it was promised for %(moment)s", moment=moment)
        if who:
            return self.env._("%(who)s does this by %(moment)s", who=who, moment=moment)
        return self.env._("We do this by %(moment)s", moment=moment)

    def no_next_step(self, service):
        if service["health"] == "done":
            return self.env._("Everything is finished. There is nothing left to do.")
        if service["health"] == "cancelled":
            return self.env._("Nothing more will happen here.")
        return self.env._("We have not put the next step on this page yet.")

    # Its requests

    def requests(self, counts):
        return self.env._("%(open)s open, %(done)s finished", **counts)

    def more_requests(self, counts):
        return self.env._("And %(more)s more.", **counts)

    def request(self, request):
        if request["done_at"]:
            day = self._short(request["done_at"])
            if request["health"] == "cancelled":
                return self.env._("Cancelled on %(day)s", day=day)
            return self.env._("Done on %(day)s", day=day)
        if request["promise_paused"]:
            return self.env._("Paused: the promised date is set when work goes on")
        if not request["promised_at"]:
            return self.env._("No date promised")
        moment = self._moment(request["promised_at"])
        if request["health"] == "late":
            return self.env._("Was promised for %(moment)s", moment=moment)
        return self.env._("Promised for %(moment)s", moment=moment)

    def no_contact(self, contact):
        return self.env._(
            "%(company)s looks after this service. A personal contact is not named yet.",
            company=NAME % contact["company"],
        )
