# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""How often one address may guess, in each server process, as Odoo limits its own logins."""

from collections import OrderedDict
from datetime import timedelta

from odoo import fields

GUESSES = 20
WINDOW = timedelta(minutes=10)
# More addresses than this are not remembered: those that guessed longest ago are forgotten.
ADDRESSES = 10_000


class GuessLimit:
    """Counts wrong guesses by address; a right one takes none of them back."""

    def __init__(self):
        self._guesses = OrderedDict()

    def is_reached(self, address):
        return len(self._get_recent(address)) >= GUESSES

    def count(self, address):
        """Note a wrong guess."""
        self._guesses[address] = [*self._get_recent(address), fields.Datetime.now()]
        self._guesses.move_to_end(address)
        while len(self._guesses) > ADDRESSES:
            self._guesses.popitem(last=False)

    def clear(self):
        self._guesses.clear()

    def _get_recent(self, address):
        since = fields.Datetime.now() - WINDOW
        return [at for at in self._guesses.get(address, ()) if at > since][-GUESSES:]


LIMIT = GuessLimit()
