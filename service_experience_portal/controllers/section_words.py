# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The sentences about documents, messages, and how the customer is told."""

from babel.numbers import format_decimal

from .journey_words import OVER
from .reader_words import NAME, ReaderWords
from .step_words import MAX_TEXT

KILO = 1024


class SectionWords(ReaderWords):
    def no_handoff(self, service):
        if service["health"] in OVER:
            return self.env._("Nobody else took over lately.")
        return self.env._(
            "Nobody else took over lately. If that changes, you read it here, and you need not "
            "repeat anything."
        )

    # List

    def list_needs(self, service):
        if service["needs"] == 1:
            return self.env._("We need something from you.")
        return self.env._(
            "We need %(number)s things from you.", **self._numbers(number=service["needs"])
        )

    # Documents

    def document(self, document):
        """Return size, date and whose a file is."""
        values = {"size": self.size(document["size"]), "day": self._short(document["at"])}
        if not document["is_sent"]:
            return self.env._("%(size)s, from us, %(day)s", **values)
        if document["who"]:
            return self.env._(
                "%(size)s, sent by %(who)s, %(day)s", who=NAME % document["who"], **values
            )
        return self.env._("%(size)s, sent by you, %(day)s", **values)

    def size(self, size):
        """Return how large a file is, in the words of the reader."""
        if size < KILO:
            return self.env._("under 1 kB")
        if size < KILO * KILO:
            return self.env._("%(number)s kB", number=self._number(round(size / KILO)))
        return self.env._("%(number)s MB", number=self._number(round(size / KILO / KILO, 1)))

    def _number(self, number):
        return self.dates.number(format_decimal(number, locale=self.dates.locale))

    def more_documents(self, service):
        more = service["documents_more"]
        if more == 1:
            return self.env._("There is one older file. If you need it, ask us below.")
        return self.env._(
            "There are %(more)s older files. If you need one, ask us below.",
            **self._numbers(more=more),
        )

    def no_documents(self, service):
        if service["health"] in OVER:
            return self.env._("No documents were shared here.")
        if service["health"] == "not_started":
            return self.env._("Nothing yet. Plans and papers that we share with you appear here.")
        return self.env._(
            "Nothing yet. What we share with you, and the files that you send us, appear here."
        )

    # Messages

    def messages(self, service):
        """Return what the conversation is for, as long as the service lasts and afterwards."""
        return {
            "not_started": self.env._("Ask us anything, also before we begin. We answer here."),
            "late": self.env._("You may ask us at any time, about the new date too."),
            "at_risk": self.env._("You may ask us at any time, about the dates too."),
            "waiting_customer": self.env._(
                "If something about what we need is not clear, please ask us."
            ),
            "done": self.env._("If anything comes up afterwards, please write to us."),
            "cancelled": self.env._("If anything is still open, please write to us."),
        }.get(service["health"], self.env._("You may ask us at any time. We answer here."))

    def author(self, message):
        if message["side"] == "you":
            return self.env._("You")
        if message["who"]:
            return NAME % message["who"]
        return self.env._("Your company") if message["side"] == "yours" else self.env._("We")

    def message_at(self, message):
        return self._moment(message["at"])

    def about(self, message):
        return self.env._("About “%(request)s”", request=NAME % message["request"])

    def question_problem(self, key):
        return (
            self.refusal(key)
            or {
                "no_text": self.env._("Please write your question, then send it."),
                "wait": self.confirm_problem("wait"),
                "long_text": self.env._(
                    "Your text has more than %(limit)s characters: please shorten it.",
                    limit=self.dates.number(MAX_TEXT),
                ),
            }[key]
        )

    # How we tell you

    def contact_level(self, service):
        """Return how the reader is told now."""
        if service["health"] in OVER:
            return self.env._("This is over. We write to you only if something comes up again.")
        if service["contact_level"] == "needed":
            return self.env._(
                "We write to you by mail only when we need something from you, or a date moves. "
                "Everything else you find here."
            )
        return self.env._("We write to you by mail about everything that happens.")

    def levels(self):
        """Return what the reader can choose, by key."""
        return {
            "all": self.env._("Everything that happens"),
            "needed": self.env._("Only when you need something from me, or a date moves"),
        }

    def preferences_problem(self, key):
        return (
            self.refusal(key)
            or {
                "no_level": self.env._("Please choose what we write to you about."),
                "no_language": self.env._("Please choose one of the languages."),
            }[key]
        )

    # Correcting what was told

    def fact_problem(self, key):
        return (
            self.refusal(key)
            or {
                "no_text": self.env._("Please write what is right, then send it."),
                "same_text": self.env._(
                    "This is what we have already: please change it, or go back to the service."
                ),
                "long_text": self.env._(
                    "Your text has more than %(limit)s characters: please shorten it.",
                    limit=self.dates.number(MAX_TEXT),
                ),
                "wait": self.env._(
                    "You have corrected a lot in a short time: please wait a few minutes, then "
                    "send this again."
                ),
                "corrected": self.env._(
                    "Somebody corrected this just before you, so nothing was stored yet. Below you "
                    "see what holds now, and your text: please send it again if it still counts."
                ),
            }[key]
        )

    # What was just sent

    def noted(self, key):
        """Return the thanks for what was just sent from a section."""
        return {
            "facts": self.env._("Thank you, we have noted the correction."),
            "messages": self.env._("Thank you, we have your question. We answer it here."),
            "preferences": self.env._("Thank you, we have noted your choice."),
        }.get(key)
