# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The sentences of the page: whole ones, so that every language can order them its way."""

from datetime import datetime

from .delay_words import DelayWords
from .hours_words import HoursWords
from .list_words import ListWords
from .reader_words import NAME
from .request_words import RequestWords
from .section_words import SectionWords
from .step_words import StepWords


class ServiceWords(ListWords, RequestWords, StepWords, DelayWords, SectionWords, HoursWords):
    """Puts the values of a snapshot into the reader's language and time zone."""

    # Its steps

    def step(self, step):
        if "since" in step:
            return self.stage(step)
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
        if not step["due"]:
            return self._undated_step(step["party"], who)
        if step["party"] == "us":
            return self._dated_step(who, step["due"])
        day = self._short(step["due"])
        if step["party"] == "customer":
            return self.env._("You do this, please by %(day)s", day=day)
        if who:
            return self.env._("%(who)s does this by %(day)s", who=who, day=day)
        return self.env._("Others do this for us by %(day)s", day=day)

    def _undated_step(self, party, who):
        if party == "customer":
            return self.env._("You do this")
        if who:
            return self.env._("%(who)s does this", who=who)
        if party == "us":
            return self.env._("We do this")
        return self.env._("Others do this for us")

    def _dated_step(self, who, due):
        is_moment = isinstance(due, datetime)
        moment = self._moment(due) if is_moment else self._short(due)
        if is_moment and due < self.dates.now:
            return self.env._("Late: it was promised for %(moment)s", moment=moment)
        if not is_moment and self._is_past(due):
            return self.env._("Late: we planned it for %(day)s", day=moment)
        if who:
            return self.env._("%(who)s does this by %(moment)s", who=who, moment=moment)
        return self.env._("We do this by %(moment)s", moment=moment)

    def no_next_step(self, service):
        return {
            "not_started": self.env._("The first step appears here when work starts."),
            "waiting_customer": self.env._("The next step follows your answer."),
            "paused": self.env._("The next step appears here when work goes on."),
            "done": self.env._("Everything is finished. There is nothing left to do."),
            "cancelled": self.env._("Nothing more will happen here."),
        }.get(service["health"], self.env._("We have not put the next step on this page yet."))

    # Its requests

    def requests(self, counts):
        return self.env._("%(open)s open, %(done)s finished", **self._numbers(**counts))

    def more_requests(self, service):
        rest = self.count_rest(service, "requests")
        more = self._more(service["request_counts"]["more"] - rest, service, "requests")
        return self.env._("And %(more)s more.", **self._numbers(more=more)) if more else None

    def request(self, request):
        if request["health"] == "cancelled":
            return self._cancelled_request(request)
        if request["done_at"]:
            return self.env._("Done on %(day)s", day=self._short(request["done_at"]))
        if request["promise_paused"]:
            return self.env._("Paused: the promised date is set when work goes on")
        return self._promised_request(request)

    def _cancelled_request(self, request):
        if request["done_at"]:
            return self.env._("Cancelled on %(day)s", day=self._short(request["done_at"]))
        return self.env._("This request was cancelled.")

    def _promised_request(self, request):
        if not request["promised_at"]:
            return self.env._("No date promised")
        moment = self._moment(request["promised_at"])
        if request["moved_to"]:
            day = self._short(request["moved_to"])
            return self.env._(
                "New date: %(day)s; was promised for %(moment)s", day=day, moment=moment
            )
        if request["health"] == "late":
            return self.env._("Was promised for %(moment)s", moment=moment)
        return self.env._("Promised for %(moment)s", moment=moment)

    def pause(self, pause):
        """Return when the clock of a request stood still, and what that does to its date."""
        values = {"since": self._moment(pause["since"])}
        if pause["label"]:
            return self._pause_for_you(values | {"title": NAME % pause["label"]}, pause["until"])
        if pause["until"]:
            return self.env._(
                "The work was paused from %(since)s to %(until)s. The promised date moved by the "
                "working hours in between.",
                until=self._moment(pause["until"]),
                **values,
            )
        return self.env._(
            "The work has been paused since %(since)s. The promised date moves by the working "
            "hours until it goes on.",
            **values,
        )

    def _pause_for_you(self, values, until):
        if until:
            return self.env._(
                "We waited for “%(title)s” from %(since)s to %(until)s. The promised date moved "
                "by the working hours in between.",
                until=self._moment(until),
                **values,
            )
        return self.env._(
            "We have waited for “%(title)s” since %(since)s. The promised date moves by the "
            "working hours until we have it.",
            **values,
        )

    def no_contact(self, contact):
        return self.env._(
            "%(company)s looks after this service. A personal contact is not named yet.",
            company=NAME % contact["company"],
        )
