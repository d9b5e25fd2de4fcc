# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The sentences about what takes longer: why, until when, and what the customer says to it."""

from .reader_words import NAME, ReaderWords
from .step_words import MAX_TEXT


class DelayWords(ReaderWords):
    def no_reason(self, service):
        """Return what is said where something is late and nobody has explained it yet."""
        return [
            self.env._("We are late and have not told you the reason yet. Both are our fault.")
            if service["health"] == "late"
            else self.env._(
                "The promised date may not hold, and we have not told you the reason yet."
            ),
            self._no_reason_update(service["next_update"]),
        ]

    def _no_reason_update(self, next_update):
        if next_update and next_update > self.dates.now:
            return self.env._(
                "You hear from us by %(moment)s at the latest.", moment=self._moment(next_update)
            )
        return self.env._(
            "As soon as we know more, we tell you here: the reason, what we do, and the new date."
        )

    def more_delays(self, more):
        if more == 1:
            return self.env._("And one more, which you find below under “Dates and promises”.")
        return self.env._(
            "And %(more)s more, which you find below under “Dates and promises”.",
            more=self.dates.number(more),
        )

    # What moved

    def delay_day(self, delay):
        """Return the new date and how sure it is, or by when we tell it."""
        if not delay["to"]:
            return self._unknown_delay_day(delay)
        day = self._range(delay["from"], delay["to"])
        if self._is_past(delay["to"]):
            return self.env._(
                "%(day)s. We did not keep this date either, and that is our fault.", day=day
            )
        if delay["confidence"] == "likely":
            return self.env._("Probably %(day)s.", day=day)
        if delay["confidence"] == "estimate":
            return self.env._("%(day)s, as far as we can tell today.", day=day)
        return self.env._("%(day)s. This date is firm.", day=day)

    def _unknown_delay_day(self, delay):
        day = self._short(delay["known_by"])
        if self._is_past(delay["known_by"]):
            return self.env._(
                "We wanted to tell you the new date by %(day)s and have not done so yet. That is "
                "our fault.",
                day=day,
            )
        return self.env._("We tell you the new date by %(day)s.", day=day)

    def delay_old_day(self, delay):
        return self._short(delay["old_to"])

    def delay_update(self, delay):
        """Return when the customer hears from us next."""
        moment = self._moment(delay["next_update"])
        if delay["next_update"] > self.dates.now:
            return self.env._("By %(moment)s at the latest.", moment=moment)
        return self.env._(
            "We wanted to tell you more by %(moment)s. If you have not heard from us since, that "
            "is our fault.",
            moment=moment,
        )

    def delay_told(self, delay):
        moment = self._moment(delay["told_at"])
        if not delay["is_told"]:
            return self.env._("We wrote to you on %(moment)s.", moment=moment)
        return self.env._("We told you on %(moment)s.", moment=moment)

    # What the customer says to it

    def delay_answered(self, delay):
        """Return what the customer answered, and what happens next; nothing if they have not."""
        if delay["response"] == "none":
            is_tacit = delay["is_open"] and not delay["can_answer"]
            return is_tacit and self.env._("You did not object, so this date counts.")
        moment = self._moment(delay["responded_at"])
        if delay["response"] == "contested":
            return self.env._(
                "You told us on %(moment)s that this does not suit you. A colleague calls you.",
                moment=moment,
            )
        if delay["response"] == "question":
            return self.env._(
                "You asked us on %(moment)s. We answer your question here and by mail.",
                moment=moment,
            )
        if delay["to"]:
            return self.env._("You accepted this date on %(moment)s.", moment=moment)
        return self.env._("You agreed on %(moment)s.", moment=moment)

    def delay_option(self, delay):
        return self.env._("You chose: %(option)s", option=NAME % delay["option"])

    def delay_buttons(self, delay):
        """Return what is written on the buttons, by answer."""
        is_day = delay["to"] and not delay["options"]
        return {
            "accepted": self.env._("This date suits me") if is_day else self.env._("This suits me"),
            "contested": self.env._("This date does not suit me")
            if is_day
            else self.env._("This does not suit me"),
            "question": self.env._("I have a question"),
        }

    def delay_closed(self, delay):
        """Return why nothing can be answered any more."""
        if not delay["is_open"]:
            return self.env._(
                "This is over. The page of the service shows how it stands, and which date counts "
                "now."
            )
        return self.env._("We have your answer. Thank you.")

    def delay_thanks(self, service, delay_id):
        """Return what happens next with an answer that was just given; nothing without one."""
        delay = next((line for line in service["delays"] if line["id"] == delay_id), None)
        name = delay and NAME % delay["name"]
        if not delay or delay["response"] == "none":
            return None
        if delay["response"] == "contested":
            return self.env._(
                "Thank you, we have your answer to “%(name)s”. A colleague calls you.", name=name
            )
        if delay["response"] == "question":
            return self.env._(
                "Thank you, we have your question about “%(name)s”. We answer it here and by mail.",
                name=name,
            )
        return self.env._("Thank you, we have noted your answer to “%(name)s”.", name=name)

    def delay_problem(self, key):
        """Return why an answer was not taken, and what to do."""
        if sentence := self.refusal(key):
            return sentence
        return {
            "no_answer": self.env._("Please choose one of the buttons below."),
            "unknown_option": self.env._("Please choose one of the options, then send it again."),
            "long_text": self.env._(
                "Your text has more than %(limit)s characters: please shorten it.",
                limit=self.dates.number(MAX_TEXT),
            ),
            "no_reason": self.env._("Please write what would suit you better, then send it."),
            "no_question": self.env._("Please write your question, then send it."),
            "wait": self.confirm_problem("wait"),
        }[key]

    # Whether it is still on time

    def ask_button(self, promise):
        if promise["state"] == "broken":
            return self.env._("How does it stand?")
        return self.env._("Is this still on time?")

    def asked_thanks(self, service, commitment_id):
        """Return what happens next with a question that was just asked; nothing without one."""
        if all(promise["id"] != commitment_id for promise in service["promises"]):
            return None
        return self.env._("Thank you. A colleague looks at it and tells you here.")

    def ask_problem(self, key):
        if sentence := self.refusal(key):
            return sentence
        return {
            "over": self.env._(
                "This is over already, so there is nothing to look at. Below you see how it stands."
            ),
        }[key]
