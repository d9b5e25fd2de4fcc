# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The sentences about what we need from the customer, and about their answers."""

from .reader_words import NAME, ReaderWords
from .uploaded_files import MAX_FILES, MAX_MEGABYTES

MAX_TEXT = 20_000


class StepWords(ReaderWords):
    def no_needs(self, service):
        """Return what is said where nothing is asked."""
        if service["health"] == "waiting_customer":
            return self.env._("We are waiting for your answer.")
        if service["health"] in ("done", "cancelled"):
            return self.env._("Nothing needed from you any more.")
        return self.env._("Nothing needed from you right now.")

    def need_due(self, need):
        if self._is_past(need["due"]):
            return self.env._(
                "We asked for it by %(day)s: please do it as soon as you can.",
                day=self._short(need["due"]),
            )
        return self.env._("Please by %(day)s.", day=self._short(need["due"]))

    def effort(self, minutes):
        if minutes == 1:
            return self.env._("Takes about a minute.")
        if minutes < 60:
            return self.env._(
                "Takes about %(minutes)s minutes.", minutes=self.dates.number(minutes)
            )
        if minutes < 90:
            return self.env._("Takes about an hour.")
        return self.env._(
            "Takes about %(hours)s hours.", hours=self.dates.number(round(minutes / 60))
        )

    def effect(self, need):
        return self.env._("If it comes later: %(effect)s", effect=NAME % need["effect_if_late"])

    def asked(self, need):
        return self.env._("We asked %(who)s.", who=NAME % need["asked"])

    def open_button(self, kind):
        return {
            "answer": self.env._("Answer"),
            "upload": self.env._("Send a file"),
            "approve": self.env._("Look and decide"),
            "attend": self.env._("Look and confirm"),
            "give_access": self.env._("Look and confirm"),
            "confirm": self.env._("Look and confirm"),
            "info": self.env._("Read"),
            "do": self.env._("Look what to do"),
        }[kind]

    def send_button(self, kind):
        return {
            "answer": self.env._("Send the answer"),
            "upload": self.env._("Send"),
            "approve": self.env._("Send the decision"),
            "attend": self.env._("I will be there"),
            "give_access": self.env._("Access is given"),
            "confirm": self.env._("Yes, this is right"),
            "info": self.env._("I have read it"),
            "do": self.env._("It is done"),
        }[kind]

    def note_label(self, kind):
        return {
            "answer": self.env._("Your answer"),
            "approve": self.env._("Note (needed if you do not approve)"),
            "confirm": self.env._("Note (needed if it is not right)"),
        }.get(kind, self.env._("Note (if you like)"))

    def files_hint(self):
        return self.env._(
            "Up to %(files)s files of %(size)s MB each: PDF, pictures, office documents, text, "
            "ZIP, drawings (DWG, DXF) or videos (MP4, MOV).",
            **self._numbers(files=MAX_FILES, size=MAX_MEGABYTES),
        )

    def submitted(self, line):
        if line["review_due_at"]:
            return self.env._(
                "We have your answer, we look at it by %(moment)s.",
                moment=self._moment(line["review_due_at"]),
            )
        return self.env._("We have your answer and look at it.")

    def thanks(self, service, step_id):
        """Return what happens next with an answer that was just given."""
        line = next((line for line in service["submitted"] if line["id"] == step_id), None)
        if line is None:
            return self.env._("Thank you. We have noted it, and you need not do anything more.")
        if line["review_due_at"]:
            return self.env._(
                "Thank you, we have your answer to “%(title)s”. We look at it by %(moment)s and "
                "tell you here if anything is missing.",
                title=NAME % line["title"],
                moment=self._moment(line["review_due_at"]),
            )
        return self.env._(
            "Thank you, we have your answer to “%(title)s”. We look at it and tell you here if "
            "anything is missing.",
            title=NAME % line["title"],
        )

    def told(self):
        return self.env._(
            "You told us that we know this already. A colleague looks for it and gets back to "
            "you. If you have it at hand, you can still answer here."
        )

    def problem(self, key, name=""):
        """Return why an answer was not taken, and what to do."""
        if sentence := self.refusal(key):
            return sentence
        name = NAME % name
        return {
            "no_text": self.env._("Please write your answer, then send it."),
            "long_text": self.env._(
                "Your text has more than %(limit)s characters: please shorten it, or send it as "
                "a file.",
                limit=self.dates.number(MAX_TEXT),
            ),
            "no_file": self.env._("Please choose a file, then send it."),
            "many_files": self.env._(
                "You chose more than %(files)s files: please send them in several ZIP files, or "
                "choose fewer.",
                files=self.dates.number(MAX_FILES),
            ),
            "empty_file": self.env._(
                "“%(name)s” is empty: please choose the file again.", name=name
            ),
            "large_file": self.env._(
                "“%(name)s” is larger than %(size)s MB: please choose a smaller one, or send it "
                "in parts.",
                name=name,
                size=self.dates.number(MAX_MEGABYTES),
            ),
            "large_request": self.env._(
                "Your files are too large to be taken together: please choose at most %(files)s "
                "files of %(size)s MB each.",
                **self._numbers(files=MAX_FILES, size=MAX_MEGABYTES),
            ),
            "wrong_type": self.env._(
                "We cannot take files like “%(name)s”: please send it as a PDF, a picture or a "
                "ZIP file.",
                name=name,
            ),
            "wrong_content": self.env._(
                "“%(name)s” is not what its name says: please save it again as a PDF or a "
                "picture, and choose that file.",
                name=name,
            ),
            "no_decision": self.env._("Please choose whether you approve or not, then send it."),
            "no_reason": self.env._("Please write what should be different, then send it."),
        }[key]
