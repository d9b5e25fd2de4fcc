# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""How much of a list the page shows at first: it stays small, however much there is to tell."""

from odoo.addons.service_experience.models.project.service_snapshot_found import REQUEST_LIMIT

from .reader_words import ReaderWords

# Of what is asked, what is late and what was promised the rest is shown as well, in fewer words:
# whatever the page shows counts as told. The rest of the others is one click away.
FIRST = {
    "needs": 6,
    "delays": 3,
    "promises": 6,
    "requests": 10,
    "facts": 6,
    "documents": 8,
    "timeline": 8,
}
MORE = ("promises", "requests", "facts", "documents", "timeline")


class ListWords(ReaderWords):
    def __init__(self, env, timezone, in_full=()):
        """Put lists into words.

        :param in_full: names of the lists that are shown as a whole
        """
        super().__init__(env, timezone)
        self.in_full = in_full

    def first(self, service, name):
        """Return the lines of a list that are shown in all their words."""
        return service[name] if name in self.in_full else service[name][: FIRST[name]]

    def rest(self, service, name):
        """Return the other lines of a list."""
        return service[name][len(self.first(service, name)) :]

    def count_rest(self, service, name):
        """Return how many lines the whole list has besides."""
        if name == "requests" and name not in self.in_full:
            # Those that are not shown were not read.
            return min(service["request_counts"]["more"], REQUEST_LIMIT - FIRST[name])
        return len(self.rest(service, name))

    def _more(self, beyond, service, name):
        """Return how many lines are not shown, none if the link to the rest says that already.

        :param beyond: how many are not even in the whole list
        """
        return beyond and beyond + self.count_rest(service, name)

    def show_more(self, name, rest):
        if name == "promises":
            return self.env._("Show every date that moved")
        return self.env._("Show %(more)s more", **self._numbers(more=rest))

    def moves(self, service, promise):
        """Return the dates to tell of a promise: all, or at least those to be answered."""
        if promise in self.first(service, "promises"):
            return promise["moves"]
        return [move for move in promise["moves"] if move["answer_id"]]
