"""The program of an `OdooProcess`: it reads orders from its input, one JSON object a line.

Started with a configuration file and the name of a database.
"""

import json
import sys
import traceback

import orders_delays
import orders_handoffs
import orders_journey
import orders_life
import orders_live
import orders_pages
import orders_requests
import orders_timers
from conversation import answer

from odoo.modules.registry import Registry
from odoo.tools import config

ORDERS = {
    order.__name__: order
    for orders in (
        orders_delays,
        orders_handoffs,
        orders_journey,
        orders_life,
        orders_live,
        orders_pages,
        orders_requests,
        orders_timers,
    )
    for order in orders.ORDERS
}


def main():
    config.parse_config(["-c", sys.argv[1], "--log-level=warn"], setup_logging=True)
    for line in sys.stdin:
        order = json.loads(line)
        try:
            registry = Registry(sys.argv[2]).check_signaling()
            answer({"result": ORDERS[order["order"]](registry, **order["arguments"])})
        except Exception:
            answer({"error": traceback.format_exc()})


if __name__ == "__main__":
    main()
