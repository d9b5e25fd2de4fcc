# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The sentences about the journey: dates and promises, what the customer told us, history."""

from odoo.addons.service_experience.models.journey.timeline_words import get_sentence

from .reader_words import NAME, ReaderWords

OVER = ("done", "cancelled")


class JourneyWords(ReaderWords):
    # Dates and promises

    def promised(self, promise):
        """Return how a promise stands, in one or two sentences."""
        if promise["state"] == "withdrawn":
            return self.env._("This was called off.")
        if promise["kept_at"]:
            return self._kept(promise)
        if promise["direction"] == "customers":
            return self._promised_by_customer(promise)
        if promise["state"] == "broken":
            return self._broken(promise)
        return self._promised_by_us(promise)

    def _kept(self, promise):
        day = self._short(promise["kept_at"])
        if promise["state"] == "broken":
            return self.env._("Done on %(day)s, later than promised.", day=day)
        return self.env._("Done on %(day)s, as promised.", day=day)

    def _promised_by_customer(self, promise):
        if promise["to"]:
            return self.env._("You planned this for %(day)s.", day=self._window(promise))
        return self.env._("You tell us the date by %(day)s.", day=self._short(promise["known_by"]))

    def _broken(self, promise):
        if promise["to"] and not self._is_past(promise["to"]):
            return self.env._(
                "We did not keep the promised date, and that is our fault. The new date is "
                "%(day)s.",
                day=self._window(promise),
            )
        if not promise["to"] and promise["known_by"] and not self._is_past(promise["known_by"]):
            return self.env._(
                "We did not keep the promised date, and that is our fault. We tell you the new "
                "date by %(day)s.",
                day=self._short(promise["known_by"]),
            )
        return self.env._(
            "We did not keep the promised date, and that is our fault. We have not set a new "
            "date yet."
        )

    def _promised_by_us(self, promise):
        if not promise["to"]:
            return self._unknown(promise)
        day = self._window(promise)
        if promise["state"] == "at_risk":
            return self.env._(
                "Promised for %(day)s. This date may not hold; we are working on it.", day=day
            )
        if promise["confidence"] == "likely":
            return self.env._("Probably %(day)s.", day=day)
        if promise["confidence"] == "estimate":
            return self.env._("%(day)s, as far as we can tell today.", day=day)
        return self.env._("Promised for %(day)s.", day=day)

    def _unknown(self, promise):
        day = self._short(promise["known_by"])
        if self._is_past(promise["known_by"]):
            return self.env._(
                "We wanted to tell you the date by %(day)s and have not done so yet. That is our "
                "fault.",
                day=day,
            )
        return self.env._("We tell you the date by %(day)s.", day=day)

    def _window(self, promise):
        return self._range(promise["from"], promise["to"])

    def first_promised(self, promise):
        return self.env._("First promised for %(day)s", day=self._short(promise["first_on"]))

    def move(self, move):
        if move["to"]:
            return self.env._("Moved to %(day)s", day=self._window(move))
        return self.env._(
            "Moved; we tell you the new date by %(day)s", day=self._short(move["known_by"])
        )

    def acknowledged(self, move):
        """Return when the customer was told of a new date, and what they said to it."""
        day = move["told_at"] and self._short(move["told_at"])
        if move["acknowledgement"] == "accepted":
            return self.env._("You accepted this date.")
        if move["acknowledgement"] == "contested":
            return self.env._("You did not accept this date.")
        if move["acknowledgement"] == "tacit":
            return self.env._("We told you on %(day)s, and you did not object.", day=day)
        return day and self.env._("We told you on %(day)s.", day=day)

    def no_promises(self, service):
        if service["health"] in OVER:
            return self.env._("No other dates were promised for this service.")
        if service["promised_on"]:
            return self.env._(
                "The date of the whole service stands at the top. When we promise you more, it "
                "appears here, with every change and its reason."
            )
        return self.env._(
            "We have not promised a date yet. As soon as we do, it appears here, with every "
            "change and its reason."
        )

    # Who took over

    def took_over(self, handoff):
        values = {"who": NAME % handoff["who"], "day": self._short(handoff["since"])}
        if handoff["request"]:
            return self.env._(
                "%(who)s took over “%(request)s” on %(day)s.",
                request=NAME % handoff["request"],
                **values,
            )
        return self.env._("%(who)s took over on %(day)s.", **values)

    # What the customer told us

    def fact(self, fact):
        day = self._short(fact["said_at"])
        if fact["who"]:
            return self.env._("%(who)s told us on %(day)s", who=NAME % fact["who"], day=day)
        return self.env._("A colleague of ours noted it on %(day)s", day=day)

    def no_facts(self, service):
        if service["health"] in OVER:
            return self.env._("We have not kept any answers of yours for this service.")
        return self.env._(
            "Nothing yet. What you tell us is kept here, so that nobody has to ask you twice."
        )

    # History

    def entry(self, entry):
        return get_sentence(
            self.env, entry["key"], entry["params"], self._short, lambda name: NAME % name
        )

    def entry_at(self, entry):
        return self._moment(entry["occurred_at"])

    def more_entries(self, service):
        more = self._more(service["timeline_more"], service, "timeline")
        if not more:
            return None
        if more == 1:
            return self.env._("And one earlier entry.")
        return self.env._("And %(more)s earlier entries.", more=self.dates.number(more))

    def no_entries(self, service):
        if service["health"] == "not_started":
            return self.env._("Nothing has happened yet. What we do for you appears here.")
        if service["health"] in OVER:
            return self.env._("Nothing was noted here for this service.")
        return self.env._("Nothing was noted here yet. What happens from now on appears here.")
