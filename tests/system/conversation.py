"""How an `OdooProcess` talks to its test, and what all orders share."""

import json
import sys
from contextlib import contextmanager
from unittest.mock import patch

import odoo.init  # noqa: F401  (what every start of Odoo does first)
from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.models import BaseModel
from odoo.service.model import retrying


def answer(message):
    """Tell the test something, in one line."""
    print(json.dumps(message), flush=True)


def pause():
    """Wait in the middle of an order until the test says to go on."""
    answer({"paused": True})
    sys.stdin.readline()


@contextmanager
def transaction(registry):
    """Give an environment without restrictions; commit in the end."""
    with registry.cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})
    registry.signal_changes()


def attempt(registry, work, *, waiting=False):
    """Work the way Odoo serves a request of the administrator, repeated on conflicts.

    :param waiting: pause before the first commit
    :return: how often it took to succeed
    """
    attempts = []
    with transaction(registry) as system:
        env = system(user=system.ref("base.user_admin"))

        def try_once():
            attempts.append(work(env))
            env.cr.flush()
            if waiting and len(attempts) == 1:
                pause()

        retrying(try_once, env)
    return len(attempts)


@contextmanager
def watched(registry, model, method, pause_at):
    """Give how many timers each batch of a job has; pause in one of them.

    The pause comes after the writes of that batch and before its commit.

    :param method: does one batch, which is its records or its first argument
    """
    sizes = []
    cls = registry[model]
    original = getattr(cls, method)

    def work(records, *arguments):
        original(records, *arguments)
        records.env.flush_all()
        batch = [value for value in (*arguments, records) if isinstance(value, BaseModel)]
        sizes.append(len(batch[0]))
        if len(sizes) == pause_at:
            pause()

    with patch.object(cls, method, work):
        yield sizes
