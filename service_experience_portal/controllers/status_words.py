# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The sentences about how the service stands, and about its date."""

from markupsafe import Markup

from .journey_words import JourneyWords
from .reader_words import NAME, TIME


class StatusWords(JourneyWords):
    def updated(self, service):
        at = service["updated_at"]
        # To the second: a live page says how long ago it was.
        exact = self.dates.local(at).isoformat(timespec="milliseconds")
        moment = TIME % (exact, self.dates.moment(at))
        return self.env._("Updated %(moment)s", moment=moment)

    def announce(self, service, changed):
        """Return one sentence about what is new, for whoever cannot see the page change.

        :param list changed: names of the sections that changed, in reading order
        """
        if not changed:
            return ""
        if "status" in changed:
            sentence = self.sentence(service)
            return sentence.striptags() if isinstance(sentence, Markup) else sentence
        return {
            "needs": self.env._("There is news about what we need from you."),
            "delays": self.env._("There is news about what takes longer."),
            "steps": self.env._("A step of the service has changed."),
            "next": self.env._("There is news about what happens next."),
            "promises": self.env._("A promised date has changed."),
            "requests": self.env._("One of your requests has changed."),
            "contact": self.env._("You have a new contact."),
            "handoff": self.env._("Somebody else takes care of this now."),
            "facts": self.env._("There is news about what you told us."),
            "timeline": self.env._("There is a new entry in the history."),
        }.get(changed[0], self.env._("Something on this page has changed."))

    def progress(self, progress):
        return self.env._("%(done)s of %(total)s steps", **self._numbers(**progress))

    def zone(self):
        return self.env._("Times on this page are in the time zone %(zone)s.", zone=self.timezone)

    def sentence(self, service):
        """Return how the service stands, in one or two sentences."""
        if service["health"] == "late":
            return self._late_sentence(service)
        if service["health"] == "at_risk" and self._is_new_day_told(service):
            return self.env._(
                "Something takes longer than we planned, and a promised date has moved. Below you "
                "read why, and what we do."
            )
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
        if self._is_past(service["agreed_on"]):
            return self._late_service_sentence(service)
        late = [line for line in service["requests"] if line["health"] == "late"]
        if len(late) == 1:
            return self._late_request_sentence(late[0], self._find_told(service, late[0]["id"]))
        if late:
            return self.env._(
                "We are late with %(number)s of your requests, and that is our fault. "
                "Below you see which, and their dates.",
                number=self.dates.number(len(late)),
            )
        broken = [line for line in service["promises"] if self._is_broken(line)]
        if len(broken) == 1:
            return self.env._(
                "We are late with “%(promise)s”. %(sentence)s",
                promise=NAME % broken[0]["name"],
                sentence=self.promised(broken[0]),
            )
        return self.env._("We are late with a part of this service, and that is our fault.")

    def _is_new_day_told(self, service):
        """Tell whether a new date was told that the customer has not agreed to yet."""
        return any(
            line["to"] and (line["can_answer"] or line["response"] == "contested")
            for line in service["delays"]
        )

    def _find_told(self, service, request_id):
        """Return what was told about a request, or the service itself, and is still to come."""
        told = (line for line in service["delays"] if line["request_id"] == request_id)
        return next(
            (line for line in told if not self._is_past(line["to"] or line["known_by"])), None
        )

    def _is_broken(self, promise):
        is_open = promise["state"] == "broken" and not promise["kept_at"]
        return is_open and promise["direction"] == "ours"

    def _late_service_sentence(self, service):
        if service["promised_on"] and not self._is_past(service["promised_on"]):
            return self.env._(
                "We have not kept the date of %(day)s, and that is our fault. The new date is "
                "%(new_day)s.",
                day=self._short(service["agreed_on"]),
                new_day=self._short(service["promised_on"]),
            )
        if service["known_by"] and not self._is_past(service["known_by"]):
            return self.env._(
                "We have not kept the promised date, and that is our fault. We tell you the new "
                "date by %(day)s.",
                day=self._short(service["known_by"]),
            )
        if self._find_told(service, None):
            return self.env._(
                "We have not kept the promised date, and that is our fault. Below you read why it "
                "takes longer, and what we do."
            )
        return self.env._(
            "We have not kept the promised date, and that is our fault. "
            "We have not set a new date yet."
        )

    def _late_request_sentence(self, request, told):
        if not request["promised_at"]:
            return self.env._(
                "We are late with a part of “%(request)s”, and that is our fault.",
                request=NAME % request["label"],
            )
        values = {
            "request": NAME % request["label"],
            "moment": self._moment(request["promised_at"]),
        }
        days = [request["moved_to"], told and told["to"]]
        new_day = next((day for day in days if day and not self._is_past(day)), None)
        if new_day:
            return self.env._(
                "We are late with “%(request)s”, and that is our fault. "
                "We promised it for %(moment)s; the new date is %(new_day)s.",
                new_day=self._short(new_day),
                **values,
            )
        if told:
            return self.env._(
                "We are late with “%(request)s”, and that is our fault. "
                "We promised it for %(moment)s and tell you the new date by %(day)s.",
                day=self._short(told["known_by"]),
                **values,
            )
        return self.env._(
            "We are late with “%(request)s”, and that is our fault. "
            "We promised it for %(moment)s and have not set a new date yet.",
            **values,
        )

    def promise(self, service):
        """Return the date that matters most, with the words above it.

        :return: ``(caption, date)``
        """
        if service["health"] == "cancelled":
            return self._cancelled(service)
        if service["done_on"]:
            return self.env._("Finished on"), self._day(service["done_on"])
        promised_on = service["promised_on"]
        if not promised_on:
            return self.env._("Promised date"), self._unknown_date(service)
        if service["agreed_on"] and promised_on != service["agreed_on"]:
            return self.env._("New date"), self._day(promised_on)
        caption = (
            self.env._("Was promised for")
            if self._is_past(promised_on)
            else self.env._("Promised for")
        )
        return caption, self._day(promised_on)

    def _cancelled(self, service):
        """Return when it was cancelled: from then on no date is promised."""
        if service["done_on"]:
            return self.env._("Cancelled on"), self._day(service["done_on"])
        return self.env._("Promised date"), self.env._("None any more")

    def _unknown_date(self, service):
        if service["known_by"]:
            return self.env._("We tell you by %(day)s", day=self._short(service["known_by"]))
        return self.env._("None so far")

    def moved_why(self, service):
        """Return why the date of the service moved, in the words of whoever moved it."""
        return self.env._("Why it moved: %(why)s", why=NAME % service["moved_why"])
