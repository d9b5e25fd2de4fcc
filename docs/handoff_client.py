#!/usr/bin/env python3
# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Hand work over to Odoo from another system: an example that needs nothing but Python.

    ODOO_API_KEY=... python3 handoff_client.py https://odoo.example erp handoffs.json

The file holds a list of items, as ``docs/api.md`` describes them. They are sent in batches; what
fails because of the network or the server is sent again, which is safe: Odoo knows what it has.
Prints one line for each item. The exit status is 1 where items wait in triage, 2 where Odoo refused
a batch or could not be reached.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

BATCH = 100
TRIES = 5
# A batch may take a while; a server that says nothing for longer is asked again.
TIMEOUT = 120


class RefusedError(Exception):
    """Odoo does not take a batch, and would not take it another time either."""


def post(request):
    """Return the answer of Odoo, trying again with longer and longer pauses."""
    for attempt in range(TRIES):
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code not in (409, 429):
                raise RefusedError(f"{error.code}: {read_message(error)}") from None
            reason = f"status {error.code}"
        except OSError as error:
            reason = type(error).__name__
        if attempt + 1 < TRIES:
            print(f"{reason}, trying again", file=sys.stderr)
            time.sleep(2**attempt)
    raise RefusedError(f"gave up after {TRIES} tries: {reason}")


def read_message(error):
    """Return Odoo's sentence; nothing of what was sent, and no traceback."""
    try:
        return json.load(error)["message"]
    except (ValueError, KeyError, TypeError):
        return error.reason


def send(address, key, system, items, database=None):
    """Send one batch.

    :return: one result for each item
    """
    payload = {"schema_version": 1, "system": system, "items": items}
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    if database:
        headers["X-Odoo-Database"] = database
    request = urllib.request.Request(
        f"{address.rstrip('/')}/json/2/service.handoff/ingest",
        data=json.dumps({"payload": payload}).encode(),
        headers=headers,
        method="POST",
    )
    return post(request)["results"]


def show(result):
    """Print what became of an item."""
    print(result["external_ref"], result["status"], result["name"], result["state"])
    for sentence in result["lacks"]:
        print(f"    lacks: {sentence}")
    for error in result["errors"]:
        print(f"    {error['path']}: {error['message']}")


def main():
    """Send the file.

    :return: the exit status
    """
    parser = argparse.ArgumentParser(description="Hand work over to Odoo.")
    parser.add_argument("address", help="for example https://odoo.example")
    parser.add_argument("system", help="the name of the sending system")
    parser.add_argument("file", help="a JSON file with a list of items")
    parser.add_argument("--database", help="where the server has several")
    arguments = parser.parse_args()
    key = os.environ.get("ODOO_API_KEY")
    if not key:
        parser.error("set ODOO_API_KEY")
    items = json.loads(Path(arguments.file).read_text(encoding="utf-8"))
    waiting = 0
    try:
        for start in range(0, len(items), BATCH):
            batch = items[start : start + BATCH]
            results = send(arguments.address, key, arguments.system, batch, arguments.database)
            for result in results:
                show(result)
            waiting += sum(result["status"] == "triage" for result in results)
    except RefusedError as error:
        print(f"Odoo refused the batch from item {start}: {error}", file=sys.stderr)
        return 2
    return 1 if waiting else 0


if __name__ == "__main__":
    sys.exit(main())
