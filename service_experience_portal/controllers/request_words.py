# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The sentences of the status and of the steps, also where they are about one request."""

from .status_words import StatusWords


class RequestWords(StatusWords):
    def sentence(self, service):
        own = self._get_request_sentences() if service["request"] else {}
        return own.get(service["health"]) or super().sentence(service)

    def _get_request_sentences(self):
        return {
            "not_started": self.env._("We have your request. Work on it has not started yet."),
            "paused": self.env._("Work on this request is at rest for the moment."),
            "done": self.env._("All work on this request is finished."),
            "cancelled": self.env._("This request was cancelled."),
        }

    def next_update(self, service):
        """Return when the customer hears from us next; nothing once it is over."""
        if service["health"] in ("done", "cancelled"):
            return None
        promised = service["next_update"]
        if not promised:
            return self.env._("As soon as there is news, you read it here.")
        if promised > self.dates.now:
            return self.env._("You hear from us by %(moment)s.", moment=self._moment(promised))
        return self.env._(
            "We wanted to tell you more by %(moment)s. If you have not heard from us since, that "
            "is our fault.",
            moment=self._moment(promised),
        )

    # Steps

    def no_steps(self, service):
        if service["request"]:
            return self.env._(
                "This request is not divided into steps. The status above always says how it "
                "stands."
            )
        return self.env._(
            "This service is not divided into steps. The status above always says how it stands."
        )

    def stage(self, step):
        """Return how a request stands in one of its stages."""
        if step["state"] == "done":
            return self.env._("Done")
        if step["state"] == "next":
            return self.env._("Comes later")
        if step["since"]:
            return self.env._("Since %(day)s", day=self._short(step["since"]))
        return self.env._("In progress")

    def no_promises(self, service):
        if not service["request"] or service["health"] in ("done", "cancelled"):
            return super().no_promises(service)
        if service["promised_on"]:
            return self.env._(
                "The date of this request stands at the top. When we promise you more, it appears "
                "here, with every change and its reason."
            )
        return super().no_promises(service)

    def no_requests(self, service):
        if service["health"] in ("done", "cancelled"):
            return self.env._("There were no requests in this service.")
        return self.env._("There are no requests in this service yet.")
